import type { Reporter } from '../document/problem.ts';
import type { ExpressionCompiler } from '../expressions/expression.ts';
import type { Value } from '../source/value.ts';
import type { Run, Shape } from '../transforms/rule.ts';

/** A value that is ready to be read, again and again. */
export interface CompiledValue {
  readonly shape: Shape;
  /** Groups of the source that it reads: `conversation`, `messages`. */
  readonly reads: ReadonlySet<string>;
  readonly read: (run: Run) => Value | undefined;
}

/** What rows of one document are compiled with. */
export interface Compiling {
  /** Paths that have a value wherever these rows are evaluated: a task that is made has a due time. */
  readonly certain: ReadonlySet<string>;
  readonly report: Reporter;
  readonly expressions: ExpressionCompiler;
}
