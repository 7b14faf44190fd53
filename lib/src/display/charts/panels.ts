import { plotlyText } from "../../runtime/plotly-text";
import { LEGEND_SPACE, NOTE_SPACE } from "../figure";
import { INK } from "../palette";

/** One of several plots that stand above each other on the same horizontal axis. */
export interface Panel {
  /** What it shows, set above it: a title beside the axis would have to be read with the head turned. */
  readonly heading: string;
  readonly ink?: string;
  /** Of the plot alone, in pixels; 110 when absent. */
  readonly height?: number;
  /** Plotly's settings of the vertical axis. */
  readonly yaxis?: object;
}

/** What {@link stackPanels} lays out. */
export interface StackPanelsParams {
  /** From the top. */
  readonly panels: readonly Panel[];
  /** Plotly's settings of the horizontal axis. */
  readonly xaxis: object;
  /** Whether a legend stands above them. */
  readonly legend?: boolean;
  /** Whether a mark's label stands above them, as `verticalMark` has it. */
  readonly marked?: boolean;
}

const GAP = 38;
const TITLE = 66;
const BELOW = 60;

/** The vertical axis of a panel, as a trace names it. */
export function panelAxis(index: number): string {
  return index === 0 ? "y" : `y${index + 1}`;
}

/** Plots above each other on one horizontal axis, as a chart's layout and its height. */
export function stackPanels({ panels, xaxis, legend = false, marked = false }: StackPanelsParams): {
  layout: Record<string, unknown> & { annotations: unknown[] };
  height: number;
} {
  const heights = panels.map(({ height = 110 }) => height);
  const all = heights.reduce((sum, height) => sum + height, 0) + GAP * (panels.length - 1);
  const above = NOTE_SPACE + (legend ? LEGEND_SPACE : 0) + (marked ? NOTE_SPACE : 0);
  let top = 0;
  const placed = panels.map((panel, index) => {
    const [from, to] = [1 - (top + (heights[index] ?? 0)) / all, 1 - top / all];
    top += (heights[index] ?? 0) + GAP;
    return { panel, domain: [rounded(from), rounded(to)] as const };
  });
  return {
    layout: {
      showlegend: legend,
      margin: { t: above, b: BELOW },
      xaxis: { showgrid: false, ticks: "outside", ...xaxis, anchor: panelAxis(panels.length - 1) },
      ...Object.fromEntries(
        placed.map(({ panel, domain }, index) => [
          `yaxis${index === 0 ? "" : index + 1}`,
          { nticks: 5, ...panel.yaxis, domain },
        ]),
      ),
      annotations: placed.map(({ panel, domain }) => heading(panel, domain[1])),
    },
    height: all + above + BELOW + TITLE,
  };
}

function heading({ heading: text, ink = INK.text }: Panel, top: number): unknown {
  const place = { xref: "paper", x: 0, xanchor: "left", yref: "paper", y: top, yanchor: "bottom" };
  return { text: `<b>${plotlyText(text)}</b>`, ...place, showarrow: false, font: { color: ink } };
}

function rounded(share: number): number {
  return Math.max(0, Number(share.toFixed(4)));
}
