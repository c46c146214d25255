import type { PreviewedConversation } from '../../src/delivery/preview.ts';
import { phoneKey } from '../../src/domain/caller.ts';
import { conversationIdSchema } from '../../src/domain/ids.ts';
import { settledAs } from '../../src/domain/outcome.ts';
import type { E164 } from '../../src/domain/phone.ts';
import type { DeliveryPlan, FieldChange } from '../../src/domain/plan.ts';
import type { ReasonCode } from '../../src/domain/reasons.ts';

/** What a test may say of a previewed conversation. */
export interface SaidOfPreview {
  readonly reason?: ReasonCode;
  /** The code of what could not be asked. */
  readonly failure?: string;
  /** Fields of the call, and what would be written to them. */
  readonly call?: Readonly<Record<string, string>>;
  /** The number of somebody new; without it the person is kept as he is. */
  readonly creates?: string;
  readonly warnings?: readonly string[];
  readonly readFrom?: PreviewedConversation['readFrom'];
  /** False for a conversation that nothing is planned for. */
  readonly planned?: boolean;
}

/** A conversation as a preview tells of it. */
export function previewed(id: string, said: SaidOfPreview = {}): PreviewedConversation {
  const { reason = 'written', failure, readFrom = 'source', planned = failure === undefined } = said;
  return {
    conversationId: conversationIdSchema.parse(id),
    readFrom,
    outcome: settledAs(failure === undefined ? reason : 'crm_unavailable'),
    trace: {
      startedAt: '2026-03-02T10:00:00.000Z',
      finishedAt: '2026-03-02T10:00:01.000Z',
      source: 'found',
      caller: undefined,
      rawNumber: undefined,
      lookUp: undefined,
      plan: planned ? planOf(id, said, reason) : undefined,
      wrote: [],
      failures: failure === undefined ? [] : [failureOf(failure)],
      warnings: [],
      requests: [],
      batchSize: 1,
    },
  };
}

function planOf(id: string, { call = {}, creates, warnings = [] }: SaidOfPreview, reason: ReasonCode): DeliveryPlan {
  const ref = { object: 'contacts', id: '5123' };
  const keyOf = (number: string) => phoneKey(number as E164); // the form that the parser makes
  return {
    conversationId: conversationIdSchema.parse(id),
    mappingVersion: 'test-1',
    person:
      creates === undefined
        ? { action: 'keep', key: keyOf('+15551234567'), ref, changes: [], rule: 'test' }
        : { action: 'create', key: keyOf(creates), changes: [written('phone', creates)], rule: 'test' },
    activity: {
      action: Object.keys(call).length === 0 ? 'keep' : 'upsert',
      key: `ten_1:${id}`,
      kind: 'call',
      changes: Object.entries(call).map(([field, to]) => written(field, to)),
      owner: { ownerId: undefined, rule: 'test' },
      related: [],
    },
    task: undefined,
    reason,
    warnings,
  };
}

function written(field: string, to: string): FieldChange {
  return { field, from: undefined, to, mode: 'overwrite', decision: 'write' };
}

function failureOf(code: string): PreviewedConversation['trace']['failures'][number] {
  return {
    disposition: 'retry',
    code,
    status: 503,
    retryAfterMs: undefined,
    field: undefined,
    vendorText: undefined,
  };
}
