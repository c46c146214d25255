import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '../../src/runtime/embedded/wait-until.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const INSTALLER = 'src/runtime/ensure-installed.mjs';
const LAUNCHER = 'src/cli/crm-sync.mjs';
const INSTALL =
  'mkdir -p node_modules/.bin; ln -sf "$TEST_NODE" node_modules/.bin/node; : > node_modules/.package-lock.json';
const LONG_AGO = new Date('2020-01-01');

/** A project of its own with the real scripts in it, a stand-in for npm, and nothing installed. */
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ensure-installed-'));
  for (const file of [INSTALLER, LAUNCHER]) await cp(join(repository, file), join(root, file));
  await write('package.json', '{ "type": "module" }');
  await write('package-lock.json', '{}');
  await writeNpm(INSTALL);
});

afterEach(() => rm(root, { recursive: true }));

describe('ensure-installed', () => {
  it('installs when node_modules is absent, says so in one line, and is silent the next time', async () => {
    const first = await run(INSTALLER);
    expect(first).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Installing dependencies (npm ci), once; this takes about a minute.\n',
    });
    expect(await run(INSTALLER)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await npmCalls()).toEqual(['ci']);
  });

  it('installs again when the lock file is newer than what is installed', async () => {
    await run(INSTALLER);
    await utimes(join(root, 'node_modules/.package-lock.json'), LONG_AGO, LONG_AGO);
    await run(INSTALLER);
    expect(await npmCalls()).toEqual(['ci', 'ci']);
  });

  it('installs again when the Node that came with the dependencies is missing', async () => {
    await run(INSTALLER);
    await rm(join(root, 'node_modules/.bin/node'));
    await run(INSTALLER);
    expect(await npmCalls()).toEqual(['ci', 'ci']);
  });

  it('installs once when several commands start at the same moment', async () => {
    // Lasts until long after the others have come.
    await writeNpm(`sleep 0.5; ${INSTALL}`);
    const results = await Promise.all([run(INSTALLER), run(INSTALLER), run(INSTALLER)]);
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await npmCalls()).toEqual(['ci']);
  });

  it('installs after an installation that was killed half way', async () => {
    await writeNpm('mkdir node_modules; sleep 600');
    const killed = spawn(process.execPath, [join(root, INSTALLER)], {
      env: environment(),
      detached: true,
      stdio: 'ignore',
    });
    const half = await waitUntil(
      () => Promise.resolve(exists('node_modules') || undefined),
      AbortSignal.timeout(10_000),
    );
    expect(half).toBe(true);
    const ended = once(killed, 'exit');
    process.kill(-(killed.pid ?? 0), 'SIGKILL');
    await ended;
    await writeNpm(INSTALL);
    expect((await run(INSTALLER)).code).toBe(0);
    expect(exists('node_modules/.package-lock.json')).toBe(true);
  });

  it('fails with one sentence when npm does, and tries again the next time', async () => {
    await writeNpm('exit 7');
    const failed = await run(INSTALLER);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('npm ci failed; its output above says why. Fix that and run the command again.\n');
    await run(INSTALLER);
    expect(await npmCalls()).toEqual(['ci', 'ci']);
  });

  it('refuses a Node that is too old with one sentence', async () => {
    const script = `
      const { nodeVersionProblem } = await import(${JSON.stringify(join(root, INSTALLER))});
      console.log(JSON.stringify(['18.20.4', '20.0.0', '24.1.0'].map((version) => nodeVersionProblem(version) ?? null)));`;
    const { stdout } = await runNode(['--input-type=module', '-e', script]);
    const tooOld = expect.stringMatching(/^CRM Sync needs Node 20 or newer and this is 18\.20\.4: install [^.]*\.$/);
    expect(JSON.parse(stdout)).toEqual([tooOld, null, null]);
  });
});

describe('the crm-sync command', () => {
  beforeEach(() =>
    write(
      'src/cli/main.ts',
      'const args: string[] = process.argv.slice(2);\nconsole.log(args.join());\nprocess.exitCode = 3;',
    ),
  );

  it('installs, hands its arguments on and ends with the exit code of the program', async () => {
    const { code, stdout } = await run(LAUNCHER, 'status', '--json');
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'status,--json\n' });
    expect(await npmCalls()).toEqual(['ci']);
  });

  it('works through the link that npm makes for it', async () => {
    await symlink(join(root, LAUNCHER), join(root, 'crm-sync'));
    expect((await run('crm-sync', 'status')).stdout).toBe('status\n');
  });

  it('uses the installed Node when its own cannot run TypeScript, and hands a signal and its outcome on', async () => {
    await pretendNode20();
    await write(
      'src/cli/main.ts',
      `process.once('SIGTERM', () => process.exit(5));\nsetInterval(() => undefined, 1000);\nconsole.log('ready');`,
    );
    const child = spawn(process.execPath, ['--import', join(root, 'node-20.mjs'), join(root, LAUNCHER)], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await waitUntil(() => Promise.resolve(stdout.includes('ready') || undefined), AbortSignal.timeout(10_000));
    child.kill('SIGTERM');
    expect(await ended).toBe(5);
  });

  it('ends with one sentence when the installation fails', async () => {
    await writeNpm('exit 7');
    const { code, stdout, stderr } = await run(LAUNCHER, 'status');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('npm ci failed');
  });
});

async function write(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text, { mode });
}

function exists(path: string): boolean {
  return existsSync(join(root, path));
}

/** Notes each call before it does what an installation does. */
async function writeNpm(body: string): Promise<void> {
  await write('programs/npm', `#!/bin/sh\necho "$@" >> "${join(root, 'npm-calls')}"\n${body}\n`, 0o755);
}

async function npmCalls(): Promise<readonly string[]> {
  return (await readFile(join(root, 'npm-calls'), 'utf8')).trim().split('\n');
}

/** Makes a Node that is preloaded with it take itself for version 20. The launcher's child is started without it. */
async function pretendNode20(): Promise<void> {
  await write('node-20.mjs', `Object.defineProperty(process.versions, 'node', { value: '20.11.0' });`);
}

/** Without npm's own variables, so that the stand-in is the npm that is found. */
function environment(): NodeJS.ProcessEnv {
  const { npm_execpath: _npm, NODE_OPTIONS: _options, ...rest } = process.env;
  return { ...rest, PATH: `${join(root, 'programs')}:${process.env.PATH ?? ''}`, TEST_NODE: process.execPath };
}

async function run(script: string, ...args: readonly string[]) {
  return await runNode([join(root, script), ...args]);
}

async function runNode(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
