import type { CrmFailure } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { SCHEMA_CODES } from './codes.ts';
import type { Remembered } from '../schema/remembered.ts';
import type { Schema, SchemaResult } from './schema.ts';

type RememberedSchema = Remembered<ApiSession, SchemaResult>;

/** What a step says of one item; the failed kinds carry why. */
export type StepResult = { readonly kind: string } | { readonly kind: string; readonly failure: CrmFailure };

/** One step over a batch: an answer per item, in order. */
type Step<I, R> = (schema: Schema, items: readonly I[]) => Promise<readonly R[]>;

/**
 * Runs a step by the remembered schema. Items whose result shows that the account has changed since run once more, by
 * what it is now: a field that an admin has removed costs one batch a few calls, and nobody a parked conversation.
 */
export async function withSchema<I, R extends StepResult>(
  remembered: RememberedSchema,
  session: ApiSession,
  items: readonly I[],
  step: Step<I, R>,
  fail: (failure: CrmFailure) => R,
): Promise<readonly R[]> {
  const first = await run(remembered, session, items, step, fail);
  const doubtful = items.filter((_, index) => showsOtherSchema(first[index]));
  if (doubtful.length === 0 || !remembered.doubt()) return first;
  const second = await run(remembered, session, doubtful, step, fail);
  const again = new Map(doubtful.map((item, index) => [item, second[index]]));
  return first.map((result, index) => {
    const item = items[index];
    return (item === undefined ? undefined : again.get(item)) ?? result;
  });
}

async function run<I, R>(
  remembered: RememberedSchema,
  session: ApiSession,
  items: readonly I[],
  step: Step<I, R>,
  fail: (failure: CrmFailure) => R,
): Promise<readonly R[]> {
  if (items.length === 0) return [];
  const known = await remembered.get(session);
  return known.kind === 'failed' ? items.map(() => fail(known.failure)) : step(known.schema, items);
}

function showsOtherSchema(result: StepResult | undefined): boolean {
  return result !== undefined && 'failure' in result && SCHEMA_CODES.has(result.failure.code);
}
