import type { CrmFailure, OwnerAnswer } from '../../src/domain/crm.ts';
import { ownersAnswerSchema } from './answers.ts';
import type { ApiSession } from './api.ts';

/** Owners a page holds at most (HubSpot's owners guide). */
const PAGE_SIZE = '500';
/** Ten thousand owners; an answer that pages on and on is not followed further. */
const MAX_PAGES = 20;
/** How long a listing is believed. Somebody who was just invited is found after this at the latest. */
const BELIEVED_MS = 10 * 60_000;

/** Address in lower case to owner id. */
type Addresses = ReadonlyMap<string, string>;

type Listing =
  { readonly kind: 'listed'; readonly owners: Addresses } | { readonly kind: 'failed'; readonly failure: CrmFailure };

/** The account's owners, listed once and remembered for ten minutes. */
export interface OwnerDirectory {
  find(session: ApiSession, emails: readonly string[]): Promise<readonly OwnerAnswer[]>;
}

/**
 * One listing serves every address; the archived owners are listed only when an address is not among the active ones.
 * A listing that failed is not remembered, and says nothing about anybody.
 *
 * @param now milliseconds since the epoch
 */
export function createOwnerDirectory(now: () => number): OwnerDirectory {
  const active = createRememberedListing(false, now);
  const archived = createRememberedListing(true, now);

  async function find(session: ApiSession, emails: readonly string[]): Promise<readonly OwnerAnswer[]> {
    if (emails.length === 0) return [];
    const wanted = emails.map(foldAddress);
    const present = await active(session);
    if (present.kind === 'failed') return emails.map(() => couldNotCheck(present.failure));
    const past = wanted.every((email) => present.owners.has(email)) ? undefined : await archived(session);
    return wanted.map((email): OwnerAnswer => {
      const id = present.owners.get(email);
      if (id !== undefined) return { kind: 'active', ownerId: id };
      if (past === undefined) return { kind: 'unknown' };
      if (past.kind === 'failed') return couldNotCheck(past.failure);
      const pastId = past.owners.get(email);
      return pastId === undefined ? { kind: 'unknown' } : { kind: 'inactive', ownerId: pastId };
    });
  }

  return { find };
}

function createRememberedListing(archived: boolean, now: () => number): (session: ApiSession) => Promise<Listing> {
  let remembered: { readonly owners: Addresses; readonly until: number } | undefined;
  return async (session) => {
    if (remembered !== undefined && now() < remembered.until) return { kind: 'listed', owners: remembered.owners };
    const listing = await listOwners(session, archived);
    if (listing.kind === 'listed') remembered = { owners: listing.owners, until: now() + BELIEVED_MS };
    return listing;
  };
}

async function listOwners(session: ApiSession, archived: boolean): Promise<Listing> {
  const owners = new Map<string, string>();
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const result = await session.send({
      endpoint: 'owners',
      method: 'GET',
      family: 'owners',
      path: [],
      query: { limit: PAGE_SIZE, archived: String(archived), ...(after === undefined ? {} : { after }) },
      answer: ownersAnswerSchema,
    });
    if (result.kind === 'failed') return { kind: 'failed', failure: result.failure };
    for (const { id, email } of result.body.results) if (email !== undefined) owners.set(foldAddress(email), id);
    after = result.body.paging?.next?.after;
    if (after === undefined) break;
  }
  return { kind: 'listed', owners };
}

function foldAddress(email: string): string {
  return email.trim().toLowerCase();
}

function couldNotCheck(failure: CrmFailure): OwnerAnswer {
  return { kind: 'could_not_check', failure };
}
