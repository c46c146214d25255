import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordRef } from '../../../src/domain/crm.ts';
import { API_VERSIONS, connectAccount, type ConnectedAccount } from './connected-account.ts';

let account: ConnectedAccount;

const complete = (refs: readonly RecordRef[]) => account.connector.completeTasks(refs, account.context);
const remove = (refs: readonly RecordRef[]) => account.connector.remove(refs, account.context);

describe.each(API_VERSIONS)('HubSpot API %s', (apiVersion) => {
  beforeEach(async () => {
    account = await connectAccount({ connector: { apiVersion } });
  });

  afterEach(() => account.stop());

  describe('completing tasks', () => {
    it('a task is done, and stays so when it is completed again', async () => {
      const [ref] = seedTasks(1);
      for (let time = 0; time < 2; time += 1) {
        expect(await complete(ref === undefined ? [] : [ref])).toEqual([{ kind: 'written', ref, created: false }]);
      }
      expect(account.sandbox.records('tasks')[0]?.properties.hs_task_status).toBe('COMPLETED');
    });

    it('a task that is gone is to be resolved, and its neighbours are done', async () => {
      const refs = seedTasks(3);
      account.sandbox.deleteAsPerson('tasks', refs[1]?.id ?? '');
      expect(await complete(refs)).toMatchObject([
        { kind: 'written' },
        { kind: 'refused', failure: { disposition: 'resolve' } },
        { kind: 'written' },
      ]);
    });

    it('one task that is named twice is completed twice, without an error', async () => {
      const [ref] = seedTasks(1);
      if (ref === undefined) throw new Error('There must be a task.');
      expect((await complete([ref, ref])).map(({ kind }) => kind)).toEqual(['written', 'written']);
    });
  });

  describe('removing records', () => {
    it('records of every kind are archived, in one request each', async () => {
      const at = { hs_timestamp: '2026-11-24T10:00:00Z' };
      const refs = [
        ...seed('calls', [at, at]),
        ...seed('communications', [{ ...at, hs_communication_channel_type: 'SMS' }]),
        ...seed('notes', [at]),
        ...seed('tasks', [at]),
        ...seed('contacts', [{ firstname: 'Ann' }]),
      ];
      expect(await remove(refs)).toEqual(refs.map(() => ({ kind: 'removed' })));
      for (const object of ['calls', 'communications', 'notes', 'tasks', 'contacts'] as const) {
        expect(account.sandbox.records(object).every(({ archived }) => archived)).toBe(true);
      }
      expect(account.requests).toMatchObject(
        Array.from({ length: 5 }, () => ({ endpoint: 'batch-archive', status: 204 })),
      );
    });

    it('what is gone already is a success, and takes nothing from its neighbours', async () => {
      const refs = seedTasks(3);
      account.sandbox.deleteAsPerson('tasks', refs[1]?.id ?? '');
      for (const { kind } of await remove(refs)) expect(['removed', 'gone']).toContain(kind);
      expect(account.sandbox.records('tasks').every(({ archived }) => archived)).toBe(true);
    });

    it('a batch that is refused for one of its records is cut until that one stands alone', async () => {
      const refs = seedTasks(4);
      const body = { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'no' };
      // The whole, its first half, and the first quarter: then the second task stands alone.
      account.sandbox.injectFault({
        match: { path: '/batch/archive' },
        times: 1,
        fault: { kind: 'status', status: 404, body },
      });
      expect((await remove(refs)).map(({ kind }) => kind)).toEqual(['removed', 'removed', 'removed', 'removed']);
      account.sandbox.injectFault({ match: { path: '/batch/archive' }, fault: { kind: 'status', status: 404, body } });
      expect(await remove(refs.slice(0, 1))).toEqual([{ kind: 'gone' }]);
    });

    it("an intermediary's 404 page removes nothing and says so", async () => {
      const refs = seedTasks(1);
      const fault = { kind: 'status', status: 404, body: '<html>' } as const;
      account.sandbox.injectFault({ match: { path: '/batch/archive' }, fault });
      expect(await remove(refs)).toMatchObject([{ kind: 'refused', failure: { disposition: 'retry' } }]);
    });

    it('250 records leave in three requests', async () => {
      const refs = seedTasks(250);
      expect((await remove(refs)).every(({ kind }) => kind === 'removed')).toBe(true);
      expect(account.requests).toHaveLength(3);
    });
  });
});

function seedTasks(count: number): readonly RecordRef[] {
  const task = { hs_timestamp: '2026-11-24T11:00:00Z', hs_task_status: 'NOT_STARTED' };
  return seed(
    'tasks',
    Array.from({ length: count }, () => task),
  );
}

function seed(
  object: 'calls' | 'communications' | 'notes' | 'tasks' | 'contacts',
  records: readonly Readonly<Record<string, string>>[],
): readonly RecordRef[] {
  return account.sandbox.seedRecords(object, records).map((id) => ({ object, id }));
}
