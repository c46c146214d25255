import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  fitsSearch,
  numberSearches,
  splitSearch,
  type NumberSearch,
} from '../../../connectors/hubspot/search-bodies.ts';
import { propertiesOfNumberSearch } from '../../../connectors/hubspot/verify-candidates.ts';
import { writtenForms, type WrittenForms } from '../../../connectors/hubspot/written-forms.ts';
import { parseNumber } from '../../../src/domain/phone.ts';

/** HubSpot's search guide. */
const LIMITS = { characters: 3_000, groups: 5, filtersPerGroup: 6, filters: 18 };

const PROPERTIES = ['phone', 'mobilephone', 'personadesk_person_key'];

describe('searches for numbers', () => {
  it('never exceed what one search may hold, page token included', () => {
    fc.assert(
      fc.property(numbers(), fieldNames(8), properties(), (wanted, fields, read) => {
        for (const { body } of numberSearches(wanted, fields, read)) {
          const paged = JSON.stringify({ ...body, after: '10000' });
          expect(paged.length).toBeLessThanOrEqual(LIMITS.characters);
          expect(body.filterGroups.length).toBeLessThanOrEqual(LIMITS.groups);
          const perGroup = body.filterGroups.map((group) => group.filters.length);
          expect(Math.max(...perGroup)).toBeLessThanOrEqual(LIMITS.filtersPerGroup);
          expect(perGroup.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(LIMITS.filters);
        }
      }),
    );
  });

  it('ask for every number in both calculated fields and in every custom field', () => {
    fc.assert(
      fc.property(numbers(), fieldNames(8), properties(), (wanted, fields, read) => {
        const asksAll = questionsOf(numberSearches(wanted, fields, read));
        for (const number of wanted) {
          expect(asksAll('hs_searchable_calculated_phone_number', number.searchable)).toBe(true);
          expect(asksAll('hs_searchable_calculated_mobile_number', number.searchable)).toBe(true);
          for (const field of fields) expect(asksAll(field, number.typed)).toBe(true);
        }
      }),
    );
  });

  it('name the numbers they stand for, so that a failure is charged to those only', () => {
    fc.assert(
      fc.property(numbers(), fieldNames(3), (wanted, fields) => {
        for (const { body, numbers: covered } of numberSearches(wanted, fields, PROPERTIES)) {
          const allowed = new Set(covered.flatMap((number) => [...number.searchable, ...number.typed]));
          for (const { filters } of body.filterGroups) {
            for (const { values } of filters) expect(values.every((value) => allowed.has(value))).toBe(true);
          }
        }
      }),
    );
  });

  it('are one for one caller, with the fields as typed thrown in', () => {
    const searches = numberSearches([formsOf('+15551234567')], [], PROPERTIES);
    expect(searches).toHaveLength(1);
    expect(asked(searches, 'phone')).toEqual(['+15551234567']);
    expect(asked(searches, 'hs_searchable_calculated_mobile_number')).toEqual(['5551234567']);
  });

  it('are one for a hundred North American callers: the fields as typed are left out rather than cost a second one', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => formsOf(`+1555${String(1_000_000 + index)}`));
    const searches = numberSearches(hundred, [], propertiesOfNumberSearch([]));
    expect(searches).toHaveLength(1);
    expect(asked(searches, 'phone')).toEqual([]);
  });

  it('split into two that ask for the same numbers in the same fields, down to one number', () => {
    const [search] = numberSearches(
      [formsOf('+15551234567'), formsOf('+15551234568'), formsOf('+15551234569')],
      ['wa'],
      PROPERTIES,
    );
    const halves = search === undefined ? undefined : splitSearch(search);
    expect(halves?.map((half) => half.numbers.length)).toEqual([2, 1]);
    expect(halves?.[0].fields).toEqual(search?.fields);
    expect(halves?.[1] && splitSearch(halves[1])).toBeUndefined();
  });

  it('ask for a number with its trunk prefix too, which stays in where HubSpot cannot tell the country', () => {
    expect(formsOf('+442079460018').searchable).toEqual(['2079460018', '02079460018']);
    expect(formsOf('+15551234567').searchable).toEqual(['5551234567']);
  });

  it('hold no upper-case letters: IN compares texts in lower case', () => {
    fc.assert(
      fc.property(numbers(), (wanted) => {
        for (const value of wanted.flatMap((number) => [...number.searchable, ...number.typed])) {
          expect(value).toBe(value.toLowerCase());
        }
      }),
    );
  });

  it.each([
    ['+15551234567', ['+15551234567', '15551234567', '5551234567', '(555) 123-4567', '+1 555 123 4567']],
    [
      '+442079460018',
      ['+442079460018', '442079460018', '2079460018', '02079460018', '020 7946 0018', '+44 20 7946 0018'],
    ],
  ])('a custom field is asked for %s as people type it', (e164, typed) => {
    expect(formsOf(e164).typed).toEqual(typed);
  });
});

function asked(searches: readonly NumberSearch[], field: string): readonly string[] {
  return searches.flatMap(({ body }) =>
    body.filterGroups.flatMap(({ filters }) =>
      filters.filter(({ propertyName }) => propertyName === field).flatMap(({ values }) => values),
    ),
  );
}

function questionsOf(searches: readonly NumberSearch[]): (field: string, values: readonly string[]) => boolean {
  const questions = new Set<string>();
  for (const { propertyName, values } of searches.flatMap(({ body }) =>
    body.filterGroups.flatMap((group) => group.filters),
  )) {
    for (const value of values) questions.add(`${propertyName}=${value}`);
  }
  return (field, values) => values.every((value) => questions.has(`${field}=${value}`));
}

function formsOf(text: string): WrittenForms {
  const parsed = parseNumber(text, 'US');
  if (parsed.kind !== 'number') throw new Error('The test needs a number.');
  return writtenForms(parsed);
}

/** Numbers of five countries, made once: parsing is not what is tested here. */
const POOL = ['+1', '+44', '+49', '+971', '+55'].flatMap((country) =>
  Array.from({ length: 40 }, (_, index) =>
    parseNumber(`${country}${String(2_079_460_018 + index * 7_919)}`, 'US'),
  ).flatMap((parsed) => (parsed.kind === 'number' ? [writtenForms(parsed)] : [])),
);

function numbers(): fc.Arbitrary<readonly WrittenForms[]> {
  return fc.shuffledSubarray(POOL, { minLength: 1 });
}

/** Names of properties have at most 100 characters (HubSpot's properties guide). */
function fieldNames(maxLength: number): fc.Arbitrary<readonly string[]> {
  const name = fc.tuple(fc.nat(999), fc.nat(96)).map(([number, more]) => `f${number}${'_'.repeat(more)}`);
  return fc.uniqueArray(name, { maxLength });
}

function properties(): fc.Arbitrary<readonly string[]> {
  return fieldNames(30).filter(fitsSearch);
}
