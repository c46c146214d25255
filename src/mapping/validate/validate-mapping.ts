import type { CrmKind, Description } from '../../domain/crm.ts';
import { compileRows, type CompiledRows } from '../compile/mapping.ts';
import type { CompiledRow } from '../compile/row.ts';
import { parseMappingDocument } from '../document/parse.ts';
import { openReport, type MappingProblem, type MappingWarning, type Report } from '../document/problem.ts';
import { rowLists, type RowList } from '../document/rows.ts';
import type { MappingDocument } from '../document/schema.ts';
import { crmRules, type CrmRules } from './crm-rules.ts';
import { checkField, checkReserved, findField } from './field-rules.ts';
import { checkRequired } from './required.ts';
import { checkValue } from './value-fits.ts';

/** What is to be said of a document before it is used. It may be used when there are no problems. */
export interface Validation {
  /** Undefined when it has not even the form of a mapping. */
  readonly document: MappingDocument | undefined;
  readonly problems: readonly MappingProblem[];
  readonly warnings: readonly MappingWarning[];
}

/**
 * Validates what stands in a file: its form, then its rows, then whether they fit the account.
 *
 * @param crm of the connection that it is for; undefined to look at the document alone
 * @param description the live schema of the account; undefined to look at the document alone
 */
export function validateMapping(json: unknown, crm?: CrmKind, description?: Description): Validation {
  const parsed = parseMappingDocument(json);
  if (parsed.kind === 'invalid') return { document: undefined, problems: parsed.problems, warnings: [] };
  const { document } = parsed;
  const report = openReport();
  if (crm !== undefined && document.crm !== crm) {
    report.problem(
      ['crm'],
      `the mapping is for ${document.crm}, the connection is to ${crm}`,
      `write \`crm: ${crm}\`, and its fields`,
    );
  }
  const rows = compileRows(document, report);
  const rules = crmRules(document.crm);
  for (const row of Object.values(rows).flat()) checkReserved(row, rules, report);
  if (description !== undefined && (crm ?? document.crm) === document.crm)
    checkAccount(document, rows, rules, description, report);
  return { document, problems: report.problems, warnings: report.warnings };
}

function checkAccount(
  document: MappingDocument,
  rows: CompiledRows,
  rules: CrmRules,
  description: Description,
  report: Report,
): void {
  if (description.kind === 'could_not_check') {
    report.warning(
      [],
      `the fields of the account could not be read (${description.failure.code})`,
      'rows that do not fit show up only when records are refused',
      'validate again when the account answers',
    );
    return;
  }
  for (const list of rowLists(document)) checkList(list, rows[list.object], rules, description.objects, report);
}

function checkList(
  { object, path }: RowList,
  rows: readonly CompiledRow[],
  rules: CrmRules,
  objects: Extract<Description, { kind: 'described' }>['objects'],
  report: Report,
): void {
  const names = rules.objects[object].filter((name) => objects[name] !== undefined);
  if (names.length === 0) {
    if (rows.length > 0) {
      report.warning(
        path,
        `the integration user cannot see ${rules.objects[object].join(' or ')}`,
        'nothing of this list can be written',
        'give the user access to the object, or remove the rows',
      );
    }
    return;
  }
  const fields = names.map((name) => ({ name, fields: objects[name] ?? [] }));
  for (const row of rows) checkRow(row, fields, rules, report);
  // An empty list writes nothing of its kind: nothing can be missing.
  if (rows.length === 0) return;
  for (const { name, fields: described } of fields) checkRequired(rows, path, name, described, rules, report);
}

/** A field of one of two kinds of people is enough: the connector leaves it out for the other. */
function checkRow(
  row: CompiledRow,
  objects: readonly { readonly name: string; readonly fields: Parameters<typeof findField>[2] }[],
  rules: CrmRules,
  report: Report,
): void {
  const holders = objects.filter(({ fields }) => fields.some(({ name }) => name === row.field));
  const [first] = holders.length === 0 ? objects : holders;
  const field = first && findField(row, first.name, first.fields, report);
  if (field === undefined || row.mode === 'never' || Object.hasOwn(rules.reserved, row.field)) return;
  checkField(row, field, rules, report);
  checkValue(row, field, rules, report);
}
