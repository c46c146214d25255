import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { ConnectionId, ConversationId, EndpointId, TenantId } from '../domain/ids.ts';
import type { LedgerState, Priority, PRIORITY } from '../domain/ledger.ts';
import type { ReasonCode } from '../domain/reasons.ts';

/** The driver hands 8-byte integers out as text, because they may exceed what a number holds exactly. */
type Int8 = ColumnType<string, number, number>;
/** Written as JSON text; read as whatever an earlier version of this program wrote, so it is parsed again. */
type Json = ColumnType<unknown, string, string>;

interface TenantsTable {
  tenant_id: TenantId;
  endpoint_id: EndpointId;
  configuration: Json;
  created_at: Date;
  updated_at: Date;
}

interface ConnectionsTable {
  connection_id: ConnectionId;
  tenant_id: TenantId;
  configuration: Json;
  paused: Generated<boolean>;
  broken_code: string | null;
  broken_at: Date | null;
  parked_until: Date | null;
  park_reason: string | null;
  fence: ColumnType<string, never, number>;
  created_at: Date;
  updated_at: Date;
}

interface DataKeysTable {
  data_key_id: string;
  tenant_id: TenantId;
  master_key_id: string;
  wrapped: Buffer;
  created_at: Generated<Date>;
}

interface SecretsTable {
  tenant_id: TenantId;
  name: string;
  sealed: Buffer;
  updated_at: Date;
}

interface InboxTable {
  tenant_id: TenantId;
  event_id: string;
  type: string;
  ignored: boolean;
  conversation_id: ConversationId | null;
  created_at: Date;
  received_at: Date;
  expires_at: Date;
  body: Buffer;
}

/** A ledger row as it is stored. */
export interface LedgerTable {
  connection_id: ConnectionId;
  conversation_id: ConversationId;
  tenant_id: TenantId;
  state: LedgerState;
  reason: ReasonCode;
  vendor_code: string | null;
  /** What last asked for a delivery: an event type, or `retry`. */
  asked_by: string;
  priority: Priority;
  /** While in progress: when to deliver once more, because something arrived meanwhile; null when nothing did. */
  due_at: Date | null;
  /** Since when a delivery is owed; freshness counts from here. */
  due_since: Date;
  first_heard_at: Date;
  attempts: Generated<number>;
  failing_since: Date | null;
  /** The fencing token of the last claim. */
  fence: Int8;
  mapping_version: string | null;
  /** Sealed WrittenRecords; null when nothing was written. */
  written: Buffer | null;
  synced_at: Date | null;
  freshness_ms: Int8 | null;
  updated_at: Date;
}

interface AttemptsTable {
  attempt_id: string;
  sequence: GeneratedAlways<string>;
  tenant_id: TenantId;
  connection_id: ConnectionId;
  conversation_id: ConversationId;
  started_at: Date;
  finished_at: Date;
  state: LedgerState;
  reason: ReasonCode;
  calls: number;
  trace: Buffer;
}

interface SnapshotsTable {
  tenant_id: TenantId;
  conversation_id: ConversationId;
  taken_at: Date;
  expires_at: Date;
  body: Buffer;
}

interface PeopleTable {
  connection_id: ConnectionId;
  person_key: Buffer;
  object: string;
  record_id: string;
  created_by_us: boolean;
  updated_at: Date;
}

/** Calls to a CRM by day and traffic class. */
interface ApiUsageTable {
  connection_id: ConnectionId;
  /** `2026-03-02`, where the account is. */
  day: string;
  class: keyof typeof PRIORITY;
  calls: number;
}

/** How the day of a connection stood when it was last looked at. */
interface ApiDaysTable {
  connection_id: ConnectionId;
  day: string;
  resets_at: Date;
  allowed: number;
  /** By us and by others, so far as the CRM says. */
  used: number;
  updated_at: Date;
}

/** Tokens we were issued; the row is the lock of a renewal. */
interface TokensTable {
  connection_id: ConnectionId;
  tenant_id: TenantId;
  lineage: Buffer;
  generation: ColumnType<string, never, number>;
  access_token: Buffer | null;
  refresh_token: Buffer | null;
  issued_at: Date | null;
  expires_at: Date | null;
  failure_kind: 'passing' | 'refused' | 'revoked' | null;
  failure_code: string | null;
  failed_at: Date | null;
  /** The vendor's account that they open. */
  account: string | null;
  supersedes: Buffer | null;
}

/** Sign-ins by browser that were asked for. */
interface AuthorizationsTable {
  authorization_id: string;
  state_hash: Buffer;
  tenant_id: TenantId;
  connection_id: ConnectionId;
  lineage: string;
  verifier: Buffer;
  redirect_uri: string;
  replace_account: boolean;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
  outcome: ColumnType<unknown, string | null, string>;
}

/** Mappings by when they were put in force. */
interface MappingPublicationsTable {
  connection_id: ConnectionId;
  number: number;
  version: string;
  document: ColumnType<unknown, string, never>;
  published_at: Date;
}

/** What people decided for conversations that waited for them. */
interface CallerChoicesTable {
  number: GeneratedAlways<string>;
  tenant_id: TenantId;
  connection_id: ConnectionId;
  conversation_id: ConversationId;
  person_key: Buffer | null;
  action: 'choose' | 'create' | 'skip' | 'forget';
  object: string | null;
  record_id: string | null;
  chosen_by: string;
  chosen_at: Date;
}

/** All tables, as kysely knows them. */
export interface Schema {
  tenants: TenantsTable;
  connections: ConnectionsTable;
  data_keys: DataKeysTable;
  secrets: SecretsTable;
  inbox: InboxTable;
  ledger: LedgerTable;
  attempts: AttemptsTable;
  snapshots: SnapshotsTable;
  people: PeopleTable;
  tokens: TokensTable;
  authorizations: AuthorizationsTable;
  mapping_publications: MappingPublicationsTable;
  caller_choices: CallerChoicesTable;
  api_usage: ApiUsageTable;
  api_days: ApiDaysTable;
}
