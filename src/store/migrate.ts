import { Migrator, type Migration } from 'kysely/migration';
import { openDatabase } from './database.ts';
import { up as tenants } from './migrations/0001-tenants.ts';
import { up as inbox } from './migrations/0002-inbox.ts';
import { up as ledger } from './migrations/0003-ledger.ts';
import { up as budget } from './migrations/0004-budget.ts';
import { up as tokens } from './migrations/0005-tokens.ts';
import { up as recent } from './migrations/0006-recent.ts';
import { up as authorizations } from './migrations/0007-authorizations.ts';
import { up as mappings } from './migrations/0008-mappings.ts';
import { up as callerChoices } from './migrations/0009-caller-choices.ts';

/** Applied in this order, each once; a published one is never edited. Static imports: no folder is scanned at run time. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-tenants': { up: tenants },
  '0002-inbox': { up: inbox },
  '0003-ledger': { up: ledger },
  '0004-budget': { up: budget },
  '0005-tokens': { up: tokens },
  '0006-recent': { up: recent },
  '0007-authorizations': { up: authorizations },
  '0008-mappings': { up: mappings },
  '0009-caller-choices': { up: callerChoices },
};

/**
 * Brings the schema to the newest version. Safe when several processes start at once: they take turns, and the later
 * ones find nothing to do.
 *
 * @throws StoreError when the database cannot be reached or a migration fails; a failed migration leaves no trace.
 */
export async function migrateToLatest(databaseUrl: string): Promise<void> {
  const db = openDatabase({
    databaseUrl,
    applicationName: 'crm-sync migrate',
    poolSize: 1,
    statementTimeoutMs: 0,
    onPoolError: (_code) => undefined,
  });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) } });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error instanceof Error ? error : new Error('a migration failed');
  } finally {
    await db.destroy();
  }
}
