import type { Account } from './account.ts';
import { applyInlineAssociations, type InlineAssociation } from './inline-associations.ts';
import { uniqueConflict } from './check-record.ts';
import type { Answer, Call } from './endpoint.ts';
import type { ObjectType } from './object-types.ts';
import { inAnotherOrder } from '../server/random.ts';
import type { ChangeSource, CrmRecord, PropertyValues } from './record-store.ts';
import { showCreated, showUpdated } from './record-view.ts';
import { errorRow, Refusal, type Problem } from './refusal.ts';

/** One row of a batch, checked and not yet applied. */
export type Draft =
  | {
      readonly kind: 'write';
      readonly traceId: string | undefined;
      /** The record to change; null makes a new one. */
      readonly target: CrmRecord | null;
      readonly values: PropertyValues;
      readonly associations: readonly InlineAssociation[];
    }
  | { readonly kind: 'refused'; readonly traceId: string | undefined; readonly problem: Problem };

type Writable = Extract<Draft, { kind: 'write' }>;
type Refused = Extract<Draft, { kind: 'refused' }>;

export interface BatchShape {
  /** Status when every row was written. */
  readonly allWritten: 200 | 201;
  /** Whether rows carry `new`. */
  readonly tellsNew: boolean;
}

/**
 * Applies a batch by HubSpot's rules: rows fail by themselves only when every row has an objectWriteTraceId of its own
 * (error handling guide) or when a record does not exist; a value another record holds fails all rows, whatever they carry.
 */
export function writeBatch(call: Call, type: ObjectType, drafts: readonly Draft[], shape: BatchShape): Answer {
  const { account } = call;
  const startedAt = account.options.now();
  const refused = drafts.filter((draft): draft is Refused => draft.kind === 'refused');
  const writable = drafts.filter((draft): draft is Writable => draft.kind === 'write');
  failWhole(drafts, refused);
  const taken = new Set<string>();
  for (const draft of writable) {
    const conflict = uniqueConflict(account, type, draft.values, draft.target, taken);
    if (conflict !== null) throw new Refusal(conflict);
  }
  const results = writable.map((draft) => {
    const written = writeOne(account, type, draft, call.source);
    const isNew = shape.tellsNew ? { new: draft.target === null } : {};
    return { ...written, ...isNew, ...(draft.traceId === undefined ? {} : { objectWriteTraceId: draft.traceId }) };
  });
  return batchAnswer(account, { startedAt, results, errors: refused.map(rowOf), allWell: shape.allWritten });
}

/** The envelope of a batch, its results in another order than its inputs (recorded). */
export function batchAnswer(
  account: Account,
  outcome: {
    readonly startedAt: number;
    readonly results: readonly unknown[];
    readonly errors: readonly Record<string, unknown>[];
    readonly allWell: 200 | 201;
  },
): Answer {
  const { results, errors, startedAt, allWell } = outcome;
  const partial = errors.length > 0;
  return {
    status: partial ? account.options.partialSuccessStatus : allWell,
    body: {
      status: 'COMPLETE',
      results: inAnotherOrder(results, account.random),
      ...(partial ? { numErrors: errors.length, errors } : {}),
      startedAt: new Date(startedAt).toISOString(),
      completedAt: new Date(account.options.now()).toISOString(),
    },
  };
}

/** Makes or changes one record, and shows it as the answer to a write does. */
export function writeOne(
  account: Account,
  type: ObjectType,
  draft: Writable,
  source: ChangeSource,
): Record<string, unknown> {
  if (draft.target !== null)
    return showUpdated(draft.target, account.records.update(draft.target, draft.values, source));
  const record = account.records.create(type.name, draft.values, source);
  applyInlineAssociations(account, record, draft.associations);
  return showCreated(record);
}

function failWhole(drafts: readonly Draft[], refused: readonly Refused[]): void {
  const traceIds = new Set(drafts.map((draft) => draft.traceId));
  const rowsAreTraced = !traceIds.has(undefined) && traceIds.size === drafts.length;
  if (rowsAreTraced) return;
  const fatal = refused.find((draft) => draft.problem.status !== 404);
  if (fatal !== undefined) throw new Refusal(fatal.problem);
}

function rowOf(draft: Refused): Record<string, unknown> {
  return errorRow(draft.problem, draft.traceId);
}
