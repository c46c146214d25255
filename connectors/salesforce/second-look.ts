import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { CrmFailure, PersonQuery } from '../../src/domain/crm.ts';
import { searchAnswerSchema } from './answers.ts';
import type { ApiSession } from './api.ts';
import type { PersonRow } from './find-candidates.ts';
import { columnsToVerify, OPEN_LEADS, type PersonFields } from './person-fields.ts';
import { LONGEST_TERMS, searchNumbers } from './sosl.ts';

/** Up to so many people are asked for by patterns, in the call that asks for them anyway: `person-queries.ts`. */
export const FEW = 10;

/** Characters of a `FIND`: below what takes the operators out of it, with room for quotes and ORs. */
const LONGEST_FIND = LONGEST_TERMS - 100;
/** Characters that a phrase takes beside its words: quotes, white space and an OR. */
const AROUND_A_PHRASE = 6;

interface SecondLook {
  readonly people: readonly PersonRow[];
  readonly failures: ReadonlyMap<PersonQuery, CrmFailure>;
}

const NOTHING: SecondLook = { people: [], failures: new Map() };

/**
 * Looks for numbers that exact comparisons miss in the search index, which cuts a number at every punctuation:
 * `415/555-1212`, `Tel. (415) 555 1212 ext 3`. One call for up to a hundred of them, made for many people at once only,
 * where it is a small part of a call for each. Whom it finds must be verified; that it finds nobody is no proof, since the
 * index lags behind.
 *
 * @param unfound whom the exact comparisons found nobody for
 */
export async function searchUnfound(
  session: ApiSession,
  unfound: readonly PersonQuery[],
  objects: readonly PersonFields[],
): Promise<SecondLook> {
  const wanted = fitting(unfound);
  if (wanted.length === 0 || objects.length === 0) return NOTHING;
  const sosl = searchNumbers(
    wanted.map(({ words }) => words),
    objects.map((fields) => ({
      object: fields.object,
      fields: columnsToVerify(fields),
      where: fields.conversion.includes('IsConverted') ? OPEN_LEADS : undefined,
    })),
  );
  const answer = await session.send({
    endpoint: 'search',
    method: 'GET',
    path: `/search?q=${encodeURIComponent(sosl)}`,
    answer: searchAnswerSchema,
  });
  if (answer.kind === 'failed') {
    // An org that cannot be searched is one that can be asked; what passes by itself is asked again.
    if (!['retry', 'throttle', 'reconnect'].includes(answer.failure.disposition)) return NOTHING;
    return { people: [], failures: new Map(wanted.map(({ query }) => [query, answer.failure])) };
  }
  const people = answer.body.searchRecords.flatMap((row) => {
    const rank = objects.findIndex(({ object }) => object === row.attributes.type);
    const fields = objects[rank];
    return fields === undefined ? [] : [{ row, fields, rank }];
  });
  return { people, failures: new Map() };
}

/** As many as one search takes; a hundred do. The others have had their exact comparison. */
function fitting(unfound: readonly PersonQuery[]): readonly { readonly query: PersonQuery; readonly words: string }[] {
  let room = LONGEST_FIND;
  return unfound.flatMap((query) => {
    const words = query.phone === undefined ? '' : wordsOf(query.phone);
    room -= words === '' ? 0 : words.length + AROUND_A_PHRASE;
    return words === '' || room < 0 ? [] : [{ query, words }];
  });
}

/** The groups a number is usually written in, without the country's code: `415 555 1212`. */
function wordsOf({ e164, national }: NonNullable<PersonQuery['phone']>): string {
  const usual = parsePhoneNumberFromString(e164)?.formatInternational() ?? national;
  const groups = usual.split(/\D+/).filter((group) => group !== '');
  const withoutCountry = usual.startsWith('+') ? groups.slice(1) : groups;
  return withoutCountry.join(' ');
}
