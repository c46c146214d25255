import type { DocumentPath } from '../../domain/document-path.ts';
import { parseTemplate, type TemplatePart } from '../document/template.ts';
import { valueText, type Value } from '../source/value.ts';
import { ofType, type Run } from '../transforms/rule.ts';
import { ruleOf } from '../transforms/rules.ts';
import { compilePath } from './path.ts';
import { withStep } from './steps.ts';
import type { CompiledValue, Compiling } from './value.ts';

/** A template gives text, and no value at all when none of its values is there. */
export function compileTemplate(text: string, path: DocumentPath, compiling: Compiling): CompiledValue | undefined {
  const parts = parseTemplate(text, path, compiling.report);
  if (parts === undefined) return undefined;
  const compiled = parts.map((part) => (part.kind === 'words' ? part.text : compilePart(part, path, compiling)));
  const pieces = compiled.filter((part) => part !== undefined);
  if (pieces.length < parts.length) return undefined;
  const values = pieces.filter((piece) => typeof piece !== 'string');
  const lengths = pieces.map((piece) => (typeof piece === 'string' ? piece.length : piece.shape.maxLength));
  return {
    shape: {
      ...ofType(
        'text',
        lengths.reduce((sum, length) => (sum === undefined || length === undefined ? undefined : sum + length), 0),
      ),
      always: values.some(({ shape }) => shape.always),
    },
    reads: values.reduce<ReadonlySet<string>>((reads, value) => reads.union(value.reads), new Set()),
    read: (run) => fill(pieces, run),
  };
}

function compilePart(
  { path: valuePath, transforms }: Extract<TemplatePart, { kind: 'value' }>,
  path: DocumentPath,
  compiling: Compiling,
): CompiledValue | undefined {
  return transforms.reduce<CompiledValue | undefined>(
    (value, transform) =>
      value && withStep(value, { use: transform.use, rule: ruleOf(transform), reads: new Set() }, path, compiling),
    compilePath(valuePath, path, compiling),
  );
}

function fill(pieces: readonly (string | CompiledValue)[], run: Run): Value | undefined {
  let found = false;
  let text = '';
  for (const piece of pieces) {
    const value = typeof piece === 'string' ? piece : piece.read(run);
    if (value === undefined) continue;
    if (typeof piece !== 'string') found = true;
    text += valueText(value, ', ');
  }
  return found ? text : undefined;
}
