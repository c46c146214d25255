import type { Verification } from '../domain/configuration.ts';
import type { DuePolicy } from '../domain/due-time.ts';
import type { ConnectionId, ConversationId, EndpointId, EventId, TenantId } from '../domain/ids.ts';
import type { SecretRef } from '../domain/secret-ref.ts';

/** A verified event, ready for the inbox. */
export interface AcceptedEvent {
  readonly tenantId: TenantId;
  readonly eventId: EventId;
  readonly type: string;
  /** False for a type we do not act on: it is kept, marked ignored, and makes nothing due. */
  readonly known: boolean;
  /** Present for every known type. */
  readonly conversationId?: ConversationId;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** The request body as it came. */
  readonly body: Buffer;
}

/**
 * What the intake asks of the store.
 *
 * A rejection may carry `retryable: true`: the database was not reached or did not answer, which says nothing about the
 * events. Any other rejection may be the fault of one event.
 */
export interface IntakeStore {
  readonly tenants: {
    endpoint(
      endpointId: EndpointId,
    ): Promise<{ readonly tenantId: TenantId; readonly verification: Verification } | undefined>;
  };
  readonly secrets: {
    /** Rejects when the secret is missing. */
    resolve(tenantId: TenantId, ref: SecretRef): Promise<string>;
  };
  readonly inbox: {
    /**
     * All or nothing: once it resolves, every event of the group is on disk, and so is what it makes due. `outcomes` are
     * in the order of `events`; `wake` are the connections that now have something to do.
     */
    accept(
      events: readonly AcceptedEvent[],
      options: { readonly now: Date; readonly policy: DuePolicy; readonly retentionMs: number },
    ): Promise<{
      readonly outcomes: readonly ('accepted' | 'duplicate')[];
      readonly wake: readonly ConnectionId[];
    }>;
  };
  /** False when the database does not answer within the deadline, in milliseconds. */
  ping(deadlineMs: number): Promise<boolean>;
}

/**
 * Asks the connections' workflows to look at the ledger. Merged and given a deadline by whoever implements it; a lost
 * wake-up costs seconds, because a sweep finds what is due.
 */
export type Wake = (connectionIds: readonly ConnectionId[]) => void;

/** Receives ids, codes and counts only: never a header, a body or a secret. */
export type IntakeLog = (event: string, fields: Readonly<Record<string, string | number | boolean>>) => void;
