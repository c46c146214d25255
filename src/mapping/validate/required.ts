import type { DescribedField } from '../../domain/crm.ts';
import type { DocumentPath } from '../../domain/document-path.ts';
import type { CompiledRow } from '../compile/row.ts';
import type { Reporter } from '../document/problem.ts';
import type { CrmRules } from './crm-rules.ts';

/** Looks whether a record that the rows make would have all that the CRM asks for. */
export function checkRequired(
  rows: readonly CompiledRow[],
  path: DocumentPath,
  object: string,
  fields: readonly DescribedField[],
  rules: CrmRules,
  report: Reporter,
): void {
  for (const { name, required, writable } of fields) {
    if (!required || !writable || rules.filled.has(name) || Object.hasOwn(rules.reserved, name)) continue;
    const row = rows.find(({ field, mode }) => field === name && mode !== 'never');
    if (row === undefined) {
      report.problem(path, `${object} asks for \`${name}\`, and no row writes it`, `add a row with \`field: ${name}\``);
    } else if (row.conditional || !row.shape.always) {
      report.warning(
        row.path,
        `${object} asks for \`${name}\`, and this row may have no value`,
        `the CRM refuses to make the record without it`,
        'add `ifNull: { default: TEXT }`, and no condition',
      );
    }
  }
}
