/** Draws numbers in [0, 1), the same sequence for the same seed. */
export type Random = () => number;

/**
 * A seeded generator (mulberry32, Tommy Ettinger, public domain): small, and good enough to shuffle and initialise.
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The numbers 0 to count - 1 in a random order (Fisher and Yates). */
export function permutation(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
  return order;
}

/** Normally distributed values (Box and Muller), as transformers initialises a new head. */
export function normalValues(params: { count: number; std: number; random: Random }): Float32Array {
  const { count, std, random } = params;
  return Float32Array.from({ length: count }, () => {
    // 1 - random() is never 0, whose logarithm would be infinite
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return std * radius * Math.cos(2 * Math.PI * random());
  });
}
