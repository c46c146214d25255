import type { Field, FieldValue } from './field.ts';
import { canonicalId } from './record-ids.ts';
import { requestProblem, saveProblem, type Checked, type Problem } from './refusal.ts';

export interface ValueRules {
  readonly timestampForDate: 'refuse' | 'cut';
}

/**
 * A value as the field would hold it. Text is trimmed and an empty one becomes null; instants are cut to whole seconds.
 * Codes are Salesforce's; what cannot be read at all is a parser's error and concerns the whole request.
 */
export function readValue(field: Field, raw: unknown, rules: ValueRules): Checked<FieldValue> {
  if (raw === null) return { ok: true, value: null };
  switch (field.type) {
    case 'boolean':
      return readFlag(raw);
    case 'int':
      return readNumber(raw, true);
    case 'double':
    case 'currency':
    case 'percent':
      return readNumber(raw, false);
    case 'date':
      return readDate(raw, rules);
    case 'datetime':
      return readInstant(raw);
    case 'id':
    case 'reference':
      return readReference(field, raw);
    case 'address':
      return unreadable('address', raw);
    case 'string':
    case 'textarea':
    case 'picklist':
    case 'combobox':
    case 'phone':
    case 'email':
    case 'url':
      return readText(field, raw);
  }
}

/** Whether a problem of {@link readValue} ends a whole request, not one row. */
export function isUnreadable(problem: Problem): boolean {
  return problem.code === 'JSON_PARSER_ERROR' || problem.code === 'INVALID_FIELD';
}

function readText(field: Field, raw: unknown): Checked<FieldValue> {
  if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') return unreadable('string', raw);
  const value = String(raw).trim();
  if (value === '') return { ok: true, value: null };
  if (value.length > field.length) {
    const message = `${field.label}: data value too large: ${value} (max length=${field.length})`;
    return refuse('STRING_TOO_LONG', message, field);
  }
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(value)) {
    return refuse('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, field);
  }
  if (field.type === 'picklist' && field.restricted && !field.picklist.some((entry) => entry.value === value)) {
    const message = `${field.label}: bad value for restricted picklist field: ${value}`;
    return refuse('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, field);
  }
  return { ok: true, value };
}

function readFlag(raw: unknown): Checked<FieldValue> {
  if (typeof raw === 'boolean') return { ok: true, value: raw };
  if (raw === 'true' || raw === 'false') return { ok: true, value: raw === 'true' };
  return unreadable('boolean', raw);
}

function readNumber(raw: unknown, isWhole: boolean): Checked<FieldValue> {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  const type = isWhole ? 'int' : 'double';
  if (typeof value !== 'number' || !Number.isFinite(value)) return unreadable(type, raw);
  if (isWhole && !Number.isInteger(value)) return unreadable(type, raw);
  return { ok: true, value };
}

function readDate(raw: unknown, { timestampForDate }: ValueRules): Checked<FieldValue> {
  if (typeof raw !== 'string') return unreadable('date', raw);
  const day = timestampForDate === 'cut' ? raw.slice(0, 10) : raw;
  return isDay(day) ? { ok: true, value: day } : unreadable('date', raw);
}

function readInstant(raw: unknown): Checked<FieldValue> {
  if (typeof raw !== 'string') return unreadable('datetime', raw);
  const at = instantOf(raw);
  return at === null ? unreadable('datetime', raw) : { ok: true, value: instantText(at) };
}

/** Whether it is a reference to what may be referred to is looked at with the record at hand. */
function readReference(field: Field, raw: unknown): Checked<FieldValue> {
  if (typeof raw !== 'string') return unreadable('ID', raw);
  if (raw.trim() === '') return { ok: true, value: null };
  const id = canonicalId(raw.trim());
  if (id !== null) return { ok: true, value: id };
  return refuse('MALFORMED_ID', `${field.label}: id value of incorrect type: ${raw}`, field);
}

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** Unix milliseconds of an ISO 8601 instant with its offset; null when it is none. */
export function instantOf(text: string): number | null {
  const parts = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:?\d{2})$/.exec(text);
  if (parts === null) return null;
  const offset = parts[2] ?? 'Z';
  const at = Date.parse((parts[1] ?? '') + (offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset));
  return Number.isNaN(at) ? null : at;
}

/** As Salesforce writes instants: whole seconds and an offset without a colon (recorded). */
export function instantText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}.000+0000`;
}

function unreadable(type: string, raw: unknown): Checked<FieldValue> {
  const given = typeof raw === 'object' ? 'START_OBJECT' : `VALUE_${(typeof raw).toUpperCase()}`;
  const message =
    `Cannot deserialize instance of ${type} from ${given} value ${typeof raw === 'string' ? raw : ''} ` +
    'or request may be missing a required field at [line:1, column:1]';
  return { ok: false, problem: requestProblem('JSON_PARSER_ERROR', message) };
}

function refuse(code: Problem['code'], message: string, field: Field): Checked<FieldValue> {
  return { ok: false, problem: saveProblem(code, message, [field.name]) };
}
