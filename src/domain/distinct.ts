/** True when nothing stands in the list more than once. */
export function isDistinct(items: readonly unknown[]): boolean {
  return new Set(items).size === items.length;
}
