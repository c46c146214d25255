/** A signal that ends with the caller's, or after the time given, and knows which of the two it was. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Undefined while the time lasts. */
  readonly ended: 'timeout' | 'aborted' | undefined;
  /** To be called when the exchange is over, however it ended. */
  stop(): void;
}

/**
 * Made by hand rather than with `AbortSignal.any`: the caller's signal may live for hours, and everything hung on it
 * is taken off again when the exchange is over.
 */
export function startDeadline(timeoutMs: number, outer: AbortSignal): Deadline {
  const controller = new AbortController();
  let ended: Deadline['ended'];
  const end = (reason: 'timeout' | 'aborted') => {
    ended ??= reason;
    controller.abort();
  };
  const onAbort = () => end('aborted');
  const timer = setTimeout(() => end('timeout'), timeoutMs);
  outer.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    get ended() {
      return ended;
    },
    stop: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
    },
  };
}
