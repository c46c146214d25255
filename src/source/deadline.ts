/** One time limit over all phases of a request, joined with the caller's own wish to stop. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Why it fired, if it did. */
  cause(): 'timeout' | 'aborted' | undefined;
  /** Must be called when the work is over: removes timer and listener. */
  end(): void;
}

/** Starts a deadline of `ms` milliseconds that also fires when `outer` does. */
export function startDeadline(ms: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let cause: 'timeout' | 'aborted' | undefined;
  const fire = (why: 'timeout' | 'aborted'): void => {
    cause ??= why;
    controller.abort();
  };
  const onOuterAbort = (): void => fire('aborted');
  const timer = setTimeout(() => fire('timeout'), ms);
  if (outer?.aborted === true) onOuterAbort();
  else outer?.addEventListener('abort', onOuterAbort, { once: true });
  return {
    signal: controller.signal,
    cause: () => cause,
    end: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuterAbort);
    },
  };
}
