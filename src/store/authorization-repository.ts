import { createHash, randomUUID } from 'node:crypto';
import { sql, type Selectable } from 'kysely';
import {
  authorizationOutcomeSchema,
  type AuthorizationOutcome,
  type AuthorizationProgress,
  type PendingAuthorization,
  type TakenAuthorization,
} from '../domain/authorization.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import type { Vault } from './vault.ts';

/** A sign-in that begins. */
interface BegunAuthorization extends Omit<PendingAuthorization, 'id'> {
  /** Random; kept as its hash only. */
  readonly state: string;
  readonly now: Date;
  readonly expiresAt: Date;
}

/** Sign-ins by browser, from the address that is shown to what came of it. */
export interface AuthorizationRepository {
  /** Returns the id by which its progress is asked for. Forgets what ended more than a day ago. */
  begin(authorization: BegunAuthorization): Promise<string>;
  /** Takes a state that was presented; of any number who present the same one, one takes it. */
  take(state: string, now: Date): Promise<TakenAuthorization>;
  conclude(id: string, outcome: AuthorizationOutcome): Promise<void>;
  /** Undefined for an id that is not known. */
  progress(id: string): Promise<AuthorizationProgress | undefined>;
}

const KEPT_MS = 24 * 3600 * 1000;

export function createAuthorizationRepository(db: Database, vault: Vault): AuthorizationRepository {
  return {
    begin: async (begun) => {
      const id = randomUUID();
      const { tenantId, connectionId, lineage, redirectUri, replace, now } = begun;
      const verifier = await vault.seal(tenantId, contextOf(id), begun.verifier);
      await db
        .deleteFrom('authorizations')
        .where('expires_at', '<', new Date(now.getTime() - KEPT_MS))
        .execute();
      await db
        .insertInto('authorizations')
        .values({
          authorization_id: id,
          state_hash: hashOf(begun.state),
          tenant_id: tenantId,
          connection_id: connectionId,
          lineage,
          verifier,
          redirect_uri: redirectUri,
          replace_account: replace,
          created_at: now,
          expires_at: begun.expiresAt,
        })
        .execute();
      return id;
    },
    take: async (state, now) => {
      const row = await db
        .updateTable('authorizations')
        .set({ used_at: now })
        .where('state_hash', '=', hashOf(state))
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .returningAll()
        .executeTakeFirst();
      if (row !== undefined) return { kind: 'taken', pending: await toPending(vault, row) };
      return { kind: await whyNotTaken(db, state) };
    },
    conclude: async (id, outcome) => {
      await db
        .updateTable('authorizations')
        .set({ outcome: JSON.stringify(outcome) })
        .where('authorization_id', '=', id)
        .execute();
    },
    progress: async (id) => {
      const row = await db
        .selectFrom('authorizations')
        .select(['used_at', 'outcome'])
        .where('authorization_id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const outcome = row.outcome === null ? undefined : authorizationOutcomeSchema.parse(row.outcome);
      return { usedAt: row.used_at ?? undefined, outcome };
    },
  };
}

async function whyNotTaken(db: Database, state: string): Promise<'unknown' | 'used' | 'expired'> {
  const row = await db
    .selectFrom('authorizations')
    .select(sql<boolean>`used_at is not null`.as('used'))
    .where('state_hash', '=', hashOf(state))
    .executeTakeFirst();
  if (row === undefined) return 'unknown';
  return row.used ? 'used' : 'expired';
}

async function toPending(vault: Vault, row: Selectable<Schema['authorizations']>): Promise<PendingAuthorization> {
  const { authorization_id: id, tenant_id: tenantId } = row;
  return {
    id,
    tenantId,
    connectionId: row.connection_id,
    lineage: row.lineage,
    verifier: (await vault.open(tenantId, contextOf(id), row.verifier)).toString(),
    redirectUri: row.redirect_uri,
    replace: row.replace_account,
  };
}

/** A state is 256 random bits: a plain hash of it cannot be guessed back. */
function hashOf(state: string): Buffer {
  return createHash('sha256').update(state).digest();
}

function contextOf(id: string): string {
  return `authorization:${id}:verifier`;
}
