import type { ReviewSet } from "../../data/review-set";
import type { SequenceClassificationModel } from "../../model/sequence-classification-model";
import type { Answerable, Finding } from "../check";
import { counted, listed } from "../wording";

/**
 * What something tried out on a model as it is before training finds; the model is freed afterwards. Nothing is tried on a set with
 * labels that the model has no output for: that is then what is found.
 */
export async function withNewModel(
  { newModel, train }: Answerable<"newModel" | "train">,
  tryOut: (model: SequenceClassificationModel) => Promise<Finding>,
): Promise<Finding> {
  const model = await newModel();
  try {
    return labelsWithoutOutput(train, Object.keys(model.id2label).length) ?? (await tryOut(model));
  } finally {
    model.dispose();
  }
}

function labelsWithoutOutput(train: ReviewSet, outputs: number): Finding | undefined {
  const without = train.labels.filter((label) => !(label >= 0 && label < outputs));
  if (without.length === 0) return undefined;
  const names = [...new Set(without)].map((label) => `${label} (${train.id2label[label] ?? ""})`);
  return {
    verdict: "fail",
    found: `${counted(without.length, "row")} of ${train.name} have a label that the model has no output for: ${listed(names)}; it has ${outputs} outputs, 0 to ${outputs - 1}.`,
    advice: "Make the model with the id2label of the set.",
    numbers: { outputs, rowsWithoutOutput: without.length },
    evidence: [
      {
        kind: "table",
        columns: ["label", "name", "rows"],
        rows: Object.entries(train.labelCounts()).map(([id, count]) => [
          ...[id, train.id2label[Number(id)] ?? ""],
          count,
        ]),
      },
    ],
  };
}
