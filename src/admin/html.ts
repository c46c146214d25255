/** Markup that is safe to send: made only by {@link html}. */
export interface Html {
  readonly markup: string;
}

/** What may stand in a template: text is escaped, markup is not. */
export type HtmlPart = string | number | Html | readonly Html[];

/** A template whose values are escaped. There is no way around it: whatever is not {@link Html} is text. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  const markup = strings.reduce((text, part, index) => `${text}${toMarkup(parts[index - 1] ?? '')}${part}`);
  return { markup };
}

function toMarkup(part: HtmlPart): string {
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
