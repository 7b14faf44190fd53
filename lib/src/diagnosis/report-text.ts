import { specToText } from "../runtime/presentation-text";
import type { CheckResult, DiagnosisReport, SkippedCheck } from "./diagnosis-report";
import { VERDICT_SIGNS } from "./diagnosis-report";

/** Columns of a terminal that does not say how many it has. */
const WIDTH = 100;
/** What sets a check's lines off from its verdict. */
const INDENT = " ".repeat(8);

/**
 * A report for a terminal: below one line of summary the checks one after the other, the worst first, with the tables behind what
 * does not pass.
 *
 * @param options - `width`: columns at which sentences break; tables keep their lines whole
 */
export function reportText(report: DiagnosisReport, { width = WIDTH }: { width?: number } = {}): string {
  const results = report.results.map((result) => resultText(result, width));
  const open = results.filter((_, at) => report.results[at]?.verdict !== "pass");
  const passed = results.filter((_, at) => report.results[at]?.verdict === "pass");
  const blocks = [report.summary, ...open, ...join(passed), ...skippedText(report.skipped, width)];
  return `${blocks.join("\n\n")}\n`;
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
  const tables = evidence.filter(({ kind }) => kind === "table").map(specToText);
  return [lines.join("\n"), ...tables.map(indent)].join("\n\n");
}

function skippedText(skipped: readonly SkippedCheck[], width: number): string[] {
  if (skipped.length === 0) return [];
  const checks = skipped.map(({ name, needs }) => `${name} (needs ${needs.join(", ")})`);
  return [wrap(`Not asked: ${checks.join("; ")}.`, width).join("\n")];
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
