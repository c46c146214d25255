const hourMs = 3_600_000;
const dayHours = 24;

/** Counts requests of the last 24 hours, an hour at a time: the org's limit is rolling and shared by all its apps. */
export class DailyLimit {
  readonly #settings: { readonly now: () => number; readonly allowed: () => number | null };
  readonly #hours = new Map<number, number>();

  constructor(settings: { readonly now: () => number; readonly allowed: () => number | null }) {
    this.#settings = settings;
  }

  reset(): void {
    this.#hours.clear();
  }

  /** Counts a request, or refuses it: refused ones use nothing up. */
  admit(): boolean {
    const allowed = this.#settings.allowed();
    if (allowed !== null && this.used() >= allowed) return false;
    this.spend(1);
    return true;
  }

  /** Requests of somebody else's. */
  spend(requests: number): void {
    const hour = Math.floor(this.#settings.now() / hourMs);
    this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + requests);
  }

  used(): number {
    const oldest = Math.floor(this.#settings.now() / hourMs) - dayHours;
    let sum = 0;
    for (const [hour, requests] of this.#hours) {
      if (hour <= oldest) this.#hours.delete(hour);
      else sum += requests;
    }
    return sum;
  }

  allowed(): number {
    return this.#settings.allowed() ?? 100_000;
  }

  /** The value of `Sforce-Limit-Info`. */
  header(): string {
    return `api-usage=${this.used()}/${this.allowed()}`;
  }
}
