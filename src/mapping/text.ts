/** Escapes text for use inside HTML, element content and quoted attributes alike. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Text as HTML without any markup of its own: line ends become breaks. */
export function htmlLines(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * At most `limit` UTF-16 units, the way CRMs count. Cuts between code points, never inside one, and says
 * that it cut.
 */
export function truncate(text: string, limit: number, marker = '…'): string {
  if (text.length <= limit) return text;
  let end = Math.max(0, limit - marker.length);
  // A high surrogate at the end would lose its other half.
  if (/[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end -= 1;
  return (text.slice(0, end) + marker).slice(0, limit);
}

/** Control characters (but not line ends and tabs) and lone surrogates have no place in a CRM, and some refuse them. */
export function cleanText(text: string): string {
  // eslint-disable-next-line no-control-regex -- removing control characters is the purpose
  return text.toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '');
}

/** The first sentence or line, for titles. */
export function firstSentence(text: string): string {
  return /^[^\n]*?(?:[.!?](?=\s|$)|(?=\n)|$)/.exec(text.trim())?.[0].trim() ?? '';
}

/** First and last name as most CRMs want them; a single word is a first name. */
export function splitName(name: string): { readonly first: string; readonly last: string | undefined } {
  const words = name.trim().split(/\s+/);
  const [first = '', ...rest] = words;
  return { first, last: rest.length === 0 ? undefined : rest.join(' ') };
}
