import type { ValueType } from '../source/value.ts';

const TYPE_WORDS: Readonly<Record<ValueType, string>> = {
  text: 'text',
  html: 'HTML',
  number: 'a number',
  boolean: 'yes or no',
  instant: 'a date and time',
  day: 'a day',
  list: 'a list',
  any: 'any value',
};

/** A type as people say it. */
export function typeWords(type: ValueType): string {
  return TYPE_WORDS[type];
}

/** What to put between a value of one type and a step that takes others. */
export function bridge(from: ValueType, use: string, accepts: readonly ValueType[]): string {
  if (from === 'html') return `put \`${use}\` before \`html\`; HTML is the last step`;
  if (from === 'list') return `put \`{ use: join }\` or \`{ use: pick, position: 1 }\` before \`${use}\``;
  if (accepts.includes('list')) return `put \`{ use: split, by: "," }\` before \`${use}\``;
  if (accepts.includes('number')) return `put \`{ use: number }\` before \`${use}\``;
  return `remove \`${use}\`, or take another source`;
}
