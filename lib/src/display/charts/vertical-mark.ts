import { NOTE_SPACE } from "../figure";
import { plotlyText } from "../../runtime/plotly-text";
import { INK } from "../palette";

/** Space that a mark's label needs above the plot, in pixels. */
export const MARK_SPACE = NOTE_SPACE;

/** What {@link verticalMark} draws. */
export interface VerticalMarkParams {
  /** Place on the horizontal axis. */
  readonly at: number;
  readonly label: string;
  /** Ends of the horizontal axis: the label stands on the side with more room. */
  readonly range: readonly [number, number];
  /** Whether the line crosses the data or runs behind them, where it also runs behind the grid. */
  readonly layer: "above" | "below";
  /** Space between plot and label, such as for a heading, in pixels. */
  readonly lift?: number;
}

/** A vertical line at a place of the horizontal axis that reaches out of the plot to its label, as parts of a layout. */
export function verticalMark({ at, label, range, layer, lift = 0 }: VerticalMarkParams): {
  shapes: unknown[];
  annotations: unknown[];
} {
  const atRight = at > (range[0] + range[1]) / 2;
  const line = { type: "line", x0: at, x1: at, line: { color: INK.text, width: 2 } };
  return {
    shapes: [
      { ...line, layer, yref: "paper", y0: 0, y1: 1 },
      // a second piece, since a shape is as high as a share of the plot or as many pixels, not both
      { ...line, yref: "paper", ysizemode: "pixel", yanchor: 1, y0: 0, y1: 18 + lift },
    ],
    annotations: [
      {
        text: plotlyText(label),
        x: at,
        xanchor: atRight ? "right" : "left",
        xshift: atRight ? -6 : 6,
        y: 1,
        yref: "paper",
        yanchor: "bottom",
        ...(lift > 0 && { yshift: lift }),
        showarrow: false,
      },
    ],
  };
}
