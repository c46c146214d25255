import { objectTypes, type ObjectType } from './object-types.ts';
import type { PropertyRegistry } from './property-registry.ts';
import { historyOf, type CrmRecord, type PropertyValues } from './record-store.ts';
import type { IndexedRecord } from './search-index.ts';

/** Which properties an answer shows, of which object. */
export interface ReadView {
  readonly type: ObjectType;
  readonly names: readonly string[];
}

/** The asked properties that exist (others are left out, recorded), or the default ones, and always the id and stamps. */
export function readView(registry: PropertyRegistry, type: ObjectType, asked: readonly string[]): ReadView {
  const always = [type.createdProperty, type.modifiedProperty, 'hs_object_id'];
  const known = asked.filter((name) => registry.find(type.name, name) !== undefined);
  return { type, names: [...new Set([...(asked.length === 0 ? type.shownByDefault : known), ...always])].sort() };
}

/** A record as reads answer it: never set is null, cleared is '' (recorded). */
export function showRecord(record: CrmRecord, view: ReadView): Record<string, unknown> {
  const archived = record.archivedAt === null ? {} : { archivedAt: new Date(record.archivedAt).toISOString() };
  return { ...envelope(record, view.type, showValues(record.values, view)), ...archived };
}

export function showIndexed(record: IndexedRecord, view: ReadView): Record<string, unknown> {
  return envelope(record, view.type, showValues(record.values, view));
}

/** What a create answers: every value there is (recorded). */
export function showCreated(record: CrmRecord): Record<string, unknown> {
  return envelope(record, objectTypes[record.type], record.values);
}

/** What an update answers: what was written and derived, and the stamps; a contact's without creation date and id (recorded). */
export function showUpdated(record: CrmRecord, written: PropertyValues): Record<string, unknown> {
  const type = objectTypes[record.type];
  const stamps = record.type === 'contacts' ? [] : [type.createdProperty, 'hs_object_id'];
  const shown = Object.fromEntries([...stamps, type.modifiedProperty].map((name) => [name, record.values[name] ?? '']));
  return envelope(record, type, { ...shown, ...written });
}

/** `propertiesWithHistory` of a record, newest version first. */
export function showHistory(record: CrmRecord, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, historyOf(record, name)]));
}

function showValues(values: PropertyValues, view: ReadView): Record<string, string | null> {
  const shown: Record<string, string | null> = {};
  for (const name of view.names) shown[name] = values[name] ?? null;
  return shown;
}

/** The stamps are told twice: as properties, and beside them. */
function envelope(
  record: Pick<CrmRecord, 'id' | 'values'> & { readonly archivedAt?: number | null },
  type: ObjectType,
  properties: Readonly<Record<string, string | null>>,
): Record<string, unknown> {
  return {
    id: record.id,
    properties,
    createdAt: record.values[type.createdProperty],
    updatedAt: record.values[type.modifiedProperty],
    archived: typeof record.archivedAt === 'number',
  };
}
