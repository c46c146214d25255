import type { Candidate, FieldValues, PersonQuery } from '../../src/domain/crm.ts';
import { normaliseEmail } from '../../src/domain/caller.ts';
import { parseNumber } from '../../src/domain/phone.ts';
import type { HubSpotRecord } from './answers.ts';
import { CALCULATED_NUMBERS, KEY_PROPERTIES, STANDARD_NUMBERS } from './properties.ts';

const PERSON_KEY = KEY_PROPERTIES.contacts.name;

/** What a contact is judged by; read along with every look-up. */
export interface Judgement {
  readonly defaultCountry: string;
  /** Custom fields that hold numbers. */
  readonly phoneFields: readonly string[];
  /** The fields the caller wants to see. */
  readonly fields: readonly string[];
  /** False when the account has no person key, so that nobody can be asked for by it. */
  readonly hasKey: boolean;
}

/** What a search by number reads along: no addresses, which would only take room from the numbers. */
export function propertiesOfNumberSearch(phoneFields: readonly string[]): readonly string[] {
  return [...new Set([PERSON_KEY, ...STANDARD_NUMBERS, ...Object.keys(CALCULATED_NUMBERS), ...phoneFields])];
}

/** All that verification can use. */
export function propertiesToVerify(phoneFields: readonly string[]): readonly string[] {
  return [...propertiesOfNumberSearch(phoneFields), 'email', 'hs_additional_emails'];
}

/** A record and the field that makes it an answer. */
interface Match {
  readonly record: HubSpotRecord;
  readonly matchedBy: string;
}

/** What was read, arranged for answering many queries: each number is parsed once, not once per query. */
export interface CandidateIndex {
  /** The records that really answer the query, each once. */
  candidatesFor(query: PersonQuery): readonly Candidate[];
}

/**
 * Verification: a search by national number finds other countries' numbers too, and one search stands for many
 * queries, so a record counts for a query only when one of its own fields says so.
 *
 * @param records of one id, the last one counts
 */
export function indexCandidates(records: readonly HubSpotRecord[], judgement: Judgement): CandidateIndex {
  const byNumber = new Map<string, Match[]>();
  const byAddress = new Map<string, Match[]>();
  const byKey = new Map<string, Match[]>();
  const parse = createParser(judgement.defaultCountry);
  for (const record of new Map(records.map((each) => [each.id, each])).values()) {
    if (record.archived === true) continue;
    for (const [number, matchedBy] of numbersOf(record, judgement.phoneFields, parse))
      add(byNumber, number, { record, matchedBy });
    for (const [address, matchedBy] of addressesOf(record)) add(byAddress, address, { record, matchedBy });
    const key = record.properties[PERSON_KEY];
    // Ours, though a person may have changed the number since: an upsert by key would find it, so the look-up must too.
    if (typeof key === 'string') add(byKey, key, { record, matchedBy: PERSON_KEY });
  }

  function candidatesFor(query: PersonQuery): readonly Candidate[] {
    const address = normaliseEmail(query.email);
    const matches = [
      ...(query.phone === undefined ? [] : (byNumber.get(query.phone.e164) ?? [])),
      ...(address === undefined ? [] : (byAddress.get(address) ?? [])),
      ...(byKey.get(query.key) ?? []),
    ];
    const candidates = new Map<string, Candidate>();
    for (const match of matches) {
      if (!candidates.has(match.record.id))
        candidates.set(match.record.id, toCandidate(query, match, judgement.fields));
    }
    return [...candidates.values()];
  }

  return { candidatesFor };
}

/** The values that are there, of the fields that were asked for. */
export function presentFields(record: HubSpotRecord, fields: readonly string[]): FieldValues {
  const present: Record<string, string> = {};
  for (const field of fields) {
    const value = record.properties[field];
    if (value !== undefined && value !== null && value !== '') present[field] = value;
  }
  return present;
}

/** Number to the first field that holds it. A calculated field is named by the one a person sees. */
function numbersOf(
  record: HubSpotRecord,
  phoneFields: readonly string[],
  parse: (text: string) => string | undefined,
): ReadonlyMap<string, string> {
  const sources: readonly (readonly [string, string])[] = [
    ...[...STANDARD_NUMBERS, ...phoneFields].map((field) => [field, field] as const),
    ...Object.entries(CALCULATED_NUMBERS),
  ];
  const numbers = new Map<string, string>();
  for (const [property, field] of sources) {
    const text = record.properties[property] ?? '';
    const number = text === '' ? undefined : parse(text);
    if (number !== undefined && !numbers.has(number)) numbers.set(number, field);
  }
  return numbers;
}

/** Parses each text once: a number often stands in a field and, calculated, in a second one. */
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

function addressesOf(record: HubSpotRecord): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  const others = record.properties.hs_additional_emails?.split(';') ?? [];
  for (const other of others) {
    const address = normaliseEmail(other);
    if (address !== undefined) addresses.set(address, 'hs_additional_emails');
  }
  const main = normaliseEmail(record.properties.email);
  if (main !== undefined) addresses.set(main, 'email');
  return addresses;
}

function add(index: Map<string, Match[]>, value: string, match: Match): void {
  const matches = index.get(value);
  if (matches === undefined) index.set(value, [match]);
  else matches.push(match);
}

function toCandidate(query: PersonQuery, { record, matchedBy }: Match, fields: readonly string[]): Candidate {
  return {
    ref: { object: 'contacts', id: record.id },
    matchedBy,
    // The people of HubSpot are contacts, and nothing else.
    rank: 0,
    holdsKey: record.properties[PERSON_KEY] === query.key,
    fields: presentFields(record, fields),
    modifiedAt: record.updatedAt,
  };
}
