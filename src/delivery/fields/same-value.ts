/**
 * Whether two texts are one value to a person. CRMs give back what was written in their own form (a trimmed text, a date
 * as milliseconds, `1.0` as `1`, HTML with other white space), and none of that is an edit.
 */
export function isSameValue(a: string | undefined, b: string | undefined): boolean {
  const [left, right] = [a ?? '', b ?? ''];
  if (left === right) return true;
  if (left.trim() === '' || right.trim() === '') return left.trim() === right.trim();
  return isSameNumber(left, right) || isSameInstant(left, right) || plain(left) === plain(right);
}

const NUMBER = /^[+-]?\d{1,15}(?:\.\d{1,15})?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;
/** Milliseconds since the epoch, between 2001 and 2286. */
const EPOCH_MS = /^\d{13}$/;

function isSameNumber(a: string, b: string): boolean {
  // A sign in front may be that of a phone number: +1555 and 1555 are one number to a person as well.
  return NUMBER.test(a.trim()) && NUMBER.test(b.trim()) && Number(a) === Number(b);
}

function isSameInstant(a: string, b: string): boolean {
  const left = instantOf(a.trim());
  return left !== undefined && left === instantOf(b.trim());
}

function instantOf(text: string): number | undefined {
  if (EPOCH_MS.test(text)) return Number(text);
  if (!INSTANT.test(text)) return undefined;
  const ms = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(ms) ? undefined : ms;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&apos;': "'",
  '&nbsp;': ' ',
};

/** The words of a text, without its tags and its white space. */
function plain(text: string): string {
  return text
    .replace(/<[^<>]{0,1000}>/g, ' ')
    .replace(/&(?:amp|lt|gt|quot|#39|#x27|apos|nbsp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
}
