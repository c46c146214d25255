import type { CrmFailure } from '../../src/domain/crm.ts';
import { textOf } from './answers.ts';
import type { ApiSession } from './api.ts';
import { FALLBACK_KEY } from './fields.ts';
import { runQueries } from './run-queries.ts';
import { slices } from '../transport/slices.ts';
import { isIn, select } from './soql.ts';

/** Keys to a statement: at 255 characters each, well below the 100,000 that Salesforce takes. */
const KEYS_PER_QUERY = 200;

export interface FoundTasks {
  readonly idByKey: ReadonlyMap<string, string>;
  readonly failureByKey: ReadonlyMap<string, CrmFailure>;
}

/**
 * The tasks that carry these keys in the standard field, archived ones too: a year after it was done an activity is
 * hidden from ordinary queries. The oldest counts if somebody has copied one.
 */
export async function findTasksByKey(session: ApiSession, keys: readonly string[]): Promise<FoundTasks> {
  const parts = slices(keys, KEYS_PER_QUERY);
  const results = await runQueries(
    session,
    parts.map((part) => ({ soql: statement(part), all: true })),
  );
  const idByKey = new Map<string, string>();
  const failureByKey = new Map<string, CrmFailure>();
  parts.forEach((part, index) => {
    const result = results[index];
    if (result?.kind === 'failed') for (const key of part) failureByKey.set(key, result.failure);
    for (const row of result?.kind === 'rows' ? result.rows : []) {
      const key = textOf(row, FALLBACK_KEY);
      // Filters compare without case; keys do not.
      if (key !== undefined && !idByKey.has(key)) idByKey.set(key, row.Id);
    }
  });
  return { idByKey, failureByKey };
}

function statement(keys: readonly string[]): string {
  const carries = isIn(FALLBACK_KEY, keys) ?? 'Id = null';
  const where = `${carries} AND IsDeleted = false ORDER BY CreatedDate ASC`;
  return select({ fields: ['Id', FALLBACK_KEY], from: 'Task', where });
}
