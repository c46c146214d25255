import { spawn } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface TemporalBuild {
  readonly version: string;
  /** Where the program goes; it appears there complete or not at all. */
  readonly target: string;
  /** The Go toolchain. */
  readonly go: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly report: (line: string) => void;
  readonly deadline: AbortSignal;
  /** Milliseconds between progress lines. */
  readonly progressEvery?: number;
}

/**
 * Builds the Temporal CLI, dev server included, from its published source. About three minutes on two cores.
 * @returns false when the build fails; Go's own messages are on standard error by then
 */
export async function buildTemporal(build: TemporalBuild): Promise<boolean> {
  const { progressEvery = 5_000, report } = build;
  const folder = await mkdtemp(`${build.target}.build-`);
  const startedAt = performance.now();
  const announce = () => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    report(`Building the Temporal dev server, once, about 3 minutes: ${seconds} s`);
  };
  announce();
  const progress = setInterval(announce, progressEvery);
  try {
    if (!(await goInstall(build, folder))) return false;
    await rename(join(folder, 'temporal'), build.target);
    return true;
  } finally {
    clearInterval(progress);
    await rm(folder, { recursive: true, force: true });
  }
}

/** In our process group on purpose: Ctrl-C ends the build too. */
async function goInstall(build: TemporalBuild, folder: string): Promise<boolean> {
  const args = ['install', '-trimpath', '-ldflags', '-s -w', `github.com/temporalio/cli/cmd/temporal@${build.version}`];
  return await new Promise((resolve) => {
    const child = spawn(build.go, args, {
      env: { ...build.environment, GOBIN: folder, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'inherit'],
      signal: build.deadline,
    });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}
