import { z } from 'zod';
import type { CrmFailure } from '../../src/domain/crm.ts';
import type { AccountProperties, PropertiesResult } from './account-properties.ts';
import type { AccountShape } from './account-shape.ts';
import type { ApiResult, ApiSession } from './api.ts';
import { isWritable } from './describe.ts';
import { keyPropertyState, nameTaken, readKeyProperty, type KeyPropertyState } from './key-property.ts';
import { KEY_PROPERTIES, MARKETING_STATUS, PROPERTY_GROUP, type KeyProperty } from './properties.ts';

type KeyOutcome =
  | { readonly kind: 'present' }
  | { readonly kind: 'created' }
  /** The account does not let us make it: the object is written without one. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/** Whether the account is ready, and if so how it is written to. */
export type ProvisionOutcome =
  | { readonly kind: 'ready'; readonly created: readonly string[]; readonly shape: AccountShape }
  /** Nothing was to be created, and this would have been. */
  | { readonly kind: 'incomplete'; readonly missing: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/**
 * Creates the unique properties that are missing and checks those that are there. Safe to run twice, also at once.
 *
 * Where one may not be made (no scope for it, not supported on the object, ten of them already) the account is ready
 * without it. One that is there and is not unique, or whose name is taken, is a failure: a person can mend that.
 *
 * @param account.properties what is read here is what writing goes by
 * @param account.looksOnly creates nothing, and says what is missing
 */
export async function provisionAccount(
  session: ApiSession,
  { properties, looksOnly }: { readonly properties: AccountProperties; readonly looksOnly: boolean },
): Promise<ProvisionOutcome> {
  const keys = Object.values<KeyProperty>(KEY_PROPERTIES);
  // Everything is read before anything is made: a refusal ends the session, and must not stand for what can be read.
  const readings = await Promise.all(
    keys.map(async (key) => [key.object, await properties.get(key.object, session)] as const),
  );
  const known = new Map(readings);
  const states = keys.map((key) => stateOf(key, known.get(key.object)));
  const unread = worstOf(states);
  if (unread !== undefined) return { kind: 'failed', failure: unread };

  const missing = keys.filter((_, index) => states[index]?.kind === 'missing');
  if (looksOnly && missing.length > 0) return { kind: 'incomplete', missing: missing.map(nameOf) };
  const outcomes = await Promise.all(missing.map((key) => createKeyProperty(session, key)));
  const failed = worstOf(outcomes);
  if (failed !== undefined) return { kind: 'failed', failure: failed };
  const keysThatAre = (kind: KeyOutcome['kind']) => missing.filter((_, index) => outcomes[index]?.kind === kind);
  return {
    kind: 'ready',
    created: keysThatAre('created').map(nameOf),
    shape: {
      unkeyed: new Set(keysThatAre('unavailable').map(({ object }) => object)),
      marksNonMarketing: canMarkNonMarketing(known.get('contacts')),
      properties,
    },
  };
}

function nameOf({ object, name }: KeyProperty): string {
  return `${object}.${name}`;
}

/** Credentials come first: they are the reason for whatever else went wrong. */
function worstOf(outcomes: readonly (KeyPropertyState | KeyOutcome)[]): CrmFailure | undefined {
  const failures = outcomes.flatMap((each) => (each.kind === 'failed' ? [each.failure] : []));
  return failures.find(({ disposition }) => disposition === 'reconnect') ?? failures[0];
}

function stateOf(key: KeyProperty, reading: PropertiesResult | undefined): KeyPropertyState {
  return reading?.kind === 'failed' ? reading : keyPropertyState(key, reading?.properties.get(key.name));
}

/** Accounts differ in whether they have the marketing status, and in who may set it. */
function canMarkNonMarketing(contacts: PropertiesResult | undefined): boolean {
  const status = contacts?.kind === 'read' ? contacts.properties.get(MARKETING_STATUS) : undefined;
  if (status === undefined || !isWritable(status)) return false;
  return status.type === 'bool' || status.options.some(({ value }) => value === 'false');
}

async function createKeyProperty(session: ApiSession, key: KeyProperty): Promise<KeyOutcome> {
  const group = await createGroup(session, key);
  if (group.kind === 'failed' && group.failure.status !== 409) return withoutProperty(group.failure);
  const property = await createProperty(session, key);
  if (property.kind === 'ok') return { kind: 'created' };
  if (property.failure.status !== 409) return withoutProperty(property.failure);
  // Somebody else was faster, or the name is taken by what reads do not show.
  const state = await readKeyProperty(session, key);
  switch (state.kind) {
    case 'unique':
      return { kind: 'present' };
    case 'failed':
      return state;
    case 'missing':
      return { kind: 'failed', failure: nameTaken(key) };
  }
}

function createGroup(session: ApiSession, key: KeyProperty): Promise<ApiResult<unknown>> {
  return session.send({
    endpoint: 'properties',
    method: 'POST',
    family: 'properties',
    path: [key.object, 'groups'],
    body: { ...PROPERTY_GROUP, displayOrder: -1 },
    answer: z.unknown(),
  });
}

function createProperty(session: ApiSession, key: KeyProperty): Promise<ApiResult<unknown>> {
  return session.send({
    endpoint: 'properties',
    method: 'POST',
    family: 'properties',
    path: [key.object],
    body: {
      name: key.name,
      label: key.label,
      description: key.description,
      groupName: PROPERTY_GROUP.name,
      type: 'string',
      fieldType: 'text',
      // Cannot be changed afterwards; an object may have ten such properties (HubSpot's properties guide).
      hasUniqueValue: true,
      formField: false,
    },
    answer: z.unknown(),
  });
}

/** A refusal of the property itself leaves the object without one; whatever else went wrong may go right next time. */
function withoutProperty(failure: CrmFailure): KeyOutcome {
  const isRefused = failure.disposition === 'fix_record' || failure.code === 'hubspot.MISSING_SCOPES';
  return isRefused ? { kind: 'unavailable' } : { kind: 'failed', failure };
}
