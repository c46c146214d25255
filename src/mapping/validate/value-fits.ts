import type { DescribedField } from '../../domain/crm.ts';
import { typeWords } from '../compile/type-words.ts';
import type { CompiledRow } from '../compile/row.ts';
import type { Reporter } from '../document/problem.ts';
import type { ValueType } from '../source/value.ts';
import type { CrmRules } from './crm-rules.ts';
import { fieldKind, type FieldKind } from './field-kind.ts';

/** Types that a kind of field takes for sure. */
const TAKES: Readonly<Record<FieldKind, readonly ValueType[]>> = {
  text: ['text', 'html', 'number', 'boolean', 'instant', 'day'],
  number: ['number'],
  boolean: ['boolean'],
  date: ['day'],
  date_time: ['instant', 'number'],
  choice: ['text', 'boolean', 'number'],
  choices: ['text', 'boolean', 'number', 'list'],
  reference: ['text'],
  unsupported: [],
};

/** The step that makes a value fit a kind of field. */
const MAKES: Readonly<Partial<Record<FieldKind, string>>> = {
  number: 'add `{ use: number }` to its transforms',
  boolean: 'add `{ use: boolean }` to its transforms',
  date: 'add `{ use: date }` to its transforms',
  date_time: 'add `{ use: date_time }` to its transforms',
  choice: 'add `{ use: value_map, values: { ... } }` to its transforms',
  choices: 'add `{ use: value_map, values: { ... } }` to its transforms',
  text: 'add `{ use: join }` to its transforms',
};

/** Looks whether the values of a row fit the type of their field. */
export function checkValue(row: CompiledRow, field: DescribedField, rules: CrmRules, report: Reporter): void {
  const kind = fieldKind(field.type);
  const place = [...row.path, 'transforms'];
  const { type, values } = row.shape;
  const name = `\`${field.name}\``;
  if (kind === 'unsupported') {
    report.problem(
      [...row.path, 'field'],
      `${name} is of type ${field.type}, which no row can write`,
      'choose another field',
    );
    return;
  }
  if (type === 'any') {
    report.warning(
      place,
      `${name} takes ${kindWords(kind)}; what comes is known only when it is there`,
      'a value that does not fit is refused or left out',
      MAKES[kind] ?? 'check the values in a plan',
    );
    return;
  }
  const fitting = TAKES[kind].includes(type) || isWrittenOut(kind, values);
  if (!fitting) {
    report.problem(
      place,
      `${name} takes ${kindWords(kind)}; here it gets ${typeWords(type)}`,
      MAKES[kind] ?? 'choose another field',
    );
    return;
  }
  if (kind === 'choice' || kind === 'choices') checkOptions(row, field, report);
  if (kind === 'text') checkText(row, field, rules, report);
}

/** Constants and value maps may write a number or yes/no as text. */
function isWrittenOut(kind: FieldKind, values: readonly string[] | undefined): boolean {
  if (values === undefined || values.length === 0) return false;
  if (kind === 'number') return values.every((text) => Number.isFinite(Number(text)));
  return kind === 'boolean' && values.every((text) => text === 'true' || text === 'false');
}

function checkOptions({ path, shape }: CompiledRow, field: DescribedField, report: Reporter): void {
  if (field.options === undefined) return;
  const known = new Set(field.options.flatMap(({ value, label }) => [value, label.toLowerCase()]));
  const shown = field.options.slice(0, 20).map(({ value }) => value);
  if (shape.values === undefined) {
    report.warning(
      [...path, 'transforms'],
      `\`${field.name}\` takes only its options, and any text may come`,
      'a value that is no option is refused or left out',
      'add `{ use: value_map, values: { ... } }` to its transforms',
    );
    return;
  }
  for (const value of shape.values) {
    if (known.has(value) || known.has(value.toLowerCase())) continue;
    report.problem(
      [...path, 'transforms'],
      `'${value}' is no option of \`${field.name}\``,
      `write one of ${shown.join(', ')}`,
    );
  }
}

function checkText({ path, shape }: CompiledRow, field: DescribedField, rules: CrmRules, report: Reporter): void {
  const { maxLength: limit } = field;
  if (limit !== undefined && (shape.maxLength === undefined || shape.maxLength > limit)) {
    report.warning(
      [...path, 'transforms'],
      `\`${field.name}\` takes ${limit} characters, and longer texts may come`,
      rules.tooLong(field),
      shorten(shape.type, field, limit),
    );
  }
  const isHtmlField = rules.html.has(field.name);
  if (shape.type === 'html' && !isHtmlField) {
    report.warning(
      [...path, 'transforms'],
      `\`${field.name}\` shows plain text, and HTML comes`,
      'people see tags',
      'remove `html`, or write the digest `as: text`',
    );
  }
  if (shape.type === 'text' && isHtmlField && shape.values === undefined) {
    report.warning(
      [...path, 'transforms'],
      `\`${field.name}\` shows HTML, and plain text comes`,
      'what a caller says may be read as markup',
      'add `{ use: html }` as the last step',
    );
  }
}

function shorten(type: ValueType, field: DescribedField, limit: number): string {
  if (type === 'html') return 'cut the text with `truncate` before `html`, or lower the `maxLength` of the digest';
  return field.type === 'email'
    ? `add \`{ use: email, maxLength: ${limit} }\` to its transforms`
    : `add \`{ use: truncate, max: ${limit} }\` to its transforms`;
}

function kindWords(kind: FieldKind): string {
  const words: Readonly<Record<FieldKind, string>> = {
    text: 'text',
    number: 'a number',
    boolean: 'true or false',
    date: 'a day',
    date_time: 'a date and time',
    choice: 'one of its options',
    choices: 'its options',
    reference: 'the id of a record',
    unsupported: 'nothing',
  };
  return words[kind];
}
