/** Keys and positions that lead to a part of a document that people write. */
export type DocumentPath = readonly (string | number)[];

/** A path as people write it: `tenants[0].name`. */
export function pathText(path: DocumentPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** The path that a text names; the other way round of {@link pathText}. */
export function pathOfText(text: string): DocumentPath {
  return Array.from(text.matchAll(/\[(\d+)\]|[^.[\]]+/g), ([step, position]) =>
    position === undefined ? step : Number(position),
  );
}
