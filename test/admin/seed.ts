import type { E164 } from '../../src/domain/phone.ts';
import { phoneKey } from '../../src/domain/caller.ts';
import type { RowOutcome } from '../../src/domain/ledger.ts';
import type { AttemptTrace } from '../../src/domain/trace.ts';
import type { RecordedRow } from '../../src/store/ledger-rows.ts';
import type { Store } from '../../src/store/store.ts';
import { ACCEPT, at, connectionId, eventOf, recorded, tenantId } from '../store/open-test-store.ts';

const NUMBER = '+15551234567' as E164; // the form that the parser makes

/** An attempt that found the caller among two candidates and was refused one field. */
export const REFUSED_TRACE: AttemptTrace = {
  startedAt: '2026-03-02T09:00:01.000Z',
  finishedAt: '2026-03-02T09:00:01.800Z',
  source: 'found',
  caller: {
    kind: 'identified',
    key: phoneKey(NUMBER),
    phone: { e164: NUMBER, national: '5551234567' },
    email: undefined,
    name: 'Zoë Example',
  },
  rawNumber: '(555) 123-4567',
  lookUp: {
    by: 'search',
    outcome: 'found',
    candidates: [
      { ref: { object: 'contacts', id: '5123' }, matchedBy: 'mobilephone' },
      { ref: { object: 'contacts', id: '77' }, matchedBy: 'phone' },
    ],
    rule: '2 candidates; one carries our person key',
  },
  plan: {
    conversationId: eventOf('ten_acme', 'conv_1').conversationId ?? failure(),
    mappingVersion: 'hubspot-default-3',
    person: {
      action: 'update',
      key: phoneKey(NUMBER),
      ref: { object: 'contacts', id: '5123' },
      rule: 'matched by mobilephone',
      changes: [
        { field: 'firstname', from: 'Zoe', to: 'Zoë', mode: 'fill_if_empty', decision: 'keep_existing' },
        { field: 'lifecyclestage', from: undefined, to: 'lead', mode: 'create_only', decision: 'write' },
      ],
    },
    activity: {
      action: 'upsert',
      key: 'ten_acme:conv_1',
      kind: 'call',
      changes: [
        {
          field: 'hs_call_title',
          from: undefined,
          to: 'Call \u001b[31mred\nnext line',
          mode: 'overwrite',
          decision: 'write',
        },
      ],
      owner: { ownerId: '8801', rule: 'agent ag_12 is mapped to this owner' },
      related: [
        { action: 'link', ref: { object: 'deals', id: '31' }, rule: '2 of kind deal; the one changed last (policy)' },
        { action: 'none', kind: 'ticket', rule: 'the person has no open ticket' },
      ],
    },
    task: undefined,
    reason: 'written',
    warnings: ['the status "weird" is not known'],
  },
  wrote: [{ object: 'contacts', id: '5123' }],
  failures: [
    {
      disposition: 'fix_mapping',
      code: 'hubspot.INVALID_OPTION',
      status: 400,
      retryAfterMs: undefined,
      field: 'hs_call_disposition',
      vendorText: 'Hot was not one of the allowed options',
      means: 'A field does not take the value.',
    },
  ],
  warnings: ['activity: not put on deals 31 (hubspot.OBJECT_NOT_FOUND)'],
  requests: [
    { endpoint: 'search', status: 200, durationMs: 120 },
    { endpoint: 'batch-upsert', status: undefined, durationMs: 15_000 },
  ],
  batchSize: 3,
};

function failure(): never {
  throw new Error('the event has a conversation');
}

/** Lets a conversation be heard of and one delivery of it end. The fence is taken as the delivery takes it. */
export async function settle(
  store: Store,
  place: { readonly tenant: string; readonly connection: string; readonly conversation: string },
  outcome: RowOutcome,
  more: Partial<RecordedRow> = {},
): Promise<void> {
  const connection = connectionId(place.connection);
  await store.inbox.accept([eventOf(place.tenant, place.conversation)], ACCEPT);
  const fence = await store.connections.takeFence(connection);
  await store.ledger.claim({ connectionId: connection, fence, limit: 100, now: at(1) });
  await store.ledger.record({
    tenantId: tenantId(place.tenant),
    connectionId: connection,
    fence,
    now: at(2),
    rows: [recorded(place.conversation, outcome, more)],
    people: [],
  });
}
