import { plotlyText } from "../runtime/plotly-text";
import type { ChartSpec } from "../runtime/presentation";

/** What {@link barChart} shows. */
export interface BarChartParams {
  /** The finding. */
  readonly title: string;
  readonly categories: readonly string[];
  /** Bars of one name side by side; one value a category. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  readonly xTitle?: string;
  readonly yTitle: string;
  /** Whether the vertical axis is one of powers of ten; a bar of 0 is not drawn then. */
  readonly logarithmic?: boolean;
}

/** What {@link lineChart} shows. */
export interface LineChartParams {
  /** The finding. */
  readonly title: string;
  readonly series: readonly {
    readonly name: string;
    readonly x: readonly number[];
    readonly y: readonly number[];
  }[];
  readonly xTitle: string;
  readonly yTitle: string;
  /** Whether a line from corner to corner shows what would be perfect, as in a reliability diagram. */
  readonly diagonal?: boolean;
}

const LEGEND_SPACE = 30;
const HEIGHT = 300;
const DASHES = ["solid", "dash", "dot", "dashdot"] as const;

/** Bars as evidence of a check. */
export function barChart(params: BarChartParams): ChartSpec {
  const { title, categories, series, xTitle, yTitle, logarithmic = false } = params;
  return {
    kind: "chart",
    title,
    altText: `${title}. ${yTitle}: ${series.map(({ name, values }) => `${name} ${describe(categories, values)}`).join("; ")}.`,
    data: series.map(({ name, values }) => ({
      type: "bar",
      name: plotlyText(name),
      x: categories.map(plotlyText),
      y: values,
    })),
    layout: {
      showlegend: series.length > 1,
      margin: { t: series.length > 1 ? LEGEND_SPACE : 12 },
      xaxis: { type: "category", ...(xTitle !== undefined && { title: { text: plotlyText(xTitle) } }) },
      yaxis: {
        title: { text: plotlyText(yTitle) },
        ...(logarithmic && { type: "log", exponentformat: "power" }),
      },
    },
    height: HEIGHT,
  };
}

/** Lines as evidence of a check. */
export function lineChart({ title, series, xTitle, yTitle, diagonal = false }: LineChartParams): ChartSpec {
  const perfect = { type: "line", x0: 0, y0: 0, x1: 1, y1: 1, line: { dash: "dot", width: 1 } };
  return {
    kind: "chart",
    title,
    altText: `${title}. ${yTitle} by ${xTitle}: ${series.map(({ name, x, y }) => `${name} ${describe(x.map(short), y)}`).join("; ")}.`,
    data: series.map(({ name, x, y }, index) => ({
      ...{ type: "scatter", mode: "lines+markers", name: plotlyText(name), x, y },
      line: { width: 2.5, dash: DASHES[index % DASHES.length] },
    })),
    layout: {
      showlegend: series.length > 1,
      margin: { t: series.length > 1 ? LEGEND_SPACE : 12 },
      xaxis: { title: { text: plotlyText(xTitle) } },
      yaxis: { title: { text: plotlyText(yTitle) } },
      ...(diagonal && { shapes: [perfect] }),
    },
    height: HEIGHT,
  };
}

const MOST_DESCRIBED = 12;

/** As many values as somebody listens to who cannot see the chart. */
function describe(places: readonly string[], values: readonly number[]): string {
  const step = Math.max(1, Math.ceil(places.length / MOST_DESCRIBED));
  return places
    .flatMap((place, at) => (at % step === 0 ? [`${place}: ${short(values[at] ?? NaN)}`] : []))
    .join(", ");
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
