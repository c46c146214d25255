import { normaliseEmail } from '../../src/domain/caller.ts';
import type { PersonQuery } from '../../src/domain/crm.ts';
import { columnsToVerify, OPEN_LEADS, type PersonFields } from './person-fields.ts';
import { allOf, anyOf, beginsWithDigits, isIn, select } from './soql.ts';
import { beginnings, writtenForms } from './written-forms.ts';

/** One SOQL text, and whom it asks for. */
export interface PersonQueryText {
  readonly soql: string;
  readonly fields: PersonFields;
  readonly asksFor: readonly PersonQuery[];
  /** Goes beyond the exact comparisons: that it fails takes nothing from their answer. */
  readonly isSecondLook: boolean;
}

/**
 * Salesforce takes statements of 100,000 characters. A hundred callers fit in one composite request by this, with room
 * for two number fields of the org's own.
 */
export const LONG_STATEMENT = 80_000;
/** For an org, or something in front of it, that counts the statement as part of an address. */
export const SHORT_STATEMENT = 8_000;

/** As few statements per object as the length allows; nobody is split between two. */
export function personQueries(
  queries: readonly PersonQuery[],
  objects: readonly PersonFields[],
  longest: number,
): readonly PersonQueryText[] {
  const wanted = queries.map(wantedOf);
  return objects.flatMap((fields) =>
    groups(wanted, fields, longest).flatMap((group) => {
      const where = condition(group, fields);
      if (where === undefined) return [];
      const soql = select({ fields: columnsToVerify(fields), from: fields.object, where });
      return [{ soql, fields, asksFor: group.map(({ query }) => query), isSecondLook: false }];
    }),
  );
}

/**
 * One statement per object for a few people whose numbers may be written in unusual ways: `415/555-1212`,
 * `(415) 555 1212 ext 3`. It travels with the exact comparisons in one call.
 */
export function patternQueries(
  queries: readonly PersonQuery[],
  objects: readonly PersonFields[],
): readonly PersonQueryText[] {
  const asksFor = queries.filter(({ phone }) => phone !== undefined);
  return objects.flatMap((fields) => {
    const patterns = asksFor.flatMap(({ phone }) =>
      phone === undefined
        ? []
        : beginnings(phone).flatMap(({ start, digits }) =>
            fields.numbers.map((field) => beginsWithDigits(field, start, digits)),
          ),
    );
    const byNumber = anyOf(patterns);
    if (byNumber === undefined) return [];
    const open = fields.conversion.includes('IsConverted') ? OPEN_LEADS : undefined;
    const where = allOf([byNumber, open]) ?? byNumber;
    const soql = select({ fields: columnsToVerify(fields), from: fields.object, where });
    return [{ soql, fields, asksFor, isSecondLook: true }];
  });
}

interface Wanted {
  readonly query: PersonQuery;
  readonly forms: readonly string[];
  readonly email: string | undefined;
  /** Characters its numbers take in one list. */
  readonly formsLength: number;
}

function wantedOf(query: PersonQuery): Wanted {
  const forms = query.phone === undefined ? [] : writtenForms(query.phone);
  const formsLength = forms.reduce((sum, form) => sum + form.length + QUOTES_AND_COMMA, 0);
  return { query, forms, email: normaliseEmail(query.email), formsLength };
}

const QUOTES_AND_COMMA = 3;

function groups(wanted: readonly Wanted[], fields: PersonFields, longest: number): readonly (readonly Wanted[])[] {
  const result: Wanted[][] = [];
  let room = 0;
  for (const each of wanted) {
    const length = lengthOf(each, fields);
    const current = result.at(-1);
    if (current === undefined || length > room) {
      result.push([each]);
      room = longest - length;
    } else {
      current.push(each);
      room -= length;
    }
  }
  return result;
}

function lengthOf({ formsLength, email, query }: Wanted, { numbers, key }: PersonFields): number {
  return numbers.length * formsLength + (email?.length ?? 0) + key.length * query.key.length + 2 * QUOTES_AND_COMMA;
}

/** A converted lead stands for nobody by its number; who holds our key is ours, whatever it became. */
function condition(group: readonly Wanted[], fields: PersonFields): string | undefined {
  const forms = group.flatMap((each) => each.forms);
  const emails = group.flatMap((each) => each.email ?? []);
  const keys = group.map((each) => each.query.key);
  const byData = anyOf([
    ...fields.numbers.map((field) => isIn(field, forms)),
    ...fields.email.map((field) => isIn(field, emails)),
  ]);
  const open = fields.conversion.includes('IsConverted') ? OPEN_LEADS : undefined;
  const byKey = fields.key.map((field) => isIn(field, keys));
  return anyOf([byData === undefined ? undefined : allOf([byData, open]), ...byKey]);
}
