/** Part of the public surface: people script against these numbers. */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command came to; printed as text or, with `--json`, as one document. */
export interface CommandOutcome {
  readonly exitCode: ExitCode;
  /** The answer in words, then tables, each a block of its own. */
  readonly blocks: readonly string[];
  /** What to do next. */
  readonly hints: readonly string[];
  /** The complete answer; its shape is stable. */
  readonly json: unknown;
}

/** A command that did what it was asked for. */
export function done(
  outcome: Omit<CommandOutcome, 'exitCode' | 'hints'> & { hints?: readonly string[] },
): CommandOutcome {
  return { exitCode: EXIT.done, hints: [], ...outcome };
}

/** A command that could not, or not completely, do what it was asked for. */
export function failed(
  outcome: Omit<CommandOutcome, 'exitCode' | 'hints'> & { hints?: readonly string[] },
): CommandOutcome {
  return { exitCode: EXIT.failed, hints: [], ...outcome };
}

/** The text of an outcome: the answer, then tables, then hints. */
export function outcomeText(outcome: CommandOutcome): string {
  const hints = outcome.hints.map((hint) => `→ ${hint}`).join('\n');
  return [...outcome.blocks, ...(hints === '' ? [] : [hints])].join('\n\n').concat('\n');
}
