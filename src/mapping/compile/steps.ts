import type { DocumentPath } from '../../domain/document-path.ts';
import type { Transform } from '../document/schema.ts';
import type { TransformRule } from '../transforms/rule.ts';
import { presentValue } from '../source/value.ts';
import { bridge, typeWords } from './type-words.ts';
import type { CompiledValue, Compiling } from './value.ts';

/** One transform, ready, with what it reads beside the value. */
export interface CompiledStep {
  readonly use: Transform['use'];
  readonly rule: TransformRule;
  readonly reads: ReadonlySet<string>;
}

/** A value with a step after it; undefined, and the problem reported, where the step does not take such a value. */
export function withStep(
  value: CompiledValue,
  { use, rule, reads }: CompiledStep,
  path: DocumentPath,
  { report }: Compiling,
): CompiledValue | undefined {
  const { type } = value.shape;
  if (type !== 'any' && !rule.accepts.includes(type)) {
    const takes = rule.accepts.map(typeWords).join(', ');
    report.problem(path, `\`${use}\` takes ${takes}; here it gets ${typeWords(type)}`, bridge(type, use, rule.accepts));
    return undefined;
  }
  return {
    shape: rule.gives(value.shape),
    reads: reads.size === 0 ? value.reads : value.reads.union(reads),
    read: (run) => {
      const before = value.read(run);
      return presentValue(before === undefined ? rule.absent?.(run) : rule.step(before, run));
    },
  };
}
