/** A source of numbers in [0, 1): the sandbox's only randomness, so that one seed replays one run. */
export type Random = () => number;

/** The mulberry32 generator: small, fast and good enough to shuffle and to make ids. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * The items in another order than they came in, always (one item excepted).
 * HubSpot's batch answers are not positional; a client that assumes they are must fail here every time, not now and then.
 */
export function inAnotherOrder<T>(items: readonly T[], random: Random): T[] {
  const shuffled = items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
  const unchanged = shuffled.every((item, position) => item === items[position]);
  return unchanged ? shuffled.reverse() : shuffled;
}

/** A version 4 UUID, used for correlation and request ids. */
export function randomUuid(random: Random): string {
  const hex = Array.from({ length: 32 }, (_, position) => {
    if (position === 12) return '4';
    const digit = Math.floor(random() * 16);
    return (position === 16 ? (digit & 0x3) | 0x8 : digit).toString(16);
  }).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
