import type { Account } from './account.ts';
import type { RecordKey } from './association-store.ts';
import { defaultAssociationType, type AssociationType } from './association-types.ts';
import type { Answer, Call } from './endpoint.ts';
import { invalidObjectIds, readAssociationType } from './inline-associations.ts';
import { objectTypeFromPath, objectTypes, type ObjectType } from './object-types.ts';
import { invalid, Refusal } from './refusal.ts';
import { requiredList } from './request-body.ts';

/** Links one list call answers at most (HubSpot's associations guide). */
const maxListed = 500;

/** `PUT .../{from}/{id}/associations/default/{to}/{toId}`: idempotent. A JSON body is refused since 2026-09 (reported). */
export function associateDefault(call: Call): Answer {
  if (call.body !== undefined && call.version === '2026-09') {
    throw new Refusal(invalid('A default association takes no request body.'));
  }
  const { from, to } = singleEnds(call);
  const type = defaultTypeBetween(from, to);
  refuseAbsent(call.account, [from, to]);
  call.account.associations.link(from, to, type);
  return { status: 200, body: completed(call.account, { results: defaultResults(from, to, type) }) };
}

/** `PUT .../{from}/{id}/associations/{to}/{toId}`: the body is a list of kinds; an empty list makes no link and is a success. */
export function associateLabelled(call: Call): Answer {
  const { from, to } = singleEnds(call);
  if (!Array.isArray(call.body))
    throw new Refusal(invalid('Invalid input JSON on line 1, column 1: a list was expected.'));
  const types = call.body.map((spec: unknown) => readAssociationType(spec, from.type, to.type));
  refuseAbsent(call.account, [from, to]);
  for (const type of types) call.account.associations.link(from, to, type);
  return { status: 201, body: linkedPair(from, to, types) };
}

/** `DELETE .../{from}/{id}/associations/{to}/{toId}`: removes every link between the two. */
export function dissociate(call: Call): Answer {
  const { from, to } = singleEnds(call);
  call.account.associations.unlink(from, to);
  return { status: 204 };
}

/** `GET .../{from}/{id}/associations/{to}`. */
export function listAssociations(call: Call): Answer {
  const from = { type: objectTypeFromPath(call.path('type')).name, id: call.path('id') };
  refuseAbsent(call.account, [from]);
  const to = objectTypeFromPath(call.path('to'));
  const limit = Math.min(Number(call.query.get('limit') ?? maxListed), maxListed);
  const offset = Number(call.query.get('after') ?? '0');
  return { status: 200, body: linksPage(call.account, from, to, { offset, limit }) };
}

/** One page of a record's links as association reads answer them. */
export function linksPage(
  account: Account,
  from: RecordKey,
  to: ObjectType,
  page: { readonly offset: number; readonly limit: number },
): { readonly results: readonly unknown[]; readonly paging?: unknown } {
  const links = account.associations.linksOf(from, to.name);
  const end = page.offset + page.limit;
  const results = links.slice(page.offset, end).map((link) => ({
    toObjectId: link.to.id,
    associationTypes: link.types.map(({ id, label }) => ({ category: 'HUBSPOT_DEFINED', typeId: id, label })),
  }));
  return { results, ...(end < links.length ? { paging: { next: { after: String(end) } } } : {}) };
}

/** The kind two objects are linked by when none is named. */
export function defaultTypeBetween(from: Pick<RecordKey, 'type'>, to: Pick<RecordKey, 'type'>): AssociationType {
  const type = defaultAssociationType(from.type, to.type);
  if (type !== null) return type;
  const [one, other] = [objectTypes[from.type].singular, objectTypes[to.type].singular];
  throw new Refusal(invalid(`No default association type exists between ${one} and ${other}`));
}

/** Both directions of a default link: HubSpot answers each as a result of its own. */
export function defaultResults(from: RecordKey, to: RecordKey, type: AssociationType): readonly unknown[] {
  const spec = (id: number): unknown => ({ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: id });
  return [
    { from: { id: from.id }, to: { id: to.id }, associationSpec: spec(type.id) },
    { from: { id: to.id }, to: { id: from.id }, associationSpec: spec(type.inverseId) },
  ];
}

export function linkedPair(from: RecordKey, to: RecordKey, types: readonly AssociationType[]): unknown {
  return {
    fromObjectTypeId: objectTypes[from.type].id,
    fromObjectId: from.id,
    toObjectTypeId: objectTypes[to.type].id,
    toObjectId: to.id,
    labels: types.flatMap(({ label }) => label ?? []),
  };
}

/** Those of the records that are not there, or no longer. */
export function absentOf(account: Account, records: readonly RecordKey[]): readonly RecordKey[] {
  return records.filter(({ type, id }) => account.records.live(type, id) === null);
}

export function refuseAbsent(account: Account, records: readonly RecordKey[]): void {
  const absent = absentOf(account, records);
  if (absent.length > 0) throw new Refusal(invalidObjectIds(absent));
}

/** The envelope of an association batch. */
export function completed(
  account: Account,
  outcome: { readonly results: readonly unknown[]; readonly errors?: readonly unknown[] },
): Record<string, unknown> {
  const at = new Date(account.options.now()).toISOString();
  const errors = outcome.errors ?? [];
  return {
    status: 'COMPLETE',
    results: outcome.results,
    ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
    startedAt: at,
    completedAt: at,
  };
}

/** Reads the list of kinds of one input of a labelled batch. */
export function typesOf(input: Readonly<Record<string, unknown>>, from: ObjectType, to: ObjectType) {
  return requiredList(input, 'types').map((spec) => readAssociationType(spec, from.name, to.name));
}

function singleEnds(call: Call): { readonly from: RecordKey; readonly to: RecordKey } {
  return {
    from: { type: objectTypeFromPath(call.path('type')).name, id: call.path('id') },
    to: { type: objectTypeFromPath(call.path('to')).name, id: call.path('toId') },
  };
}
