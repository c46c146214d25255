/** Characters that mean something in a search term (SOSL reference, reserved characters). */
const RESERVED = /[?&|!{}[\]()^~*:\\"'+-]/g;

/** Characters of the terms above which Salesforce takes the operators out of them (SOSL syntax). */
export const LONGEST_TERMS = 4_000;

/** What is read of one object that a search finds. */
export interface Returned {
  readonly object: string;
  readonly fields: readonly string[];
  readonly where?: string | undefined;
}

/**
 * A text as a phrase: its words are found side by side, in this order, and words like OR among them are words. Line
 * breaks are white space, which separates words.
 */
export function phrase(text: string): string {
  return `"${text.replaceAll(/\s+/g, ' ').replaceAll(RESERVED, String.raw`\$&`)}"`;
}

/** Finds records with any of the phrases in one of their number fields. @throws TypeError for a name that is none. */
export function searchNumbers(texts: readonly string[], returning: readonly Returned[]): string {
  const objects = returning.map(({ object, fields, where }) => {
    const columns = [...new Set(fields)].map(name).join(', ');
    return `${name(object)}(${columns}${where === undefined ? '' : ` WHERE ${where}`})`;
  });
  return `FIND {${texts.map(phrase).join(' OR ')}} IN PHONE FIELDS RETURNING ${objects.join(', ')}`;
}

function name(text: string): string {
  if (!/^[A-Za-z]\w*$/.test(text)) throw new TypeError('This is no name of a Salesforce object or field.');
  return text;
}
