/** The sizes of one argument for which a graph holds: a number is this size alone, `null` any size above 1. */
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
 * `undefined` where they differ in a size of 0 or 1, or in rank: operations broadcast along such a size, so that what
 * holds for 1 says nothing of 2.
 */
export function generalise(patterns: SizePattern[], others: SizePattern[]): SizePattern[] | undefined {
  const opens = (size: number | null | undefined): boolean => size === null || (size ?? 0) > 1;
  const joinable = everyDimension(
    patterns,
    others,
    (one, other) => one === other || (opens(one) && opens(other)),
  );
  if (!joinable) return undefined;
  return patterns.map((pattern, arg) =>
    pattern.map((size, axis) => (size === others[arg]?.[axis] ? size : null)),
  );
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
