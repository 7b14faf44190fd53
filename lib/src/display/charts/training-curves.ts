import { isSpeedMetric } from "../../training/speed-metrics";
import type { LogEntry, TrainerState } from "../../training/trainer-state";
import { ArgumentError, DataError } from "../../runtime/errors";
import type { ChartSpec } from "../../runtime/presentation";
import { NOTE_SPACE } from "../figure";
import { INK, seriesColor } from "../palette";
import { checkFinite } from "./check-values";
import { formatCount, short } from "./format";
import { panelAxis, stackPanels } from "./panels";
import { verticalMark } from "./vertical-mark";

/** What {@link trainingCurves} shows. */
export interface TrainingCurvesParams {
  /** Of a Trainer, of what `train()` gives, or of a checkpoint. */
  readonly state: Pick<TrainerState, "logHistory" | "bestGlobalStep">;
  /** The metric of the evaluations, such as `eval_accuracy`; the first that is no loss when absent. */
  readonly metric?: string;
  /** The finding; computed when absent. */
  readonly title?: string;
}

/** Names of metrics of which the lowest value is the one to look for. */
const LESS_IS_BETTER = /\b(?:loss|error|mae|mse|rmse|perplexity)\b/u;

/** What the log holds under one key. */
interface Curve {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** A curve and how it is drawn. */
interface Drawn extends Curve {
  readonly panel: number;
  readonly look: { readonly color: string; readonly dash: string; readonly symbol: string };
}

const LOOKS = {
  loss: { color: seriesColor(0), dash: "solid", symbol: "circle" },
  eval_loss: { color: seriesColor(1), dash: "dash", symbol: "square" },
  metric: { color: seriesColor(2), dash: "solid", symbol: "diamond" },
} as const;

/**
 * The losses of a run, and a metric of its evaluations below them, over its steps, with the checkpoint that was best by the run's own
 * rule: whether that is where the model was best is what to look for.
 *
 * @throws DataError for a log without a loss, or with a value that is not a number
 * @throws ArgumentError for a metric that was not logged
 */
export function trainingCurves({ state, metric, title }: TrainingCurvesParams): ChartSpec {
  const { logHistory, bestGlobalStep } = state;
  const training = curve(logHistory, "loss", "training loss");
  const evaluation = curve(logHistory, "eval_loss", "evaluation loss");
  if (training.steps.length + evaluation.steps.length === 0)
    throw new DataError(
      `The log of ${logHistory.length} entries has no loss; expected \`loss\` or \`eval_loss\` in it. Train with a loggingSteps below the steps of the run.`,
    );
  const key = metricKey(logHistory, metric);
  const measured = key === undefined ? undefined : curve(logHistory, key, words(key));
  const curves: Drawn[] = [
    { ...training, panel: 0, look: LOOKS.loss },
    { ...evaluation, panel: 0, look: LOOKS.eval_loss },
    ...(measured ? [{ ...measured, panel: 1, look: LOOKS.metric }] : []),
  ].filter(({ steps }) => steps.length > 0);
  for (const one of curves) checkFinite(one);
  const ends = curves.flatMap(({ steps }) => steps);
  const { layout, height } = stackPanels({
    panels: [
      { heading: "loss", height: 150, yaxis: { rangemode: "tozero" } },
      ...(measured ? [{ heading: measured.name, height: 130 }] : []),
    ],
    xaxis: { title: { text: "training step" }, tickformat: ",d" },
    legend: true,
    marked: bestGlobalStep !== null,
  });
  const finding = describe({ training, evaluation, measured, bestGlobalStep });
  return {
    kind: "chart",
    title: title ?? finding,
    altText: `${finding}. ${curves.map(inWords).join("; ")}.`,
    data: curves.map(trace),
    layout:
      bestGlobalStep === null ? layout : { ...layout, ...withMark(layout.annotations, bestGlobalStep, ends) },
    height,
  };
}

function curve(logHistory: readonly LogEntry[], key: string, name: string): Curve {
  const entries = logHistory.filter((entry) => entry[key] !== undefined);
  return { name, steps: entries.map(({ step }) => step), values: entries.map((entry) => entry[key] ?? NaN) };
}

function metricKey(logHistory: readonly LogEntry[], wanted: string | undefined): string | undefined {
  const keys = [...new Set(logHistory.flatMap((entry) => Object.keys(entry)))];
  const metrics = keys.filter((key) => key.startsWith("eval_") && key !== "eval_loss" && !isSpeedMetric(key));
  if (wanted !== undefined && !metrics.includes(wanted))
    throw new ArgumentError(
      `${wanted} is not in the log; expected one of: ${metrics.join(", ") || "none there"}.`,
    );
  return wanted ?? metrics[0];
}

function words(key: string): string {
  return key
    .replace(/^eval_/u, "")
    .replace(/([a-z])([A-Z])/gu, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
}

/** Across both panels, with its label above the first one's heading. */
function withMark(annotations: readonly unknown[], step: number, ends: readonly number[]): object {
  const mark = verticalMark({
    at: step,
    label: `best checkpoint: step ${formatCount(step)}`,
    range: [Math.min(...ends), Math.max(...ends)],
    layer: "below",
    lift: NOTE_SPACE,
  });
  return { shapes: mark.shapes, annotations: [...annotations, ...mark.annotations] };
}

function trace({ name, steps, values, panel, look }: Drawn): unknown {
  return {
    type: "scatter",
    mode: "lines+markers",
    name,
    yaxis: panelAxis(panel),
    x: steps,
    y: values.map(short),
    line: { color: look.color, width: 2.5, dash: look.dash },
    marker: {
      color: look.color,
      size: steps.length > 40 ? 4 : 8,
      symbol: look.symbol,
      line: { color: INK.ground, width: 1 },
    },
    hovertemplate: `step %{x:,}: %{y:.4f} ${name}<extra></extra>`,
  };
}

interface Found {
  readonly training: Curve;
  readonly evaluation: Curve;
  readonly measured: Curve | undefined;
  readonly bestGlobalStep: number | null;
}

function describe({ training, evaluation, measured, bestGlobalStep }: Found): string {
  const parts = [
    ...(training.values.length > 0 ? [way(training)] : []),
    ...(evaluation.values.length > 0 ? [extreme(evaluation)] : []),
    ...(measured ? [extreme(measured)] : []),
    ...(bestGlobalStep === null ? [] : [`the run's rule calls step ${formatCount(bestGlobalStep)} best`]),
  ];
  const sentence = parts.join("; ");
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

function way({ name, values }: Curve): string {
  const [first, last] = [values[0] ?? 0, values.at(-1) ?? 0];
  if (values.length === 1 || first === last) return `${name} is ${last.toFixed(3)}`;
  return `${name} ${last < first ? "falls" : "rises"} from ${first.toFixed(3)} to ${last.toFixed(3)}`;
}

function extreme({ name, steps, values }: Curve): string {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  if (lowest === highest)
    return `${name} is ${lowest.toFixed(3)} at ${values.length > 1 ? "every evaluation" : `step ${formatCount(steps[0] ?? 0)}`}`;
  const isLowBest = LESS_IS_BETTER.test(name);
  const [which, value] = isLowBest ? ["lowest", lowest] : ["highest", highest];
  return `${name} is ${which} (${value.toFixed(3)}) at step ${formatCount(steps[values.indexOf(value)] ?? 0)}`;
}

function inWords({ name, steps, values }: Curve): string {
  const ends = [0, -1].map((at) => `${values.at(at)?.toFixed(3) ?? "nothing"} at step ${steps.at(at) ?? 0}`);
  return `${name} goes from ${ends.join(" to ")}`;
}
