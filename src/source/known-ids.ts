/** The ids seen most recently, so that "does it exist?" seldom costs a request. */
export interface KnownIds {
  add(id: string): void;
  has(id: string): boolean;
}

/** Creates a memory of at most `size` ids. */
export function createKnownIds(size: number): KnownIds {
  const ids = new Set<string>();
  return {
    add: (id) => {
      ids.delete(id);
      ids.add(id);
      if (ids.size <= size) return;
      const [oldest] = ids;
      if (oldest !== undefined) ids.delete(oldest);
    },
    has: (id) => ids.has(id),
  };
}
