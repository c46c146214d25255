/** Admins change fields, options and permissions now and then; what no refusal has shown is noticed by then. */
export const FRESH_FOR_MS = 60 * 60_000;

/** A refusal by what was read this recently is the account's last word, and no reason to read again. */
const BEYOND_DOUBT_FOR_MS = 60_000;

/** What was read of the account: a success carries the value in whatever form its reader gives it. */
type Read = { readonly kind: 'failed' } | { readonly kind: string };

/** Something of the account (its schema, its options, its owners), read when it is needed and not known. */
export interface Remembered<S, R extends Read> {
  /** Callers that need it at once wait for one reading. */
  get(session: S): Promise<R>;
  /** The account has refused what it should have taken by what we read. @returns whether it will be read again */
  doubt(): boolean;
}

export interface RememberOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds; an hour unless given. */
  readonly freshForMs?: number;
  /** Milliseconds for which a failure is the answer too, where asking again at once is of no use; none unless given. */
  readonly failedForMs?: number;
}

/**
 * Remembers what `read` gave: a success for a while, a failure only where that is asked for. A rejection reaches
 * whoever waits for it, and is not remembered.
 *
 * @param read gives the kind `failed` for what could not be read
 */
export function remember<S, R extends Read>(
  read: (session: S) => Promise<R>,
  { now, freshForMs = FRESH_FOR_MS, failedForMs = 0 }: RememberOptions,
): Remembered<S, R> {
  let known: { readonly readAt: number; readonly result: Promise<R>; believedForMs: number } | undefined;

  function readNow(session: S): Promise<R> {
    const reading = { readAt: now(), result: read(session), believedForMs: freshForMs };
    known = reading;
    void reading.result.then(
      (result) => {
        if (result.kind === 'failed') reading.believedForMs = failedForMs;
      },
      () => {
        if (known === reading) known = undefined;
      },
    );
    return reading.result;
  }

  return {
    get: (session) =>
      known !== undefined && now() - known.readAt < known.believedForMs ? known.result : readNow(session),
    doubt: () => {
      if (known === undefined || now() - known.readAt < BEYOND_DOUBT_FOR_MS) return false;
      known = undefined;
      return true;
    },
  };
}
