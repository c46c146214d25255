/** A bounded map whose entries are forgotten by themselves. */
export interface ShortMemory<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value, keepMs: number): void;
}

/** @param capacity beyond it the oldest entry makes room: strangers who try many keys cannot fill the process. */
export function createShortMemory<Key, Value>(clock: () => Date, capacity: number): ShortMemory<Key, Value> {
  const entries = new Map<Key, { readonly value: Value; readonly from: number; readonly until: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      const now = clock().getTime();
      // A clock that was set back must not keep an entry alive.
      if (now >= entry.from && now < entry.until) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value, keepMs) {
      entries.delete(key);
      const [oldest] = entries.keys();
      if (oldest !== undefined && entries.size >= capacity) entries.delete(oldest);
      const from = clock().getTime();
      entries.set(key, { value, from, until: from + keepMs });
    },
  };
}
