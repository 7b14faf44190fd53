import { parse } from "papaparse";
import { DataError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import type { ReviewCells } from "./raw-reviews";
import { chooseColumns, type ColumnOptions } from "./review-columns";

/** Rows of fields, and how quotes were read. */
interface Fields {
  readonly rows: string[][];
  /** The first quote that fits to no other: where, counted in characters, and what is wrong with it. */
  readonly tornAt?: number;
}

/** Separators that are told apart by the header; a comma where there is none of them. */
const SEPARATORS = [",", ";", "\t", "|"];

/**
 * Reads texts and labels of a file with one row a line below a header: RFC 4180 for CSV, whose separator may also be a semicolon,
 * a tab or a bar; in TSV quotes are letters like any other, unless the file makes sense only with fields in quotes.
 *
 * @throws DataError if there is no header, it lacks a column, a quote is torn, or a row has more or fewer fields
 */
export function readDelimited(
  file: string,
  content: string,
  options: ColumnOptions & { separator?: string },
): ReviewCells {
  const newline = content.includes("\n") || !content.includes("\r") ? "\n" : "\r";
  const separator = options.separator ?? separatorOf(content.split(newline, 1)[0] ?? "");
  const { rows } =
    separator === "\t"
      ? tabSeparated(content, newline)
      : expectWhole(file, content, newline, quoted(content, separator, newline));
  const first = rows.findIndex((row) => !isBlank(row));
  const header = (rows[first] ?? []).map((name) => name.trim());
  if (first < 0) throw new DataError(`${shownPath(file)} is empty; expected a header, and a review a line.`);
  const columns = chooseColumns(file, header, options);
  const lineOf = (row: number): number =>
    1 + rows.slice(0, row).reduce((sum, cells) => sum + height(cells), 0);
  const height = (cells: readonly string[]): number => cells.join("").split(newline).length;
  const kept = rows.flatMap((row, at) => (at > first && !isBlank(row) ? [at] : []));
  const [text, label] = [header.indexOf(columns.text), header.indexOf(columns.label)];
  const cells = kept.map((at) => {
    const row = rows[at] ?? [];
    if (row.length !== header.length)
      throw new DataError(
        `${shownPath(file)}, line ${lineOf(at)}: ${row.length} fields; expected the ${header.length} of the header. ` +
          "A text that holds the separator stands in quotes.",
      );
    return { text: row[text], label: row[label] };
  });
  return { columns, rows: cells, placeOf: (row) => `line ${lineOf(kept[row] ?? 0)}` };
}

/** Of those in the header outside of quotes the most frequent. */
function separatorOf(header: string): string {
  const plain = header.replaceAll(/"[^"]*"/g, "");
  const counted = SEPARATORS.map((separator) => ({ separator, count: plain.split(separator).length }));
  return counted.sort((one, other) => other.count - one.count)[0]?.separator ?? ",";
}

function quoted(content: string, separator: string, newline: "\n" | "\r"): Fields {
  const { data, errors } = parse<string[]>(content, { delimiter: separator, newline });
  const torn = errors.find(({ type }) => type === "Quotes");
  return { rows: withoutReturns(data), ...(torn && { tornAt: torn.index ?? 0 }) };
}

/** What a spreadsheet exports has fields in quotes, with tabs and line breaks in them; other programs know no quotes. */
function tabSeparated(content: string, newline: "\n" | "\r"): Fields {
  const rows = withoutReturns(content.split(newline).map((line) => line.split("\t")));
  const filled = rows.filter((row) => !isBlank(row));
  if (filled.every((row) => row.length === filled[0]?.length))
    return { rows: rows.map((row) => row.map(unquote)) };
  const other = quoted(content, "\t", newline);
  return other.tornAt === undefined ? other : { rows };
}

function unquote(field: string): string {
  return /^"([^"]|"")*"$/.test(field) ? field.slice(1, -1).replaceAll('""', '"') : field;
}

function expectWhole(file: string, content: string, newline: string, fields: Fields): Fields {
  if (fields.tornAt === undefined) return fields;
  const line = content.slice(0, fields.tornAt).split(newline).length;
  throw new DataError(
    `${shownPath(file)}, line ${line}: a field begins with a quote that does not end it. ` +
      "A quote inside of a field in quotes is written twice.",
  );
}

/** Lines that end in two characters leave the first of them in the last field. */
function withoutReturns(rows: string[][]): string[][] {
  return rows.map((row) => [...row.slice(0, -1), (row.at(-1) ?? "").replace(/\r$/, "")]);
}

function isBlank(row: readonly string[]): boolean {
  return row.length === 1 && row[0]?.trim() === "";
}
