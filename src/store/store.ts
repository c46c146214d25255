import { sql } from 'kysely';
import type { TokenStore } from '../domain/tokens.ts';
import { createAttemptRepository, type AttemptRepository } from './attempt-repository.ts';
import { createAuthorizationRepository, type AuthorizationRepository } from './authorization-repository.ts';
import { createBudgetRepository, type BudgetRepository } from './budget-repository.ts';
import { createCallerChoiceRepository, type CallerChoiceRepository } from './caller-choice-repository.ts';
import { createConnectionRepository, type ConnectionRepository } from './connection-repository.ts';
import { openDatabase, type Database } from './database.ts';
import { createInboxRepository, type InboxRepository } from './inbox-repository.ts';
import { createLedgerRepository, type LedgerRepository } from './ledger-repository.ts';
import type { MasterKeys } from './master-key.ts';
import { createMappingRepository, type MappingRepository } from './mapping-repository.ts';
import { createPeopleRepository, type PeopleRepository } from './people-repository.ts';
import { createSecretRepository, type SecretRepository } from './secret-repository.ts';
import { createSnapshotRepository, type SnapshotRepository } from './snapshot-repository.ts';
import { createTenantRepository, drawEndpointId, type TenantRepository } from './tenant-repository.ts';
import { createTokenRepository } from './token-repository.ts';
import { createVault } from './vault.ts';

export interface StoreOptions {
  readonly databaseUrl: string;
  readonly masterKeys: MasterKeys;
  /** Most connections at once. Default 10. */
  readonly poolSize?: number | undefined;
  /** Default 10,000. */
  readonly statementTimeoutMs?: number | undefined;
  /** What `{ env: NAME }` secrets are read from. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Told the code when an idle connection breaks; the pool opens another one by itself. */
  readonly onPoolError?: ((code: string) => void) | undefined;
  /** Told how many stored events could not be read and were left out of a conversation's facts. */
  readonly onUnreadableEvents?: ((count: number) => void) | undefined;
  /** For the few operations that take no `now`. */
  readonly clock?: (() => Date) | undefined;
  /** Source of random bytes for endpoint ids. */
  readonly random?: ((size: number) => Buffer) | undefined;
}

/** PostgreSQL, one repository per aggregate. Every operation may reject with a StoreError. */
export interface Store {
  readonly inbox: InboxRepository;
  readonly ledger: LedgerRepository;
  readonly connections: ConnectionRepository;
  readonly tenants: TenantRepository;
  readonly snapshots: SnapshotRepository;
  readonly attempts: AttemptRepository;
  readonly people: PeopleRepository;
  readonly budget: BudgetRepository;
  readonly secrets: SecretRepository;
  readonly tokens: TokenStore;
  readonly authorizations: AuthorizationRepository;
  readonly mappings: MappingRepository;
  readonly choices: CallerChoiceRepository;
  /** True when the database answers within the deadline; never rejects. */
  ping(deadlineMs: number): Promise<boolean>;
  /** Waits for statements under way, then closes all connections. */
  close(): Promise<void>;
}

/** Opens the store. Connects when the first operation needs it; the schema must be there (`migrateToLatest`). */
export function openStore(options: StoreOptions): Store {
  const db = openDatabase({
    databaseUrl: options.databaseUrl,
    applicationName: 'crm-sync',
    poolSize: options.poolSize ?? 10,
    statementTimeoutMs: options.statementTimeoutMs ?? 10_000,
    onPoolError: options.onPoolError ?? ((_code) => undefined),
  });
  const clock = options.clock ?? (() => new Date());
  const vault = createVault(db, options.masterKeys);
  return {
    inbox: createInboxRepository(db, vault, options.onUnreadableEvents ?? ((_count) => undefined)),
    ledger: createLedgerRepository(db, vault, clock),
    connections: createConnectionRepository(db, clock),
    tenants: createTenantRepository(db, () => drawEndpointId(options.random)),
    snapshots: createSnapshotRepository(db, vault),
    attempts: createAttemptRepository(db, vault),
    people: createPeopleRepository(db, vault, clock),
    budget: createBudgetRepository(db),
    secrets: createSecretRepository(db, vault, options.environment ?? {}, clock),
    tokens: createTokenRepository(db, vault, clock),
    authorizations: createAuthorizationRepository(db, vault),
    mappings: createMappingRepository(db),
    choices: createCallerChoiceRepository(db, vault),
    ping: (deadlineMs) => ping(db, deadlineMs),
    close: () => db.destroy(),
  };
}

async function ping(db: Database, deadlineMs: number): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(() => late.resolve(false), deadlineMs);
  const answered = sql`select 1`.execute(db).then(
    () => true,
    // Whatever went wrong, the answer is no; whoever needs to know why meets the error in the next operation.
    () => false,
  );
  try {
    return await Promise.race([answered, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
