import type { Account } from './account.ts';
import { checkProperties, missingOnCreate, uniqueConflict } from './check-record.ts';
import { listParameter, type Answer, type Call } from './endpoint.ts';
import { readInlineAssociations } from './inline-associations.ts';
import { objectTypeFromPath, objectTypes, type ObjectType } from './object-types.ts';
import type { CrmRecord, PropertyValues } from './record-store.ts';
import { readView, showHistory, showRecord } from './record-view.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { objectBody, propertiesOf } from './request-body.ts';
import { writeOne } from './write-batch.ts';

/** `GET .../{objectType}/{id}`, also by a unique property (`idProperty`). */
export function readObject(call: Call): Answer {
  const { account, query } = call;
  const type = objectTypeFromPath(call.path('type'));
  const archived = query.get('archived') === 'true';
  const record = archived ? account.records.find(type.name, call.path('id')) : findLive(call, type);
  if (record === null || (archived && record.archivedAt === null)) throw new Refusal(notFound());
  const shown = showRecord(record, readView(account.registry, type, listParameter(query, 'properties')));
  const historyOf = listParameter(query, 'propertiesWithHistory');
  return {
    status: 200,
    body: {
      ...shown,
      ...(historyOf.length === 0 ? {} : { propertiesWithHistory: showHistory(record, historyOf) }),
      ...associationsShown(account, record, listParameter(query, 'associations')),
    },
  };
}

/** `GET .../{objectType}`: live records, oldest first, 100 a page at most. */
export function listObjects(call: Call): Answer {
  const { account, query } = call;
  const type = objectTypeFromPath(call.path('type'));
  const limit = Number(query.get('limit') ?? '10');
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new Refusal(invalid('limit must be from 1 to 100.'));
  const after = Number(query.get('after') ?? '0');
  const view = readView(account.registry, type, listParameter(query, 'properties'));
  const rest = account.records
    .all(type.name)
    .filter((record) => record.archivedAt === null && Number(record.id) > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const paging = rest.length > limit && last !== undefined ? { paging: { next: { after: last.id } } } : {};
  return { status: 200, body: { results: page.map((record) => showRecord(record, view)), ...paging } };
}

/** `POST .../{objectType}`. */
export function createObject(call: Call): Answer {
  const { account } = call;
  const type = objectTypeFromPath(call.path('type'));
  const body = objectBody(call.body);
  const values = validValues(account, type, propertiesOf(body));
  const missing = missingOnCreate(account, type, values, call);
  if (missing !== null) throw new Refusal(missing);
  refuseConflict(account, type, values, null);
  const associations = readInlineAssociations(account, type, body);
  const draft = { kind: 'write', traceId: undefined, target: null, values, associations } as const;
  return { status: 201, body: writeOne(account, type, draft, call.source) };
}

/** `PATCH .../{objectType}/{id}`, also by a unique property (`idProperty`). */
export function updateObject(call: Call): Answer {
  const { account } = call;
  const type = objectTypeFromPath(call.path('type'));
  const target = findLive(call, type);
  if (target === null) throw new Refusal(notFound());
  const values = validValues(account, type, propertiesOf(objectBody(call.body)));
  refuseConflict(account, type, values, target);
  const draft = { kind: 'write', traceId: undefined, target, values, associations: [] } as const;
  return { status: 200, body: writeOne(account, type, draft, call.source) };
}

/** `DELETE .../{objectType}/{id}`: archives; doing it again, or to nothing, is a success as well. */
export function archiveObject(call: Call): Answer {
  const type = objectTypeFromPath(call.path('type'));
  const record = call.account.records.live(type.name, call.path('id'));
  if (record !== null) archiveRecord(call.account, record);
  return { status: 204 };
}

/** Archives a record and takes it out of every timeline. */
export function archiveRecord(account: Account, record: CrmRecord): void {
  account.associations.unlinkAll(record);
  account.records.archive(record);
}

function findLive(call: Call, type: ObjectType): CrmRecord | null {
  const idProperty = call.query.get('idProperty');
  // A merged id goes on working here, and in batches it does not (HubSpot's object guide, of updates).
  if (idProperty === null) return call.account.records.liveOrMerged(type.name, call.path('id'));
  call.account.registry.requireUnique(type, idProperty);
  return call.account.records.holder(type.name, idProperty, call.path('id'));
}

function validValues(account: Account, type: ObjectType, given: PropertyValues): PropertyValues {
  const checked = checkProperties(account, type, given);
  if (!checked.ok) throw new Refusal(checked.problem);
  return checked.values;
}

function refuseConflict(account: Account, type: ObjectType, values: PropertyValues, target: CrmRecord | null): void {
  const conflict = uniqueConflict(account, type, values, target, new Set());
  if (conflict !== null) throw new Refusal(conflict);
}

function associationsShown(account: Account, record: CrmRecord, asked: readonly string[]): Record<string, unknown> {
  if (asked.length === 0) return {};
  const shown = asked.flatMap((name) => {
    const to = objectTypeFromPath(name);
    const from = objectTypes[record.type].singular.toLowerCase();
    const results = account.associations.linksOf(record, to.name).flatMap((link) =>
      link.types.map((type) => ({
        id: link.to.id,
        type: `${from}_to_${to.singular.toLowerCase()}${type.label === null ? '' : `_${type.label.toLowerCase()}`}`,
      })),
    );
    return results.length === 0 ? [] : [[to.name, { results }] as const];
  });
  return shown.length === 0 ? {} : { associations: Object.fromEntries(shown) };
}
