import type { DescribedField } from '../../domain/crm.ts';
import { closestWord } from '../../domain/document-keys.ts';
import type { CompiledRow } from '../compile/row.ts';
import type { Reporter } from '../document/problem.ts';
import type { CrmRules } from './crm-rules.ts';
import { fieldKind } from './field-kind.ts';

/** A text field of fewer characters has no room for a block beside what people write. */
const LEAST_FOR_BLOCK = 1_000;

/** The field of a row, where the mapping may write it; else the problem is reported. */
export function findField(
  row: CompiledRow,
  object: string,
  fields: readonly DescribedField[],
  report: Reporter,
): DescribedField | undefined {
  const found = fields.find(({ name }) => name === row.field);
  if (found !== undefined) return found;
  report.problem([...row.path, 'field'], `${object} has no field \`${row.field}\``, meantField(row.field, fields));
  return undefined;
}

function meantField(wrong: string, fields: readonly DescribedField[]): string {
  const byLabel = fields.find(({ label }) => label.toLowerCase() === wrong.toLowerCase());
  const meant =
    byLabel?.name ??
    closestWord(
      wrong,
      fields.map(({ name }) => name),
    );
  return meant === undefined
    ? 'write the internal name of a field that the integration user can see, or make the field in the CRM'
    : `did you mean \`${meant}\`?`;
}

/** Whether this mapping may write this field in this mode. */
export function checkField(row: CompiledRow, field: DescribedField, rules: CrmRules, report: Reporter): void {
  const place = [...row.path, 'field'];
  if (!field.writable) {
    report.problem(
      place,
      `\`${field.name}\` cannot be written by the integration user`,
      'give the user write access to the field, or remove the row',
    );
  }
  if (field.unique && !rules.unique.has(field.name)) {
    report.warning(
      place,
      `no two records may hold one value of \`${field.name}\``,
      'the CRM refuses the second record with the same value',
      'write it only from values that are different for every record',
    );
  }
  if (rules.createOnly.has(field.name) && row.mode !== 'create_only') {
    report.problem(
      [...row.path, 'mode'],
      `\`${field.name}\` is taken only when the record is made`,
      'write `mode: create_only`',
    );
  }
  const isLong = fieldKind(field.type) === 'text' && (field.maxLength ?? LEAST_FOR_BLOCK) >= LEAST_FOR_BLOCK;
  if (row.mode === 'append_block' && !isLong) {
    report.problem(
      [...row.path, 'mode'],
      `\`${field.name}\` is no long text that a block could be added to`,
      'write `mode: overwrite_unless_edited` or `mode: fill_if_empty`',
    );
  }
}

/** Fields that something else of ours writes. */
export function checkReserved(row: CompiledRow, rules: CrmRules, report: Reporter): void {
  const filledBy = Object.hasOwn(rules.reserved, row.field) ? rules.reserved[row.field] : undefined;
  if (filledBy === undefined) return;
  report.problem([...row.path, 'field'], `\`${row.field}\` is ${filledBy}; a row would break it`, 'remove the row');
}
