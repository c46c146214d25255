import { convertedLead, refusedReference } from './check-references.ts';
import { duplicateProblem } from './duplicate-rules.ts';
import type { FieldValues } from './field.ts';
import { objectOfId, type ObjectName } from './object-types.ts';
import { isPerson, personProblem } from './person-accounts.ts';
import type { Org } from './org.ts';
import type { SalesforceRecord } from './record-store.ts';
import { saveProblem, type Problem } from './refusal.ts';
import type { SaveContext } from './save-context.ts';

export interface PlannedSave {
  readonly object: ObjectName;
  /** The record that is updated; null for a create. */
  readonly target: SalesforceRecord | null;
  /** What the request sets, read and allowed. */
  readonly changes: FieldValues;
  /** What the record would hold. */
  readonly after: FieldValues;
}

/** The rules of the org for one save, in the order Salesforce runs them; null when all let it pass. */
export function refusedSave(context: SaveContext, save: PlannedSave): Problem | null {
  const { org } = context;
  const { object, target, changes } = save;
  if (object === 'Lead' && target?.values.IsConverted === true) return convertedLead();
  return (
    missingFields(org, save) ??
    refusedReference(org, object, changes) ??
    personProblem(org, save) ??
    leadWithRelation(save) ??
    brokenRule(org, save) ??
    duplicateProblem(context, save) ??
    takenValue(org, save)
  );
}

/** An update is asked only about what it empties. */
function missingFields(org: Org, save: PlannedSave): Problem | null {
  const { object, target, changes, after } = save;
  const names = org.schema.requiredNames(object);
  // A person account is named by its person.
  const missing = (isPerson(org, save) ? [...names.filter((name) => name !== 'Name'), 'LastName'] : names).filter(
    (name) => (after[name] ?? null) === null && (target === null || changes[name] === null),
  );
  const list = `Required fields are missing: [${missing.join(', ')}]`;
  return missing.length === 0 ? null : saveProblem('REQUIRED_FIELD_MISSING', list, missing);
}

/** A task of a lead is related to nothing else ("Lead - no additional object"). */
function leadWithRelation({ object, after }: PlannedSave): Problem | null {
  const { WhoId, WhatId } = after;
  if (object !== 'Task' || typeof WhoId !== 'string' || typeof WhatId !== 'string') return null;
  if (objectOfId(WhoId) !== 'Lead') return null;
  const message = 'Related To ID: a task that is related to a lead cannot be related to another record';
  return saveProblem('FIELD_INTEGRITY_EXCEPTION', message, ['WhatId']);
}

function brokenRule(org: Org, { object, after }: PlannedSave): Problem | null {
  for (const rule of org.options.validationRules) {
    if (rule.object !== object || !new RegExp(rule.matches).test(String(after[rule.field] ?? ''))) continue;
    const refused = org.refusedBy.get(rule) ?? 0;
    if (rule.times !== undefined && refused >= rule.times) continue;
    org.refusedBy.set(rule, refused + 1);
    return saveProblem(rule.code ?? 'FIELD_CUSTOM_VALIDATION_EXCEPTION', rule.message, [rule.field]);
  }
  return null;
}

function takenValue(org: Org, { object, target, changes }: PlannedSave): Problem | null {
  for (const { name, caseSensitive } of org.schema.uniqueFields(object)) {
    const value = changes[name];
    if (typeof value !== 'string') continue;
    const holder = org.records.holders(object, name, value, caseSensitive).find((record) => record !== target);
    if (holder === undefined) continue;
    const message = `duplicate value found: ${name} duplicates value on record with id: ${holder.id}`;
    return saveProblem('DUPLICATE_VALUE', message);
  }
  return null;
}
