/** A table in GitHub's Markdown: bars would end a cell, line breaks the table, so both are taken out of what cells say. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const line = (cells: readonly unknown[]): string => `| ${cells.map(markdownCell).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text on one line, as Markdown has it in a cell or a list. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function markdownCell(value: unknown): string {
  return oneLine(String(value)).replaceAll("|", "\\|");
}
