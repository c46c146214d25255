import { afterEach, describe, expect, it } from '@jest/globals';
import type { ActivityWrite, PersonWrite } from '../../../src/domain/crm.ts';
import { caller, connectOrg, CONVERSATION_KEY, type ConnectedOrg } from './connected-org.ts';

const THRESHOLD = 6;

let org: ConnectedOrg;
afterEach(() => org.stop());

/** A connector whose waits move the sandbox's clock. */
async function connect(): Promise<void> {
  let clock = Date.parse('2026-11-24T10:00:00Z');
  const pause = (ms: number): Promise<void> => {
    clock += ms;
    return Promise.resolve();
  };
  const now = () => clock;
  org = await connectOrg({ sandbox: { now, searchLagMs: 0 }, connector: { now, pause, bulkThreshold: THRESHOLD } });
}

const backfill = () => ({ ...org.context, trafficClass: 'backfill' }) as const;
const endpoints = () => org.requests.splice(0).map(({ endpoint }) => endpoint);
const kinds = (results: readonly { readonly kind: string; readonly created?: boolean }[]) =>
  results.map(({ kind, created }) => (created === undefined ? kind : created ? 'created' : 'updated'));
const all = (text: string) => Array<string>(THRESHOLD).fill(text);
const job = ['bulk-job', 'bulk-upload', 'bulk-job', 'bulk-poll'];

const calls = (subject: string): readonly ActivityWrite[] =>
  Array.from({ length: THRESHOLD }, (_, n) => ({
    key: `conv_${n}`,
    kind: 'call',
    fields: { Subject: subject, TaskSubtype: 'Call', ActivityDate: '2026-03-02' },
    person: undefined,
  }));

const people: readonly PersonWrite[] = Array.from({ length: THRESHOLD }, (_, n) => ({
  key: caller(n).key,
  ref: undefined,
  fields: { LastName: `Doe ${n}`, Company: 'Unknown', Phone: caller(n).phone?.e164 ?? '' },
}));

describe('a backfill through the connector', () => {
  it('calls and people go in one job each', async () => {
    await connect();
    expect(kinds(await org.connector.upsertPeople(people, backfill()))).toEqual(all('created'));
    expect(endpoints()).toEqual([...job, 'bulk-results']);
    expect(kinds(await org.connector.upsertActivities(calls('First'), backfill()))).toEqual(all('created'));
    expect(endpoints()).toEqual([...job, 'bulk-results']);
    const phones = org.sandbox.records('Lead').map(({ fields }) => fields.Phone);
    expect(phones.toSorted()).toEqual(people.map(({ fields }) => fields.Phone).toSorted());
  });

  it('calls that are there already are refused for their subtype, and go once more without it', async () => {
    await connect();
    await org.connector.upsertActivities(calls('First'), backfill());
    endpoints();
    expect(kinds(await org.connector.upsertActivities(calls('Second'), backfill()))).toEqual(all('updated'));
    expect(endpoints()).toEqual([...job, 'bulk-results', 'bulk-results', ...job, 'bulk-results']);
    const found = org.sandbox.records('Task').map(({ fields }) => [fields.Subject, fields.TaskSubtype]);
    expect(found).toEqual(Array(THRESHOLD).fill(['Second', 'Call']));
  });

  it('live traffic of the same size goes as collections', async () => {
    await connect();
    await org.connector.upsertActivities(calls('First'), { ...org.context, trafficClass: 'live' });
    expect(endpoints()).toEqual(['collection-upsert']);
  });

  it('an org without our field takes collections', async () => {
    await connect();
    org.sandbox.setOptions({ taskExternalIdField: null });
    const connector = org.connect({ bulkThreshold: THRESHOLD });
    await connector.upsertActivities(calls('First'), backfill());
    expect(endpoints().filter((endpoint) => endpoint.startsWith('bulk'))).toEqual([]);
    expect(org.sandbox.records('Task').some(({ fields }) => CONVERSATION_KEY in fields)).toBe(false);
  });

  it('says from how many on it wants large batches', async () => {
    await connect();
    expect(org.connector.largeBatch).toEqual({ atLeast: THRESHOLD, trafficClass: 'backfill' });
    expect(org.connect({ bulkThreshold: 2_000 }).largeBatch?.atLeast).toBe(2_000);
  });
});
