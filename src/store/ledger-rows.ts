import type { Selectable } from 'kysely';
import type { PersonKey } from '../domain/caller.ts';
import type { RecordRef } from '../domain/crm.ts';
import type { ConversationId } from '../domain/ids.ts';
import type { ClaimedRow, LedgerKey, LedgerState, Priority, RowOutcome } from '../domain/ledger.ts';
import type { WrittenRecords } from '../domain/plan.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import type { LedgerTable } from './schema.ts';
import type { Vault } from './vault.ts';
import { openWritten } from './written-records.ts';

/** A claimed row with what was written for its conversation so far. */
export type ClaimedLedgerRow = ClaimedRow & { readonly written: WrittenRecords };

/** What a delivery reports of one row. */
export interface RecordedRow {
  readonly conversationId: ConversationId;
  readonly outcome: RowOutcome;
  /** Everything written so far, not only by this attempt. */
  readonly written: WrittenRecords;
  /** Undefined keeps the one of the last plan. */
  readonly mappingVersion: string | undefined;
  /** The conversation as it was read, for replay under another mapping; undefined keeps what is there. Becomes JSON. */
  readonly snapshot: { readonly body: unknown; readonly expiresAt: Date } | undefined;
  /** When this attempt began; it ended when it was recorded. */
  readonly startedAt: Date;
  /** CRM and source calls that this row cost. */
  readonly calls: number;
  /** What explain shows of the attempt. Becomes JSON. */
  readonly trace: unknown;
}

/** A person found or made in the CRM. */
export interface PersonEntry {
  readonly key: PersonKey;
  readonly ref: RecordRef;
  readonly createdByUs: boolean;
}

/** A ledger row in full, as explain shows it. */
export interface LedgerRow extends LedgerKey {
  readonly state: LedgerState;
  readonly reason: ReasonCode;
  readonly vendorCode: string | undefined;
  /** What last asked for a delivery: an event type, or `retry`. */
  readonly askedBy: string;
  readonly priority: Priority;
  readonly dueAt: Date | undefined;
  /** Since when a delivery is owed. */
  readonly dueSince: Date;
  readonly firstHeardAt: Date;
  readonly attempts: number;
  readonly failingSince: Date | undefined;
  readonly fence: number;
  readonly mappingVersion: string | undefined;
  readonly written: WrittenRecords;
  readonly syncedAt: Date | undefined;
  /** From owed to synced, the last time. Milliseconds. */
  readonly freshnessMs: number | undefined;
  readonly updatedAt: Date;
}

/** A row of which nothing needs to be opened: where it stands, and since when. */
export type LedgerGlance = Pick<LedgerRow, 'conversationId' | 'connectionId' | 'state' | 'reason' | 'updatedAt'>;

/** Opens a stored row. */
export async function toLedgerRow(vault: Vault, row: Selectable<LedgerTable>): Promise<LedgerRow> {
  const key = { tenantId: row.tenant_id, connectionId: row.connection_id, conversationId: row.conversation_id };
  return {
    ...key,
    state: row.state,
    reason: row.reason,
    vendorCode: row.vendor_code ?? undefined,
    askedBy: row.asked_by,
    priority: row.priority,
    dueAt: row.due_at ?? undefined,
    dueSince: row.due_since,
    firstHeardAt: row.first_heard_at,
    attempts: row.attempts,
    failingSince: row.failing_since ?? undefined,
    fence: Number(row.fence),
    mappingVersion: row.mapping_version ?? undefined,
    written: await openWritten(vault, key, row.written),
    syncedAt: row.synced_at ?? undefined,
    freshnessMs: row.freshness_ms === null ? undefined : Number(row.freshness_ms),
    updatedAt: row.updated_at,
  };
}
