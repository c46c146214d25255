import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { installTemporalRuntime } from '../../src/runtime/temporal-runtime.ts';
import { testWorkflowBundle } from '../support/temporal.ts';

const HISTORIES = new URL('../histories/', import.meta.url);
const names = (await readdir(HISTORIES)).filter((name) => name.endsWith('.json'));

async function historyOf(name: string, change: (json: string) => string = (json) => json) {
  const json = await readFile(new URL(name, HISTORIES), 'utf8');
  return historyFromJSON(JSON.parse(change(json)));
}

async function replay(history: ReturnType<typeof historyFromJSON>): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: testWorkflowBundle() }, history, 'connection:recorded');
}

describe('workflows replay what earlier versions of them did', () => {
  beforeAll(() => installTemporalRuntime());

  it('there are recordings to replay', () => {
    expect(names.length).toBeGreaterThan(0);
  });

  it.each(names)('%s', async (name) => {
    await replay(await historyOf(name));
  });

  it('a workflow that did something else would be noticed', async () => {
    const [name = ''] = names;
    const other = await historyOf(name, (json) => json.replaceAll('"deliverDue"', '"deliverSomethingElse"'));
    await expect(replay(other)).rejects.toThrow(/Nondeterminism|TMPRL1100/);
  });
});

describe('one copy of protobufjs', () => {
  it('serves all Temporal packages: with two, reading histories breaks', async () => {
    const lock: unknown = JSON.parse(
      await readFile(fileURLToPath(new URL('../../package-lock.json', import.meta.url)), 'utf8'),
    );
    const { packages } = lock as { packages: Record<string, { version: string }> }; // npm's own format
    const copies = Object.entries(packages).filter(
      ([path, { version }]) => path.endsWith('node_modules/protobufjs') && version.startsWith('8.'),
    );
    expect(copies).toHaveLength(1);
  });
});
