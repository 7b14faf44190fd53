import type { AnswerSpec, TableSpec, VerdictSpec } from "../runtime/presentation";
import { answerHead, formatRows, numericColumns, verdictToText } from "../runtime/presentation-text";
import { escapeHtml } from "../runtime/escape-html";
import { ANSWER_INKS, INK } from "./palette";

/**
 * A table as semantic HTML. Numbers stand flush right and the rest flush left: GitHub removes styles and keeps `align`,
 * JupyterLab's own style outdoes `align`, so text carries both.
 */
export function tableToHtml(table: TableSpec): string {
  const side = numericColumns(table).map((numeric) =>
    numeric ? ' align="right"' : ' align="left" style="text-align: left"',
  );
  const row = (tag: "th" | "td", cells: readonly string[]): string =>
    `<tr>${cells.map((cell, column) => `<${tag}${side[column] ?? ""}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  return [
    "<table>",
    ...(table.title === undefined ? [] : [`<caption>${escapeHtml(table.title)}</caption>`]),
    `<thead>${row("th", table.columns)}</thead>`,
    "<tbody>",
    ...formatRows(table).map((cells) => row("td", cells)),
    "</tbody>",
    "</table>",
    ...(table.note === undefined ? [] : [`<p><em>${escapeHtml(table.note)}</em></p>`]),
  ].join("\n");
}

/** A verdict as one paragraph. */
export function verdictToHtml(verdict: VerdictSpec): string {
  return `<p>${escapeHtml(verdictToText(verdict))}</p>`;
}

/** What came of an answer, on a ground of its own, so that it also reads in a dark theme. */
export function answerToHtml(answer: AnswerSpec): string {
  const { ink, ground } = ANSWER_INKS[answer.state];
  const style = `border-left: 4px solid ${ink}; background-color: ${ground}; color: ${INK.text}; padding: 8px 12px`;
  const [first = "", ...others] = answer.sentences.map(escapeHtml);
  const head = `<p><strong style="color: ${ink}">${escapeHtml(answerHead(answer))}</strong> ${first}</p>`;
  return `<div style="${style}">${head}${others.map((sentence) => `<p>${sentence}</p>`).join("")}</div>`;
}

/** A line that opens to show what is behind it; JupyterLab and GitHub keep both elements. */
export function detailsToHtml(summary: string, inner: readonly string[]): string {
  return [`<details><summary>${escapeHtml(summary)}</summary>`, ...inner, "</details>"].join("\n");
}

/** A PNG as an image inside of HTML, with its alternative text. */
export function pictureToHtml(png: Buffer, { altText, width }: { altText: string; width: number }): string {
  return `<img src="data:image/png;base64,${png.toString("base64")}" width="${width}" alt="${escapeHtml(altText)}">`;
}
