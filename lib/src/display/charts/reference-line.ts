import { plotlyLines } from "../../runtime/plotly-text";
import { INK } from "../palette";

/** A value to compare bars with, drawn as a line across all of them. */
export interface ReferenceLine {
  readonly value: number;
  /** What it is, such as `a constant answer`. */
  readonly label: string;
}

/** The line itself, in one of plotly's ways to dash it. */
export function referenceLine({ value }: ReferenceLine, dash: string): unknown {
  const line = { color: INK.text, width: 1.5, dash };
  return { type: "line", xref: "paper", x0: 0, x1: 1, y0: value, y1: value, line };
}

/** Lines of text at the height of a value: beside the plot, where no bar can cover them. */
export function textBeside(lines: readonly string[], value: number, yanchor = "middle"): unknown {
  const place = { xref: "paper", x: 1, xanchor: "left", xshift: 6, y: value, yanchor };
  return { text: plotlyLines(lines), ...place, align: "left", showarrow: false };
}

/** Lines as a sentence behind others in an alternative text; nothing where there are none. */
export function referencesInWords(lines: readonly ReferenceLine[]): string {
  if (lines.length === 0) return "";
  return ` Lines: ${lines.map(({ label, value }) => `${label} ${value}`).join(", ")}.`;
}
