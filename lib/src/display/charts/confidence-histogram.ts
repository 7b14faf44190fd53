import { argmax, softmax } from "../../evaluation/predict";
import { checkLogits, type LabelledLogits } from "../../evaluation/significance/calibration";
import { mean } from "../../evaluation/significance/counts";
import { labelName } from "../../model/config-file";
import { ArgumentError } from "../../runtime/errors";
import { plotlyText } from "../../runtime/plotly-text";
import type { ChartSpec } from "../../runtime/presentation";
import { INK, labelColor, labelInk } from "../palette";
import { formatCount, formatPercent, formatShare } from "./format";
import { panelAxis, stackPanels } from "./panels";

/** What {@link confidenceHistogram} shows. */
export interface ConfidenceHistogramParams extends LabelledLogits {
  readonly id2label: Readonly<Record<number, string>>;
  /** The label whose probability is shown; the last one, which of two is POSITIVE, when absent. */
  readonly label?: string;
  /** The finding; computed when absent. */
  readonly title?: string;
}

/** The texts of one label, and how probable the model thinks the shown label is. */
interface Group {
  readonly name: string;
  readonly id: number;
  readonly chances: readonly number[];
}

const BINS = 20;

/**
 * How sure a model is: the probability it gives to one label, as a histogram for each true label on one axis. A model that has
 * learned has its heaps at opposite ends; one that says the same of everything has them above each other.
 *
 * @throws DataError for no examples, or logits that do not fit their labels
 * @throws ArgumentError for a label that is not among the names
 */
export function confidenceHistogram(params: ConfidenceHistogramParams): ChartSpec {
  const { logits, labels, id2label } = params;
  checkLogits({ logits, labels });
  const shown = shownLabel(params);
  const name = labelName(id2label, shown);
  const chances = logits.map((row) => softmax(row)[shown] ?? 0);
  const groups = (logits[0] ?? [])
    .map((_, id) => ({
      name: labelName(id2label, id),
      id,
      chances: chances.filter((_, index) => labels[index] === id),
    }))
    .filter((group) => group.chances.length > 0);
  const counts = groups.map(binned);
  const top = Math.max(...counts.flat());
  const { layout, height } = stackPanels({
    panels: groups.map((group) => ({
      heading: `${formatCount(group.chances.length)} ${group.name}: P(${name}) ${mean(group.chances).toFixed(3)} on average`,
      ink: labelInk(group.name),
      // one scale for all, so that heaps can be compared
      yaxis: { range: [0, top * 1.25], tickformat: ",d" },
    })),
    xaxis: { title: { text: `P(${plotlyText(name)})` }, range: [-0.02, 1.02] },
  });
  const finding = describe(params, name, groups);
  return {
    kind: "chart",
    title: params.title ?? finding,
    altText: `${finding}. ${groups.map((group, index) => inWords(group, counts[index] ?? [], name)).join("; ")}.`,
    data: groups.map((group, index) => bars(group, counts[index] ?? [], index)),
    layout: {
      ...layout,
      bargap: 0.1,
      // of two labels, this is where the answer changes
      ...(logits[0]?.length === 2 && {
        shapes: groups.map((_, index) => half(panelAxis(index))),
      }),
    },
    height,
  };
}

function shownLabel({ logits, id2label, label }: ConfidenceHistogramParams): number {
  const names = (logits[0] ?? []).map((_, id) => labelName(id2label, id));
  const shown = label === undefined ? names.length - 1 : names.indexOf(label);
  if (shown < 0)
    throw new ArgumentError(`The label ${label} is not one of the model's: expected ${names.join(" or ")}.`);
  return shown;
}

function binned({ chances }: Group): number[] {
  const counts = new Array<number>(BINS).fill(0);
  for (const chance of chances) {
    const bin = Math.min(BINS - 1, Math.floor(chance * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function half(axis: string): unknown {
  const place = { x0: 0.5, x1: 0.5, yref: `${axis} domain`, y0: 0, y1: 1 };
  return { type: "line", layer: "below", ...place, line: { color: INK.rule, width: 1.5, dash: "dash" } };
}

function bars({ name, id }: Group, counts: readonly number[], index: number): unknown {
  return {
    type: "bar",
    name: plotlyText(name),
    yaxis: panelAxis(index),
    x: counts.map((_, bin) => Number(((bin + 0.5) / BINS).toFixed(3))),
    y: counts,
    text: counts.map((count) => (count > 0 ? formatCount(count) : "")),
    textposition: "outside",
    cliponaxis: false,
    marker: { color: labelColor(name, id) },
    hovertemplate: `%{y} ${plotlyText(name)}<extra></extra>`,
  };
}

function describe(params: ConfidenceHistogramParams, name: string, groups: readonly Group[]): string {
  const { logits, labels, id2label } = params;
  const answers = logits.map(argmax);
  const right = answers.filter((answer, index) => answer === labels[index]).length;
  const texts = formatCount(labels.length);
  const [first] = answers;
  if (first !== undefined && answers.every((answer) => answer === first)) {
    const sure = mean(logits.map((row) => softmax(row)[first] ?? 0));
    const others = labels.length - right;
    const wrong = others > 0 ? `${formatCount(others)} of them are not` : "all of them are";
    return `All ${texts} texts are called ${labelName(id2label, first)}, with ${formatPercent(sure)} confidence on average; ${wrong}`;
  }
  const own = groups.filter((group) => group.name === name);
  const others = groups.filter((group) => group.name !== name);
  const means = [
    ...(own.length > 0 ? [`${meanOf(own).toFixed(2)} for ${name}`] : []),
    ...(others.length > 0
      ? [`${meanOf(others).toFixed(2)} for ${others.length === 1 ? (others[0]?.name ?? "") : "the others"}`]
      : []),
  ];
  return `P(${name}) is on average ${means.join(", ")}; ${formatShare(right / labels.length)} of the ${texts} answers are right`;
}

function inWords({ name, chances }: Group, counts: readonly number[], shown: string): string {
  const fullest = counts.indexOf(Math.max(...counts));
  const ends = [fullest / BINS, (fullest + 1) / BINS].map((end) => end.toFixed(2)).join(" to ");
  return `${chances.length} ${name}: P(${shown}) ${mean(chances).toFixed(3)} on average, most often (${counts[fullest] ?? 0} texts) ${ends}`;
}

function meanOf(groups: readonly Group[]): number {
  return mean(groups.flatMap(({ chances }) => chances));
}
