import { readCondition, type Condition } from './soql-condition.ts';
import { TokenReader } from './soql-tokens.ts';

export interface Ordering {
  readonly path: string;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

/** What is read from one object: a whole SOQL query, or one object of a SOSL RETURNING. */
export interface Selection {
  /** Paths as typed; `count` for `SELECT COUNT()`. */
  readonly columns: readonly string[] | 'count';
  readonly object: string;
  readonly where: Condition | null;
  readonly orderBy: readonly Ordering[];
  readonly limit: number | null;
  readonly offset: number;
  /** `ALL ROWS`: deleted and archived ones too. */
  readonly allRows: boolean;
}

/**
 * Reads a SOQL query: fields, relationships upwards, WHERE, ORDER BY, LIMIT, OFFSET, ALL ROWS and `COUNT()`.
 * @throws Refusal MALFORMED_QUERY for everything else, sub-queries, aliases and aggregates included.
 */
export function parseSoql(source: string): Selection {
  const reader = new TokenReader(source, 'MALFORMED_QUERY');
  reader.expect('SELECT');
  const columns = readColumns(reader);
  reader.expect('FROM');
  const object = reader.word();
  const rest = readRest(reader);
  const allRows = reader.take('ALL');
  if (allRows) reader.expect('ROWS');
  if (reader.peek() !== null) throw reader.unexpected();
  return { columns, object, ...rest, allRows };
}

function readColumns(reader: TokenReader): readonly string[] | 'count' {
  const first = reader.word();
  if (first.toUpperCase() === 'COUNT' && reader.take('(')) {
    reader.expect(')');
    return 'count';
  }
  return [first, ...readMoreWords(reader)];
}

function readMoreWords(reader: TokenReader): readonly string[] {
  const words: string[] = [];
  while (reader.take(',')) words.push(reader.word());
  return words;
}

/** The columns of one object in a SOSL RETURNING. */
export function readReturned(reader: TokenReader): Selection {
  const object = reader.word();
  if (!reader.take('(')) return { columns: ['Id'], object, ...nothingMore, allRows: false };
  const columns = [reader.word(), ...readMoreWords(reader)];
  const rest = readRest(reader);
  reader.expect(')');
  return { columns, object, ...rest, allRows: false };
}

type Rest = Pick<Selection, 'where' | 'orderBy' | 'limit' | 'offset'>;

const nothingMore: Rest = { where: null, orderBy: [], limit: null, offset: 0 };

function readRest(reader: TokenReader): Rest {
  const where = reader.take('WHERE') ? readCondition(reader) : null;
  const orderBy = readOrderings(reader);
  const limit = reader.take('LIMIT') ? reader.count() : null;
  const offset = reader.take('OFFSET') ? reader.count() : 0;
  return { where, orderBy, limit, offset };
}

function readOrderings(reader: TokenReader): readonly Ordering[] {
  if (!reader.take('ORDER')) return [];
  reader.expect('BY');
  const orderings = [readOrdering(reader)];
  while (reader.take(',')) orderings.push(readOrdering(reader));
  return orderings;
}

function readOrdering(reader: TokenReader): Ordering {
  const path = reader.word();
  const descending = reader.take('DESC');
  if (!descending) reader.take('ASC');
  if (!reader.take('NULLS')) return { path, descending, nullsLast: false };
  const nullsLast = reader.take('LAST');
  if (!nullsLast) reader.expect('FIRST');
  return { path, descending, nullsLast };
}
