/** Pauses that end early when the server closes, so that nothing of it outlives it. */
export class Timers {
  readonly #ends = new Set<() => void>();
  #closed = false;

  /** Resolves after `ms` milliseconds, or at once when closed. */
  async pause(ms: number): Promise<void> {
    if (ms <= 0 || this.#closed) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#ends.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#ends.add(end);
    });
  }

  close(): void {
    this.#closed = true;
    for (const end of [...this.#ends]) end();
  }
}
