import type { Answer, Call } from './endpoint.ts';
import type { Field, FieldValue } from './field.ts';
import type { ObjectName } from './object-types.ts';
import type { Org } from './org.ts';
import { Refusal, requestProblem } from './refusal.ts';
import type { IndexedRecord } from './search-index.ts';
import { queriedObject, select } from './soql-run.ts';
import { parseSosl, type SearchPhrase, type SearchScope, type SoslSearch } from './sosl-parse.ts';

/** `GET search?q=`: what the index knows, which may be some seconds behind. */
export function search({ org, version, query }: Call): Answer {
  const sosl = query.get('q');
  if (sosl === null || sosl.trim() === '') {
    throw new Refusal(requestProblem('MALFORMED_SEARCH', 'A search string has to be specified'));
  }
  const wanted = parseSosl(sosl);
  const rows = wanted.returning.flatMap((selection) => {
    const object = queriedObject(org, selection.object);
    const found = org.searchIndex.records(object).filter((record) => matches(org, object, record, wanted));
    const records = found.map(({ id, values }) => ({ id, object, values, isDeleted: false, writes: [] }));
    return select(org, version, { ...selection, object }, records).rows;
  });
  return { status: 200, body: { searchRecords: rows.slice(0, wanted.limit) } };
}

function matches(org: Org, object: ObjectName, record: IndexedRecord, wanted: SoslSearch): boolean {
  const texts = org.schema
    .fields(object)
    .filter((field) => isSearched(field, wanted.scope))
    .flatMap((field) => tokensOf(field, record.values[field.name], org.options.phoneSearch === 'digits'));
  return wanted.alternatives.some((phrases) => phrases.every((phrase) => texts.some((text) => has(text, phrase))));
}

function isSearched(field: Field, scope: SearchScope): boolean {
  switch (scope) {
    case 'PHONE':
      return field.type === 'phone';
    case 'EMAIL':
      return field.type === 'email';
    case 'NAME':
      return field.nameField;
    case 'ALL':
      return ['phone', 'email', 'string', 'combobox'].includes(field.type);
  }
}

/**
 * The words of a value, as the index cuts it: at every punctuation, so that `(415) 555-1212` is three words and is not
 * found by 4155551212. With `digits` a phone number is one more word, of all its digits.
 */
function tokensOf(field: Field, value: FieldValue | undefined, withDigits: boolean): readonly (readonly string[])[] {
  if (typeof value !== 'string') return [];
  const words = value.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const digits = value.replace(/\D/g, '');
  return withDigits && field.type === 'phone' ? [words, [digits]] : [words];
}

/** Whether the words of the phrase stand side by side. */
function has(words: readonly string[], phrase: SearchPhrase): boolean {
  if (phrase.words.length === 0) return false;
  return words.some((_, start) => phrase.words.every(({ pattern }, at) => pattern.test(words[start + at] ?? '')));
}
