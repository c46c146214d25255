import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { backOffMs } from '../../src/runtime/back-off.ts';
import { superviseChild, type SupervisedChild } from '../../src/runtime/child-process.ts';
import { eventually, isAlive, untilGone } from './process-table.ts';

const RUNTIME = resolve('src/runtime');
const FORBIDDEN = '+15550001234';

let folder: string;
let report: string[];
const running: SupervisedChild[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crm-sync-child-'));
  report = [];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => child.stop(0)));
  await rm(folder, { recursive: true });
});

async function fixture(source: string): Promise<string> {
  const path = join(folder, `fixture-${Math.random().toString(36).slice(2)}.mts`);
  await writeFile(path, source);
  return path;
}

/** A process built as ours are, around this body of its start function. */
const service = (body: string): string => `
  import { runService } from '${RUNTIME}/service-process.ts';
  import { readEnvironment } from '${RUNTIME}/environment.ts';
  import { SafeError } from '${RUNTIME}/safe-error.ts';
  process.exitCode = await runService('fixture', readEnvironment({}), async () => { ${body} }).catch(() => 1);
`;
const IDLE_SERVICE = service(`
  setInterval(() => undefined, 1_000_000).unref();
  return { stop: async () => console.log('let go') };
`);

async function supervise(source: string, readyWithinMs?: number): Promise<SupervisedChild> {
  const child = superviseChild(
    {
      name: 'fixture',
      modulePath: await fixture(source),
      args: [],
      variables: () => process.env,
      logFile: join(folder, 'fixture.log'),
    },
    { report: (line) => report.push(line), ...(readyWithinMs === undefined ? {} : { readyWithinMs }) },
  );
  running.push(child);
  return child;
}

const log = () => readFile(join(folder, 'fixture.log'), 'utf8');
const pidOf = (child: SupervisedChild) => eventually('a running child', () => child.pid());
const startsLogged = async () => (await log()).split('"started"').length - 1;

describe('a supervised process', () => {
  it('that is killed is started again, and the person at the terminal is told', async () => {
    const child = await supervise(IDLE_SERVICE);
    expect(await child.firstStart).toEqual({ kind: 'ready' });
    const first = await pidOf(child);
    process.kill(first, 'SIGKILL');
    await eventually('its second start', async () => (await startsLogged()) === 2);
    expect(await pidOf(child)).not.toBe(first);
    expect(report).toEqual(['The fixture ended (signal SIGKILL); starting it again.']);
  });

  it('that is stopped lets go in order and stays stopped', async () => {
    const child = await supervise(IDLE_SERVICE);
    await child.firstStart;
    const pid = await pidOf(child);
    await child.stop(20_000);
    expect(await isAlive(pid)).toBe(false);
    expect(child.pid()).toBeUndefined();
    expect(await log()).toMatch(/"stopping".*\nlet go\n.*"stopped"/);
    expect(report).toEqual([]);
  });

  it('that does not heed the wish to stop is ended by force', async () => {
    const child = await supervise(`
      process.on('SIGTERM', () => undefined);
      setInterval(() => undefined, 1_000_000);
      process.send({ kind: 'ready' });
    `);
    await child.firstStart;
    const pid = await pidOf(child);
    await child.stop(50);
    expect(await isAlive(pid)).toBe(false);
  });

  it('that is stopped while it still starts does not stay behind', async () => {
    const child = await supervise(IDLE_SERVICE);
    const pid = await pidOf(child);
    await child.stop(20_000);
    expect(await isAlive(pid)).toBe(false);
  });

  it('that cannot start says why and is not tried again', async () => {
    const child = await supervise(service(`throw new SafeError('port_unavailable', 'Port 1 is in use.');`));
    expect(await child.firstStart).toEqual({ kind: 'failed', sentence: 'Port 1 is in use.' });
    await child.stop(0);
    expect((await log()).split('start_failed')).toHaveLength(2);
    expect(report).toEqual([]);
  });

  it('that cannot start for a reason that may quote data only points at its log, which does not quote it either', async () => {
    const child = await supervise(service(`throw new Error('${FORBIDDEN}');`));
    const sentence = `The fixture ended while it started (exit code 1): ${join(folder, 'fixture.log')} says why.`;
    expect(await child.firstStart).toEqual({ kind: 'failed', sentence });
    expect(await log()).toContain('start_failed');
    expect(await log()).not.toContain(FORBIDDEN);
  });

  it('that is not ready in time counts as one that cannot start', async () => {
    const child = await supervise('setInterval(() => undefined, 1_000_000);', 20);
    expect(await child.firstStart).toMatchObject({ kind: 'failed', sentence: expect.stringContaining('not ready') });
  });

  it('that meets an error nobody handled ends without quoting it, and is started again', async () => {
    const child = await supervise(
      service(`
        process.once('SIGUSR2', () => { throw new Error('no answer for ${FORBIDDEN}'); });
        return { stop: async () => undefined };
      `),
    );
    await child.firstStart;
    process.kill(await pidOf(child), 'SIGUSR2');
    await eventually('its second start', async () => (await startsLogged()) === 2);
    expect(report).toEqual(['The fixture ended (exit code 1); starting it again.']);
    expect(await log()).toContain('"crashed"');
    expect(await log()).not.toContain(FORBIDDEN);
  });

  it('whose service fails ends and is started again', async () => {
    const child = await supervise(
      service(`
        const failure = new Promise((_, reject) => process.once('SIGUSR2', () => reject(new Error('gone'))));
        return { failure, stop: async () => undefined };
      `),
    );
    await child.firstStart;
    process.kill(await pidOf(child), 'SIGUSR2');
    await eventually('its second start', async () => (await startsLogged()) === 2);
    expect(report).toEqual(['The fixture ended (exit code 1); starting it again.']);
  });

  it('is replaced on demand without a word', async () => {
    const child = await supervise(IDLE_SERVICE);
    await child.firstStart;
    child.restart();
    await eventually('its second start', async () => (await startsLogged()) === 2);
    expect(report).toEqual([]);
  });

  it('ends by itself when its supervisor is killed', async () => {
    const supervisor = await fixture(`
      import { superviseChild } from '${RUNTIME}/child-process.ts';
      const child = superviseChild(
        { name: 'fixture', modulePath: ${JSON.stringify(await fixture(IDLE_SERVICE))}, args: [], variables: () => process.env,
          logFile: ${JSON.stringify(join(folder, 'fixture.log'))} },
        { report: () => undefined },
      );
      await child.firstStart;
      console.log(child.pid());
    `);
    const parent = spawn(process.execPath, [supervisor], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]; // a stream without encoding yields buffers
    const pid = Number(line.toString());
    expect(await isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await untilGone(pid);
    expect(await log()).toMatch(/let go\n.*"stopped"/);
  });
});

describe('the pause before another start', () => {
  it('doubles from a fifth of a second and stays at a quarter of a minute', () => {
    expect([1, 2, 3, 4, 8, 20].map(backOffMs)).toEqual([200, 400, 800, 1_600, 15_000, 15_000]);
  });
});
