import { randomBytes } from 'node:crypto';
import { configurationSchema, type TenantConfiguration, type Verification } from '../domain/configuration.ts';
import { endpointIdSchema, type EndpointId, type TenantId } from '../domain/ids.ts';
import type { Database } from './database.ts';
import { IdTakenError } from './id-errors.ts';
import { StoreError } from './store-error.ts';

/** A tenant's own part of the configuration file, as it was applied. */
type TenantSettings = Omit<TenantConfiguration, 'connections'>;

/** A tenant and the last part of its webhook URL. */
interface Tenant {
  readonly id: TenantId;
  readonly endpointId: EndpointId;
  readonly settings: TenantSettings;
}

export interface TenantRepository {
  /**
   * Creates or replaces a tenant. An endpoint id is drawn when the settings have none and kept from then on.
   *
   * @throws IdTakenError when the endpoint id belongs to another tenant.
   */
  upsert(settings: TenantSettings, now: Date): Promise<Tenant>;
  list(): Promise<readonly Tenant[]>;
  get(id: TenantId): Promise<Tenant | undefined>;
  /** Who a webhook at this endpoint is for, and how it must prove itself. One indexed query. */
  endpoint(
    endpointId: EndpointId,
  ): Promise<{ readonly tenantId: TenantId; readonly verification: Verification } | undefined>;
}

/**
 * What was stored by an earlier version is read with today's schema, so that new settings get their defaults. Drops the
 * connections of a whole tenant: they have a table of their own.
 */
export const tenantSettingsSchema = configurationSchema.shape.tenants.element.omit({ connections: true }).strip();

/** 18 random bytes are 24 URL-safe characters: 144 bits nobody guesses. */
export function drawEndpointId(random: (size: number) => Buffer = randomBytes): EndpointId {
  for (;;) {
    const drawn = endpointIdSchema.safeParse(random(18).toString('base64url'));
    // An id starts with a letter or a digit; one draw in 32 does not.
    if (drawn.success) return drawn.data;
  }
}

export function createTenantRepository(db: Database, drawEndpoint: () => EndpointId): TenantRepository {
  return {
    upsert: (settings, now) => upsertTenant(db, settings, now, drawEndpoint),
    list: async () => {
      const rows = await db.selectFrom('tenants').selectAll().orderBy('tenant_id').execute();
      return rows.map(toTenant);
    },
    get: async (id) => {
      const row = await db.selectFrom('tenants').selectAll().where('tenant_id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toTenant(row);
    },
    endpoint: async (endpointId) => {
      const row = await db
        .selectFrom('tenants')
        .select(['tenant_id', 'configuration'])
        .where('endpoint_id', '=', endpointId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { webhook } = tenantSettingsSchema.parse(row.configuration);
      return { tenantId: row.tenant_id, verification: webhook.verification };
    },
  };
}

async function upsertTenant(
  db: Database,
  settings: TenantSettings,
  now: Date,
  drawEndpoint: () => EndpointId,
): Promise<Tenant> {
  const wanted = settings.webhook.endpointId;
  const configuration = JSON.stringify(tenantSettingsSchema.parse(settings));
  try {
    const row = await db
      .insertInto('tenants')
      .values({
        tenant_id: settings.id,
        endpoint_id: wanted ?? drawEndpoint(),
        configuration,
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) =>
        conflict
          .column('tenant_id')
          .doUpdateSet({ configuration, updated_at: now, ...(wanted === undefined ? {} : { endpoint_id: wanted }) }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    return toTenant(row);
  } catch (error) {
    if (wanted !== undefined && isEndpointTaken(error)) throw new IdTakenError('endpoint', wanted);
    throw error;
  }
}

function isEndpointTaken(error: unknown): boolean {
  return error instanceof StoreError && error.constraint === 'tenants_endpoint_id_key';
}

function toTenant(row: {
  readonly tenant_id: TenantId;
  readonly endpoint_id: EndpointId;
  readonly configuration: unknown;
}): Tenant {
  return {
    id: row.tenant_id,
    endpointId: row.endpoint_id,
    settings: tenantSettingsSchema.parse(row.configuration),
  };
}
