import type { ASTNode } from '@marcbachmann/cel-js';

/** Why an expression is not allowed; `start` and `end` are characters of it. */
export interface Refusal {
  readonly reason: string;
  readonly fix: string;
  readonly start: number;
  readonly end: number;
}

/** Ends the walk through an expression; never leaves this folder. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/** Refuses a part of an expression. */
export function refused({ start, end }: ASTNode, reason: string, fix: string): Refused {
  return new Refused({ reason, fix, start, end });
}

/** For a function that is not among those whose cost is known. */
export function unknown(node: ASTNode, name: string, known: readonly string[]): Refused {
  const reason =
    name === 'matches' ? '`matches` is not available: a pattern can run for ever' : `\`${name}\` is not available`;
  return refused(node, reason, `available here: ${known.toSorted().join(', ')}`);
}
