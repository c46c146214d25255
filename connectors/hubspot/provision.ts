import { z } from 'zod';
import type { CrmFailure } from '../../src/domain/crm.ts';
import type { Provisioning } from '../connector.ts';
import type { ApiResult, ApiSession } from './api.ts';
import { nameTaken, readKeyProperty } from './key-property.ts';
import { KEY_PROPERTIES, PROPERTY_GROUP, type KeyProperty } from './properties.ts';

type KeyOutcome =
  | { readonly kind: 'present' }
  | { readonly kind: 'created' }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/** Creates the unique properties that are missing and checks those that are there. Safe to run twice, also at once. */
export async function provisionKeyProperties(session: ApiSession): Promise<Provisioning> {
  const keys = Object.values<KeyProperty>(KEY_PROPERTIES);
  const outcomes = await Promise.all(keys.map((key) => ensureKeyProperty(session, key)));
  const failures = outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome.failure] : []));
  const worst = failures.find(({ disposition }) => disposition === 'reconnect') ?? failures[0];
  if (worst !== undefined) return { kind: 'failed', failure: worst };
  const created = keys.filter((_, index) => outcomes[index]?.kind === 'created');
  return { kind: 'ready', created: created.map(({ object, name }) => `${object}.${name}`) };
}

async function ensureKeyProperty(session: ApiSession, key: KeyProperty): Promise<KeyOutcome> {
  const state = await readKeyProperty(session, key);
  switch (state.kind) {
    case 'unique':
      return { kind: 'present' };
    case 'failed':
      return state;
    case 'missing':
      return createKeyProperty(session, key);
  }
}

async function createKeyProperty(session: ApiSession, key: KeyProperty): Promise<KeyOutcome> {
  const group = await createGroup(session, key);
  if (group.kind === 'failed' && group.failure.status !== 409) return asSetupFailure(group.failure, key);
  const property = await createProperty(session, key);
  if (property.kind === 'ok') return { kind: 'created' };
  if (property.failure.status !== 409) return asSetupFailure(property.failure, key);
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

/** No record is at fault when the account refuses the property itself (ten unique ones already, for example). */
function asSetupFailure(failure: CrmFailure, key: KeyProperty): KeyOutcome {
  if (failure.disposition !== 'fix_record') return { kind: 'failed', failure };
  return { kind: 'failed', failure: { ...failure, disposition: 'fix_mapping', field: key.name } };
}
