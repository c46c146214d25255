import { ApplicationFailure, Context } from '@temporalio/activity';
import { DELIVER_DUE } from '../temporal.config.ts';
import { deliverDue, type DeliverDependencies } from '../src/delivery/deliver-due.ts';
import { connectionIdSchema } from '../src/domain/ids.ts';

export interface DeliverDueInput {
  readonly connectionId: string;
}

/** Only counts and times cross into the workflow's history. */
export interface DeliverDueResult {
  readonly delivered: number;
  /** Something else is due now. */
  readonly more: boolean;
  /** Milliseconds until something becomes due or the connection may be used again; absent when only an event can change that. */
  readonly waitMs?: number;
  /** Why nothing may be delivered at present: `paused`, `broken`, `parked`. */
  readonly parked?: string;
}

export type Activities = ReturnType<typeof createActivities>;

/** What Temporal runs: thin functions around the delivery, with heartbeat and deadline. */
export function createActivities(deps: DeliverDependencies) {
  return {
    /** Delivers one batch of what is due on a connection. Fails only for infrastructure, with a code and no data. */
    async deliverDue(input: DeliverDueInput): Promise<DeliverDueResult> {
      const context = Context.current();
      const beat = setInterval(() => {
        context.heartbeat();
      }, DELIVER_DUE.heartbeatEveryMs);
      const signal = AbortSignal.any([context.cancellationSignal, AbortSignal.timeout(DELIVER_DUE.deadlineMs)]);
      try {
        return await deliverDue(deps, connectionIdSchema.parse(input.connectionId), signal);
      } catch (error) {
        throw asFailure(error);
      } finally {
        clearInterval(beat);
      }
    },
  };
}

/**
 * What reaches Temporal is stored in plain text for weeks: a code says what to look for in the logs, and the message,
 * stack and cause stay here, because they may quote a row.
 */
function asFailure(error: unknown): ApplicationFailure {
  const code = codeOf(error);
  return ApplicationFailure.create({ message: code, type: code, nonRetryable: false });
}

/** Duck-typed: errors of native modules and of other realms are not `instanceof Error` here. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const name = 'name' in error && typeof error.name === 'string' ? error.name : 'Error';
  return 'code' in error && typeof error.code === 'string' && /^[\w.-]{1,64}$/.test(error.code)
    ? `${name}.${error.code}`
    : name;
}
