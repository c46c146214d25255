import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { withExclusiveLock } from './exclusive-lock.ts';
import { findExecutable, isExecutable } from './find-executable.ts';
import { buildTemporal } from './temporal-build.ts';
import { downloadTemporal, TEMPORAL_DOWNLOADS } from './temporal-download.ts';

/** The release of the Temporal CLI we fetch. Later ones cannot be built with `go install`: their go.mod has a `replace`. */
export const TEMPORAL_CLI_VERSION = 'v1.5.1';

export interface TemporalBinaryOptions {
  /** Read: PATH, HOME, XDG_CACHE_HOME; handed to the Go toolchain as a whole. */
  readonly environment: NodeJS.ProcessEnv;
  readonly report: (line: string) => void;
  /** Base URL of the vendor's downloads. */
  readonly downloads?: string;
}

const FETCH_DEADLINE_MS = 20 * 60_000;

/**
 * The `temporal` program: the installed one, else the one fetched earlier, else a download, else a build with Go.
 * What is fetched is kept in the user's cache for all checkouts; of several callers at once one fetches it.
 * @throws {Error} when every way is closed
 */
export async function findTemporalBinary(options: TemporalBinaryOptions): Promise<string> {
  const { environment, report } = options;
  const installed = await findExecutable('temporal', environment.PATH);
  if (installed !== undefined) return installed;
  const cached = cachedBinary(environment);
  if (await isExecutable(cached)) return cached;

  await mkdir(dirname(cached), { recursive: true });
  const deadline = AbortSignal.timeout(FETCH_DEADLINE_MS);
  const onWait = () => report('Waiting for another start that fetches the Temporal dev server.');
  return await withExclusiveLock(`${cached}.lock`, { deadline, onWait }, async () => {
    if (await isExecutable(cached)) return cached;
    await fetchBinary(options, cached, deadline);
    return cached;
  });
}

async function fetchBinary(options: TemporalBinaryOptions, target: string, deadline: AbortSignal): Promise<void> {
  const { environment, report, downloads = TEMPORAL_DOWNLOADS } = options;
  const version = TEMPORAL_CLI_VERSION;
  if (await downloadTemporal({ version, target, downloads, report, deadline })) return;
  const go = await findExecutable('go', environment.PATH);
  if (go !== undefined && (await buildTemporal({ version, target, go, environment, report, deadline }))) return;
  throw new Error(
    'There is no Temporal server: install the Temporal CLI, or install Go (and be online) so that it can be built once, ' +
      'or set TEMPORAL_ADDRESS to a server of your own.',
  );
}

function cachedBinary(environment: NodeJS.ProcessEnv): string {
  const caches = environment.XDG_CACHE_HOME ?? join(environment.HOME ?? homedir(), '.cache');
  return join(caches, 'personadesk-crm-sync', `temporal-cli-${TEMPORAL_CLI_VERSION}`, 'temporal');
}
