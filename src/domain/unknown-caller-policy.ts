import { z } from 'zod';
import { conditionSchema, describeCondition, holds, type ConditionFacts } from './condition.ts';

/**
 * What becomes of a caller whom the CRM does not know.
 * - `create`: a new person. - `skip`: nothing is written. - `review`: waits until somebody decides.
 * - `log_without_person`: the conversation is written, on nobody's timeline.
 */
const actionSchema = z.enum(['create', 'skip', 'review', 'log_without_person']);
export type UnknownCallerAction = z.infer<typeof actionSchema>;

/** A table: the first rule that applies decides, else `action`. */
export const unknownCallerPolicySchema = z.strictObject({
  action: actionSchema.default('create'),
  rules: z
    .array(z.strictObject({ when: conditionSchema, action: actionSchema }))
    .max(100)
    .default([]),
});

export type UnknownCallerPolicy = z.infer<typeof unknownCallerPolicySchema>;

/** Pure and total. */
export function decideUnknownCaller(
  { action, rules }: UnknownCallerPolicy,
  facts: ConditionFacts,
): { readonly action: UnknownCallerAction; readonly rule: string } {
  const found = rules.find(({ when }) => holds(when, facts));
  return found === undefined
    ? { action, rule: `policy: ${words(action)}` }
    : { action: found.action, rule: `policy for ${describeCondition(found.when)}: ${words(found.action)}` };
}

function words(action: UnknownCallerAction): string {
  return action.replaceAll('_', ' ');
}
