import { isArchived } from './derived-values.ts';
import type { FieldValue } from './field.ts';
import type { ObjectName } from './object-types.ts';
import type { Org } from './org.ts';
import type { SalesforceRecord } from './record-store.ts';
import { recordUrl } from './record-view.ts';
import { Refusal, requestProblem } from './refusal.ts';
import type { Ordering, Selection } from './soql-parse.ts';
import { resolvePath, type ResolvedPath } from './soql-paths.ts';
import { predicateOf } from './soql-predicate.ts';

export interface SelectedRows {
  readonly total: number;
  /** Bodies of the rows; empty for a count. */
  readonly rows: readonly Record<string, unknown>[];
}

/** Runs a selection over the records there are. @throws Refusal INVALID_TYPE, INVALID_FIELD */
export function runSelection(org: Org, version: number, selection: Selection, includeAll: boolean): SelectedRows {
  const object = queriedObject(org, selection.object);
  const everything = includeAll || selection.allRows;
  const records = org.records
    .all(object)
    .filter((record) => everything || (!record.isDeleted && !isArchived(org, record)));
  return select(org, version, { ...selection, object }, records);
}

/** Filters, sorts, cuts and shows. */
export function select(
  org: Org,
  version: number,
  selection: Selection & { readonly object: ObjectName },
  records: readonly SalesforceRecord[],
): SelectedRows {
  const { object, columns, where, orderBy, limit, offset } = selection;
  const fits = where === null ? () => true : predicateOf(org, object, where);
  const paths = columns === 'count' ? [] : columns.map((path) => resolvePath(org, object, path));
  const sorted = sortRecords(org, object, orderBy, records.filter(fits));
  const chosen = sorted.slice(offset, limit === null ? undefined : offset + limit);
  if (columns === 'count') return { total: chosen.length, rows: [] };
  return { total: chosen.length, rows: chosen.map((record) => rowBody(version, record, paths)) };
}

/** @throws Refusal INVALID_TYPE when the user sees no object of that name. */
export function queriedObject(org: Org, name: string): ObjectName {
  const type = org.schema.object(name);
  if (type !== null) return type.name;
  const message =
    `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the ` +
    "'__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.";
  throw new Refusal(requestProblem('INVALID_TYPE', message));
}

/** Columns in the order they were asked for; those of another record nested below its relationship. */
function rowBody(version: number, record: SalesforceRecord, paths: readonly ResolvedPath[]): Record<string, unknown> {
  const body: Record<string, unknown> = { attributes: attributesOf(version, record) };
  for (const { through, field, read, trail } of paths) {
    let at: Record<string, unknown> | null = body;
    for (const [depth, holder] of trail(record).entries()) {
      at = nest(at, through[depth] ?? '', holder === null ? null : attributesOf(version, holder));
      if (at === null) break;
    }
    if (at !== null) at[field.name] = read(record);
  }
  return body;
}

/** The object below `name`, made when it is not there yet; null when the relationship leads nowhere. */
function nest(
  parent: Record<string, unknown>,
  name: string,
  attributes: Record<string, string> | null,
): Record<string, unknown> | null {
  parent[name] ??= attributes === null ? null : { attributes };
  return parent[name] as Record<string, unknown> | null; // this function alone puts values there
}

function attributesOf(version: number, record: SalesforceRecord): Record<string, string> {
  return { type: record.object, url: recordUrl(version, record) };
}

/** Nulls come first unless asked otherwise, in both directions (SOQL guide). */
function sortRecords(
  org: Org,
  object: ObjectName,
  orderBy: readonly Ordering[],
  records: readonly SalesforceRecord[],
): readonly SalesforceRecord[] {
  const keys = orderBy.map((ordering) => ({ ...ordering, ...sortable(org, object, ordering.path) }));
  return records.toSorted((a, b) => {
    for (const { read, descending, nullsLast } of keys) {
      const order = compareValues(read(a), read(b), descending, nullsLast);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function sortable(org: Org, object: ObjectName, path: string): ResolvedPath {
  const resolved = resolvePath(org, object, path);
  if (resolved.field.sortable) return resolved;
  const message = `field '${resolved.field.name}' can not be sorted in a query call`;
  throw new Refusal(requestProblem('INVALID_FIELD', message));
}

function compareValues(a: FieldValue, b: FieldValue, descending: boolean, nullsLast: boolean): number {
  if (a === null || b === null) {
    if (a === b) return 0;
    return (a === null) === nullsLast ? 1 : -1;
  }
  const [left, right] = [fold(a), fold(b)];
  if (left === right) return 0;
  return left < right !== descending ? -1 : 1;
}

const fold = (value: string | number | boolean): string | number =>
  typeof value === 'string' ? value.toLowerCase() : Number(value);
