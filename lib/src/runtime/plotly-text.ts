/** Text for plotly, which reads a part of HTML: what a reader's data says must not become markup. */
export function plotlyText(text: string): string {
  return text.replace(/&/gu, "&amp;").replace(/</gu, "&lt;").replace(/>/gu, "&gt;");
}

/** Lines as one text for plotly, each under the one before. */
export function plotlyLines(lines: readonly string[]): string {
  return lines.map(plotlyText).join("<br>");
}
