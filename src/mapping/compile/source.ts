import type { DocumentPath } from '../../domain/document-path.ts';
import type { MappingSourceSpec, Transform } from '../document/schema.ts';
import { activityBody } from '../body.ts';
import { plainDescription } from '../plain-description.ts';
import type { Value } from '../source/value.ts';
import { ofType, TEXT_LIKE, type Run, type Shape, type TransformRule } from '../transforms/rule.ts';
import { ruleOf } from '../transforms/rules.ts';
import { compilePath } from './path.ts';
import { withStep, type CompiledStep } from './steps.ts';
import { compileTemplate } from './template.ts';
import { typeWords } from './type-words.ts';
import type { CompiledValue, Compiling } from './value.ts';

const NOTHING: ReadonlySet<string> = new Set();

/** The value that a row begins with; undefined, and problems reported, for one that cannot be. */
export function compileSource(
  spec: MappingSourceSpec,
  path: DocumentPath,
  compiling: Compiling,
): CompiledValue | undefined {
  if (spec.path !== undefined) return compilePath(spec.path, [...path, 'path'], compiling);
  if (spec.template !== undefined) return compileTemplate(spec.template, [...path, 'template'], compiling);
  if (spec.cel !== undefined) return compileExpression(spec.cel, [...path, 'cel'], compiling);
  if (spec.digest !== undefined) return digest(spec.digest);
  return constant(spec.constant ?? '');
}

/** The value with all steps after it. */
export function compileSteps(
  begin: CompiledValue,
  transforms: readonly Transform[],
  path: DocumentPath,
  compiling: Compiling,
): CompiledValue | undefined {
  return transforms.reduce<CompiledValue | undefined>((value, transform, index) => {
    if (value === undefined) return undefined;
    const at = [...path, index];
    const step = compileStep(transform, value.shape, at, compiling);
    return step && withStep(value, step, at, compiling);
  }, begin);
}

function compileStep(
  transform: Transform,
  before: Shape,
  path: DocumentPath,
  compiling: Compiling,
): CompiledStep | undefined {
  if (transform.use !== 'coalesce') return { use: transform.use, rule: ruleOf(transform), reads: NOTHING };
  const compiled = transform.of.map((spec, index) => compileSource(spec, [...path, 'of', index], compiling));
  const standIns = compiled.filter((value) => value !== undefined);
  if (standIns.length < compiled.length) return undefined;
  const shape = standIns.reduce<Shape | undefined>((all, { shape: next }) => all && eitherShape(all, next), before);
  if (shape === undefined) {
    const types = [before, ...standIns.map((value) => value.shape)].map(({ type }) => typeWords(type));
    compiling.report.problem(path, `\`coalesce\` mixes ${types.join(', ')}`, 'let all of its sources be of one type');
    return undefined;
  }
  const reads = standIns.reduce((all, value) => all.union(value.reads), NOTHING);
  return { use: 'coalesce', rule: coalesceRule(standIns, shape), reads };
}

function coalesceRule(standIns: readonly CompiledValue[], shape: Shape): TransformRule {
  return {
    accepts: [...TEXT_LIKE, 'html', 'number', 'boolean', 'list'],
    gives: () => shape,
    step: (value) => value,
    absent: (run) => firstOf(standIns, run),
  };
}

function firstOf(standIns: readonly CompiledValue[], run: Run): Value | undefined {
  for (const standIn of standIns) {
    const value = standIn.read(run);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** What one of two may be; undefined when no field could take both. */
function eitherShape(a: Shape, b: Shape): Shape | undefined {
  const type = a.type === b.type ? a.type : mixed(a, b);
  if (type === undefined) return undefined;
  return {
    type,
    maxLength: a.maxLength === undefined || b.maxLength === undefined ? undefined : Math.max(a.maxLength, b.maxLength),
    values: a.values === undefined || b.values === undefined ? undefined : [...a.values, ...b.values],
    always: a.always || b.always,
  };
}

function mixed(a: Shape, b: Shape): Shape['type'] | undefined {
  if (a.type === 'any' || b.type === 'any') return 'any';
  return TEXT_LIKE.includes(a.type) && TEXT_LIKE.includes(b.type) ? 'text' : undefined;
}

/** The value of an expression. */
export function compileExpression(text: string, path: DocumentPath, compiling: Compiling): CompiledValue | undefined {
  const expression = compiling.expressions.compile(text, path, compiling.report);
  if (expression === undefined) return undefined;
  return {
    shape: ofType(expression.type),
    reads: expression.reads,
    read: ({ source, warn }) => {
      const evaluated = expression.evaluate(source);
      if (evaluated.kind === 'failed') warn(`the expression failed (${evaluated.code})`);
      return evaluated.kind === 'value' ? evaluated.value : undefined;
    },
  };
}

function digest({ as, maxLength }: NonNullable<MappingSourceSpec['digest']>): CompiledValue {
  const write = as === 'html' ? activityBody : plainDescription;
  return {
    shape: { ...ofType(as, maxLength), always: true },
    reads: new Set(['conversation', 'messages', 'routing', 'handoff']),
    read: ({ source }) => write(source, maxLength),
  };
}

function constant(text: string): CompiledValue {
  return {
    shape: { type: 'text', maxLength: text.length, values: [text], always: true },
    reads: NOTHING,
    read: () => text,
  };
}
