import type { TableSpec } from "../runtime/presentation";
import { specToText } from "../runtime/presentation-text";
import { VERDICT_SIGNS, type CheckResult, type DiagnosisReport } from "./diagnosis-report";
import { skippedText } from "./skipped-checks";

/** Columns of a terminal that does not say how many it has. */
const WIDTH = 100;
/** Of a table: the next check should not be screens away. */
const MOST_ROWS = 12;
/** What sets a check's lines off from its verdict. */
const INDENT = " ".repeat(8);
/** Names of labels are other people's words: they must not command the terminal. */
const CONTROL = /(?!\n)\p{Cc}/gu;

/**
 * A report for a terminal: below one line of summary the checks one after the other, the worst first, with the tables behind what
 * does not pass, of long ones the beginning.
 *
 * @param options - `width`: columns at which sentences break; tables keep their lines whole
 */
export function reportText(report: DiagnosisReport, { width = WIDTH }: { width?: number } = {}): string {
  const results = report.results.map((result) => resultText(result, width));
  const open = results.filter((_, at) => report.results[at]?.verdict !== "pass");
  const passed = results.filter((_, at) => report.results[at]?.verdict === "pass");
  const notAsked = skippedText(report.skipped);
  const skipped = notAsked === undefined ? [] : [wrap(notAsked, width).join("\n")];
  const blocks = [report.summary, ...open, ...join(passed), ...skipped];
  return `${blocks.join("\n\n")}\n`.replaceAll(CONTROL, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
}

function resultText(result: CheckResult, width: number): string {
  const { verdict, name, question, found, advice, evidence = [] } = result;
  const head = `${VERDICT_SIGNS[verdict]}  `;
  const sentences = (text: string): string[] =>
    wrap(text, width - INDENT.length).map((line) => INDENT + line);
  if (verdict === "pass") return [head + name, ...sentences(found)].join("\n");
  const lines = [
    `${head}${name}: ${question}`,
    ...sentences(found),
    ...(advice ? sentences(`→ ${advice}`) : []),
  ];
  // a chart in words is longer than the table beside it
  const tables = evidence.flatMap((spec) => (spec.kind === "table" ? [specToText(beginningOf(spec))] : []));
  return [lines.join("\n"), ...tables.map(indent)].join("\n\n");
}

function beginningOf(table: TableSpec): TableSpec {
  const more = table.rows.length - MOST_ROWS;
  // a line in place of one row would save nothing
  if (more < 2) return table;
  const note = [`... and ${more} more rows.`, ...(table.note === undefined ? [] : [table.note])];
  return { ...table, rows: table.rows.slice(0, MOST_ROWS), note: note.join("\n") };
}

/** Without empty lines between them. */
function join(texts: readonly string[]): string[] {
  return texts.length > 0 ? [texts.join("\n")] : [];
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, INDENT);
}

/** A number and its sign of percent stay on one line. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+(?!%)/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
