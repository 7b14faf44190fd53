import { DataError } from "../../runtime/errors";

/**
 * Gives each row of a square table another column, so that the scores sum to the most: entry i is row i's column
 * (scipy.optimize.linear_sum_assignment with maximize=True).
 *
 * Kuhn's Hungarian method (1955) by shortest augmenting paths, in n³ steps (Jonker and Volgenant 1987).
 *
 * @throws DataError for a table that is not square, or a score that is no finite number
 */
export function bestAssignment(score: readonly (readonly number[])[]): number[] {
  const size = score.length;
  for (const row of score)
    if (row.length !== size || !row.every(Number.isFinite))
      throw new DataError(
        `A row of ${row.length} scores came in a table of ${size} rows; expected as many finite scores as rows.`,
      );
  // one more column, the last: where a row begins that has none yet
  const rowOf = new Array<number>(size + 1).fill(-1);
  const rowPrice = new Array<number>(size).fill(0);
  const columnPrice = new Array<number>(size + 1).fill(0);
  for (let row = 0; row < size; row += 1) augment({ row, size, score, rowOf, rowPrice, columnPrice });
  const columns = new Array<number>(size).fill(0);
  for (const [column, row] of rowOf.slice(0, size).entries()) columns[row] = column;
  return columns;
}

interface Matching {
  readonly size: number;
  readonly score: readonly (readonly number[])[];
  /** By column; -1 for none. */
  readonly rowOf: number[];
  readonly rowPrice: number[];
  readonly columnPrice: number[];
}

/** Finds a column for one more row, along the cheapest way of moving others; prices keep every step's cost at 0 or more. */
function augment({
  row: begin,
  size,
  score,
  rowOf,
  rowPrice,
  columnPrice,
}: Matching & { row: number }): void {
  const least = new Array<number>(size).fill(Infinity);
  const cameFrom = new Array<number>(size).fill(size);
  const seen = new Array<boolean>(size + 1).fill(false);
  let column = size;
  rowOf[size] = begin;
  while (rowOf[column] !== -1) {
    seen[column] = true;
    const row = at(rowOf, column);
    let [next, step] = [size, Infinity];
    for (let other = 0; other < size; other += 1) {
      if (seen[other]) continue;
      const cost = -at(score[row] ?? [], other) - at(rowPrice, row) - at(columnPrice, other);
      if (cost < at(least, other)) {
        least[other] = cost;
        cameFrom[other] = column;
      }
      if (at(least, other) < step) [next, step] = [other, at(least, other)];
    }
    for (let other = 0; other <= size; other += 1) {
      if (seen[other]) {
        rowPrice[at(rowOf, other)] = at(rowPrice, at(rowOf, other)) + step;
        columnPrice[other] = at(columnPrice, other) - step;
      } else least[other] = at(least, other) - step;
    }
    column = next;
  }
  while (column !== size) {
    const previous = at(cameFrom, column);
    rowOf[column] = at(rowOf, previous);
    column = previous;
  }
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
