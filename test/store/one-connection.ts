import type { ConversationId } from '../../src/domain/ids.ts';
import type { WrittenRecords } from '../../src/domain/plan.ts';
import type { RecordedRow } from '../../src/store/ledger-rows.ts';
import {
  ACCEPT,
  applyTenant,
  connectionId,
  conversationId,
  eventOf,
  NOW,
  tenantId,
  tenantOf,
  type TestStore,
} from './open-test-store.ts';

export const acme = connectionId('acme-1');

export const written: WrittenRecords = {
  person: { object: 'contacts', id: '1' },
  activity: { ref: { object: 'calls', id: '2' }, fields: { hs_call_title: 'Call' }, linkedTo: undefined },
  task: undefined,
};

/** The life of a tenant with the one connection {@link acme}, said in few words. */
export function oneConnection({ store, sql }: TestStore) {
  return {
    reset: async () => {
      await sql('truncate ledger, attempts, snapshots, people, connections');
      await applyTenant(store, tenantOf('ten_acme', ['acme-1']));
    },
    accept: (names: readonly string[], now = NOW) =>
      store.inbox.accept(
        names.map((name) => eventOf('ten_acme', name)),
        { ...ACCEPT, now },
      ),
    claim: async (now = NOW, limit = 100) => {
      const fence = await store.connections.takeFence(acme);
      return { fence, rows: await store.ledger.claim({ connectionId: acme, fence, limit, now }) };
    },
    record: (fence: number, rows: readonly RecordedRow[], now = NOW) =>
      store.ledger.record({ tenantId: tenantId('ten_acme'), connectionId: acme, fence, now, rows, people: [] }),
    find: async (name: string) => (await store.ledger.find(conversationId(name), acme))[0],
  };
}

export function namesOf(rows: readonly { readonly conversationId: ConversationId }[]): readonly ConversationId[] {
  return rows.map((row) => row.conversationId);
}
