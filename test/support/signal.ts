import { EventEmitter, once } from 'node:events';

/** "Something changed": waiting without polling and without sleeping. */
export interface Signal {
  raise(): void;
  /**
   * Resolves once the condition holds; looks at once and after every change.
   * @throws Error with what `describe` says when `timeoutMs` have passed.
   */
  until(isTrue: () => Promise<boolean> | boolean, timeoutMs: number, describe: () => string): Promise<void>;
}

export function createSignal(): Signal {
  const emitter = new EventEmitter().setMaxListeners(0);
  let changes = 0;
  return {
    raise() {
      changes += 1;
      emitter.emit('change');
    },
    async until(isTrue, timeoutMs, describe) {
      const late = AbortSignal.timeout(timeoutMs);
      for (;;) {
        const seen = changes;
        if (await isTrue()) return;
        // Something changed while we looked: look again, or the change would be missed.
        if (changes !== seen) continue;
        try {
          await once(emitter, 'change', { signal: late });
        } catch (error) {
          if (late.aborted) throw new Error(`waited ${timeoutMs} ms in vain: ${describe()}`, { cause: error });
          throw error;
        }
      }
    },
  };
}
