import type { CrmFailure, FieldValues } from '../../src/domain/crm.ts';
import type { VendorField } from './answers.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import { isCustom } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';
import { RECORD_TYPE, recordTypeId } from './record-types.ts';

/** A value as Salesforce's JSON takes it. */
type JsonValue = string | number | boolean;

/** An upsert may turn out to be either of the other two. */
export type Operation = 'create' | 'update' | 'upsert';

export type Fit =
  | {
      readonly kind: 'fits';
      readonly values: Readonly<Record<string, JsonValue>>;
      /** Fields among the values that are taken when a record is made, and refused ever after: a task's subtype. */
      readonly createOnly: readonly string[];
      /** What was left out and why, by the fields' names. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'unfit'; readonly failure: CrmFailure };

/**
 * Makes a record's fields fit the account: what the user may not write is left out, unless the mapping cannot do without
 * it or somebody asked for it by name; texts are cut to the field's length, since Salesforce refuses longer ones; a
 * record type may be given by its developer name.
 */
export function fitFields(
  schema: ObjectSchema,
  fields: FieldValues,
  operation: Operation,
  essential: ReadonlySet<string>,
): Fit {
  const values: Record<string, JsonValue> = {};
  const createOnly: string[] = [];
  const warnings: string[] = [];
  for (const [name, text] of Object.entries(fields)) {
    const field = schema.fields.get(name);
    if (field === undefined || !isWritable(field, operation)) {
      if (isCustom(name) || essential.has(name)) return unfit('FIELD_NOT_ACCESSIBLE', name);
      if (isMissed(schema, name, field, operation)) warnings.push(`${name}: no write access`);
      continue;
    }
    // Salesforce trims: a blank text is an empty field, and never clears what is there.
    if (text.trim() === '') continue;
    if (name === RECORD_TYPE) {
      const id = recordTypeId(schema, text);
      if (id === undefined) warnings.push(`${name}: not a record type that is active and available`);
      else values[name] = id;
      continue;
    }
    const value = toValue(field, text);
    if (value === undefined) return unfit('VALUE_OF_WRONG_TYPE', name);
    values[name] = value;
    if (!field.updateable) createOnly.push(name);
  }
  return { kind: 'fits', values, createOnly, warnings };
}

/** Fields that only some kinds of record have: whoever has none misses nothing. */
const OF_ONE_OBJECT: Readonly<Record<string, string>> = { Company: 'Lead' };

/** A subtype that is set at creation, or a company that contacts do not have, is not missed. */
function isMissed(
  { name: object }: ObjectSchema,
  name: string,
  field: VendorField | undefined,
  operation: Operation,
): boolean {
  if (field === undefined) return (OF_ONE_OBJECT[name] ?? object) === object;
  return operation !== 'update' || !field.createable;
}

function isWritable(field: VendorField, operation: Operation): boolean {
  return operation === 'update' ? field.updateable : field.createable;
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'double', 'currency', 'percent']);
const TEXTS: ReadonlySet<string> = new Set(['string', 'textarea', 'combobox', 'encryptedstring']);

/** Undefined for a text that is no value of the type: one such value may fail a whole call. */
function toValue(field: VendorField, text: string): JsonValue | undefined {
  if (NUMBERS.has(field.type)) return toNumber(field.type, text);
  if (field.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (field.type === 'date') return /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0];
  if (field.type === 'datetime') return Number.isNaN(Date.parse(text)) ? undefined : text;
  return TEXTS.has(field.type) && field.length > 0 ? cut(text, field.length) : text;
}

function toNumber(type: string, text: string): number | undefined {
  const number = Number(text);
  if (!Number.isFinite(number)) return undefined;
  return type === 'int' || type === 'long' ? Math.round(number) : number;
}

/** Cuts between characters, never inside one, and says that it cut. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function unfit(code: string, field: string): Fit {
  return { kind: 'unfit', failure: failure('fix_mapping', failureCode(code), { field }) };
}
