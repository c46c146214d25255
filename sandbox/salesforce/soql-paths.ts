import type { Field, FieldValue } from './field.ts';
import { objectOfId, type ObjectName } from './object-types.ts';
import type { Org } from './org.ts';
import type { SalesforceRecord } from './record-store.ts';
import { valueOf } from './record-view.ts';
import { Refusal, requestProblem } from './refusal.ts';

/** A column: a field of the record itself or of a record it refers to. */
export interface ResolvedPath {
  /** Relationships on the way, in their own spelling; empty for a field of the record itself. */
  readonly through: readonly string[];
  readonly field: Field;
  readonly read: (record: SalesforceRecord) => FieldValue;
  /** The records on the way, one for each relationship; it ends early, with null, where a reference is empty. */
  readonly trail: (record: SalesforceRecord) => readonly (SalesforceRecord | null)[];
}

/** @throws Refusal INVALID_FIELD when the user sees no such column. */
export function resolvePath(org: Org, object: ObjectName, path: string): ResolvedPath {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const through: string[] = [];
  const references: Field[] = [];
  let at: ObjectName = object;
  for (const step of steps) {
    const reference = org.schema.relationship(at, step);
    const to = reference === null ? undefined : targetOf(org, reference, last);
    if (reference === null || to === undefined) throw noSuchRelationship(step, at);
    references.push(reference);
    through.push(reference.relationshipName ?? step);
    at = to;
  }
  const field = org.schema.field(at, last);
  if (field === null) throw noSuchColumn(last, at);
  const trail = (record: SalesforceRecord): readonly (SalesforceRecord | null)[] => follow(org, record, references);
  return {
    through,
    field,
    trail,
    read: (record) => {
      if (references.length === 0) return valueOf(org, record, field);
      const holder = trail(record).at(-1) ?? null;
      if (holder === null) return null;
      const own = org.schema.field(holder.object, field.name);
      return own === null ? null : valueOf(org, holder, own);
    },
  };
}

/** Of several objects a reference may lead to, one that has the column. */
function targetOf(org: Org, reference: Field, column: string): ObjectName | undefined {
  const targets = reference.referenceTo.flatMap((name) => org.schema.object(name)?.name ?? []);
  return targets.find((name) => org.schema.field(name, column) !== null) ?? targets[0];
}

function follow(
  org: Org,
  record: SalesforceRecord,
  references: readonly Field[],
): readonly (SalesforceRecord | null)[] {
  const records: (SalesforceRecord | null)[] = [];
  let at = record;
  for (const { name } of references) {
    const id = at.values[name];
    const object = typeof id === 'string' ? objectOfId(id) : null;
    const next = typeof id === 'string' && object !== null ? org.records.find(object, id) : null;
    records.push(next);
    if (next === null) break;
    at = next;
  }
  return records;
}

function noSuchColumn(name: string, object: string): Refusal {
  const message =
    `No such column '${name}' on entity '${object}'. If you are attempting to use a custom field, be sure to append ` +
    "the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.";
  return new Refusal(requestProblem('INVALID_FIELD', `ERROR at Row:1:Column:1\n${message}`));
}

function noSuchRelationship(name: string, object: string): Refusal {
  const message = `Didn't understand relationship '${name}' in field path on entity '${object}'.`;
  return new Refusal(requestProblem('INVALID_FIELD', `ERROR at Row:1:Column:1\n${message}`));
}
