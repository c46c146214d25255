import { z } from 'zod';
import { addOpenMinutes, type BusinessHours } from './business-hours.ts';
import { conditionSchema, describeCondition, holds, type ConditionFacts } from './condition.ts';

const prioritySchema = z.enum(['low', 'medium', 'high']);

const details = {
  /** Minutes after the request, or after the conversation began. */
  dueInMinutes: z
    .int()
    .min(0)
    .max(60 * 24 * 90),
  /** `business`: only minutes in which the tenant is open count. */
  clock: z.enum(['business', 'plain']),
  priority: prioritySchema,
};

/**
 * When a follow-up task is written, and until when it is to be done. A request for a person always gets one; `rules` add
 * others, such as for missed calls, and may change when a request is due. The first rule that applies decides.
 */
export const taskPolicySchema = z.strictObject({
  dueInMinutes: details.dueInMinutes.default(15),
  clock: details.clock.default('plain'),
  priority: details.priority.default('high'),
  rules: z
    .array(
      z.strictObject({
        when: conditionSchema,
        /** False leaves it to others: no task unless a person was asked for. */
        create: z.boolean().default(true),
        dueInMinutes: details.dueInMinutes.optional(),
        clock: details.clock.optional(),
        priority: details.priority.optional(),
      }),
    )
    .max(100)
    .default([]),
});

export type TaskPolicy = z.infer<typeof taskPolicySchema>;

/** A task that is to be written. */
export interface FollowUp {
  /** ISO 8601 UTC. */
  readonly dueAt: string;
  readonly priority: z.infer<typeof prioritySchema>;
  readonly rule: string;
}

/** When a tenant's people are there. */
export interface Calendar {
  /** Undefined for a tenant who is always open. */
  readonly hours: BusinessHours | undefined;
  /** An IANA name. */
  readonly timeZone: string;
}

/**
 * Pure and total.
 *
 * @param occurredAt ISO 8601 UTC: the start of the conversation
 */
export function decideFollowUp(
  policy: TaskPolicy,
  facts: ConditionFacts,
  occurredAt: string,
  calendar: Calendar,
): FollowUp | undefined {
  const { handoff } = facts.known;
  const found = policy.rules.find(({ when }) => holds(when, facts));
  if (handoff === undefined && found?.create !== true) return undefined;
  const start = new Date(handoff?.requestedAt ?? occurredAt);
  const minutes = found?.dueInMinutes ?? policy.dueInMinutes;
  const byHours = (found?.clock ?? policy.clock) === 'business' && calendar.hours !== undefined;
  const dueAt = byHours
    ? addOpenMinutes(start, minutes, calendar.hours, calendar.timeZone)
    : new Date(start.getTime() + minutes * 60_000);
  return {
    dueAt: dueAt.toISOString(),
    priority: found?.priority ?? policy.priority,
    rule: found === undefined ? 'a person was asked for' : `for ${describeCondition(found.when)}`,
  };
}
