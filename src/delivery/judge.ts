import { isOpen } from '../domain/business-hours.ts';
import type { Connection } from '../domain/connection.ts';
import { decideContent } from '../domain/content-policy.ts';
import type { WrittenRecords } from '../domain/plan.ts';
import { decideFollowUp } from '../domain/task-policy.ts';
import type { Judgement, Loaded } from './steps.ts';

/** What of a connection judges. */
export interface JudgedBy {
  readonly configuration: Pick<Connection['configuration'], 'content' | 'tasks'>;
  readonly tenant: Pick<Connection['tenant'], 'timezone' | 'businessHours'>;
}

interface JudgedRow {
  readonly row: { readonly written: Pick<WrittenRecords, 'repeatCaller'> };
}

/**
 * Asks the policies of a connection what they say of a conversation: once, so that every step of its delivery goes by the
 * same answer. Pure and total.
 */
export function judge(
  { configuration, tenant }: JudgedBy,
  { row, known, caller, occurredAt, remembered }: Omit<Loaded, 'judgement' | 'row'> & JudgedRow,
): Judgement {
  const { businessHours: hours, timezone: timeZone } = tenant;
  const facts = {
    known,
    caller,
    afterHours: hours !== undefined && !isOpen(new Date(occurredAt), hours, timeZone),
    // Once this conversation is written its own person is remembered: what was so at first stays so.
    repeatCaller: row.written.repeatCaller ?? remembered !== undefined,
  };
  return {
    facts,
    content: decideContent(configuration.content, facts),
    followUp: decideFollowUp(configuration.tasks, facts, occurredAt, { hours, timeZone }),
  };
}
