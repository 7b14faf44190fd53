import { DataError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import type { ReviewColumns } from "./review-columns";

/** A label as a file has it: a whole number of at least 0, or a name. */
export type RawLabel = number | string;

/** Reviews as a file has them, before labels are numbered. */
export interface RawReviews {
  readonly texts: readonly string[];
  /** `[reviews]` */
  readonly labels: readonly RawLabel[];
  /** What the file itself calls the labels, by their numbers. */
  readonly labelNames?: readonly string[];
}

/** The two columns of a file, with whatever stands in them. */
export interface ReviewCells {
  readonly columns: ReviewColumns;
  readonly rows: readonly { readonly text: unknown; readonly label: unknown }[];
  /** Where a row stands, such as `line 7`. */
  readonly placeOf: (row: number) => string;
  readonly labelNames?: readonly string[];
}

/** A column of classes has few values; one with more is most likely another column. */
const MOST_LABELS = 1_000;
const MOST_SHOWN = 40;
/** Pandas writes whole numbers as 1.0 where another row of the column has none. */
const WHOLE_NUMBER = /^(0|[1-9]\d{0,14})(\.0+)?$/;

/**
 * Takes texts and labels out of a file's cells. A text that is missing is kept as an empty one, for a check to find.
 *
 * @throws DataError if a text is something else, a label is missing or no class's, or there are more than 1,000 labels
 */
export function rawReviews(file: string, { columns, rows, placeOf, labelNames }: ReviewCells): RawReviews {
  const refuse = (row: number, problem: string): never => {
    throw new DataError(`${shownPath(file)}, ${placeOf(row)}: ${problem}.`);
  };
  const texts = rows.map(({ text }, row) => {
    if (typeof text === "string") return text;
    return (text ?? null) === null
      ? ""
      : refuse(row, `${columns.text} is ${shownValue(text)}; expected a text`);
  });
  const labels = rows.map(({ label }, row) => {
    return (
      rawLabel(label) ??
      refuse(row, `${columns.label} is ${shownValue(label)}; expected the number or the name of one class`)
    );
  });
  const different = new Set(labels).size;
  if (different > MOST_LABELS)
    throw new DataError(
      `${shownPath(file)} has ${different} different values in ${columns.label}; expected the labels of at most ${MOST_LABELS} classes. ` +
        "Name another column (labelColumn, --label-column).",
    );
  return { texts, labels, ...(labelNames && { labelNames }) };
}

/** A number that is no class's number, such as -1 or 3.5, is a name like any other. */
function rawLabel(value: unknown): RawLabel | undefined {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "bigint" || typeof value === "number")
    return Number.isNaN(value) ? undefined : labelOf(String(value));
  return typeof value === "string" && value.trim() !== "" ? labelOf(value.trim()) : undefined;
}

function labelOf(text: string): RawLabel {
  return WHOLE_NUMBER.test(text) ? Number(text) : text;
}

/** A value that is not what it should be, on one short line. */
function shownValue(value: unknown): string {
  const isBlank = typeof value === "string" && value.trim() === "";
  if ((value ?? null) === null || isBlank || Number.isNaN(value)) return "missing";
  // JSON knows no bigint
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? Number(part) : part));
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}
