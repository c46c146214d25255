import { instantOf, isDay } from './field-values.ts';
import type { Token, TokenReader } from './soql-tokens.ts';

export type Literal =
  | { readonly kind: 'string'; readonly text: string; readonly typed: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'date'; readonly day: string }
  | { readonly kind: 'instant'; readonly at: number }
  /** `TODAY`, `LAST_N_DAYS:7` and the like: so many whole days before today, up to and with the last one. */
  | { readonly kind: 'days'; readonly firstDaysAgo: number; readonly lastDaysAgo: number };

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'compare'; readonly path: string; readonly operator: Operator; readonly literal: Literal }
  | { readonly kind: 'in'; readonly path: string; readonly negated: boolean; readonly literals: readonly Literal[] }
  | { readonly kind: 'in-select'; readonly path: string; readonly negated: boolean; readonly select: SubSelect };

/** `(SELECT AccountId FROM Contact WHERE ...)` after IN: one column of one object. */
export interface SubSelect {
  readonly column: string;
  readonly object: string;
  readonly where: Condition | null;
}

/**
 * Reads a WHERE condition. AND and OR side by side need parentheses, and NOT stands only at the beginning of the
 * condition or of a parenthesis: `a AND NOT (b)` is refused, `a AND (NOT (b))` is not.
 */
export function readCondition(reader: TokenReader): Condition {
  if (reader.take('NOT')) return { kind: 'not', part: readOperand(reader) };
  const first = readOperand(reader);
  const kind = reader.take('AND') ? 'and' : reader.take('OR') ? 'or' : null;
  if (kind === null) return first;
  const parts = [first, readOperand(reader)];
  while (reader.take(kind.toUpperCase())) parts.push(readOperand(reader));
  if (reader.take(kind === 'and' ? 'OR' : 'AND')) throw reader.fail('AND and OR need parentheses between them');
  return { kind, parts };
}

function readOperand(reader: TokenReader): Condition {
  if (!reader.take('(')) return readComparison(reader);
  const inner = readCondition(reader);
  reader.expect(')');
  return inner;
}

function readComparison(reader: TokenReader): Condition {
  const path = reader.word();
  if (path.toUpperCase() === 'NOT') throw reader.fail("unexpected token: 'NOT'");
  if (reader.take('IN')) return readIn(reader, path, false);
  if (reader.take('NOT')) {
    reader.expect('IN');
    return readIn(reader, path, true);
  }
  const operator = readOperator(reader);
  const literal = readLiteral(reader);
  if (operator === 'LIKE' && literal.kind !== 'string') throw reader.fail('LIKE needs a string');
  return { kind: 'compare', path, operator, literal };
}

function readOperator(reader: TokenReader): Operator {
  if (reader.take('<>')) return '!=';
  for (const operator of ['=', '!=', '<=', '>=', '<', '>', 'LIKE'] as const) {
    if (reader.take(operator)) return operator;
  }
  throw reader.unexpected();
}

function readIn(reader: TokenReader, path: string, negated: boolean): Condition {
  reader.expect('(');
  if (!reader.take('SELECT')) return { kind: 'in', path, negated, literals: readList(reader) };
  const column = reader.word();
  reader.expect('FROM');
  const object = reader.word();
  const where = reader.take('WHERE') ? readCondition(reader) : null;
  reader.expect(')');
  return { kind: 'in-select', path, negated, select: { column, object, where } };
}

/** The literals up to the closing parenthesis. */
function readList(reader: TokenReader): readonly Literal[] {
  const literals = [readLiteral(reader)];
  while (reader.take(',')) literals.push(readLiteral(reader));
  reader.expect(')');
  return literals;
}

function readLiteral(reader: TokenReader): Literal {
  const unexpected = reader.unexpected();
  const literal = literalOf(reader.next());
  if (literal === null) throw unexpected;
  return literal;
}

function literalOf(token: Token): Literal | null {
  switch (token.kind) {
    case 'string':
      return token;
    case 'number':
      return numberOrTime(token.text);
    case 'word':
      return namedLiteral(token.text.toUpperCase());
    case 'symbol':
      return null;
  }
}

function numberOrTime(text: string): Literal | null {
  if (isDay(text)) return { kind: 'date', day: text };
  const at = instantOf(text);
  if (at !== null) return { kind: 'instant', at };
  const value = Number(text);
  return Number.isNaN(value) ? null : { kind: 'number', value };
}

function namedLiteral(word: string): Literal | null {
  switch (word) {
    case 'NULL':
      return { kind: 'null' };
    case 'TRUE':
    case 'FALSE':
      return { kind: 'boolean', value: word === 'TRUE' };
    case 'TODAY':
      return { kind: 'days', firstDaysAgo: 0, lastDaysAgo: 0 };
    case 'YESTERDAY':
      return { kind: 'days', firstDaysAgo: 1, lastDaysAgo: 1 };
    default: {
      const days = /^LAST_N_DAYS:(\d+)$/.exec(word)?.[1];
      return days === undefined ? null : { kind: 'days', firstDaysAgo: Number(days), lastDaysAgo: 0 };
    }
  }
}
