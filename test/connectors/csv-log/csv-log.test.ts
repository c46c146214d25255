import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCsv } from '../../../connectors/csv-log/csv.ts';
import { createCsvLogConnector } from '../../../connectors/csv-log/connector.ts';
import type { CallContext } from '../../../connectors/connector.ts';
import { emailKey, phoneKey, type PersonKey } from '../../../src/domain/caller.ts';
import type { PersonWrite, WriteResult } from '../../../src/domain/crm.ts';
import { parseNumber } from '../../../src/domain/phone.ts';

const context: CallContext = { signal: new AbortController().signal };
let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'crm-sync-csv-'));
  folder = join(parent, 'log');
});
afterEach(() => rm(parent, { recursive: true }));

async function aLog() {
  const log = createCsvLogConnector({ folder, defaultCountry: 'US' });
  expect((await log.provision(context)).kind).toBe('ready');
  return log;
}

async function rowsOf(name: string): Promise<readonly (readonly string[])[]> {
  return parseCsv(await readFile(join(folder, `${name}.csv`), 'utf8')).rows.slice(1);
}

function numberOf(text: string) {
  const number = parseNumber(text, 'US');
  if (number.kind !== 'number') throw new Error('this is no number');
  return number;
}

const key = (text: string): PersonKey => phoneKey(numberOf(text).e164);
const person = (text: string, fields: PersonWrite['fields'] = {}): PersonWrite => ({
  key: key(text),
  ref: undefined,
  fields: { phone: text, ...fields },
});
const query = (text: string) => ({ key: key(text), phone: numberOf(text), email: undefined });

function refOf(result: WriteResult | undefined) {
  if (result?.kind !== 'written') throw new Error(`not written: ${JSON.stringify(result)}`);
  return result.ref;
}

