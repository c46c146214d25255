import { instantOf } from './field-values.ts';
import type { Field, FieldValue } from './field.ts';
import type { ObjectName } from './object-types.ts';
import type { Org } from './org.ts';
import { canonicalId } from './record-ids.ts';
import type { SalesforceRecord } from './record-store.ts';
import { Refusal, requestProblem } from './refusal.ts';
import type { Condition, Literal, Operator, SubSelect } from './soql-condition.ts';
import { resolvePath } from './soql-paths.ts';

export type Predicate = (record: SalesforceRecord) => boolean;

/** The condition as a function. @throws Refusal INVALID_FIELD for columns and literals that do not go together. */
export function predicateOf(org: Org, object: ObjectName, condition: Condition): Predicate {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map((part) => predicateOf(org, object, part));
      return (record) => parts.every((part) => part(record));
    }
    case 'or': {
      const parts = condition.parts.map((part) => predicateOf(org, object, part));
      return (record) => parts.some((part) => part(record));
    }
    case 'not': {
      const part = predicateOf(org, object, condition.part);
      return (record) => !part(record);
    }
    case 'in': {
      const { field, read } = filterable(org, object, condition.path);
      const wanted = new Set(condition.literals.map((literal) => comparable(field, operand(field, literal))));
      return (record) => wanted.has(comparable(field, read(record))) !== condition.negated;
    }
    case 'in-select': {
      const { field, read } = filterable(org, object, condition.path);
      const wanted = selectedValues(org, condition.select);
      return (record) => wanted.has(comparable(field, read(record))) !== condition.negated;
    }
    case 'compare':
      return comparison(org, object, condition);
  }
}

/** What a sub-select finds, empty values aside. @throws Refusal when the user sees no object of that name. */
function selectedValues(org: Org, { column, object: name, where }: SubSelect): ReadonlySet<FieldValue> {
  const object = org.schema.object(name)?.name;
  if (object === undefined) {
    throw new Refusal(requestProblem('INVALID_TYPE', `sObject type '${name}' is not supported.`));
  }
  const { field, read } = resolvePath(org, object, column);
  const fits = where === null ? () => true : predicateOf(org, object, where);
  const found = org.records.all(object).filter((record) => !record.isDeleted && fits(record));
  return new Set(found.map((record) => comparable(field, read(record))).filter((value) => value !== null));
}

function comparison(
  org: Org,
  object: ObjectName,
  { path, operator, literal }: Extract<Condition, { kind: 'compare' }>,
): Predicate {
  const { field, read } = filterable(org, object, path);
  if (operator === 'LIKE') {
    const pattern = literal.kind === 'string' ? likePattern(literal.typed) : /^$/;
    return (record) => {
      const value = read(record);
      return typeof value === 'string' && pattern.test(value);
    };
  }
  if (literal.kind === 'days') return daysComparison(org, literal, operator, read);
  const wanted = comparable(field, operand(field, literal));
  return (record) => holds(comparable(field, read(record)), operator, wanted);
}

function filterable(org: Org, object: ObjectName, path: string) {
  const resolved = resolvePath(org, object, path);
  if (!resolved.field.filterable) {
    const message = `field '${resolved.field.name}' can not be filtered in a query call`;
    throw new Refusal(requestProblem('INVALID_FIELD', message));
  }
  return resolved;
}

/** Nothing is less or greater than null; `!=` and NOT IN hold for null, as in SOQL. */
function holds(value: FieldValue, operator: Exclude<Operator, 'LIKE'>, wanted: FieldValue): boolean {
  if (operator === '=') return value === wanted;
  if (operator === '!=') return value !== wanted;
  if (value === null || wanted === null) return false;
  switch (operator) {
    case '<':
      return value < wanted;
    case '<=':
      return value <= wanted;
    case '>':
      return value > wanted;
    case '>=':
      return value >= wanted;
  }
}

const dayMs = 86_400_000;

function daysComparison(
  org: Org,
  { firstDaysAgo, lastDaysAgo }: Extract<Literal, { kind: 'days' }>,
  operator: Exclude<Operator, 'LIKE'>,
  read: (record: SalesforceRecord) => FieldValue,
): Predicate {
  const today = Math.floor(org.options.now() / dayMs) * dayMs;
  const from = today - firstDaysAgo * dayMs;
  const until = today - lastDaysAgo * dayMs + dayMs;
  const tests: Readonly<Record<typeof operator, (at: number) => boolean>> = {
    '=': (at) => at >= from && at < until,
    '!=': (at) => at < from || at >= until,
    '<': (at) => at < from,
    '<=': (at) => at < until,
    '>': (at) => at >= until,
    '>=': (at) => at >= from,
  };
  return (record) => {
    const value = read(record);
    return typeof value === 'string' ? tests[operator](timeOf(value)) : operator === '!=';
  };
}

/** Unix milliseconds of a stored day or instant. */
function timeOf(value: string): number {
  return value.length === 10 ? Date.parse(`${value}T00:00:00Z`) : (instantOf(value) ?? Number.NaN);
}

/** The literal as a value of the field. @throws Refusal when it is of another type, quoted or not. */
function operand(field: Field, literal: Literal): FieldValue {
  if (literal.kind === 'null') return null;
  switch (field.type) {
    case 'boolean':
      if (literal.kind === 'boolean') return literal.value;
      throw wrongLiteral(field, 'boolean', false);
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      if (literal.kind === 'number') return literal.value;
      throw wrongLiteral(field, field.type, false);
    case 'date':
      if (literal.kind === 'date') return literal.day;
      throw wrongLiteral(field, 'date', false);
    case 'datetime':
      if (literal.kind === 'instant') return new Date(literal.at).toISOString();
      throw wrongLiteral(field, 'dateTime', false);
    case 'id':
    case 'reference':
      if (literal.kind === 'string') return idOperand(literal.text);
      throw wrongLiteral(field, 'string', true);
    case 'address':
    case 'string':
    case 'textarea':
    case 'picklist':
    case 'combobox':
    case 'phone':
    case 'email':
    case 'url':
      if (literal.kind === 'string') return literal.text;
      throw wrongLiteral(field, 'string', true);
  }
}

function idOperand(text: string): string | null {
  if (text === '') return null;
  const id = canonicalId(text);
  if (id === null) throw new Refusal(requestProblem('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${text}`));
  return id;
}

function wrongLiteral(field: Field, type: string, isQuoted: boolean): Refusal {
  const message =
    `value of filter criterion for field '${field.name}' must be of type ${type} and should ` +
    `${isQuoted ? '' : 'not '}be enclosed in quotes`;
  return new Refusal(requestProblem('INVALID_FIELD', message));
}

/** Texts are compared without regard to case unless the field says otherwise; instants as ISO 8601 in UTC. */
function comparable(field: Field, value: FieldValue): FieldValue {
  if (typeof value !== 'string') return value;
  if (field.type === 'datetime') {
    const at = instantOf(value);
    return at === null ? value : new Date(at).toISOString();
  }
  if (value === '') return null;
  return field.caseSensitive || field.type === 'id' || field.type === 'reference' ? value : value.toLowerCase();
}

/** `%` is any text, `_` any character, unless escaped. */
function likePattern(typed: string): RegExp {
  let source = '';
  for (let at = 0; at < typed.length; at++) {
    const character = typed.charAt(at);
    if (character === '\\') source += literally(typed.charAt(++at));
    else if (character === '%') source += '.*';
    else if (character === '_') source += '.';
    else source += literally(character);
  }
  return new RegExp(`^${source}$`, 'is');
}

const literally = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
