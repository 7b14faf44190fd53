import type { AnswerSpec, Cell, CellFormat, DetailsSpec, Spec, TableSpec, VerdictSpec } from "./presentation";

/** A specification as plain text, for terminals, logs and every program that shows nothing richer. */
export function specToText(spec: Spec): string {
  switch (spec.kind) {
    case "table":
      return tableToText(spec);
    case "chart":
      return `[chart] ${spec.title}\n${spec.altText}`;
    case "verdict":
      return verdictToText(spec);
    case "answer":
      return `${answerHead(spec)} ${spec.sentences.join(" ")}`;
    case "details":
      return detailsToText(spec);
  }
}

function detailsToText({ summary, specs, inText }: DetailsSpec): string {
  return [summary, ...(inText ? specs.map(specToText) : [])].join("\n\n");
}

/** A verdict as one line of text; what was expected is left out where it is what was found. */
export function verdictToText({ ok, question, found, expected }: VerdictSpec): string {
  return `${ok ? "✓" : "✗"} ${question} ${found}${found === expected ? "" : ` (expected ${expected})`}`;
}

/** What is said first of an answer, with a sign before it, so that it does not depend on a colour. */
export function answerHead({ state }: AnswerSpec): string {
  return { right: "✓ Right:", "not yet": "✗ Not yet:", missing: "… Missing:" }[state];
}

/** The written form of a cell: `null` as a dash, numbers in the column's format. */
export function formatCell(cell: Cell, format?: CellFormat): string {
  if (cell === null) return "–";
  if (typeof cell !== "number" || !Number.isFinite(cell)) return String(cell);
  if (format === "percent") return `${(cell * 100).toFixed(1)}%`;
  // a learning rate of 5e-5 must not read 0.0001
  if (format === undefined && cell !== 0 && Math.abs(cell) < 0.001) return `${Number(cell.toPrecision(4))}`;
  const digits =
    format === undefined
      ? { maximumFractionDigits: 4 }
      : { minimumFractionDigits: format, maximumFractionDigits: format };
  // a fixed locale, so that a saved notebook reads the same wherever it is run
  return cell.toLocaleString("en-US", digits);
}

const CHARACTERS = new Intl.Segmenter("en-US");
const LOOKS_NUMERIC = /^[-+−]?[\d.,]+\s?%?$/u;

/** Which columns of a table hold nothing but numbers, and are therefore set flush right. */
export function numericColumns({ columns, rows }: TableSpec): boolean[] {
  return columns.map((_, column) => {
    const cells = rows.map((row) => row[column] ?? null).filter((cell) => cell !== null);
    return cells.length > 0 && cells.every((cell) => typeof cell === "number" || isNumeral(cell));
  });
}

/**
 * The cells of a table as they are written, `[row, column]`.
 * @throws {RangeError} when a row has not as many cells as there are columns.
 */
export function formatRows({ columns, rows, format = {} }: TableSpec): string[][] {
  return rows.map((row, index) => {
    if (row.length !== columns.length) {
      throw new RangeError(
        `Row ${index} has ${row.length} cells, the table ${columns.length} columns: give each row one cell a column.`,
      );
    }
    return columns.map((column, at) => formatCell(row[at] ?? null, format[column]));
  });
}

function isNumeral(cell: Cell): boolean {
  return typeof cell === "string" && LOOKS_NUMERIC.test(cell);
}

function tableToText(table: TableSpec): string {
  const rows = formatRows(table).map((row) => row.map(toOneLine));
  const numeric = numericColumns(table);
  const widths = table.columns.map((name, column) =>
    Math.max(...[name, ...rows.map((row) => row[column] ?? "")].map(lengthOf)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0, numeric[column] ?? false))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const lines = [line(table.columns), rule, ...rows.map(line)];
  return [...optional(table.title), ...lines, ...optional(table.note)].join("\n");
}

function optional(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

function toOneLine(text: string): string {
  return text.replace(/\s+/gu, " ");
}

function pad(text: string, width: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, width - lengthOf(text)));
  return right ? space + text : text + space;
}

/** Counts what a reader sees as one character, since `length` counts UTF-16 units and would set emoji askew. */
function lengthOf(text: string): number {
  return Array.from(CHARACTERS.segment(text)).length;
}
