import { ClassificationReport } from "./metrics";
import { argmax, predictLogits, type PredictParams } from "./predict";

/** Classifies labelled features and reports how it went. */
export async function classificationReport(
  params: PredictParams & { name: string },
): Promise<ClassificationReport> {
  const logits = await predictLogits(params);
  const labels = params.features.map(({ label }) => label ?? -1);
  return new ClassificationReport(
    params.name,
    { labels, predictions: logits.map(argmax) },
    params.model.id2label,
  );
}
