import type { CrmFailure } from '../../src/domain/crm.ts';
import { textOf, type Row } from './answers.ts';
import type { ApiSession } from './api.ts';
import { isRecordId, shortId } from './record-ids.ts';
import { runQueries } from './run-queries.ts';
import { slices } from '../transport/slices.ts';
import { isIn, select } from './soql.ts';

/** Contacts to remember; who is asked for again is read again. */
const MOST_REMEMBERED = 50_000;
const IDS_PER_QUERY = 400;

/** Which contacts are person accounts, and of which account; null for those that are plain contacts. */
export interface AccountsOfPeople {
  /** Takes in a row of Contact, read with `IsPersonAccount` and `AccountId`. */
  note(row: Row): void;
  /** One call for those that no row has told of; none when look-ups or reads have just seen them. */
  find(session: ApiSession, contactIds: readonly string[]): Promise<AccountsAnswer>;
}

interface AccountsAnswer {
  /** The account's id; null for a plain contact, and for one that is not there. */
  accountOf(contactId: string): string | null;
  failureOf(contactId: string): CrmFailure | undefined;
}

/** What a contact is changes with a merge or a conversion only, and then it has another id. */
export function createAccountsOfPeople(): AccountsOfPeople {
  const known = new Map<string, string | null>();

  function note(row: Row): void {
    const id = shortId(row.Id);
    known.delete(id);
    known.set(id, row.IsPersonAccount === true ? (textOf(row, 'AccountId') ?? null) : null);
    const [oldest] = known.keys();
    if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
  }

  async function find(session: ApiSession, contactIds: readonly string[]): Promise<AccountsAnswer> {
    const unknown = [...new Set(contactIds)].filter((id) => isRecordId(id) && !known.has(shortId(id)));
    const parts = slices(unknown, IDS_PER_QUERY);
    const results = await runQueries(
      session,
      parts.map((ids) => ({ soql: statement(ids) })),
    );
    const failures = new Map<string, CrmFailure>();
    results.forEach((result, index) => {
      if (result.kind === 'rows') for (const row of result.rows) note(row);
      else for (const id of parts[index] ?? []) failures.set(id, result.failure);
    });
    return {
      accountOf: (id) => known.get(shortId(id)) ?? null,
      failureOf: (id) => failures.get(id),
    };
  }

  return { note, find };
}

function statement(ids: readonly string[]): string {
  const where = isIn('Id', ids) ?? 'Id = null';
  return select({ fields: ['Id', 'IsPersonAccount', 'AccountId'], from: 'Contact', where });
}
