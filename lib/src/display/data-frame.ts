import { createRequire } from "node:module";
import { inspect } from "node:util";

// danfojs loads TensorFlow, for which newer versions of Node must be made ready first
import "../runtime/node-compatibility";

import type { Cell, TableSpec } from "../runtime/presentation";
import { formatCell } from "../runtime/presentation-text";

/** The part of a danfojs DataFrame that the project uses; its own types are too heavy for a cell's type check. */
export interface DataFrame {
  readonly columns: string[];
  /** `[row, column]` */
  readonly values: unknown[];
  readonly shape: number[];
  head(rows?: number): DataFrame;
  tail(rows?: number): DataFrame;
  sortValues(column: string, options?: { ascending?: boolean }): DataFrame;
  toString(): string;
}

interface Danfojs {
  DataFrame: new (rows: Cell[][], options: { columns: string[] }) => DataFrame;
}

const load = createRequire(__filename);

/**
 * A table as danfojs DataFrame, to sort, filter or group it further. Loads danfojs and TensorFlow on the first call, which
 * takes seconds. danfojs' `describe()` throws on columns that hold `null`.
 */
export function toDataFrame({ columns, rows }: TableSpec): DataFrame {
  const { DataFrame } = load("danfojs-node") as Danfojs;
  return new DataFrame(
    rows.map((row) => [...row]),
    { columns: [...columns] },
  );
}

/**
 * A DataFrame as table. danfojs' own print cuts text at 20 characters and a frame at 7 columns; a table shows all of it.
 * What is neither text, number nor boolean is shown as text.
 */
export function fromDataFrame(
  frame: DataFrame,
  { title, note }: Pick<TableSpec, "title" | "note"> = {},
): TableSpec {
  const rows = frame.values.map((row) => (Array.isArray(row) ? row : [row]).map(toCell));
  const remarks = { ...(title === undefined ? {} : { title }), ...(note === undefined ? {} : { note }) };
  return { kind: "table", columns: [...frame.columns], rows, ...remarks };
}

/** As many rows as pandas prints before it leaves some out. */
const MOST_ROWS = 60;

/** A DataFrame as it is shown: all of it up to 60 rows, and of a longer one its first 60, with a note of how many there are. */
export function shownDataFrame(frame: DataFrame): TableSpec {
  const rows = frame.shape[0] ?? 0;
  if (rows <= MOST_ROWS) return fromDataFrame(frame);
  return fromDataFrame(frame.head(MOST_ROWS), {
    note: `The first ${MOST_ROWS} of ${formatCell(rows, 0)} rows.`,
  });
}

/** Whether a value is a DataFrame, without loading danfojs to find out. */
export function isDataFrame(value: object): value is DataFrame {
  return "columns" in value && "values" in value && "shape" in value && "sortValues" in value;
}

function toCell(value: unknown): Cell {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  return typeof value === "number" || typeof value === "boolean" ? value : written(value);
}

function written(value: unknown): string {
  return typeof value === "string" ? value : inspect(value);
}
