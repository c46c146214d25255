/**
 * A text as a literal. Everything that could end it is escaped, the escape character first; a line break inside a
 * literal is refused by Salesforce, so it is written as one (SOQL's list of escape sequences).
 */
export function literal(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\b', '\\b')
    .replaceAll('\f', '\\f')
    // Line ends too, by Unicode.
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `'${escaped}'`;
}

/** `Field IN ('a', 'b')`; undefined when there is nothing to look for, which SOQL cannot say. */
export function isIn(field: string, values: readonly string[]): string | undefined {
  if (values.length === 0) return undefined;
  return `${name(field)} IN (${[...new Set(values)].map(literal).join(',')})`;
}

/** `Field IN (SELECT Other FROM Object WHERE ...)` */
export function isAmong(field: string, selection: Selection): string {
  return `${name(field)} IN (${select(selection)})`;
}

/**
 * Matches texts that begin with `start` and then have these digits in this order, whatever stands between and behind
 * them. It is wider than it looks; who is found must be verified.
 */
export function beginsWithDigits(field: string, start: string, digits: string): string {
  const pattern = [start.replaceAll(/[%_\\]/g, ''), ...(digits.match(/\d/g) ?? [])].join('%');
  return `${name(field)} LIKE ${literal(`${pattern}%`)}`;
}

/** In parentheses: SOQL refuses a mix of AND and OR that does not say which comes first. */
export function anyOf(conditions: readonly (string | undefined)[]): string | undefined {
  return joined(conditions, ' OR ');
}

export function allOf(conditions: readonly (string | undefined)[]): string | undefined {
  return joined(conditions, ' AND ');
}

export interface Selection {
  readonly fields: readonly string[];
  readonly from: string;
  readonly where: string;
}

/** @throws TypeError for a name that is none: names come from the account's schema, never from callers. */
export function select({ fields, from, where }: Selection): string {
  return `SELECT ${[...new Set(fields)].map(name).join(', ')} FROM ${name(from)} WHERE ${where}`;
}

function joined(conditions: readonly (string | undefined)[], by: string): string | undefined {
  const given = conditions.filter((condition) => condition !== undefined);
  if (given.length < 2) return given[0];
  return `(${given.join(by)})`;
}

function name(text: string): string {
  if (!/^[A-Za-z]\w*(?:\.[A-Za-z]\w*)?$/.test(text))
    throw new TypeError('This is no name of a Salesforce object or field.');
  return text;
}
