import { DataError } from "../runtime/errors";
import { ClassificationReport } from "./metrics";
import { argmax, predictLogits, type PredictParams } from "./predict";

/**
 * Classifies labelled features and reports how it went.
 *
 * @throws DataError if there are none, or a label is missing or not the model's
 */
export async function classificationReport(
  params: PredictParams & { name: string },
): Promise<ClassificationReport> {
  const labels = params.features.map(({ label }, index) => {
    if (label === undefined)
      throw new DataError(`Example ${index} of "${params.name}" has no label; expected one of each.`);
    return label;
  });
  const logits = await predictLogits(params);
  return new ClassificationReport(
    params.name,
    { labels, predictions: logits.map(argmax) },
    params.model.id2label,
  );
}
