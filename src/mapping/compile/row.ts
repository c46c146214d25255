import type { DocumentPath } from '../../domain/document-path.ts';
import type { WriteMode } from '../../domain/plan.ts';
import type { MappingRow } from '../document/schema.ts';
import type { MappingSource } from '../mapping.ts';
import { presentText } from '../source/field.ts';
import { valueText } from '../source/value.ts';
import type { Shape } from '../transforms/rule.ts';
import { compileExpression, compileSource, compileSteps } from './source.ts';
import { typeWords } from './type-words.ts';
import type { CompiledValue, Compiling } from './value.ts';

/** What a row came to for one conversation. */
export interface RowOutcome {
  /** Undefined leaves the field alone. */
  readonly value: string | undefined;
  readonly remarks: readonly string[];
}

/** A row that is ready to be evaluated. */
export interface CompiledRow {
  readonly field: string;
  readonly mode: WriteMode;
  readonly path: DocumentPath;
  readonly shape: Shape;
  /** Characters that the row cuts its value to; undefined where it does not. */
  readonly limit: number | undefined;
  /** True when a condition decides whether there is a value. */
  readonly conditional: boolean;
  readonly reads: ReadonlySet<string>;
  /** Pure and total. */
  readonly evaluate: (source: MappingSource) => RowOutcome;
}

/** Undefined, and problems reported, for a row that cannot be. */
export function compileRow(row: MappingRow, path: DocumentPath, compiling: Compiling): CompiledRow | undefined {
  if (row.ifNull === 'clear') {
    compiling.report.problem(
      [...path, 'ifNull'],
      'clearing a field is not available yet',
      'write `ifNull: leave`, or `ifNull: { default: TEXT }` with a text that says so',
    );
  }
  const begin = compileSource(row.from, [...path, 'from'], compiling);
  const value = begin && compileSteps(begin, row.transforms ?? [], [...path, 'transforms'], compiling);
  const when = row.when === undefined ? undefined : compileCondition(row.when, [...path, 'when'], compiling);
  if (value === undefined || (row.when !== undefined && when === undefined)) return undefined;
  const standIn = typeof row.ifNull === 'object' ? presentText(row.ifNull.default) : undefined;
  return {
    field: row.field,
    mode: row.mode,
    path,
    shape: standIn === undefined ? value.shape : withStandIn(value.shape, standIn),
    limit: limitOf(row),
    conditional: when !== undefined,
    reads: when === undefined ? value.reads : value.reads.union(when.reads),
    evaluate: (source) => evaluateRow(source, value, when, standIn),
  };
}

/** The last word counts: what a digest was made for, unless a step cuts it further. */
function limitOf({ from, transforms = [] }: MappingRow): number | undefined {
  return transforms.findLast((step) => step.use === 'truncate')?.max ?? from.digest?.maxLength;
}

function compileCondition(text: string, path: DocumentPath, compiling: Compiling): CompiledValue | undefined {
  const condition = compileExpression(text, path, compiling);
  if (condition === undefined || condition.shape.type === 'boolean' || condition.shape.type === 'any') return condition;
  compiling.report.problem(
    path,
    `a condition is true or false; this one gives ${typeWords(condition.shape.type)}`,
    'compare it with something, as in `conversation.status == "missed"`',
  );
  return undefined;
}

function withStandIn(shape: Shape, standIn: string): Shape {
  const { maxLength, values } = shape;
  return {
    ...shape,
    maxLength: maxLength === undefined ? undefined : Math.max(maxLength, standIn.length),
    values: values === undefined ? undefined : [...values, standIn],
    always: true,
  };
}

function evaluateRow(
  source: MappingSource,
  value: CompiledValue,
  when: CompiledValue | undefined,
  standIn: string | undefined,
): RowOutcome {
  const remarks: string[] = [];
  const run = { source, warn: (remark: string) => void remarks.push(remark) };
  if (when !== undefined && when.read(run) !== true) return { value: undefined, remarks };
  const found = value.read(run);
  return { value: (found === undefined ? undefined : presentText(valueText(found))) ?? standIn, remarks };
}
