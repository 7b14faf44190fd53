import { argmax } from "../evaluation/predict";
import type { LoggedPrediction } from "./logged-prediction";
import { scoresOf } from "./ranked-labels";
import type { ServedModel } from "./served-model";

/** What a request's answer is in the log: the model's own scores, whatever function the client asked for. */
export function loggedPredictions(params: {
  id: string;
  model: ServedModel;
  requestId: string;
  texts: string[];
  encodings: number[][];
  logits: number[][];
  milliseconds: number;
}): LoggedPrediction[] {
  const { id, model, requestId, texts, encodings, logits, milliseconds } = params;
  const name = (label: number): string => model.labels[label] ?? `LABEL_${label}`;
  const time = new Date().toISOString();
  return texts.map((text, at) => {
    const scores = scoresOf(logits[at] ?? [], model.apply);
    return {
      ...{ time, requestId, model: model.revision === undefined ? id : `${id}@${model.revision}`, text },
      tokens: encodings[at]?.length ?? 0,
      label: name(argmax(scores)),
      scores: Object.fromEntries(scores.map((score, label) => [name(label), score])),
      milliseconds: Math.round(milliseconds * 1000) / 1000,
    };
  });
}
