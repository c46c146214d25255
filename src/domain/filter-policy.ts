import { z } from 'zod';
import { conditionSchema, describeCondition, holds, type ConditionFacts } from './condition.ts';

/**
 * Which conversations go to a CRM at all: the first filter that applies decides, and what none applies to is delivered.
 * A request for a person is never filtered out: its task must be written.
 */
export const filterPolicySchema = z
  .array(z.strictObject({ when: conditionSchema, action: z.enum(['deliver', 'skip']) }))
  .max(100);

export type FilterPolicy = z.infer<typeof filterPolicySchema>;

/** The filter that takes a conversation out, in words; undefined for one that is delivered. */
export function filteredBy(filters: FilterPolicy, facts: ConditionFacts): string | undefined {
  const found = filters.find(({ when }) => holds(when, facts));
  return found?.action === 'skip' ? `skips ${describeCondition(found.when)}` : undefined;
}
