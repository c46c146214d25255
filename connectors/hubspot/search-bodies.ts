import { SEARCHABLE_NUMBERS, STANDARD_NUMBERS } from './properties.ts';
import { slices } from '../transport/slices.ts';
import type { WrittenForms } from './written-forms.ts';

/** HubSpot's search guide: what one search may hold. Filters per group and in total cannot be reached: a group has one. */
const SEARCH_LIMITS = {
  bodyCharacters: 3_000,
  filterGroups: 5,
  filtersPerGroup: 6,
  filters: 18,
  pageSize: 200,
} as const;

/** What a page token may add to the body. */
const PAGING_RESERVE = 40;

/** A search body may spend this much on the names of properties to read along. */
const PROPERTIES_RESERVE = 1_200;

interface SearchBody {
  readonly filterGroups: readonly { readonly filters: readonly InFilter[] }[];
  readonly properties: readonly string[];
  readonly limit: number;
  readonly after?: string;
}

interface InFilter {
  readonly propertyName: string;
  readonly operator: 'IN';
  readonly values: readonly string[];
}

/** One search and the numbers it stands for, so that its failure is theirs only and an overflowing one can be split. */
export interface NumberSearch {
  readonly body: SearchBody;
  readonly numbers: readonly WrittenForms[];
  /** The fields it asks; another search asks the other ones. */
  readonly fields: readonly NumberField[];
}

interface NumberField {
  readonly name: string;
  readonly forms: 'searchable' | 'typed' | 'e164';
}

/** False when so many fields are wanted that the matches have to be read again by id to get them. */
export function fitsSearch(properties: readonly string[]): boolean {
  return JSON.stringify(properties).length <= PROPERTIES_RESERVE;
}

/**
 * As few searches as hold all numbers in all number fields. Each field is a filter group of its own (groups are
 * alternatives) with all numbers in one IN filter.
 *
 * `phone` and `mobilephone` are asked as text too where that takes no further search: the calculated fields are made
 * from them, and lag or fail on their own.
 *
 * @param extraFields custom fields that hold numbers
 * @param properties what to read along; must satisfy `fitsSearch`
 */
export function numberSearches(
  numbers: readonly WrittenForms[],
  extraFields: readonly string[],
  properties: readonly string[],
): readonly NumberSearch[] {
  const needed: readonly NumberField[] = [
    ...SEARCHABLE_NUMBERS.map((name) => ({ name, forms: 'searchable' }) as const),
    ...extraFields.map((name) => ({ name, forms: 'typed' }) as const),
  ];
  const standard = STANDARD_NUMBERS.map((name) => ({ name, forms: 'e164' }) as const);
  const least = cut(numbers, needed, properties);
  const wider = cut(numbers, [...needed, ...standard], properties);
  return wider.length <= least.length ? wider : least;
}

/** The same search as two, each with half of the numbers. Undefined when there is but one. */
export function splitSearch(search: NumberSearch): readonly [NumberSearch, NumberSearch] | undefined {
  const { numbers, fields, body } = search;
  if (numbers.length < 2) return undefined;
  const middle = Math.ceil(numbers.length / 2);
  return [
    searchFor(numbers.slice(0, middle), fields, body.properties),
    searchFor(numbers.slice(middle), fields, body.properties),
  ];
}

function cut(
  numbers: readonly WrittenForms[],
  fields: readonly NumberField[],
  properties: readonly string[],
): readonly NumberSearch[] {
  return slices(fields, SEARCH_LIMITS.filterGroups).flatMap((some) => fill(numbers, some, properties));
}

/** Puts as many numbers into a search as its body takes, then begins the next one. */
function fill(
  numbers: readonly WrittenForms[],
  fields: readonly NumberField[],
  properties: readonly string[],
): readonly NumberSearch[] {
  const searches: NumberSearch[] = [];
  let rest = numbers;
  while (rest.length > 0) {
    const count = countThatFit(rest, fields, properties);
    searches.push(searchFor(rest.slice(0, count), fields, properties));
    rest = rest.slice(count);
  }
  return searches;
}

/** At least one: names of properties have at most 100 characters, so one number in five fields always fits. */
function countThatFit(
  numbers: readonly WrittenForms[],
  fields: readonly NumberField[],
  properties: readonly string[],
): number {
  let size = JSON.stringify(searchFor([], fields, properties).body).length + PAGING_RESERVE;
  let count = 0;
  for (const number of numbers) {
    // Each value comes with its quotes and a comma.
    for (const { forms } of fields) size += valuesOf(number, forms).reduce((sum, value) => sum + value.length + 3, 0);
    if (size > SEARCH_LIMITS.bodyCharacters) break;
    count += 1;
  }
  return Math.max(count, 1);
}

function searchFor(
  numbers: readonly WrittenForms[],
  fields: readonly NumberField[],
  properties: readonly string[],
): NumberSearch {
  const filterGroups = fields.map(({ name, forms }) => {
    const values = numbers.flatMap((number) => valuesOf(number, forms));
    return { filters: [{ propertyName: name, operator: 'IN' as const, values: [...new Set(values)] }] };
  });
  return { body: { filterGroups, properties, limit: SEARCH_LIMITS.pageSize }, numbers, fields };
}

function valuesOf(number: WrittenForms, forms: NumberField['forms']): readonly string[] {
  switch (forms) {
    case 'searchable':
      return number.searchable;
    case 'typed':
      return number.typed;
    case 'e164':
      return [number.e164];
  }
}
