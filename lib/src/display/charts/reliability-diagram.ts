import { wilsonInterval } from "../../evaluation/metrics";
import {
  expectedCalibrationError,
  reliabilityBins,
  type LabelledLogits,
  type ReliabilityBin,
} from "../../evaluation/significance/calibration";
import type { ChartSpec } from "../../runtime/presentation";
import { INK, seriesColor } from "../palette";
import { formatCount, formatPercent, short } from "./format";
import { panelAxis, stackPanels } from "./panels";

/** What {@link reliabilityDiagram} shows. */
export interface ReliabilityDiagramParams extends LabelledLogits {
  /** Bins of equal width from 0 to 1; 10 when absent. */
  readonly bins?: number;
  /** The finding; computed when absent. */
  readonly title?: string;
}

/** A bin that holds examples. */
interface Filled extends ReliabilityBin {
  readonly confidence: number;
  readonly accuracy: number;
}

/**
 * How often a model is right against how sure it is, and how many texts each point stands for: on the diagonal it is as sure as it is
 * right, below it too sure. The bars hold what chance does to a share of so many, with about 95 % confidence (Wilson 1927).
 *
 * @throws DataError for no examples, or logits that do not fit their labels
 * @throws ArgumentError for fewer than one bin
 */
export function reliabilityDiagram(params: ReliabilityDiagramParams): ChartSpec {
  const { logits, labels, bins: wanted = 10 } = params;
  const bins = reliabilityBins({ logits, labels, bins: wanted });
  const filled = bins.filter(isFilled);
  // a model that is always sure still stands against the whole diagonal
  const from = Math.min(0.5, filled[0]?.from ?? 0);
  const { layout, height } = stackPanels({
    panels: [
      { heading: "right answers", height: 220, yaxis: { range: [-0.03, 1.03], tickformat: ".0%" } },
      { heading: "texts", height: 80, yaxis: { rangemode: "tozero", tickformat: ",d", nticks: 3 } },
    ],
    xaxis: {
      title: { text: "how sure the model is of its answer" },
      range: [from - 0.02, 1.02],
      tickformat: ".0%",
    },
    legend: true,
  });
  const finding = describe(bins, filled);
  return {
    kind: "chart",
    title: params.title ?? finding,
    altText: `${finding}. ${filled.map(inWords).join("; ")}.`,
    data: [diagonal(from), gaps(filled), points(filled), countBars(filled)],
    layout,
    height,
  };
}

function isFilled(bin: ReliabilityBin): bin is Filled {
  return bin.confidence !== null && bin.accuracy !== null;
}

function diagonal(from: number): unknown {
  const line = { color: INK.rule, width: 1.5, dash: "dash" };
  return {
    type: "scatter",
    mode: "lines",
    name: "as sure as it is right",
    x: [from, 1],
    y: [from, 1],
    line,
    hoverinfo: "skip",
  };
}

/** From each point to the diagonal: by how much the model is too sure, or not sure enough. */
function gaps(bins: readonly Filled[]): unknown {
  const x = bins.flatMap(({ confidence }) => [short(confidence), short(confidence), null]);
  const y = bins.flatMap(({ confidence, accuracy }) => [short(confidence), short(accuracy), null]);
  const line = { color: seriesColor(0), width: 5 };
  return { type: "scatter", mode: "lines", name: "gap", x, y, line, hoverinfo: "skip" };
}

function points(bins: readonly Filled[]): unknown {
  const intervals = bins.map(({ accuracy, count }) => wilsonInterval(Math.round(accuracy * count), count));
  const y = bins.map(({ accuracy }) => accuracy);
  return {
    type: "scatter",
    mode: "markers",
    name: "right answers, with their 95% interval",
    x: bins.map(({ confidence }) => short(confidence)),
    y: y.map(short),
    error_y: {
      type: "data",
      symmetric: false,
      array: intervals.map(([, to], at) => short(to - (y[at] ?? 0))),
      arrayminus: intervals.map(([low], at) => short((y[at] ?? 0) - low)),
      color: INK.text,
      thickness: 1.5,
    },
    marker: { color: INK.text, size: 10 },
    cliponaxis: false,
    hovertemplate: "%{x:.1%} sure, %{y:.1%} right<extra></extra>",
  };
}

function countBars(bins: readonly Filled[]): unknown {
  return {
    type: "bar",
    showlegend: false,
    yaxis: panelAxis(1),
    x: bins.map(({ from, to }) => short((from + to) / 2)),
    y: bins.map(({ count }) => count),
    width: bins.map(({ from, to }) => short((to - from) * 0.9)),
    text: bins.map(({ count }) => formatCount(count)),
    textposition: "outside",
    cliponaxis: false,
    marker: { color: INK.rule },
    hovertemplate: "%{y} texts<extra></extra>",
  };
}

function describe(bins: readonly ReliabilityBin[], filled: readonly Filled[]): string {
  const texts = filled.reduce((sum, { count }) => sum + count, 0);
  const mean = (of: "confidence" | "accuracy"): number =>
    filled.reduce((sum, bin) => sum + bin[of] * bin.count, 0) / texts;
  const error = expectedCalibrationError(bins).toFixed(3);
  return `The model is ${formatPercent(mean("confidence"))} sure on average and right ${formatPercent(mean("accuracy"))} of the time (${formatCount(texts)} texts, expected calibration error ${error})`;
}

function inWords({ count, confidence, accuracy }: Filled): string {
  return `${formatCount(count)} texts of which it is ${formatPercent(confidence)} sure: ${formatPercent(accuracy)} right`;
}