describe('a log of CSV files', () => {
  it('is made with its folder, for its owner only, and made once', async () => {
    const log = createCsvLogConnector({ folder, defaultCountry: 'US' });
    expect(await log.provision(context)).toEqual({
      kind: 'ready',
      created: ['people.csv', 'activities.csv', 'tasks.csv', 'links.csv'],
    });
    await log.upsertPeople([person('+15557770001')], context);
    expect((await stat(join(folder, 'people.csv'))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('one key is one record, in one process and after a restart, and its last row is the one that counts', async () => {
    const log = await aLog();
    const [first] = await log.upsertPeople([person('+15557770001', { first_name: 'Zoë' })], context);
    const [again] = await log.upsertPeople([person('+15557770001', { first_name: 'Zoë' })], context);
    expect(first).toMatchObject({ created: true });
    expect(again).toMatchObject({ created: false, ref: refOf(first) });
    expect(await rowsOf('people')).toHaveLength(1);

    const restarted = await aLog();
    const [changed] = await restarted.upsertPeople([person('+15557770001', { last_name: 'Quill' })], context);
    expect(changed).toMatchObject({ created: false, ref: refOf(first) });
    expect(await rowsOf('people')).toHaveLength(2);
    expect(await restarted.readPeople([refOf(first)], ['first_name', 'last_name'], context)).toEqual([
      { kind: 'present', ref: refOf(first), fields: { first_name: 'Zoë', last_name: 'Quill' } },
    ]);
  });

  it('people are found by number however it is written, and by address without its case', async () => {
    const log = await aLog();
    const write = {
      key: emailKey('zoe@example.com'),
      ref: undefined,
      fields: { phone: '(415) 555-2671', email: 'Zoe@Example.com' },
    };
    const [written] = await log.upsertPeople([write], context);
    const wanted = { ref: refOf(written), rank: 0, fields: { email: 'Zoe@Example.com' } };
    const searches = await log.lookUpPeople(
      [
        query('+14155552671'),
        { key: emailKey('zoe@example.com'), phone: undefined, email: 'zoe@example.com' },
        query('+14155559999'),
      ],
      ['email'],
      context,
    );
    expect(searches).toMatchObject([
      { kind: 'checked', candidates: [{ ...wanted, matchedBy: 'phone', holdsKey: false }] },
      { kind: 'checked', candidates: [{ ...wanted, matchedBy: 'email', holdsKey: true }] },
      { kind: 'checked', candidates: [] },
    ]);
  });

  it('what another process appended is seen by the next call', async () => {
    const [one, other] = [await aLog(), await aLog()];
    const [written] = await one.upsertPeople([person('+15557770001')], context);
    const [search] = await other.lookUpPeople([query('+15557770001')], [], context);
    expect(search).toMatchObject({ candidates: [{ ref: refOf(written), holdsKey: true }] });
    expect(await other.upsertPeople([person('+15557770001')], context)).toMatchObject([{ created: false }]);
  });

  it('many calls at once lose nothing and make each key once', async () => {
    const log = await aLog();
    const numbers = Array.from({ length: 40 }, (_, n) => `+1555777${1000 + (n % 20)}`);
    await Promise.all(numbers.map((number) => log.upsertPeople([person(number)], context)));
    expect(new Set((await rowsOf('people')).map(([id]) => id)).size).toBe(20);
  });

  it('a row that was cut off by a crash is dropped, and the next one begins on a line of its own', async () => {
    const log = await aLog();
    await log.upsertPeople([person('+15557770001')], context);
    await appendFile(join(folder, 'people.csv'), 'id-2,"tel:+1555777');
    const restarted = await aLog();
    await restarted.upsertPeople([person('+15557770002')], context);
    expect((await rowsOf('people')).map((row) => row[1])).toEqual(['tel:+15557770001', 'tel:+15557770002']);
  });

  it('activities, tasks and links are rows of their own, and links are not repeated', async () => {
    const log = await aLog();
    const [who] = await log.upsertPeople([person('+15557770001')], context);
    const ref = refOf(who);
    const activity = { key: 't:c', kind: 'call', fields: { title: '=1+1' }, person: ref } as const;
    const [call] = await log.upsertActivities([activity], context);
    const [task] = await log.upsertTasks(
      [{ key: 't:c:handoff', fields: { subject: 'Call back' }, person: ref }],
      context,
    );
    const links = [call, task].map((record) => ({ from: refOf(record), to: ref }));
    for (let round = 0; round < 2; round += 1) {
      expect(await log.link(links, context)).toEqual([{ kind: 'linked' }, { kind: 'linked' }]);
    }
    expect(await (await aLog()).link(links, context)).toEqual([{ kind: 'linked' }, { kind: 'linked' }]);
    expect(await rowsOf('links')).toHaveLength(2);
    const [row] = await rowsOf('activities');
    expect(row?.slice(0, 7)).toEqual([refOf(call).id, 't:c', 'live', expect.any(String), 'call', '', '=1+1']);
    expect(await readFile(join(folder, 'activities.csv'), 'utf8')).toContain(",'=1+1,");
  });

  it('a task is marked as done, and one that is gone is told apart', async () => {
    const log = await aLog();
    const [task] = await log.upsertTasks([{ key: 'k', fields: { status: 'open' }, person: undefined }], context);
    const gone = { object: 'tasks', id: 'nobody' };
    expect(await log.completeTasks([refOf(task), gone], context)).toMatchObject([
      { kind: 'written', created: false },
      { kind: 'refused', failure: { disposition: 'resolve', code: 'csv-log.record_gone' } },
    ]);
    expect((await rowsOf('tasks')).at(-1)).toContain('done');
  });

  it('a removed record is gone for every process, and its key makes a new one', async () => {
    const log = await aLog();
    const [who] = await log.upsertPeople([person('+15557770001')], context);
    const ref = refOf(who);
    expect(await log.remove([ref, { object: 'deals', id: '1' }], context)).toEqual([
      { kind: 'removed' },
      { kind: 'gone' },
    ]);
    const restarted = await aLog();
    expect(await restarted.readPeople([ref], [], context)).toEqual([{ kind: 'gone' }]);
    expect(await restarted.lookUpPeople([query('+15557770001')], [], context)).toEqual([
      { kind: 'checked', candidates: [] },
    ]);
    expect(await restarted.upsertPeople([{ ...person('+15557770001'), ref }], context)).toMatchObject([
      { kind: 'refused', failure: { disposition: 'resolve' } },
    ]);
    const [anew] = await restarted.upsertPeople([person('+15557770001')], context);
    expect(anew).toMatchObject({ created: true });
    expect(refOf(anew).id).not.toBe(ref.id);
  });

  it('what was written of a conversation is read back, whatever kind of record it is; what was removed is gone', async () => {
    const log = await aLog();
    const [call] = await log.upsertActivities(
      [{ key: 'a', kind: 'call', fields: { title: 'Call', body: 'Said' }, person: undefined }],
      context,
    );
    const [task] = await log.upsertTasks([{ key: 't', fields: { subject: 'Call back' }, person: undefined }], context);
    const refs = [refOf(task), refOf(call), { object: 'calls', id: refOf(call).id }];
    const restarted = await aLog();
    expect(await restarted.readRecords(refs, ['title', 'subject'], context)).toEqual([
      { kind: 'present', ref: refOf(task), fields: { subject: 'Call back' } },
      { kind: 'present', ref: refOf(call), fields: { title: 'Call' } },
      { kind: 'gone' },
    ]);
    await log.remove([refOf(task)], context);
    expect(await restarted.readRecords([refOf(task)], [], context)).toEqual([{ kind: 'gone' }]);
  });

  it('a field that is no column is the fault of the mapping, by its name, and costs its neighbours nothing', async () => {
    const log = await aLog();
    expect(
      await log.upsertPeople([person('+15557770001', { shoe_size: '9' }), person('+15557770002')], context),
    ).toMatchObject([
      { kind: 'refused', failure: { disposition: 'fix_mapping', field: 'shoe_size' } },
      { kind: 'written' },
    ]);
  });

  it('ids give no number away', async () => {
    const log = await aLog();
    const results = await log.upsertPeople([person('+15557770001')], context);
    expect(refOf(results[0]).id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('says honestly what a file does not have: owners and limits', async () => {
    const log = await aLog();
    expect(await log.findOwners([{ by: 'email', value: 'a@example.com' }], context)).toEqual([{ kind: 'unknown' }]);
    expect(log.quota()).toEqual([]);
    const description = await log.describe(context);
    if (description.kind !== 'described') throw new Error('not described');
    expect(description.objects.people?.map(({ name }) => name)).toContain('phone');
  });

  it('where nothing may change, says which files it would make, and knows nobody', async () => {
    const log = createCsvLogConnector({ folder: join(folder, 'later'), defaultCountry: 'US' });
    const missing = ['people.csv', 'activities.csv', 'tasks.csv', 'links.csv'];
    const looking = { ...context, looksOnly: true };
    expect(await log.provision(looking)).toEqual({ kind: 'ready', created: [], missing });
    expect(await log.lookUpPeople([query('+15557770001')], [], looking)).toEqual([{ kind: 'checked', candidates: [] }]);
    expect(await log.provision(looking)).toEqual({ kind: 'ready', created: [], missing });
  });

  it('a folder that is gone is made anew by the next batch', async () => {
    const log = await aLog();
    await log.upsertPeople([person('+15557770001')], context);
    await rm(folder, { recursive: true });
    expect(await log.check(context)).toMatchObject([{ severity: 'error', code: 'folder_not_writable', fixable: true }]);
    expect(await log.upsertPeople([person('+15557770001')], context)).toMatchObject([
      { kind: 'refused', failure: { disposition: 'retry', code: 'csv-log.ENOENT' } },
    ]);
    expect((await log.provision(context)).kind).toBe('ready');
    expect(await log.upsertPeople([person('+15557770001')], context)).toMatchObject([{ created: true }]);
    expect(await log.check(context)).toMatchObject([{ severity: 'ok', code: 'folder_writable' }]);
  });

  it('a file where the folder should be stops the connection, by a code, and the doctor says who mends it', async () => {
    await writeFile(folder, '');
    const log = createCsvLogConnector({ folder, defaultCountry: 'US' });
    expect(await log.provision(context)).toMatchObject({ kind: 'failed', failure: { code: 'csv-log.EEXIST' } });
    expect(await log.lookUpPeople([query('+15557770001')], [], context)).toMatchObject([
      { kind: 'could_not_check', failure: { disposition: 'reconnect', code: 'csv-log.ENOTDIR' } },
    ]);
    expect(await log.check(context)).toMatchObject([{ severity: 'error', fix: expect.stringContaining('operator') }]);
  });
});
