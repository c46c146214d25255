import { normaliseEmail } from '../../src/domain/caller.ts';
import type { Candidate, FieldValues, PersonQuery } from '../../src/domain/crm.ts';
import { parseNumber } from '../../src/domain/phone.ts';
import { textOf, toUtc, type Row } from './answers.ts';
import { PERSON_KEY } from './fields.ts';
import type { PersonFields } from './person-fields.ts';

/** A row and the object it is of. */
export interface PersonRow {
  readonly row: Row;
  readonly fields: PersonFields;
  /** Where its object stands in the configured order. */
  readonly rank: number;
}

interface Match {
  readonly person: PersonRow;
  readonly matchedBy: string;
}

/** What was read, arranged for answering many queries: each number is parsed once, not once per query. */
export interface CandidateIndex {
  /** The records that really answer the query, each once. */
  candidatesFor(query: PersonQuery): readonly Candidate[];
}

/**
 * One statement asks for many people, and a form of one number may be typed for another country's, so a record counts
 * for a query only when one of its own fields says so.
 *
 * @param heirs contact by the key of the converted lead that it was made of
 */
export function indexCandidates(
  people: readonly PersonRow[],
  heirs: ReadonlyMap<string, PersonRow>,
  defaultCountry: string,
): CandidateIndex {
  const byNumber = new Map<string, Match[]>();
  const byAddress = new Map<string, Match[]>();
  const byKey = new Map<string, Match[]>();
  const parse = createParser(defaultCountry);
  for (const person of people) {
    if (isConverted(person.row)) continue;
    for (const field of person.fields.numbers) {
      const text = textOf(person.row, field);
      const number = text === undefined ? undefined : parse(text);
      if (number !== undefined) add(byNumber, number, { person, matchedBy: field });
    }
    const address = normaliseEmail(textOf(person.row, 'Email'));
    if (address !== undefined) add(byAddress, address, { person, matchedBy: 'Email' });
    const key = textOf(person.row, PERSON_KEY);
    // Ours, though somebody may have changed the number since: an upsert by key would find it, so the look-up must too.
    if (key !== undefined) add(byKey, key, { person, matchedBy: PERSON_KEY });
  }
  for (const [key, person] of heirs) add(byKey, key, { person, matchedBy: PERSON_KEY });

  return {
    candidatesFor: (query) => {
      const address = normaliseEmail(query.email);
      const holders = byKey.get(query.key) ?? [];
      const holderIds = new Set(holders.map(({ person }) => person.row.Id));
      const matches = [
        ...(query.phone === undefined ? [] : (byNumber.get(query.phone.e164) ?? [])),
        ...(address === undefined ? [] : (byAddress.get(address) ?? [])),
        ...holders,
      ];
      const candidates = new Map<string, Candidate>();
      for (const match of matches) {
        const { Id } = match.person.row;
        if (!candidates.has(Id)) candidates.set(Id, toCandidate(match, holderIds.has(Id)));
      }
      return [...candidates.values()];
    },
  };
}

/** True for a lead that has become a contact: it cannot be written to, and its activities are the contact's. */
export function isConverted(row: Row): boolean {
  return row.IsConverted === true;
}

/** The values that are there, of the fields that were asked for. */
export function presentFields(row: Row, fields: readonly string[]): FieldValues {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = textOf(row, field);
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

function toCandidate({ person, matchedBy }: Match, holdsKey: boolean): Candidate {
  const { row, fields, rank } = person;
  return {
    ref: { object: fields.object, id: row.Id },
    matchedBy,
    rank,
    holdsKey,
    fields: presentFields(row, fields.asked),
    modifiedAt: toUtc(textOf(row, 'LastModifiedDate')),
  };
}

/** Parses each text once: an office's number stands in many records. */
function createParser(defaultCountry: string): (text: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (text) => {
    if (!known.has(text)) {
      const parsed = parseNumber(text, defaultCountry);
      known.set(text, parsed.kind === 'number' ? parsed.e164 : undefined);
    }
    return known.get(text);
  };
}

function add(index: Map<string, Match[]>, value: string, match: Match): void {
  const matches = index.get(value);
  if (matches === undefined) index.set(value, [match]);
  else matches.push(match);
}
