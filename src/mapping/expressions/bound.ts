/** The most that a value of an expression can be. Counts, not bytes: an upper bound of the work that it can cause. */
export interface Bound {
  /** Characters of a text, entries of a list or block; 0 for numbers, yes/no and times. */
  readonly size: number;
  /** What its entries are; undefined for what has none. */
  readonly entry: Bound | undefined;
  /** Characters and entries in all of it, at every depth. */
  readonly total: number;
}

/** A number, yes or no, or a time. */
export const SCALAR: Bound = { size: 0, entry: undefined, total: 0 };

/** A text of at most so many characters. */
export function textBound(size: number): Bound {
  return { size, entry: undefined, total: size };
}

/** A list of at most so many entries. */
export function listBound(size: number, entry: Bound): Bound {
  return { size, entry, total: size * (1 + entry.total) };
}

/** Either of two. */
export function eitherBound(a: Bound, b: Bound): Bound {
  if (a === b) return a;
  const entry = a.entry === undefined || b.entry === undefined ? (a.entry ?? b.entry) : eitherBound(a.entry, b.entry);
  return { size: Math.max(a.size, b.size), entry, total: Math.max(a.total, b.total) };
}

/** Both, one after the other. */
export function sumBound(a: Bound, b: Bound): Bound {
  return { ...eitherBound(a, b), size: a.size + b.size, total: a.total + b.total };
}

/** Longest text of a field that an expression gets to see; the rest is cut. */
export const FIELD_TEXT = 10_000;
/** Longest text of one message, and of one text in `raw`. */
export const MESSAGE_TEXT = 1_000;
/** Longest entry of a list, and longest role of a message. */
export const ENTRY_TEXT = 500;
/** Most entries of a list that an expression gets to see: the last ones of messages, the first of others. */
export const ENTRIES = 200;
/** Characters and entries of `raw` in all. */
export const RAW_TOTAL = 50_000;
/** How deep blocks of `raw` may lie in blocks. */
export const RAW_DEPTH = 6;

/** A field without a name may be anything; what it holds may again. */
export const RAW: Bound = rawBound(RAW_DEPTH);

function rawBound(depth: number): Bound {
  return { size: MESSAGE_TEXT, entry: depth === 0 ? undefined : rawBound(depth - 1), total: RAW_TOTAL };
}

const MESSAGE: Bound = { size: 2, entry: textBound(MESSAGE_TEXT), total: ENTRY_TEXT + MESSAGE_TEXT };
/** `messages.all`. */
export const MESSAGES: Bound = listBound(ENTRIES, MESSAGE);
/** A list of texts. */
export const TEXTS: Bound = listBound(ENTRIES, textBound(ENTRY_TEXT));
