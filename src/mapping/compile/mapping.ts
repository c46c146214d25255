import type { ActivityKind } from '../../domain/crm.ts';
import type { DocumentPath } from '../../domain/document-path.ts';
import { pathText } from '../../domain/document-path.ts';
import { openReport, type MappingProblem, type Reporter } from '../document/problem.ts';
import { rowLists, type MappedObject } from '../document/rows.ts';
import type { MappingDocument } from '../document/schema.ts';
import { openExpressionCompiler } from '../expressions/expression.ts';
import { activityKindOf, type FieldRule, type Mapping, type MappingSource } from '../mapping.ts';
import { compileRow, type CompiledRow, type RowOutcome } from './row.ts';

/** The rows of a document, by the object they are written for. */
export type CompiledRows = Readonly<Record<MappedObject, readonly CompiledRow[]>>;

/** A document that is ready to be used, or why it is not. */
export type CompiledMapping =
  | { readonly kind: 'compiled'; readonly mapping: Mapping; readonly rows: CompiledRows }
  | { readonly kind: 'refused'; readonly problems: readonly MappingProblem[] };

/**
 * Makes a mapping of a document. Done once per version; what comes out is evaluated for every conversation.
 *
 * @param version what plans and the ledger will say of where their values came from; immutable
 */
export function compileMapping(document: MappingDocument, version: string): CompiledMapping {
  const report = openReport();
  const rows = compileRows(document, report);
  if (report.problems.length > 0) return { kind: 'refused', problems: report.problems };
  return { kind: 'compiled', rows, mapping: mappingOf(document, version, rows) };
}

/** Compiles all rows that can be; what is wrong with the others is reported. */
export function compileRows(document: MappingDocument, report: Reporter): CompiledRows {
  const expressions = openExpressionCompiler();
  const compiled: Record<MappedObject, readonly CompiledRow[]> = {
    person: [],
    call: [],
    text_message: [],
    chat: [],
    task: [],
  };
  for (const { object, path, rows } of rowLists(document)) {
    const compiling = { report, expressions, certain: CERTAIN[object] ?? NOTHING };
    compiled[object] = rows.flatMap((row, index) => compileRow(row, [...path, index], compiling) ?? []);
    refuseTwice(rows, path, report);
  }
  return compiled;
}

const NOTHING: ReadonlySet<string> = new Set();

/** A person is written for a caller who is recognised, a task when the policy wants one. */
const CERTAIN: Readonly<Partial<Record<MappedObject, ReadonlySet<string>>>> = {
  person: new Set(['caller.identity']),
  task: new Set(['task.dueAt', 'task.priority']),
};

/** Two rows for one field would write over each other. */
function refuseTwice(rows: readonly { readonly field: string }[], path: DocumentPath, report: Reporter): void {
  rows.forEach(({ field }, index) => {
    const first = rows.findIndex((row) => row.field.toLowerCase() === field.toLowerCase());
    if (first === index) return;
    report.problem(
      [...path, index, 'field'],
      `\`${field}\` stands twice; it is also at ${pathText([...path, first])}`,
      'keep one row; `coalesce` takes the first of several sources, `cel` chooses between them',
    );
  });
}

function mappingOf({ crm }: MappingDocument, version: string, rows: CompiledRows): Mapping {
  const outcomeOf = rememberOutcomes();
  const rules = (object: MappedObject): readonly FieldRule[] =>
    rows[object].map((row) => ({
      field: row.field,
      mode: row.mode,
      ...(row.limit === undefined ? {} : { limit: row.limit }),
      ...(row.shape.type === 'html' ? { isHtml: true } : {}),
      value: (source) => outcomeOf(row, source).value,
    }));
  const activities: Readonly<Record<ActivityKind, readonly FieldRule[]>> = {
    call: rules('call'),
    text_message: rules('text_message'),
    chat: rules('chat'),
  };
  return {
    version,
    crm,
    person: rules('person'),
    activity: (kind) => activities[kind],
    task: rules('task'),
    readsMessages: Object.values(rows).some((list) => list.some(({ reads }) => reads.has('messages'))),
    warnings: (source) =>
      concerned(rows, source).flatMap((row) =>
        outcomeOf(row, source).remarks.map((remark) => `${row.field}: ${remark}`),
      ),
  };
}

/** The rows that have a say in what becomes of a conversation. */
function concerned(rows: CompiledRows, { caller, known, followUp }: MappingSource): readonly CompiledRow[] {
  return [
    ...(caller.kind === 'identified' ? rows.person : []),
    ...rows[activityKindOf(known.conversation.channel)],
    ...(followUp === undefined ? [] : rows.task),
  ];
}

/** A row is evaluated once per conversation, whether its value or its remarks are asked for. */
function rememberOutcomes(): (row: CompiledRow, source: MappingSource) => RowOutcome {
  const remembered = new WeakMap<MappingSource, Map<CompiledRow, RowOutcome>>();
  return (row, source) => {
    const outcomes = remembered.get(source) ?? new Map<CompiledRow, RowOutcome>();
    remembered.set(source, outcomes);
    const outcome = outcomes.get(row) ?? row.evaluate(source);
    outcomes.set(row, outcome);
    return outcome;
  };
}
