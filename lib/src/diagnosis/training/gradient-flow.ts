import type { SequenceClassificationModel } from "../../model/sequence-classification-model";
import type { ChartSpec, TableSpec } from "../../runtime/presentation";
import { defineCheck, type Answerable, type Finding } from "../check";
import { barChart } from "../evidence-charts";
import { counted, listed, rounded } from "../wording";
import { drawBatch } from "./draw-batch";
import { emptySet } from "./empty-set";
import {
  batchGradients,
  byLayer,
  shortName,
  type BatchGradients,
  type LayerGradient,
} from "./gradient-norms";
import { withNewModel } from "./with-new-model";

/** About a batch of the usual size: a prime, so that labels never come in equal shares, of which a new head's bias would hear nothing. */
const TEXTS = 17;
/**
 * Of a parameter's values on average: AdamW's epsilon. It divides a gradient by its own size plus epsilon, so that those far
 * below no longer move, whatever the learning rate; those of a healthy beginning are 1e-5 and more.
 */
const DEAD = 1e-8;
/** Within ten of epsilon steps are up to a tenth shorter, and a layer above that shrinks them a little more stops them. */
const FAINT = 1e-7;
/** Gradients of a new head come to 1 to 10 together; clipped to 1 (the default), a hundredth of these is left. */
const LARGE = 100;
/** With a thousandth left, what one batch says is lost in another's. */
const EXPLODED = 1_000;
/** A batch that is fitted already has hardly any gradient, and that is as it should be. */
const FITTED_LOSS = 0.05;

type Asked = Answerable<"newModel" | "train" | "tokenizer">;

/** Whether every parameter hears of the loss. */
export const gradientFlow = defineCheck({
  name: "gradient-flow",
  area: "training",
  question: "Do the gradients of one batch reach every layer of a new model?",
  needs: ["newModel", "train", "tokenizer"],
  run: async (asked) => {
    const { train } = asked;
    if (train.length === 0) return emptySet(train, "there is no batch to take gradients of");
    return withNewModel(asked, (model) => Promise.resolve(findingOf(gradientsOf(model, asked))));
  },
});

function gradientsOf(
  model: SequenceClassificationModel,
  { train, tokenizer, maxLength, seed }: Asked,
): BatchGradients {
  const features = drawBatch({ train, tokenizer, maxLength, seed, count: TEXTS });
  return batchGradients({ model, features, padTokenId: tokenizer.padTokenId });
}

function findingOf(gradients: BatchGradients): Finding {
  const layers = byLayer(gradients.parameters);
  const finding = judge(gradients, layers);
  const table = layerTable(layers);
  return { ...finding, evidence: finding.verdict === "pass" ? [table] : [table, gradientChart(layers)] };
}

function judge({ loss, parameters }: BatchGradients, layers: readonly LayerGradient[]): Finding {
  const broken = parameters.filter(({ norm }) => !Number.isFinite(norm));
  if (broken.length > 0 || !Number.isFinite(loss)) return notFinite(broken.length, parameters.length);
  const norm = Math.hypot(...layers.map((layer) => layer.norm));
  const smallest = Math.min(...parameters.map(({ typical }) => typical));
  const below = (limit: number): string[] =>
    parameters.filter(({ typical }) => typical < limit).map(({ name }) => shortName(name));
  const [dead, faint] = [below(DEAD), below(FAINT)];
  const numbers = {
    loss,
    norm,
    smallest,
    parameters: parameters.length,
    dead: dead.length,
    faint: faint.length,
  };
  const together = `the norm of all gradients is ${rounded(norm)}`;
  if (loss < FITTED_LOSS)
    return {
      ...{ verdict: "pass", numbers },
      found: `The batch is fitted already (loss ${rounded(loss)}), so that its gradients say nothing; ${together}.`,
    };
  if (faint.length > 0) {
    const names = dead.length > 0 ? dead : faint;
    return {
      ...{ verdict: dead.length > 0 ? "fail" : "warn", numbers },
      found: `The gradient is ${dead.length > 0 ? "nothing" : "next to nothing"} in ${counted(names.length, "parameter")} of ${parameters.length}: ${listed(names)}; the smallest is ${rounded(smallest)} a value.`,
      advice:
        "Look at the weights between these and the loss for values that are 0, tiny or huge, and at units that never fire.",
    };
  }
  if (norm < LARGE)
    return {
      ...{ verdict: "pass", numbers },
      found: `Gradients reach all ${parameters.length} parameters; the smallest is ${rounded(smallest)} a value, and ${together}.`,
    };
  const [largest] = [...layers].sort((left, right) => right.norm - left.norm);
  return {
    ...{ verdict: norm < EXPLODED ? "warn" : "fail", numbers },
    found: `The gradients are huge: ${together}, the most of it in ${largest?.layer ?? ""} (${rounded(largest?.norm ?? 0)}).`,
    advice: "Look for weights that begin too large, above that layer first.",
  };
}

function notFinite(broken: number, count: number): Finding {
  return {
    verdict: "fail",
    found: `The gradient is no finite number in ${broken} of ${counted(count, "parameter")}.`,
    advice: "Look for weights that are no numbers, or huge, in what the model begins with.",
    numbers: { parameters: count, notFinite: broken },
  };
}

function layerTable(layers: readonly LayerGradient[]): TableSpec {
  const shown = (value: number): string => (Number.isFinite(value) ? rounded(value) : "no number");
  return {
    kind: "table",
    columns: ["layer", "parameters", "norm of the gradient", "smallest a value", "where"],
    rows: layers.map(({ layer, parameters, norm }) => {
      const [least] = [...parameters].sort((left, right) => left.typical - right.typical);
      return [
        layer,
        parameters.length,
        shown(norm),
        shown(least?.typical ?? NaN),
        shortName(least?.name ?? ""),
      ];
    }),
    note: "The biases of keys are left out: softmax takes away again what they add, in every model.",
  };
}

/** Of each layer the parameters that hear the most and the least: one that hears nothing has no bar. */
function gradientChart(layers: readonly LayerGradient[]): ChartSpec {
  const shown = layers.map(({ layer, parameters }) => {
    const sizes = parameters.map(({ typical }) => (Number.isFinite(typical) ? typical : 0));
    return { layer, most: Math.max(...sizes), least: Math.min(...sizes) };
  });
  const quietest = shown.reduce((found, next) => (next.least < found.least ? next : found));
  const loudest = shown.reduce((found, next) => (next.most > found.most ? next : found));
  return barChart({
    title: `Gradients go from ${rounded(quietest.least)} a value (${quietest.layer}) to ${rounded(loudest.most)} (${loudest.layer})`,
    categories: shown.map(({ layer }) => layer),
    series: [
      { name: "largest of the layer", values: shown.map(({ most }) => most) },
      { name: "smallest", values: shown.map(({ least }) => least) },
    ],
    yTitle: "gradient a value",
    logarithmic: true,
  });
}
