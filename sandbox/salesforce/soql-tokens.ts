import type { ErrorCode } from './error-codes.ts';
import { Refusal, requestProblem } from './refusal.ts';

export type Token =
  /** Names, keywords, `Account.Name`, `LAST_N_DAYS:30`. */
  | { readonly kind: 'word'; readonly text: string }
  /** A literal in quotes: without its escapes, and as it was typed (LIKE needs to know what was escaped). */
  | { readonly kind: 'string'; readonly text: string; readonly typed: string }
  /** Numbers, dates and instants: whatever begins with a digit or a sign. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'symbol'; readonly text: string };

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  N: '\n',
  r: '\r',
  R: '\r',
  t: '\t',
  T: '\t',
  b: '\b',
  B: '\b',
  f: '\f',
  F: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  _: '_',
  '%': '%',
};

const patterns = [
  ['word', /[A-Za-z_][\w.]*(?::\d+)?/y],
  ['number', /[-+]?\d[\w:.+-]*/y],
  ['symbol', /<=|>=|<>|!=|[=<>(),]/y],
] as const;

/**
 * Cuts a SOQL text, or the RETURNING part of a SOSL one, into tokens.
 * @throws Refusal with `code` for what is no token: an open literal, a line break in one, an unknown escape.
 */
function tokenize(source: string, code: ErrorCode): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    if (/\s/.test(source.charAt(at))) at++;
    else if (source.charAt(at) === "'") {
      const literal = readLiteral(source, at, code);
      tokens.push(literal.token);
      at = literal.end;
    } else {
      const found = readPattern(source, at);
      if (found === null) throw malformed(code, `unexpected token: '${source.charAt(at)}'`);
      tokens.push(found);
      at += found.text.length;
    }
  }
  return tokens;
}

function readPattern(source: string, at: number): Token | null {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined) return { kind, text };
  }
  return null;
}

function readLiteral(source: string, start: number, code: ErrorCode): { readonly token: Token; readonly end: number } {
  let text = '';
  for (let at = start + 1; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === "'") {
      return { token: { kind: 'string', text, typed: source.slice(start + 1, at) }, end: at + 1 };
    }
    if (character === '\n' || character === '\r') throw malformed(code, 'line breaks not allowed in string literals');
    if (character !== '\\') {
      text += character;
      continue;
    }
    const next = source.charAt(++at);
    const code4 = /^u[0-9a-fA-F]{4}/.exec(source.slice(at, at + 5))?.[0];
    const plain = escapes[next];
    if (code4 !== undefined) {
      text += String.fromCharCode(Number.parseInt(code4.slice(1), 16));
      at += 4;
    } else if (plain !== undefined) text += plain;
    else throw malformed(code, `Illegal character escape sequence '\\${next}'`);
  }
  throw malformed(code, 'unterminated string literal');
}

export function malformed(code: ErrorCode, message: string): Refusal {
  return new Refusal(requestProblem(code, message));
}

/** Walks over tokens; whatever is not as expected is refused with the code of its language. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #code: ErrorCode;
  #at = 0;

  constructor(source: string, code: ErrorCode) {
    this.#tokens = tokenize(source, code);
    this.#code = code;
  }

  peek(): Token | null {
    return this.#tokens[this.#at] ?? null;
  }

  next(): Token {
    const token = this.peek();
    if (token === null) throw this.fail('unexpected end of statement');
    this.#at++;
    return token;
  }

  /** Takes the keyword or symbol when it is next. */
  take(text: string): boolean {
    const token = this.peek();
    if (token === null || token.kind === 'string' || token.text.toUpperCase() !== text) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.unexpected();
  }

  word(): string {
    const token = this.peek();
    if (token?.kind !== 'word') throw this.unexpected();
    this.#at++;
    return token.text;
  }

  /** A number that is no sign and no fraction. */
  count(): number {
    const token = this.peek();
    if (token?.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.unexpected();
    this.#at++;
    return Number(token.text);
  }

  unexpected(): Refusal {
    const token = this.peek();
    return this.fail(token === null ? 'unexpected end of statement' : `unexpected token: '${token.text}'`);
  }

  fail(message: string): Refusal {
    return malformed(this.#code, message);
  }
}
