import type { ChartSpec } from "../../runtime/presentation";
import { LEGEND_SPACE } from "../figure";
import { plotlyText } from "../../runtime/plotly-text";
import { seriesColor } from "../palette";
import { checkFinite, checkSameLength } from "./check-values";
import { short } from "./format";
import { MARK_SPACE, verticalMark } from "./vertical-mark";

/** One metric over the training steps. */
export interface MetricCurve {
  readonly name: string;
  readonly steps: readonly number[];
  /** One for each step. */
  readonly values: readonly number[];
}

/** What {@link metricCurves} shows. */
export interface MetricCurvesParams {
  /** The finding; where each curve begins and ends when absent. */
  readonly title?: string;
  readonly curves: readonly MetricCurve[];
  /** A step to mark, such as that of the checkpoint that was kept. */
  readonly marker?: { readonly step: number; readonly label: string };
  /** What is measured, with its unit. */
  readonly yTitle: string;
  /** Lower and upper end of the vertical axis; chosen by the values when absent. */
  readonly yRange?: readonly [number, number];
}

const DASHES = ["solid", "dash", "dot", "dashdot"] as const;
const SYMBOLS = ["circle", "square", "diamond", "triangle-up"] as const;

/**
 * Metrics over training steps, such as validation accuracy against balanced accuracy, with one step marked.
 *
 * @throws DataError for no curves, a curve without a value, or a value that is not a number
 * @throws ArgumentError for a curve with more steps than values, or fewer
 */
export function metricCurves(params: MetricCurvesParams): ChartSpec {
  const { curves, marker, yTitle, yRange } = params;
  checkFinite({ name: "curves", values: curves.flatMap(({ values }) => values) });
  for (const { name, steps, values } of curves) {
    checkFinite({ name, values });
    checkSameLength({ [`steps of ${name}`]: steps, values });
  }
  const title = params.title ?? finding(curves);
  return {
    kind: "chart",
    title,
    altText: describe({ ...params, title }),
    data: curves.map(curveTrace),
    layout: {
      showlegend: true,
      margin: { t: LEGEND_SPACE + (marker ? MARK_SPACE : 0) },
      xaxis: { title: { text: "training step" }, tickformat: ",", showgrid: false, ticks: "outside" },
      yaxis: { title: { text: plotlyText(yTitle) }, ...(yRange && { range: [...yRange] }) },
      ...(marker && markerLine(marker, curves)),
    },
  };
}

/** Line, dash and symbol differ together, so that the curves can also be told apart in grey. */
function curveTrace({ name, steps, values }: MetricCurve, index: number): unknown {
  const color = seriesColor(index);
  return {
    type: "scatter",
    mode: "lines+markers",
    name: plotlyText(name),
    x: steps,
    y: values.map(short),
    line: { color, width: 3, dash: DASHES[index % DASHES.length] },
    marker: { color, size: 9, symbol: SYMBOLS[index % SYMBOLS.length] },
  };
}

function markerLine(
  { step, label }: { step: number; label: string },
  curves: readonly MetricCurve[],
): Record<string, unknown> {
  const steps = curves.flatMap((curve) => curve.steps);
  return verticalMark({ at: step, label, range: [Math.min(...steps), Math.max(...steps)], layer: "below" });
}

function finding(curves: readonly MetricCurve[]): string {
  const ways = curves.map(({ name, values }) => {
    const [first = NaN, last = NaN] = [values[0], values.at(-1)];
    return `${name} goes from ${first.toFixed(3)} to ${last.toFixed(3)}`;
  });
  return ways.join("; ");
}

function describe(params: MetricCurvesParams & { title: string }): string {
  const { title, curves, marker, yTitle } = params;
  const lines = curves.map(({ name, steps, values }) => {
    const ends = [0, -1].map(
      (at) => `${values.at(at)?.toFixed(3) ?? "nothing"} at step ${steps.at(at) ?? 0}`,
    );
    return `${name} goes from ${ends.join(" to ")}`;
  });
  const marked = marker ? ` Marked is step ${marker.step}: ${marker.label}.` : "";
  return `${title}. ${yTitle} over training steps: ${lines.join("; ")}.${marked}`;
}
