import { sql, type Kysely, type Transaction } from 'kysely';
import type { ConnectionId, ConversationId, TenantId } from '../domain/ids.ts';
import type { LedgerState } from '../domain/ledger.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import type { Vault } from './vault.ts';

/** One delivery attempt of one row, as explain shows it. */
interface Attempt {
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly state: LedgerState;
  readonly reason: ReasonCode;
  /** CRM and source calls that it cost. */
  readonly calls: number;
  /** What the delivery noted, as JSON. */
  readonly trace: unknown;
}

export interface AttemptRepository {
  /** Newest first. */
  list(connectionId: ConnectionId, conversationId: ConversationId, limit: number): Promise<readonly Attempt[]>;
  /** Deletes attempts that ended more than `retentionMs` ago; returns how many. */
  purgeExpired(now: Date, retentionMs: number, limit: number): Promise<number>;
}

/** An attempt whose trace is sealed. */
export interface SealedAttempt {
  readonly attemptId: string;
  readonly conversationId: ConversationId;
  readonly startedAt: Date;
  readonly state: LedgerState;
  readonly reason: ReasonCode;
  readonly calls: number;
  readonly trace: Buffer;
}

export function createAttemptRepository(db: Database, vault: Vault): AttemptRepository {
  return {
    list: (connectionId, conversationId, limit) => listAttempts(db, vault, connectionId, conversationId, limit),
    purgeExpired: async (now, retentionMs, limit) => {
      const { rows } = await sql`
        delete from attempts where attempt_id in (
          select attempt_id from attempts
          where finished_at <= ${new Date(now.getTime() - retentionMs)}
          order by finished_at
          limit ${limit}
          for update skip locked)
        returning 1`.execute(db);
      return rows.length;
    },
  };
}

export function sealTrace(vault: Vault, tenantId: TenantId, attemptId: string, trace: unknown): Promise<Buffer> {
  // JSON has no undefined; a trace that is absent is null.
  return vault.seal(tenantId, contextOf(attemptId), JSON.stringify(trace ?? null));
}

export async function saveAttempts(
  transaction: Transaction<Schema>,
  owner: { readonly tenantId: TenantId; readonly connectionId: ConnectionId; readonly now: Date },
  attempts: readonly SealedAttempt[],
): Promise<void> {
  await transaction
    .insertInto('attempts')
    .values(
      attempts.map((attempt) => ({
        attempt_id: attempt.attemptId,
        tenant_id: owner.tenantId,
        connection_id: owner.connectionId,
        conversation_id: attempt.conversationId,
        started_at: attempt.startedAt,
        finished_at: owner.now,
        state: attempt.state,
        reason: attempt.reason,
        calls: attempt.calls,
        trace: attempt.trace,
      })),
    )
    .execute();
}

async function listAttempts(
  db: Kysely<Schema>,
  vault: Vault,
  connectionId: ConnectionId,
  conversationId: ConversationId,
  limit: number,
): Promise<readonly Attempt[]> {
  const rows = await db
    .selectFrom('attempts')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('conversation_id', '=', conversationId)
    .orderBy('sequence', 'desc')
    .limit(limit)
    .execute();
  return Promise.all(
    rows.map(async (row) => {
      const opened = await vault.open(row.tenant_id, contextOf(row.attempt_id), row.trace);
      const trace: unknown = JSON.parse(opened.toString());
      return {
        startedAt: row.started_at,
        finishedAt: row.finished_at,
        state: row.state,
        reason: row.reason,
        calls: row.calls,
        trace,
      };
    }),
  );
}

function contextOf(attemptId: string): string {
  return `attempt:${attemptId}`;
}
