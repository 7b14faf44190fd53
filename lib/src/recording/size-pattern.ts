/** The sizes of one argument for which a graph is taken to hold: a number is this size alone, `null` any size above 1. */
export type SizePattern = (number | null)[];

/** The pattern of these sizes alone. */
export function fixedSizes(shapes: number[][]): SizePattern[] {
  return shapes.map((shape) => [...shape]);
}

/** Whether a graph with these patterns holds for arguments of these shapes. */
export function admits(patterns: SizePattern[], shapes: number[][]): boolean {
  return everyDimension(patterns, shapes, (known, size) => (known === null ? size > 1 : known === size));
}

/**
 * The pattern for both of two calls that gave the same graph: open where they differ.
 *
 * `undefined` where that would say too much: they differ in rank; in a size of 0 or 1, along which operations broadcast; or
 * an argument has as many elements in both, so that their number, the same in both, may stand in the graph.
 */
export function generalise(patterns: SizePattern[], others: SizePattern[]): SizePattern[] | undefined {
  const opens = (size: number | null | undefined): boolean => size === null || (size ?? 0) > 1;
  const joinable = everyDimension(
    patterns,
    others,
    (one, other) => one === other || (opens(one) && opens(other)),
  );
  if (!joinable || patterns.some((pattern, arg) => sameCount(pattern, others[arg] ?? []))) return undefined;
  return patterns.map((pattern, arg) =>
    pattern.map((size, axis) => (size === others[arg]?.[axis] ? size : null)),
  );
}

/** Whether two unlike shapes have the same number of elements; open sizes have none. */
function sameCount(one: SizePattern, other: SizePattern): boolean {
  if (one.join() === other.join() || [...one, ...other].includes(null)) return false;
  const count = (sizes: SizePattern): number =>
    sizes.reduce<number>((product, size) => product * (size ?? 0), 1);
  return count(one) === count(other);
}

function everyDimension<T>(
  patterns: SizePattern[],
  others: T[][],
  holds: (known: number | null, other: T) => boolean,
): boolean {
  return patterns.every((pattern, arg) => {
    const other = others[arg] ?? [];
    return other.length === pattern.length && pattern.every((known, axis) => holds(known, other[axis] as T));
  });
}
