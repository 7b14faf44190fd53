import { DataError } from "../runtime/errors";
import { oneLine } from "../runtime/markdown";
import { shownPath } from "../runtime/repository";

/** Which columns of a file to read; by default the first of those that text classification calls so. */
export interface ColumnOptions {
  /** Name of the column with the texts: by default text, sentence, review or content. */
  textColumn?: string;
  /** Name of the column with the labels: by default label, labels, sentiment or class. */
  labelColumn?: string;
}

/** The columns that were found, as the file calls them. */
export interface ReviewColumns {
  readonly text: string;
  readonly label: string;
}

const TEXT_COLUMNS = ["text", "sentence", "review", "content"];
const LABEL_COLUMNS = ["label", "labels", "sentiment", "class"];
const MOST_SHOWN = 20;
const MOST_CHARACTERS = 40;

/**
 * Finds the columns of texts and labels among a file's, whatever their case.
 *
 * @throws DataError if one of them is not there, is there twice, or both are the same
 */
export function chooseColumns(
  file: string,
  columns: readonly string[],
  { textColumn, labelColumn }: ColumnOptions = {},
): ReviewColumns {
  const text = findColumn(columns, textColumn === undefined ? TEXT_COLUMNS : [textColumn]);
  const label = findColumn(columns, labelColumn === undefined ? LABEL_COLUMNS : [labelColumn]);
  if (text === undefined || label === undefined) {
    const missing = [
      ...(text === undefined ? [lacking("texts", textColumn, TEXT_COLUMNS)] : []),
      ...(label === undefined ? [lacking("labels", labelColumn, LABEL_COLUMNS)] : []),
    ];
    throw new DataError(
      `${shownPath(file)} lacks ${missing.join(" and ")}; it has ${shownColumns(columns)}.${hint(textColumn, labelColumn)}`,
    );
  }
  if (text === label)
    throw new DataError(`${shownPath(file)} cannot have texts and labels both in the column ${text}.`);
  for (const column of [text, label])
    if (columns.filter((other) => other === column).length > 1)
      throw new DataError(`${shownPath(file)} has the column ${column} twice; expected each once.`);
  return { text, label };
}

/** By its very name first: a file may have both `text` and `Text`. */
function findColumn(columns: readonly string[], wanted: readonly string[]): string | undefined {
  const plain = (name: string): string => name.trim().toLowerCase();
  for (const name of wanted) {
    const found =
      columns.find((column) => column === name) ?? columns.find((column) => plain(column) === plain(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function lacking(what: string, asked: string | undefined, usual: readonly string[]): string {
  if (asked !== undefined) return `the column ${asked}`;
  return `a column of ${what} (${usual.slice(0, -1).join(", ")} or ${usual.at(-1) ?? ""})`;
}

function hint(...asked: readonly (string | undefined)[]): string {
  const isNamed = asked.every((name) => name !== undefined);
  return isNamed ? "" : " Name them: textColumn and labelColumn, or --text-column and --label-column.";
}

function shownColumns(columns: readonly string[]): string {
  const shown = columns.slice(0, MOST_SHOWN).map((name) => {
    const line = oneLine(name.replaceAll(/\p{C}/gu, " "));
    return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}...` : line;
  });
  const more = columns.length - shown.length;
  return `${shown.join(", ") || "none"}${more > 0 ? ` and ${more} more` : ""}`;
}
