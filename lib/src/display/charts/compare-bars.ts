import type { ChartSpec } from "../../runtime/presentation";
import { FONT_SIZE } from "../figure";
import { plotlyLines, plotlyText } from "../../runtime/plotly-text";
import { wrapText } from "../font-metrics";
import { DARKER, INK } from "../palette";
import { checkFinite, checkSameLength } from "./check-values";
import { short } from "./format";
import { rangeFinding } from "./range-finding";
import { referenceLine, referencesInWords, textBeside, type ReferenceLine } from "./reference-line";

/** What {@link compareBars} shows. */
export interface CompareBarsParams {
  /** The finding; the highest and the lowest when absent. */
  readonly title?: string;
  readonly categories: readonly string[];
  /** One for each category. */
  readonly values: readonly number[];
  /** What is measured, with its unit. */
  readonly yTitle: string;
  /** Where nothing has been learned, drawn dashed. */
  readonly baseline?: ReferenceLine;
  /** What has to be reached, drawn solid; bars below it are grey. */
  readonly threshold?: ReferenceLine;
  /** Lower and upper end of the vertical axis; from 0 to above the highest value when absent. */
  readonly yRange?: readonly [number, number];
}

const WIDTH = 720;
const RIGHT = 150;

/**
 * One bar for each category, such as the balanced accuracy of runs that each leave out one repair.
 *
 * @throws DataError for no values, or one that is not a number
 * @throws ArgumentError for more values than categories, or fewer
 */
export function compareBars(params: CompareBarsParams): ChartSpec {
  const { categories, values, yTitle, baseline, threshold } = params;
  checkFinite({ name: yTitle, values });
  checkSameLength({ categories, values });
  const written = (value: number): string => value.toFixed(2);
  const title = params.title ?? rangeFinding({ name: yTitle, categories, values, written });
  const lines = [baseline, threshold].filter((line) => line !== undefined);
  const right = lines.length > 0 ? RIGHT : 20;
  const room = (WIDTH - 80 - right) / categories.length - 8;
  const top = Math.max(...values, ...lines.map((line) => line.value), 0);
  return {
    kind: "chart",
    title,
    altText: describe({ ...params, title }),
    data: [
      {
        type: "bar",
        x: categories.map((_, index) => index),
        y: values.map(short),
        text: values.map((value) => value.toFixed(2)),
        textposition: "outside",
        cliponaxis: false,
        width: 0.62,
        marker: {
          color: values.map((value) => (threshold && value < threshold.value ? INK.rule : DARKER.skyBlue)),
        },
        hovertemplate: "%{y:.3f}<extra></extra>",
      },
    ],
    layout: {
      showlegend: false,
      margin: { l: 70, r: right, t: 24 },
      xaxis: {
        // places, not categories: two runs may have the same name
        tickvals: categories.map((_, index) => index),
        ticktext: categories.map((name) => plotlyLines(wrapText(name, room, FONT_SIZE))),
        range: [-0.5, categories.length - 0.5],
        tickangle: 0,
        showgrid: false,
      },
      yaxis: { title: { text: plotlyText(yTitle) }, range: [...(params.yRange ?? [0, short(top * 1.1)])] },
      shapes: [
        ...(baseline ? [referenceLine(baseline, "dash")] : []),
        ...(threshold ? [referenceLine(threshold, "solid")] : []),
      ],
      annotations: lines.map(lineLabel),
    },
    width: WIDTH,
  };
}

/** Away from the other line's label. */
function lineLabel({ value, label }: ReferenceLine, _: number, lines: readonly ReferenceLine[]): unknown {
  const others = lines.filter((line) => line.value !== value);
  const yanchor =
    others.length === 0 ? "middle" : others.some((line) => line.value > value) ? "top" : "bottom";
  return textBeside([...wrapText(label, RIGHT - 16, FONT_SIZE), value.toFixed(2)], value, yanchor);
}

function describe(params: CompareBarsParams & { title: string }): string {
  const { title, categories, values, yTitle, baseline, threshold } = params;
  const bars = categories.map((name, index) => `${name} ${values[index]?.toFixed(3) ?? "none"}`);
  const lines = [baseline, threshold].filter((line) => line !== undefined);
  return `${title}. ${yTitle}: ${bars.join("; ")}.${referencesInWords(lines)}`;
}
