/** Tells whoever waits that something happened, so that a wait is never a poll. */
export class ChangeSignal {
  readonly #listeners = new Set<() => void>();

  emit(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /**
   * Resolves as soon as `isTrue` holds, looking now and after each change.
   * @throws Error when it does not within `timeoutMs` milliseconds.
   */
  async until(isTrue: () => boolean, timeoutMs: number): Promise<void> {
    if (isTrue()) return;
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(deadline);
        this.#listeners.delete(look);
      };
      const deadline = setTimeout(() => {
        stop();
        reject(new Error(`the sandbox did not reach the awaited state within ${timeoutMs} ms`));
      }, timeoutMs);
      const look = (): void => {
        try {
          if (!isTrue()) return;
        } catch (error) {
          stop();
          reject(error instanceof Error ? error : new Error('the awaited condition failed', { cause: error }));
          return;
        }
        stop();
        resolve();
      };
      this.#listeners.add(look);
    });
  }
}
