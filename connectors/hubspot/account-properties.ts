import type { CrmFailure } from '../../src/domain/crm.ts';
import { remember } from '../schema/remembered.ts';
import type { ListedProperty } from './answers.ts';
import type { ApiSession } from './api.ts';
import { isList, listProperties } from './describe.ts';
import { KEY_PROPERTIES, MARKETING_STATUS, type WrittenObject } from './properties.ts';

/** A reading that failed is not tried again by every batch. */
const FAILED_FOR_MS = 60_000;

/** By name; of all properties of an object those that writing goes by. */
export type KnownProperties = ReadonlyMap<string, ListedProperty>;

export type PropertiesResult =
  | { readonly kind: 'read'; readonly properties: KnownProperties }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/** What the account says of the properties we write, read once and again when it is old or doubtful. */
export interface AccountProperties {
  /** A failed reading says nothing about the properties. */
  get(object: WrittenObject, session: ApiSession): Promise<PropertiesResult>;
  /** HubSpot has refused what it should have taken by what we read. @returns whether it will be read again */
  doubt(object: WrittenObject): boolean;
}

/** @param now milliseconds since the epoch */
export function createAccountProperties(now: () => number): AccountProperties {
  const of = (object: WrittenObject) =>
    remember((session: ApiSession) => read(session, object), { now, failedForMs: FAILED_FOR_MS });
  const remembered = {
    contacts: of('contacts'),
    calls: of('calls'),
    communications: of('communications'),
    notes: of('notes'),
    tasks: of('tasks'),
  };
  return {
    get: (object, session) => remembered[object].get(session),
    doubt: (object) => remembered[object].doubt(),
  };
}

async function read(session: ApiSession, object: WrittenObject): Promise<PropertiesResult> {
  const listing = await listProperties(session, object);
  if (listing.kind === 'failed') return listing;
  // An account has hundreds: those that decide nothing are not kept.
  const needed = listing.body.filter((property) => isList(property) || isAskedFor(object, property));
  return { kind: 'read', properties: new Map(needed.map((property) => [property.name, property])) };
}

function isAskedFor(object: WrittenObject, { name }: ListedProperty): boolean {
  return name === KEY_PROPERTIES[object].name || (object === 'contacts' && name === MARKETING_STATUS);
}
