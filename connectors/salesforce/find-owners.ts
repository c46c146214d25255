import { normaliseEmail } from '../../src/domain/caller.ts';
import type { CrmFailure, OwnerAnswer } from '../../src/domain/crm.ts';
import { textOf, type Row } from './answers.ts';
import type { ApiSession } from './api.ts';
import { runQueries } from './run-queries.ts';
import { slices } from '../transport/slices.ts';
import { anyOf, isIn, select } from './soql.ts';

const EMAILS_PER_QUERY = 200;

/** Finds users by address. A username looks like an address, is unique, and may be the only place it stands. */
export async function findOwners(session: ApiSession, emails: readonly string[]): Promise<readonly OwnerAnswer[]> {
  const addresses = [...new Set(emails.flatMap((email) => normaliseEmail(email) ?? []))];
  const parts = slices(addresses, EMAILS_PER_QUERY);
  const results = await runQueries(
    session,
    parts.map((part) => ({ soql: statement(part) })),
  );
  const users = results.flatMap((result) => (result.kind === 'rows' ? result.rows : []));
  const failures = new Map<string, CrmFailure>();
  parts.forEach((part, index) => {
    const result = results[index];
    if (result?.kind === 'failed') for (const address of part) failures.set(address, result.failure);
  });
  return emails.map((email) => {
    const address = normaliseEmail(email);
    const failure = address === undefined ? undefined : failures.get(address);
    return failure === undefined ? choose(users, address) : { kind: 'could_not_check', failure };
  });
}

/** Several users may share an address, never a username: the active come first, then who signs in by it. */
function choose(users: readonly Row[], address: string | undefined): OwnerAnswer {
  const sharing = users.filter((user) =>
    [textOf(user, 'Email'), textOf(user, 'Username')].some((text) => normaliseEmail(text) === address),
  );
  const [best] = sharing.toSorted(
    (a, b) =>
      Number(b.IsActive === true) - Number(a.IsActive === true) ||
      Number(normaliseEmail(textOf(b, 'Username')) === address) -
        Number(normaliseEmail(textOf(a, 'Username')) === address) ||
      a.Id.localeCompare(b.Id),
  );
  if (best === undefined || address === undefined) return { kind: 'unknown' };
  return { kind: best.IsActive === true ? 'active' : 'inactive', ownerId: best.Id };
}

function statement(addresses: readonly string[]): string {
  const where = anyOf([isIn('Email', addresses), isIn('Username', addresses)]) ?? 'Id = null';
  return select({ fields: ['Id', 'Email', 'Username', 'IsActive'], from: 'User', where });
}
