/** What a person sees of HTML: no tags, entities read, blocks on lines of their own. Takes time in proportion to its length. */
export function plainText(html: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    parts.push(html.slice(at, open));
    const name = TAG.exec(html.slice(open, open + LONGEST_TAG))?.[1]?.toLowerCase();
    const close = name === undefined ? -1 : html.indexOf('>', open);
    if (name !== undefined && close < 0) return tidy(parts);
    if (name === undefined) parts.push('<');
    else if (BLOCKS.has(name)) parts.push('\n');
    at = name === undefined ? open + 1 : afterTag(html, name, close);
  }
  parts.push(html.slice(at));
  return tidy(parts);
}

/** `<` that begins a tag, a closing tag or a comment, and not `a < b`. */
const TAG = /^<\/?([A-Za-z][A-Za-z0-9]*|!)/;
const LONGEST_TAG = 32;
const BLOCKS: ReadonlySet<string> = new Set(
  'address article blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table td th tr ul'.split(' '),
);

/** Where the text goes on: behind the tag, and behind all of what is never shown. */
function afterTag(html: string, name: string, close: number): number {
  if (name !== 'script' && name !== 'style') return close + 1;
  const rest = html.slice(close).search(new RegExp(`</${name}`, 'i'));
  if (rest < 0) return html.length;
  const end = html.indexOf('>', close + rest);
  return end < 0 ? html.length : end + 1;
}

function tidy(parts: readonly string[]): string {
  return parts
    .join('')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi, character)
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function character(entity: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
  const code = decimal === undefined ? parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
