import { spawn } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { isExecutable } from './find-executable.ts';

/** Where the Temporal SDKs download their dev server from (read in the source of the TypeScript SDK's core). */
export const TEMPORAL_DOWNLOADS = 'https://temporal.download';

export interface TemporalDownload {
  readonly version: string;
  /** Where the program goes; it appears there complete or not at all. */
  readonly target: string;
  readonly downloads: string;
  readonly report: (line: string) => void;
  readonly deadline: AbortSignal;
}

const downloadInfoSchema = z.object({ archiveUrl: z.url(), fileToExtract: z.string().min(1) });
type DownloadInfo = z.infer<typeof downloadInfoSchema>;

/** A machine without internet access should not wait long to hear it. */
const INFO_DEADLINE_MS = 5_000;
const ARCHIVE_DEADLINE_MS = 5 * 60_000;

/** @returns false when the download does not work, for whatever reason: there is another way to get the program */
export async function downloadTemporal(download: TemporalDownload): Promise<boolean> {
  const info = await askForArchive(download);
  if (!info) return false;
  download.report('Downloading the Temporal dev server, once.');
  const folder = await mkdtemp(`${download.target}.download-`);
  try {
    const deadline = AbortSignal.any([download.deadline, AbortSignal.timeout(ARCHIVE_DEADLINE_MS)]);
    const program = join(folder, info.fileToExtract);
    if (!(await fetchAndUnpack(info, folder, deadline)) || !(await isExecutable(program))) return false;
    await rename(program, download.target);
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function askForArchive(download: TemporalDownload): Promise<DownloadInfo | undefined> {
  const url = new URL(`/cli/${download.version}`, download.downloads);
  url.searchParams.set('platform', process.platform);
  url.searchParams.set('arch', process.arch === 'x64' ? 'amd64' : process.arch);
  url.searchParams.set('format', 'tar.gz');
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(INFO_DEADLINE_MS) });
    const info = downloadInfoSchema.safeParse(response.ok ? await response.json() : undefined);
    return info.data;
  } catch {
    // Offline, blocked or not JSON: the caller has another way.
    return undefined;
  }
}

async function fetchAndUnpack(info: DownloadInfo, folder: string, deadline: AbortSignal): Promise<boolean> {
  const tar = spawn('tar', ['-xzf', '-', '-C', folder, info.fileToExtract], {
    stdio: ['pipe', 'ignore', 'ignore'],
    signal: deadline,
  });
  const unpacked = new Promise<boolean>((resolve) => {
    tar.once('error', () => resolve(false));
    tar.once('close', (code) => resolve(code === 0));
  });
  try {
    const { ok, body } = await fetch(info.archiveUrl, { signal: deadline });
    if (!ok || !body) return false;
    await pipeline(Readable.fromWeb(body), tar.stdin);
    return await unpacked;
  } catch {
    // Cut off, or tar ended early: an archive that did not arrive whole is no program.
    return false;
  } finally {
    tar.kill();
  }
}
