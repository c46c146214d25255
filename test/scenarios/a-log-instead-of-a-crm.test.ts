import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCsv } from '../../connectors/csv-log/csv.ts';
import { DEFAULT_POLICIES } from '../support/policies.ts';
import { call, eventsOf } from '../support/scenario-data.ts';
import { Stack } from '../support/stack.ts';

const synced = (row: { readonly state: string }) => row.state === 'synced';

describe('a connection to CSV files', () => {
  let stack: Stack;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crm-sync-log-'));
    stack = await Stack.start({
      withoutWorker: true,
      policy: { pollsAfterFirstEvent: [50, 3_600_000], retryBase: 20 },
    });
    await stack.store.connections.upsert(stack.tenantId, {
      id: stack.connectionId,
      crm: 'csv-log',
      folder,
      ...DEFAULT_POLICIES,
    });
    await stack.startWorker();
  });
  afterAll(async () => {
    await stack.stop();
    await rm(folder, { recursive: true });
  });

  /** The newest row of each record, as an object. */
  async function recordsOf(name: string): Promise<readonly Readonly<Record<string, string>>[]> {
    const [head = [], ...rows] = parseCsv(await readFile(join(folder, `${name}.csv`), 'utf8')).rows;
    const records = rows.map((row) => Object.fromEntries(head.map((column, index) => [column, row[index] ?? ''])));
    return [...new Map(records.map((record) => [record.id ?? JSON.stringify(record), record])).values()];
  }

  it('two calls of one new number with all their events make one person, two calls and two tasks, linked, and no call to another CRM', async () => {
    const number = '+15557770100';
    for (const id of ['conv_log_1', 'conv_log_2']) {
      stack.personaDesk.addConversations([call(id, number, { summary: '=cmd|evil. Wants a date.' })]);
      for (const event of eventsOf(id, number)) expect((await stack.sender.send(event)).status).toBe(202);
    }
    for (const id of ['conv_log_1', 'conv_log_2']) {
      const row = await stack.untilRow(id, (candidate) => synced(candidate) && candidate.dueAt === undefined);
      expect(row.mappingVersion).toBe('default-csv-log-2');
    }

    const [people, activities, tasks, links] = await Promise.all(
      ['people', 'activities', 'tasks', 'links'].map(recordsOf),
    );
    expect(people).toMatchObject([{ key: `tel:${number}`, phone: number }]);
    const person = people?.[0]?.id;
    expect(activities?.map(({ conversation_id: id }) => id).toSorted()).toEqual(['conv_log_1', 'conv_log_2']);
    expect(activities?.[0]).toMatchObject({ kind: 'call', duration_seconds: '165', title: '=cmd|evil.' });
    expect(tasks).toMatchObject([{ status: 'open' }, { status: 'open' }]);
    expect(links?.map(({ to_id: to }) => to)).toEqual([person, person, person, person]);
    expect(await readFile(join(folder, 'activities.csv'), 'utf8')).not.toMatch(/(^|,|")=cmd/m);
    expect(stack.hubspot.requestLog()).toEqual([]);
  });

  it('what the files hold already is not written again', async () => {
    const id = 'conv_log_again';
    const number = '+15557770101';
    const [, , , ended] = eventsOf(id, number);
    stack.personaDesk.addConversations([call(id, number)]);
    await stack.sender.send(ended);
    await stack.untilRow(id, synced);
    const before = await readFile(join(folder, 'activities.csv'), 'utf8');
    await stack.sender.send({ ...ended, id: 'evt_log_repeated' });
    await stack.untilRow(id, (row) => row.reason === 'nothing_to_change');
    expect(await readFile(join(folder, 'activities.csv'), 'utf8')).toBe(before);
  });

  it('a folder that vanished is made anew, and the conversation is in it', async () => {
    const id = 'conv_log_vanished';
    const number = '+15557770102';
    await rm(folder, { recursive: true });
    stack.personaDesk.addConversations([call(id, number)]);
    await stack.sender.send(eventsOf(id, number)[3]);
    await stack.untilRow(id, synced);
    expect(await recordsOf('activities')).toMatchObject([{ conversation_id: id }]);
  });
});
