import { isUnreadable, readValue } from './field-values.ts';
import type { Field, FieldValue, FieldValues } from './field.ts';
import type { ObjectName } from './object-types.ts';
import type { SalesforceSandboxOptions } from './options.ts';
import type { Org } from './org.ts';
import { requestProblem, saveProblem, type Checked, type Problem } from './refusal.ts';
import type { JsonObject } from './request-body.ts';

/**
 * The columns of a row as values: known, writable for this action, readable and of the right form. Columns and values
 * that cannot be read at all come first: they end a request before anything is saved.
 */
export function readFields(
  org: Org,
  object: ObjectName,
  given: JsonObject,
  action: 'create' | 'update',
): Checked<FieldValues> {
  const columns = Object.entries(given).filter(([name]) => name !== 'attributes');
  const values: Record<string, FieldValue> = {};
  const closed: string[] = [];
  let refused: Problem | null = null;
  for (const [name, raw] of columns) {
    const field = org.schema.field(object, name);
    if (field === null) return { ok: false, problem: noSuchColumn(object, name) };
    const read = readValue(field, raw, org.options);
    if (!isWritable(field, action, org.options)) closed.push(field.name);
    else if (read.ok) values[field.name] = read.value;
    else if (isUnreadable(read.problem)) return read;
    else refused ??= read.problem;
  }
  if (closed.length > 0) return { ok: false, problem: notWritable(closed) };
  return refused === null ? { ok: true, value: values } : { ok: false, problem: refused };
}

function isWritable(field: Field, action: 'create' | 'update', options: SalesforceSandboxOptions): boolean {
  if (action === 'create') return field.createable;
  return field.updateable || (field.name === 'TaskSubtype' && options.taskSubtypeOnUpdate === 'accept');
}

export function noSuchColumn(object: string, name: string): Problem {
  return requestProblem('INVALID_FIELD', `No such column '${name}' on sobject of type ${object}`);
}

function notWritable(names: readonly string[]): Problem {
  const message =
    `Unable to create/update fields: ${names.join(', ')}. Please check the security settings of this field and verify ` +
    'that it is read/write for your profile or permission set.';
  return saveProblem('INVALID_FIELD_FOR_INSERT_UPDATE', message, names);
}
