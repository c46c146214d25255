import type { PropertyDefinition } from './property-definition.ts';
import { instantOf } from './property-values.ts';
import type { PropertyValues } from './record-store.ts';
import type { SearchFilter } from './search-request.ts';

export type Predicate = (values: PropertyValues) => boolean;

/** The filter as a test of one record's values. Records without the property fail all but the negative operators. */
export function predicateOf(filter: SearchFilter, property: PropertyDefinition): Predicate {
  const read = (values: PropertyValues): string => values[property.name] ?? '';
  switch (filter.operator) {
    case 'HAS_PROPERTY':
      return (values) => read(values) !== '';
    case 'NOT_HAS_PROPERTY':
      return (values) => read(values) === '';
    case 'EQ':
      return equals(property, filter.value, read);
    case 'NEQ':
      return not(equals(property, filter.value, read));
    case 'IN':
      return isIn(property, filter.values, read);
    case 'NOT_IN':
      return not(isIn(property, filter.values, read));
    case 'CONTAINS_TOKEN':
      return containsToken(filter.value, read);
    case 'NOT_CONTAINS_TOKEN':
      return not(containsToken(filter.value, read));
    case 'LT':
      return compares(property, filter.value, read, (order) => order < 0);
    case 'LTE':
      return compares(property, filter.value, read, (order) => order <= 0);
    case 'GT':
      return compares(property, filter.value, read, (order) => order > 0);
    case 'GTE':
      return compares(property, filter.value, read, (order) => order >= 0);
    case 'BETWEEN': {
      const low = compares(property, filter.value, read, (order) => order >= 0);
      const high = compares(property, filter.highValue, read, (order) => order <= 0);
      return (values) => low(values) && high(values);
    }
  }
}

/** Less than zero when `a` sorts before `b`; numbers and dates by their amount, all else by its text. */
export function compareValues(property: PropertyDefinition, a: string, b: string): number {
  const [left, right] = [sortKey(property, a), sortKey(property, b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

type Read = (values: PropertyValues) => string;

const not =
  (predicate: Predicate): Predicate =>
  (values) =>
    !predicate(values);

/** Filter values are compared without regard to case, except for enumerations (HubSpot's search guide). */
function equals(property: PropertyDefinition, wanted: string, read: Read): Predicate {
  const key = equalityKey(property, wanted);
  return (values) => {
    const value = read(values);
    return value !== '' && equalityKey(property, value) === key;
  };
}

/** "When filtering for a string property using IN and NOT_IN, the searched values must be lowercase" (search guide). */
function isIn(property: PropertyDefinition, wanted: readonly string[], read: Read): Predicate {
  const isText = property.type === 'string' || property.type === 'phone_number';
  const keys = new Set(isText ? wanted : wanted.map((value) => equalityKey(property, value)));
  return (values) => {
    const value = read(values);
    return value !== '' && keys.has(equalityKey(property, value));
  };
}

function equalityKey(property: PropertyDefinition, value: string): string {
  return property.type === 'enumeration' ? value : String(sortKey(property, value));
}

function compares(
  property: PropertyDefinition,
  bound: string,
  read: Read,
  accepts: (order: number) => boolean,
): Predicate {
  return (values) => {
    const value = read(values);
    return value !== '' && accepts(compareValues(property, value, bound));
  };
}

/** Whole words, `*` standing for any letters at a word's ends (search guide). */
function containsToken(wanted: string, read: Read): Predicate {
  const pattern = wanted.toLowerCase().split('*').map(escapeForRegExp).join('[^\\s]*');
  const token = new RegExp(`(^|[^\\p{L}\\p{N}])${pattern}($|[^\\p{L}\\p{N}])`, 'u');
  return (values) => token.test(read(values).toLowerCase());
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function sortKey(property: PropertyDefinition, value: string): number | string {
  switch (property.type) {
    case 'number':
      return Number(value);
    case 'date':
    case 'datetime':
      return instantOf(value) ?? Number.NaN;
    case 'string':
    case 'phone_number':
    case 'bool':
    case 'enumeration':
      return value.toLowerCase();
  }
}
