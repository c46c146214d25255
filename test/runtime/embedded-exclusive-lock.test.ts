import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withExclusiveLock } from '../../src/runtime/embedded/exclusive-lock.ts';

let folder: string;
let lockFile: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exclusive-lock-'));
  lockFile = join(folder, 'lock');
});

afterEach(() => rm(folder, { recursive: true }));

describe('an exclusive lock', () => {
  it('lets one caller in at a time, also when all of them find the lock of a dead owner', async () => {
    await writeFile(lockFile, `${await deadPid()} long-ago`);
    let inside = 0;
    let entered = 0;
    const work = async () => {
      inside += 1;
      entered += 1;
      expect(inside).toBe(1);
      await nextTurn();
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => withExclusiveLock(lockFile, { deadline: soon() }, work)));
    expect(entered).toBe(20);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over when its owner’s pid belongs to another program by now', async () => {
    await writeFile(lockFile, `${process.pid} before-this-process-began`);
    expect(await withExclusiveLock(lockFile, { deadline: soon() }, () => Promise.resolve('in'))).toBe('in');
  });

  it('is free again after work that failed', async () => {
    const failing = withExclusiveLock(lockFile, { deadline: soon() }, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await withExclusiveLock(lockFile, { deadline: soon() }, () => Promise.resolve('in'))).toBe('in');
  });

  it('names itself to a caller whose deadline comes first, and tells that caller that it waits', async () => {
    let waits = 0;
    await withExclusiveLock(lockFile, { deadline: soon() }, async () => {
      const options = { deadline: AbortSignal.timeout(100), onWait: () => (waits += 1) };
      const second = withExclusiveLock(lockFile, options, () => Promise.resolve('in'));
      await expect(second).rejects.toThrow(`Another process holds ${lockFile}`);
    });
    expect(waits).toBe(1);
  });
});

function soon(): AbortSignal {
  return AbortSignal.timeout(10_000);
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}
