import { sql, type Selectable } from 'kysely';
import { configurationSchema, type ConnectionConfiguration } from '../domain/configuration.ts';
import type { Connection, ConnectionState } from '../domain/connection.ts';
import type { ConnectionId, TenantId } from '../domain/ids.ts';
import type { Database } from './database.ts';
import { IdTakenError, UnknownConnectionError } from './id-errors.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { Schema } from './schema.ts';
import { tenantSettingsSchema } from './tenant-repository.ts';

export interface ConnectionRepository {
  /**
   * Creates a connection or replaces its configuration; its state stays.
   *
   * @throws IdTakenError when another tenant has a connection of this id.
   */
  upsert(tenantId: TenantId, configuration: ConnectionConfiguration): Promise<void>;
  get(id: ConnectionId): Promise<Connection | undefined>;
  list(tenantId?: TenantId): Promise<readonly Connection[]>;
  /** The CRM refused our credentials. `code` is the vendor's, free of data. */
  markBroken(id: ConnectionId, code: string, now: Date): Promise<void>;
  pause(id: ConnectionId): Promise<void>;
  /** Makes the connection active whatever stopped it, and what waited for it due now. */
  resume(id: ConnectionId): Promise<void>;
  /** There are good credentials again: what broke for the lack of them goes on. A pause stays. */
  mend(id: ConnectionId): Promise<void>;
  /** No calls before `until`; an earlier, shorter parking is replaced. */
  park(id: ConnectionId, until: Date, reason: string): Promise<void>;
  unpark(id: ConnectionId): Promise<void>;
  /**
   * A new fencing token, greater than all before. Whoever claims with it makes the claims of earlier tokens void.
   *
   * @throws UnknownConnectionError when there is no such connection.
   */
  takeFence(id: ConnectionId): Promise<number>;
}

const connectionConfigurationSchema = configurationSchema.shape.tenants.element.shape.connections.unwrap().element;

export function createConnectionRepository(db: Database, clock: () => Date): ConnectionRepository {
  return {
    upsert: (tenantId, configuration) => upsertConnection(db, tenantId, configuration, clock()),
    get: async (id) => {
      const row = await selectConnections(db).where('connections.connection_id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toConnection(row);
    },
    list: async (tenantId) => {
      const all = selectConnections(db).orderBy('connections.connection_id');
      const wanted = tenantId === undefined ? all : all.where('connections.tenant_id', '=', tenantId);
      return (await wanted.execute()).map(toConnection);
    },
    markBroken: (id, code, now) => change(db, id, { broken_code: code, broken_at: now, updated_at: now }),
    pause: (id) => change(db, id, { paused: true, updated_at: clock() }),
    resume: (id) => retryConflicts(() => resumeConnection(db, id, { ...MENDED, ...FREE }, clock())),
    mend: (id) => retryConflicts(() => resumeConnection(db, id, MENDED, clock())),
    park: (id, until, reason) => change(db, id, { parked_until: until, park_reason: reason, updated_at: clock() }),
    unpark: (id) => change(db, id, { parked_until: null, park_reason: null, updated_at: clock() }),
    takeFence: async (id) => {
      const { fence } = await db
        .updateTable('connections')
        .set({ fence: sql<number>`fence + 1` })
        .where('connection_id', '=', id)
        .returning('fence')
        .executeTakeFirstOrThrow(() => new UnknownConnectionError(id));
      // One token per delivery attempt: 2^53 of them outlast any installation.
      return Number(fence);
    },
  };
}

async function upsertConnection(
  db: Database,
  tenantId: TenantId,
  settings: ConnectionConfiguration,
  now: Date,
): Promise<void> {
  const configuration = JSON.stringify(settings);
  const written = await db
    .insertInto('connections')
    .values({ connection_id: settings.id, tenant_id: tenantId, configuration, created_at: now, updated_at: now })
    .onConflict((conflict) =>
      conflict
        .column('connection_id')
        .doUpdateSet({ configuration, updated_at: now })
        .where('connections.tenant_id', '=', tenantId),
    )
    .returning('connection_id')
    .executeTakeFirst();
  if (written === undefined) throw new IdTakenError('connection', settings.id);
}

interface StateChange {
  readonly paused?: boolean;
  readonly broken_code?: string;
  readonly broken_at?: Date;
  readonly parked_until?: Date | null;
  readonly park_reason?: string | null;
  readonly updated_at: Date;
}

async function change(db: Database, id: ConnectionId, values: StateChange): Promise<void> {
  await db.updateTable('connections').set(values).where('connection_id', '=', id).execute();
}

const MENDED = { broken_code: null, broken_at: null } as const;
const FREE = { paused: false, parked_until: null, park_reason: null } as const;

async function resumeConnection(
  db: Database,
  id: ConnectionId,
  state: typeof MENDED & Partial<typeof FREE>,
  now: Date,
): Promise<void> {
  const waitedFor =
    'paused' in state ? (['connection_broken', 'crm_rate_limited'] as const) : (['connection_broken'] as const);
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('connections')
      .set({ ...state, updated_at: now })
      .where('connection_id', '=', id)
      .execute();
    await transaction
      .updateTable('ledger')
      .set({ state: 'due', reason: 'retry_requested', vendor_code: null, due_at: now, updated_at: now })
      .where('connection_id', '=', id)
      // A literal, so that the planner sees that the queue's partial index applies.
      .where(sql<boolean>`state = 'waiting'`)
      .where('reason', 'in', waitedFor)
      .execute();
  });
}

function selectConnections(db: Database) {
  return db
    .selectFrom('connections')
    .innerJoin('tenants', 'tenants.tenant_id', 'connections.tenant_id')
    .selectAll('connections')
    .select('tenants.configuration as tenant_configuration');
}

type ConnectionRow = Selectable<Schema['connections']> & { readonly tenant_configuration: unknown };

function toConnection(row: ConnectionRow): Connection {
  const { webhook: _, ...tenant } = tenantSettingsSchema.parse(row.tenant_configuration);
  return {
    id: row.connection_id,
    tenantId: row.tenant_id,
    state: stateOf(row),
    configuration: connectionConfigurationSchema.parse(row.configuration),
    tenant,
  };
}

/** Broken is said before paused: it is what must be repaired, and one resume ends both. */
function stateOf(row: ConnectionRow): ConnectionState {
  if (row.broken_code !== null) return { kind: 'broken', code: row.broken_code };
  if (row.paused) return { kind: 'paused' };
  return {
    kind: 'active',
    parkedUntil: row.parked_until ?? undefined,
    parkReason: row.park_reason ?? undefined,
  };
}
