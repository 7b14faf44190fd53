import { DataError } from "../runtime/errors";
import { oneLine } from "../runtime/markdown";
import { shownPath } from "../runtime/repository";
import type { ReviewCells } from "./raw-reviews";
import { chooseColumns, type ColumnOptions } from "./review-columns";

interface Row {
  readonly place: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Reads texts and labels of a file with one JSON object a line, or of one array of such objects.
 *
 * @throws DataError if it is empty, a line is no object in JSON, or a column is in none of them
 */
export function readJsonRows(file: string, content: string, options: ColumnOptions): ReviewCells {
  const rows = content.trimStart().startsWith("[") ? rowsOfArray(file, content) : rowsOfLines(file, content);
  if (rows.length === 0)
    throw new DataError(`${shownPath(file)} is empty; expected one object a line, with a text and a label.`);
  // a row may lack a field that others have
  const names = new Set<string>();
  for (const { fields } of rows) for (const name of Object.keys(fields)) names.add(name);
  const columns = chooseColumns(file, [...names], options);
  const fieldOf = ({ fields }: Row, name: string): unknown =>
    Object.hasOwn(fields, name) ? fields[name] : undefined;
  return {
    columns,
    rows: rows.map((row) => ({ text: fieldOf(row, columns.text), label: fieldOf(row, columns.label) })),
    placeOf: (row) => rows[row]?.place ?? "",
  };
}

function rowsOfLines(file: string, content: string): Row[] {
  return content.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const place = `line ${index + 1}`;
    return [{ place, fields: expectObject(file, place, parseJson(file, place, line)) }];
  });
}

function rowsOfArray(file: string, content: string): Row[] {
  const array = parseJson(file, "the array", content) as unknown[];
  return array.map((value, index) => {
    const place = `item ${index + 1}`;
    return { place, fields: expectObject(file, place, value) };
  });
}

function parseJson(file: string, place: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(
      `${shownPath(file)}, ${place}: no JSON (${oneLine((error as Error).message)}); expected one object a line, or one array of objects.`,
    );
  }
}

function expectObject(file: string, place: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new DataError(
      `${shownPath(file)}, ${place}: ${value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`}; expected an object with a text and a label.`,
    );
  return value as Readonly<Record<string, unknown>>;
}
