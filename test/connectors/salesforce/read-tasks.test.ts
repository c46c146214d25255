import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordRef } from '../../../src/domain/crm.ts';
import { connectOrg, type ConnectedOrg } from './connected-org.ts';

let org: ConnectedOrg;

beforeEach(async () => {
  org = await connectOrg();
});
afterEach(() => org.stop());

describe('reading tasks that we wrote', () => {
  it('gives what is there now in the order asked, in one call, and how much fits', async () => {
    const [one, two] = seed([{ Subject: 'One', CallDurationInSeconds: '12' }, { Subject: 'Two' }]);
    org.sandbox.editAsPerson('Task', one?.id ?? '', { Subject: 'Edited' });
    const limits = { Subject: 255 };
    expect(await read([two, one], ['Subject', 'CallDurationInSeconds', 'Not_There__c'])).toEqual([
      { kind: 'present', ref: two, fields: { Subject: 'Two' }, limits },
      { kind: 'present', ref: one, fields: { Subject: 'Edited', CallDurationInSeconds: '12' }, limits },
    ]);
    expect(org.requests.map(({ endpoint }) => endpoint)).toEqual(['composite-query']);
  });

  it('gives archived ones too, which ordinary queries hide', async () => {
    const [old] = seed([{ Subject: 'Old', Status: 'Completed', ActivityDate: '2026-01-15' }]);
    org.sandbox.setOptions({ archiveAfterDays: 0 });
    expect(await read([old], ['Subject'])).toMatchObject([{ kind: 'present', fields: { Subject: 'Old' } }]);
  });

  it('what a person deleted, what never was and what is no task are gone', async () => {
    const [deleted, kept] = seed([{ Subject: 'D' }, { Subject: 'K' }]);
    org.sandbox.deleteAsPerson('Task', deleted?.id ?? '');
    const never = [
      { object: 'Task', id: '00T000000000009' },
      { object: 'Task', id: "x' OR Subject != '" },
      { object: 'calls', id: kept?.id ?? '' },
    ];
    const reads = await read([deleted, kept, ...never], ['Subject']);
    expect(reads.map(({ kind }) => kind)).toEqual(['gone', 'present', 'gone', 'gone', 'gone']);
  });

  it('an org that does not answer does not say that anything is gone', async () => {
    const tasks = seed([{ Subject: 'S' }]);
    org.sandbox.injectFault({ match: { path: '/composite' }, times: 1, fault: { kind: 'html-502' } });
    expect(await read(tasks, [])).toMatchObject([{ kind: 'could_not_check', failure: { disposition: 'retry' } }]);
  });

  it('201 are read in two calls, and nothing is asked for none', async () => {
    const tasks = seed(Array.from({ length: 201 }, () => ({ Subject: 'S' })));
    expect((await read(tasks, ['Subject'])).every(({ kind }) => kind === 'present')).toBe(true);
    expect(org.requests).toHaveLength(2);
    expect(await read([], ['Subject'])).toEqual([]);
    expect(org.requests).toHaveLength(2);
  });

  it('an answer that is longer than a client takes is asked for in halves', async () => {
    const patient = await connectOrg({ transport: { maxResponseBytes: 400_000 }, provisioned: false });
    await org.stop();
    org = patient;
    const tasks = seed(Array.from({ length: 20 }, () => ({ Subject: 'S', Description: 'd'.repeat(31_000) })));
    const reads = await read(tasks, ['Description']);
    expect(reads.map(({ kind }) => kind)).toEqual(tasks.map(() => 'present'));
    // Twenty are too many; ten are not.
    expect(org.requests.filter(({ endpoint }) => endpoint === 'composite-query')).toHaveLength(1 + 2);
  });
});

function read(refs: readonly (RecordRef | undefined)[], fields: readonly string[]) {
  return org.connector.readRecords(
    refs.filter((ref) => ref !== undefined),
    fields,
    org.context,
  );
}

function seed(records: readonly Readonly<Record<string, string>>[]): readonly RecordRef[] {
  return org.sandbox.seedRecords('Task', records).map((id) => ({ object: 'Task', id }));
}
