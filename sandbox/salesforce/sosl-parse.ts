import type { Selection } from './soql-parse.ts';
import { readReturned } from './soql-parse.ts';
import { malformed, TokenReader } from './soql-tokens.ts';

export type SearchScope = 'ALL' | 'EMAIL' | 'NAME' | 'PHONE';

/** A word to look for; `*` and `?` that were not escaped stand for any text and any character. */
interface SearchWord {
  readonly pattern: RegExp;
}

export interface SoslSearch {
  /** Alternatives of words that must all be there; the words of a phrase stand side by side. */
  readonly alternatives: readonly (readonly SearchPhrase[])[];
  readonly scope: SearchScope;
  readonly returning: readonly Selection[];
  readonly limit: number;
}

export interface SearchPhrase {
  /** As it was typed, without quotes and escapes. */
  readonly text: string;
  readonly words: readonly SearchWord[];
}

/** Rows of one search at most (SOSL limits). */
const maxRows = 2_000;
/** Characters of the terms above which AND and OR are removed, and all terms are alternatives (SOSL syntax). */
const longestWithOperators = 4_000;
/** Characters of the terms above which nothing is found (SOSL syntax). */
const longestTerms = 10_000;

/**
 * Reads `FIND {terms} IN PHONE FIELDS RETURNING Contact(Id WHERE ...), Lead LIMIT 20`.
 * @throws Refusal MALFORMED_SEARCH; reserved characters in the terms must be escaped.
 */
export function parseSosl(source: string): SoslSearch {
  const parts = /^\s*FIND\s*\{((?:\\[\s\S]|[^\\}])*)\}([\s\S]*)$/i.exec(source);
  if (parts === null) throw refused('expecting a search term in braces after FIND');
  const reader = new TokenReader(parts[2] ?? '', 'MALFORMED_SEARCH');
  const scope = reader.take('IN') ? readScope(reader) : 'ALL';
  reader.expect('RETURNING');
  const returning = [readReturned(reader)];
  while (reader.take(',')) returning.push(readReturned(reader));
  const limit = reader.take('LIMIT') ? reader.count() : maxRows;
  if (reader.peek() !== null) throw reader.unexpected();
  return { alternatives: readTerms(parts[1] ?? ''), scope, returning, limit: Math.min(limit, maxRows) };
}

function readScope(reader: TokenReader): SearchScope {
  for (const scope of ['ALL', 'EMAIL', 'NAME', 'PHONE'] as const) {
    if (!reader.take(scope)) continue;
    reader.expect('FIELDS');
    return scope;
  }
  throw reader.unexpected();
}

/** Characters with a meaning of their own (SOSL reference); only quotes and wildcards are understood here. */
const reserved = "&|!(){}[]^~:+-'";

interface Piece {
  readonly text: string;
  /** True for characters that were escaped and so mean themselves. */
  readonly isLiteral: boolean;
}

function readTerms(source: string): SoslSearch['alternatives'] {
  const pieces = readPieces(source);
  if (
    pieces
      .map((piece) => piece.text)
      .join('')
      .replace(/[*?\s]/g, '').length < 2
  ) {
    throw refused('search term must be longer than one character');
  }
  if (source.length > longestTerms) return [];
  const keepsOperators = source.length <= longestWithOperators;
  const alternatives: SearchPhrase[][] = [[]];
  for (const phrase of readPhrases(pieces)) {
    const only = phrase.isQuoted
      ? ''
      : phrase.pieces
          .map((piece) => piece.text)
          .join('')
          .toUpperCase();
    if (only === 'OR') alternatives.push([]);
    else if (only !== 'AND') alternatives.at(-1)?.push(phraseOf(phrase.pieces));
  }
  if (!keepsOperators) return alternatives.flat().map((phrase) => [phrase]);
  if (alternatives.some((alternative) => alternative.length === 0)) throw refused('a search term is missing');
  return alternatives;
}

function readPieces(source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let isLiteral = false;
  for (const character of source) {
    if (isLiteral) {
      pieces.push({ text: character, isLiteral });
      isLiteral = false;
    } else if (character === '\\') isLiteral = true;
    else if (reserved.includes(character)) throw refused(`line 1: unexpected character '${character}'`);
    else pieces.push({ text: character, isLiteral: false });
  }
  return pieces;
}

function readPhrases(pieces: readonly Piece[]): readonly { readonly pieces: Piece[]; readonly isQuoted: boolean }[] {
  const phrases: { pieces: Piece[]; isQuoted: boolean }[] = [];
  let open: { pieces: Piece[]; isQuoted: boolean } | null = null;
  for (const piece of pieces) {
    const isQuote = piece.text === '"' && !piece.isLiteral;
    const isEnd = isQuote || (/\s/.test(piece.text) && open?.isQuoted !== true);
    if (!isEnd) {
      if (open === null) phrases.push((open = { pieces: [], isQuoted: false }));
      open.pieces.push(piece);
    } else if (isQuote && open?.isQuoted !== true) phrases.push((open = { pieces: [], isQuoted: true }));
    else open = null;
  }
  if (open?.isQuoted === true) throw refused('a quote is missing');
  return phrases;
}

function phraseOf(pieces: readonly Piece[]): SearchPhrase {
  return { text: pieces.map(({ text }) => text).join(''), words: wordsOf(pieces) };
}

/** Punctuation separates words in the term as it does in the index. */
function wordsOf(pieces: readonly Piece[]): readonly SearchWord[] {
  let source = '';
  for (const { text, isLiteral } of pieces) {
    if (/[\p{L}\p{N}]/u.test(text)) source += text.toLowerCase();
    else if (!isLiteral && text === '*') source += '.*';
    else if (!isLiteral && text === '?') source += '.';
    else source += ' ';
  }
  const words = source.split(' ').filter((word) => word !== '');
  return words.map((word) => ({ pattern: new RegExp(`^${word}$`, 'u') }));
}

const refused = (message: string) => malformed('MALFORMED_SEARCH', message);
