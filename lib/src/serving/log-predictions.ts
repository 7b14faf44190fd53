import { argmax } from "../evaluation/predict";
import { labelName } from "../model/config-file";
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
  const time = new Date().toISOString();
  return texts.map((text, at) => {
    return {
      ...{ time, requestId, model: model.revision === undefined ? id : `${id}@${model.revision}`, text },
      tokens: encodings[at]?.length ?? 0,
      ...labelled(scoresOf(logits[at] ?? [], model.apply), model.labels),
      milliseconds: Math.round(milliseconds * 1000) / 1000,
    };
  });
}

/** A text's scores, in the outputs' order, by name, and the name of the highest. */
export function labelled(
  scores: readonly number[],
  names: Readonly<Record<number, string>>,
): Pick<LoggedPrediction, "label" | "scores"> {
  const name = (id: number): string => labelName(names, id);
  return {
    label: name(argmax(scores)),
    scores: Object.fromEntries(scores.map((score, id) => [name(id), score])),
  };
}
