import type { CrmFailure, OwnerAnswer, OwnerQuery } from '../../src/domain/crm.ts';
import { remember } from '../schema/remembered.ts';
import { ownersAnswerSchema } from './answers.ts';
import type { ApiSession } from './api.ts';
import { isNoAccess } from './classify.ts';

/** Owners a page holds at most (HubSpot's owners guide). */
const PAGE_SIZE = '500';
/** Ten thousand owners; an answer that pages on and on is not followed further. */
const MAX_PAGES = 20;
/** How long a listing is believed. Somebody who was just invited is found after this at the latest. */
const BELIEVED_MS = 10 * 60_000;

type Query = OwnerQuery<'hubspot'>;

/** What an owner is asked for by (`email:ann@example.com`, `id:70001`), to the owner's id. */
type Owners = ReadonlyMap<string, string>;

type Listing =
  | { readonly kind: 'listed'; readonly owners: Owners }
  | { readonly kind: 'failed'; readonly failure: CrmFailure }
  /** For want of a scope: the same tomorrow, and not worth a request per batch. */
  | { readonly kind: 'not_allowed'; readonly failure: CrmFailure };

/** The account's owners, listed once and remembered for ten minutes. */
export interface OwnerDirectory {
  find(session: ApiSession, queries: readonly Query[]): Promise<readonly OwnerAnswer[]>;
}

/**
 * One listing serves every address and id; the archived owners are listed only when somebody is not among the active
 * ones. A listing that failed is not remembered, and says nothing about anybody; that the app may not list owners is
 * remembered as a listing is.
 *
 * @param now milliseconds since the epoch
 */
export function createOwnerDirectory(now: () => number): OwnerDirectory {
  const options = { now, freshForMs: BELIEVED_MS };
  const active = remember((session: ApiSession) => listOwners(session, false), options);
  const archived = remember((session: ApiSession) => listOwners(session, true), options);

  async function find(session: ApiSession, queries: readonly Query[]): Promise<readonly OwnerAnswer[]> {
    if (queries.length === 0) return [];
    const wanted = queries.map(identityOf);
    const present = await active.get(session);
    if (present.kind !== 'listed') return wanted.map(() => couldNotCheck(present.failure));
    const past = wanted.every((identity) => present.owners.has(identity)) ? undefined : await archived.get(session);
    return wanted.map((identity): OwnerAnswer => {
      const id = present.owners.get(identity);
      if (id !== undefined) return { kind: 'active', ownerId: id };
      if (past === undefined) return { kind: 'unknown' };
      if (past.kind !== 'listed') return couldNotCheck(past.failure);
      const pastId = past.owners.get(identity);
      return pastId === undefined ? { kind: 'unknown' } : { kind: 'inactive', ownerId: pastId };
    });
  }

  return { find };
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
      optionalPart: 'owners',
    });
    if (result.kind === 'failed') {
      const { failure } = result;
      return { kind: isNoAccess(failure) ? 'not_allowed' : 'failed', failure };
    }
    for (const { id, email } of result.body.results) {
      owners.set(identityOf({ by: 'id', value: id }), id);
      if (email !== undefined) owners.set(identityOf({ by: 'email', value: email }), id);
    }
    after = result.body.paging?.next?.after;
    if (after === undefined) break;
  }
  return { kind: 'listed', owners };
}

/** Addresses are compared without case; an id is HubSpot's owner id, never the id of the user behind it. */
function identityOf({ by, value }: Query): string {
  return `${by}:${value.trim().toLowerCase()}`;
}

function couldNotCheck(failure: CrmFailure): OwnerAnswer {
  return { kind: 'could_not_check', failure };
}
