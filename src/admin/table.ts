/** A column of a table; numbers stand on the right. */
export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** Lays rows out in columns, two spaces apart. Widths count characters as a terminal shows them, without colours. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(width(title), ...rows.map((row) => width(row[index] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => pad(cells[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)].join('\n');
}

function pad(text: string, wanted: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, wanted - width(text)));
  return align === 'right' ? `${space}${text}` : `${text}${space}`;
}

// The escape character starts a colour sequence; it has no width.
// eslint-disable-next-line no-control-regex
const COLOURS = /\u001b\[\d+m/g;

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

function width(text: string): number {
  return Array.from(characters.segment(text.replaceAll(COLOURS, ''))).length;
}
