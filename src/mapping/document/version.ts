/**
 * Names a mapping by what stands in it: `<name>-<8 hex digits>`. The order of keys makes no difference, and the same
 * document has the same version for good.
 */
export function mappingVersion(name: string, document: unknown): string {
  return `${name}-${digest(canonicalJson(document)).toString(16).padStart(8, '0')}`;
}

/** FNV-1a with the finish of MurmurHash3, 32 bits: tells versions apart, and protects nothing. */
function digest(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** JSON with the keys of every block in order of code unit: equal blocks are equal texts. */
export function canonicalJson(json: unknown): string {
  return JSON.stringify(json, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : value,
  );
}
