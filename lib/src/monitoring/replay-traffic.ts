import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import { predictLogits, softmax } from "../evaluation/predict";
import { ArgumentError } from "../runtime/errors";
import { labelled } from "../serving/log-predictions";
import type { LoggedPrediction } from "../serving/logged-prediction";
import type { Tokenizer } from "../tokenization/tokenizer";

/** What is replayed. */
export interface ReplayParams {
  readonly model: SequenceClassificationModel;
  readonly tokenizer: Tokenizer;
  /** Tokens of a text that the model reads; 128 where nothing is said. */
  readonly maxLength?: number;
  readonly texts: readonly string[];
  /** What the log calls the model, such as `reader/sentiment@3f2a`. */
  readonly name: string;
  /** When the first text comes in, ISO 8601; the first of January 2026 where nothing is said. */
  readonly start?: string;
  /** Texts a day, evenly spread; 200 where nothing is said. */
  readonly perDay?: number;
  /** What the progress line calls it; none is shown without. */
  readonly label?: string;
}

/**
 * Answers texts as if they had come in one by one, at times that are the same each time, and logs it as a server does: for trying
 * on past texts what will watch the coming ones. Nobody waits, so that the milliseconds are 0.
 *
 * @throws ArgumentError for a start that is no time, or no texts a day
 * @throws InterruptedError when the reader stops it
 */
export async function replayTraffic(params: ReplayParams): Promise<LoggedPrediction[]> {
  const { model, tokenizer, maxLength = 128, texts, name, start = "2026-01-01T00:00:00Z", label } = params;
  const { perDay = 200 } = params;
  const begin = Date.parse(start);
  if (Number.isNaN(begin))
    throw new ArgumentError(`start is ${JSON.stringify(start)}; expected a time in ISO 8601.`);
  if (!(perDay > 0)) throw new ArgumentError(`perDay is ${perDay}; expected a number above 0.`);
  const features = await tokenizer.encodeBatch([...texts], { maxLength });
  const { padTokenId } = tokenizer;
  const logits = await predictLogits({ model, features, padTokenId, ...(label !== undefined && { label }) });
  return texts.map((text, index) => {
    return {
      time: new Date(begin + (index * 86_400_000) / perDay).toISOString(),
      requestId: `replay-${index}`,
      model: name,
      text,
      tokens: features[index]?.inputIds.length ?? 0,
      ...labelled(softmax(logits[index] ?? []), model.id2label),
      milliseconds: 0,
    };
  });
}
