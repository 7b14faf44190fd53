import { softmax } from "../../evaluation/predict";
import { ModelError } from "../../runtime/errors";
import type { Answerable } from "../check";
import { quoted } from "../wording";

/**
 * Probabilities of every output for texts, `[texts][outputs]`. Texts that the model reads as the same tokens are asked once.
 *
 * @throws ModelError for an answer that is no number
 * @throws InterruptedError when the reader stops it
 */
export async function askProbabilities(
  { classifier, logitsOf }: Answerable<"classifier">,
  texts: readonly string[],
  label?: string,
): Promise<number[][]> {
  const { tokenizer, maxLength } = classifier;
  const encodings = await tokenizer.encodeBatch(texts, { maxLength });
  const keys = encodings.map(({ inputIds }) => inputIds.join(" "));
  const textOf = new Map(keys.map((key, index) => [key, texts[index] ?? ""]));
  const logits = await logitsOf([...textOf.values()], label);
  const answers = new Map([...textOf.keys()].map((key, index) => [key, logits[index] ?? []]));
  return keys.map((key, index) => {
    const answer = answers.get(key) ?? [];
    if (!answer.every(Number.isFinite))
      throw new ModelError(
        `The model's answer to ${quoted(texts[index] ?? "")} is not finite; expected logits that are numbers.`,
      );
    return softmax(answer);
  });
}
