import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findFreePort } from '../../src/runtime/embedded/loopback-port.ts';
import { findTemporalBinary, TEMPORAL_CLI_VERSION } from '../../src/runtime/embedded/temporal-binary.ts';
import { buildTemporal } from '../../src/runtime/embedded/temporal-build.ts';

let root: string;
let programs: string;
let cached: string;
let lines: string[];
/** Nobody listens there: a machine without internet. */
let offline: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'temporal-binary-'));
  programs = join(root, 'programs');
  await mkdir(programs);
  cached = join(root, 'cache', 'personadesk-crm-sync', `temporal-cli-${TEMPORAL_CLI_VERSION}`, 'temporal');
  lines = [];
  offline = `http://127.0.0.1:${await findFreePort()}`;
});

afterEach(() => rm(root, { recursive: true }));

describe('the search for the Temporal server program', () => {
  it('prefers the installed program to a cached one', async () => {
    await writeProgram(join(programs, 'temporal'), 'exit 0');
    await writeCached();
    expect(await find()).toBe(join(programs, 'temporal'));
  });

  it('takes the cached program without asking anybody', async () => {
    await writeCached();
    expect(await find()).toBe(cached);
    expect(lines).toEqual([]);
  });

  it('says what to install when there is no program, no network and no Go', async () => {
    await expect(find()).rejects.toThrow(/install the Temporal CLI, or install Go .* or set TEMPORAL_ADDRESS/);
  });

  it('says the same when the build fails, and leaves nothing behind', async () => {
    await writeProgram(join(programs, 'go'), 'echo half > "$GOBIN/temporal"; exit 1');
    await expect(find()).rejects.toThrow('There is no Temporal server');
    expect(await readdir(join(cached, '..'))).toEqual([]);
  });

  it('builds it once when two starts coincide, and the other waits', async () => {
    const started = join(root, 'started');
    await writeProgram(
      join(programs, 'go'),
      `echo "$@" >> ${started}; printf '#!/bin/sh\\n' > "$GOBIN/temporal"; /bin/chmod +x "$GOBIN/temporal"`,
    );
    expect(await Promise.all([find(), find()])).toEqual([cached, cached]);
    const builds = (await readFile(started, 'utf8')).trim().split('\n');
    expect(builds).toHaveLength(1);
    expect(builds[0]).toContain(`temporal@${TEMPORAL_CLI_VERSION}`);
    expect(lines).toContain('Waiting for another start that fetches the Temporal dev server.');
  });

  it('says how long the build has been going on', async () => {
    // Ends as soon as it has been reported on three times.
    const enough = join(root, 'enough');
    await writeProgram(join(root, 'go'), `while [ ! -e ${enough} ]; do /bin/sleep 0.02; done; exit 1`);
    let progressLines = 0;
    const report = (line: string) => {
      lines.push(line);
      progressLines += 1;
      if (progressLines === 3) void writeFile(enough, '');
    };
    await mkdir(join(cached, '..'), { recursive: true });
    const built = await buildTemporal({
      version: TEMPORAL_CLI_VERSION,
      target: cached,
      go: join(root, 'go'),
      environment: {},
      report,
      deadline: AbortSignal.timeout(10_000),
      progressEvery: 10,
    });
    expect(built).toBe(false);
    expect(lines.slice(0, 3)).toEqual(Array(3).fill('Building the Temporal dev server, once, about 3 minutes: 0 s'));
  });

  it('downloads the archive that the vendor names and keeps the program in it', async () => {
    const downloads = await serveDownloads(await packProgram());
    try {
      expect(await find(downloads.url)).toBe(cached);
      expect(await readFile(cached, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
      expect(downloads.asked()).toEqual([`/cli/${TEMPORAL_CLI_VERSION}`, '/archive.tar.gz']);
    } finally {
      await downloads.close();
    }
  });

  it('does not keep a download that was cut off', async () => {
    const archive = await packProgram();
    const downloads = await serveDownloads(archive.subarray(0, archive.length / 2));
    try {
      await expect(find(downloads.url)).rejects.toThrow('There is no Temporal server');
      expect(await readdir(join(cached, '..'))).toEqual([]);
    } finally {
      await downloads.close();
    }
  });
});

async function find(downloads = offline): Promise<string> {
  return await findTemporalBinary({
    environment: { PATH: programs, XDG_CACHE_HOME: join(root, 'cache') },
    report: (line) => lines.push(line),
    downloads,
  });
}

async function writeProgram(path: string, body: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

async function writeCached(): Promise<void> {
  await mkdir(join(cached, '..'), { recursive: true });
  await writeProgram(cached, 'exit 0');
}

async function packProgram(): Promise<Buffer> {
  const folder = await mkdtemp(join(root, 'pack-'));
  await writeProgram(join(folder, 'temporal'), 'exit 0');
  const archive = join(root, 'archive.tar.gz');
  await promisify(execFile)('tar', ['-czf', archive, '-C', folder, 'temporal']);
  return await readFile(archive);
}

/** A stand-in for the vendor's download service: first where the archive is, then the archive. */
async function serveDownloads(archive: Buffer) {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    asked.push(pathname);
    if (pathname === '/archive.tar.gz') response.end(archive);
    else response.end(JSON.stringify({ archiveUrl: `${url}/archive.tar.gz`, fileToExtract: 'temporal' }));
  });
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url, asked: () => asked, close };
}
