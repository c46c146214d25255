import type { CrmFailure } from '../../src/domain/crm.ts';

/** A batch is answered with one result per input, or refused as a whole. */
export type BatchAttempt<R> =
  | { readonly kind: 'answered'; readonly results: readonly R[] }
  | { readonly kind: 'refused'; readonly failure: CrmFailure };

export interface Isolation<I, R> {
  /** Statuses by which this endpoint refuses a whole batch because of one of its inputs. */
  readonly statuses: readonly number[];
  readonly attempt: (inputs: readonly I[]) => Promise<BatchAttempt<R>>;
  readonly refuse: (failure: CrmFailure) => R;
  /** Inputs the failure is about for certain; spares the search for them. */
  readonly isAbout?: (failure: CrmFailure, input: I) => boolean;
}

/**
 * Sends a batch; when it is refused because of some inputs, halves it until they stand alone. Their neighbours are
 * written. Nothing is sent a second time that was answered, and no input more than 1 + log2(n) times.
 *
 * Results are in the order of the inputs.
 */
export async function isolateBadInputs<I, R>(inputs: readonly I[], isolation: Isolation<I, R>): Promise<readonly R[]> {
  if (inputs.length === 0) return [];
  const outcome = await isolation.attempt(inputs);
  if (outcome.kind === 'answered') return outcome.results;
  const { failure } = outcome;
  if (inputs.length === 1 || !isForAnInput(failure, isolation.statuses))
    return inputs.map(() => isolation.refuse(failure));

  const guilty = inputs.filter((input) => isolation.isAbout?.(failure, input) ?? false);
  if (guilty.length > 0) return resendWithout(new Set(guilty), inputs, failure, isolation);

  const middle = Math.ceil(inputs.length / 2);
  const halves = await Promise.all([
    isolateBadInputs(inputs.slice(0, middle), isolation),
    isolateBadInputs(inputs.slice(middle), isolation),
  ]);
  return halves.flat();
}

async function resendWithout<I, R>(
  guilty: ReadonlySet<I>,
  inputs: readonly I[],
  failure: CrmFailure,
  isolation: Isolation<I, R>,
): Promise<readonly R[]> {
  const innocent = inputs.filter((input) => !guilty.has(input));
  const results = (await isolateBadInputs(innocent, isolation)).values();
  return inputs.map((input) => (guilty.has(input) ? isolation.refuse(failure) : take(results)));
}

function take<R>(results: Iterator<R>): R {
  const next = results.next();
  // An attempt that answers with fewer results than inputs breaks its contract; guessing would mix up records.
  if (next.done === true) throw new Error('A batch was answered with fewer results than it had inputs.');
  return next.value;
}

function isForAnInput(failure: CrmFailure, statuses: readonly number[]): boolean {
  return failure.disposition !== 'bug' && failure.status !== undefined && statuses.includes(failure.status);
}
