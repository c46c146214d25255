import type { CrmFailure } from '../../src/domain/crm.ts';
import { propertyAnswerSchema } from './answers.ts';
import type { ApiSession } from './api.ts';
import { isKeyProperty, type KeyProperty } from './properties.ts';

/** What the account says about one of our unique properties. */
export type KeyPropertyState =
  | { readonly kind: 'unique' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/**
 * What a property's definition says; undefined for one that is not there. One that exists without being unique cannot be mended: HubSpot fixes that when it is created.
 */
export function keyPropertyState(
  key: KeyProperty,
  property: { readonly hasUniqueValue: boolean } | undefined,
): KeyPropertyState {
  if (property === undefined) return { kind: 'missing' };
  return property.hasUniqueValue ? { kind: 'unique' } : { kind: 'failed', failure: notUnique(key) };
}

/** Reads one property. */
export async function readKeyProperty(session: ApiSession, key: KeyProperty): Promise<KeyPropertyState> {
  const result = await session.send({
    endpoint: 'properties',
    method: 'GET',
    family: 'properties',
    path: [key.object, key.name],
    answer: propertyAnswerSchema,
  });
  if (result.kind === 'ok') return keyPropertyState(key, result.body);
  // Only HubSpot's own "no such thing" counts; an intermediary's 404 page is classified as a retry.
  const isMissing = result.failure.status === 404 && result.failure.disposition === 'resolve';
  return isMissing ? { kind: 'missing' } : { kind: 'failed', failure: result.failure };
}

/**
 * The real reason of a refused read or write by key. HubSpot says of a key property that was deleted or replaced only
 * that the request is invalid, in words; the property itself is asked instead of the words.
 */
export async function explainRefusal(session: ApiSession, key: KeyProperty, failure: CrmFailure): Promise<CrmFailure> {
  if (failure.code === MISSING && failure.field === key.name) return keyMissing(key);
  if (failure.status !== 400 || failure.field !== undefined) return failure;
  const state = await readKeyProperty(session, key);
  switch (state.kind) {
    case 'unique':
      return failure;
    case 'missing':
      return keyMissing(key);
    case 'failed':
      return state.failure.code === NOT_UNIQUE ? state.failure : failure;
  }
}

/** True for a failure that shows that what `provision` made is no longer there. */
export function keyPropertyAtFault(failure: CrmFailure): boolean {
  return MISSING_OR_NOT_UNIQUE.has(failure.code) && isKeyProperty(failure.field);
}

/** Passes by itself: the next `provision` creates the property again. */
function keyMissing(key: KeyProperty): CrmFailure {
  return about(key, 'retry', MISSING);
}

/** A person deleted the property in HubSpot (the name stays taken for a while), or made another one of that name. */
export function nameTaken(key: KeyProperty): CrmFailure {
  return about(key, 'fix_mapping', 'hubspot.PROPERTY_NAME_TAKEN');
}

const MISSING = 'hubspot.PROPERTY_DOESNT_EXIST';
const NOT_UNIQUE = 'hubspot.PROPERTY_NOT_UNIQUE';
const MISSING_OR_NOT_UNIQUE: ReadonlySet<string> = new Set([MISSING, NOT_UNIQUE]);

function notUnique(key: KeyProperty): CrmFailure {
  return about(key, 'fix_mapping', NOT_UNIQUE);
}

function about(key: KeyProperty, disposition: CrmFailure['disposition'], code: string): CrmFailure {
  return { disposition, code, status: undefined, retryAfterMs: undefined, field: key.name, vendorText: undefined };
}
