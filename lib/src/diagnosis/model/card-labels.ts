import { normalLabel } from "../label-alignment";

/** A label's name as a model card gives it. */
export interface CardLabel {
  readonly id: number;
  readonly name: string;
}

const HEADING = /^#{1,6}\s+(.*)$/u;
const ABOUT_LABELS = /label|class/iu;
const ID_COLUMN = /^(id|output|index|label id|class id|#)$/iu;
const NAME_COLUMN = /^(label|name|class|label name|meaning|id2label)$/iu;
/** Such as `LABEL_0: negative`, `0 -> negative`, `{0: "negative"`. */
const PAIR =
  /(?<![\p{L}\p{N}.])(?:LABEL_)?(\d{1,5})[`"'*)\]]*\s*(?:->|→|=>|:|=)\s*[`"'*]*(\p{L}[\p{L}\p{N}_ -]*)/giu;

/**
 * What the text of a model card says that the outputs mean: in tables of an id and a label, and in lines that are about labels
 * and name one of the given.
 *
 * @param body - Markdown
 * @param names - the names that are looked for in lines
 */
export function cardLabels(body: string, names: readonly string[]): CardLabel[] {
  const known = new Set(names.map(normalLabel));
  const found: CardLabel[] = [];
  let heading = "";
  let columns: { id: number; name: number } | undefined;
  for (const line of body.split(/\r?\n/u)) {
    heading = HEADING.exec(line)?.[1] ?? heading;
    const cells = tableCells(line);
    if (!cells) {
      columns = undefined;
      if (ABOUT_LABELS.test(heading) || ABOUT_LABELS.test(line)) found.push(...pairsIn(line, known));
    } else if (columns) {
      const [id, name] = [cells[columns.id] ?? "", cells[columns.name] ?? ""];
      if (/^\d+$/u.test(id) && name !== "") found.push({ id: Number(id), name });
    } else columns = labelColumns(cells);
  }
  return found;
}

function pairsIn(line: string, known: ReadonlySet<string>): CardLabel[] {
  return [...line.matchAll(PAIR)].flatMap(([, id, text = ""]) => {
    const name = text.trim();
    return known.has(normalLabel(name)) ? [{ id: Number(id), name }] : [];
  });
}

/** The cells of a line of a Markdown table, without the marks of code and bold; `undefined` for another line. */
function tableCells(line: string): string[] | undefined {
  const plain = line.trim();
  if (!plain.startsWith("|")) return undefined;
  const cells = plain.replace(/^\||\|$/gu, "").split("|");
  return cells.map((cell) => cell.replace(/[`*]/gu, "").trim());
}

function labelColumns(head: readonly string[]): { id: number; name: number } | undefined {
  const id = head.findIndex((cell) => ID_COLUMN.test(cell));
  const name = head.findIndex((cell, index) => index !== id && NAME_COLUMN.test(cell));
  return id >= 0 && name >= 0 ? { id, name } : undefined;
}
