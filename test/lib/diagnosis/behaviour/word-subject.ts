import path from "node:path";

import { ReviewSet } from "../../../../lib/src/data/review-set";
import { SENTIMENT } from "../../../../lib/src/data/snippets";
import type { Check } from "../../../../lib/src/diagnosis/check";
import { diagnose } from "../../../../lib/src/diagnosis/diagnose";
import type { CheckResult } from "../../../../lib/src/diagnosis/diagnosis-report";
import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { DOWNLOADS } from "../../../../lib/src/runtime/repository";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { specToText } from "../../../../lib/src/runtime/presentation-text";
import { Tokenizer } from "../../../../lib/src/tokenization/tokenizer";
import { wordModel, type WordModelParams } from "./word-model";

/** Words that say what somebody thinks, each of one piece. */
export const OPINION = {
  praise:
    `great wonderful excellent brilliant amazing beautiful funny superb delightful fantastic moving enjoyable loved enjoyed
    liked admired masterpiece triumph delight treat gem pleasure best recommend better stars again award`.split(
      /\s+/u,
    ),
  blame:
    `terrible awful boring dull bad stupid horrible weak pathetic predictable disappointing hated disliked regretted
    despised resented disaster mess failure bore disappointment waste worst avoid not never nothing isn nobody`.split(
      /\s+/u,
    ),
} as const;

const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));

/** A subject with a model that counts words. */
export function wordSubject(params: Partial<WordModelParams> = {}): Subject {
  return { model: wordModel(tokenizer, { ...OPINION, ...params }), tokenizer, maxLength: 64 };
}

/** Reviews of four opinions each, as many of praise as of blame. */
export function opinions(count: number, name = "test"): ReviewSet {
  const rows = Array.from({ length: count }, (_, index) => {
    const words = index % 2 === 0 ? OPINION.blame : OPINION.praise;
    const at = (offset: number): string => words[(Math.floor(index / 2) + offset) % 18] ?? "";
    return {
      text: `${at(0)} acting, ${at(1)} music and ${at(5)} scenes: ${at(8)} take ${index}`,
      label: index % 2,
    };
  });
  return new ReviewSet(name, rows, SENTIMENT);
}

/** What one check finds; a number that is none, in words or in a cell, is an error. */
export async function findingOf(check: Check, subject: Subject): Promise<CheckResult> {
  const report = await diagnose(subject, { checks: [check] });
  const result = report.result(check.name);
  if (!result) throw new Error(`${check.name} was not asked.`);
  const shown = [result.found, result.advice ?? "", ...(result.evidence ?? []).map(specToText)].join("\n");
  if (
    /\b(?:NaN|Infinity|undefined)\b/u.test(shown) ||
    !Object.values(result.numbers ?? {}).every(Number.isFinite)
  )
    throw new Error(`${check.name} shows what is no number: ${shown}`);
  return result;
}

/** Makes the embeddings of words something that is no number. */
export function breakWords(subject: Subject, words: readonly string[]): Subject {
  const { model } = subject;
  const table = model?.variables.get(model.wordTable);
  tf.tidy(() => {
    const ids = tf.tensor1d(tokenizer.convertTokensToIds(words), "int32");
    table?.assignRows(ids, tf.fill([words.length, table.shape[1] ?? 0], NaN));
  });
  return subject;
}
