import type { ObviousCase } from "../../data/obvious-cases";
import { argmax, softmax } from "../../evaluation/predict";
import { binomialSurvival } from "../../evaluation/significance/distributions";
import { defineCheck, type Finding } from "../check";
import { normalLabel } from "../label-alignment";
import { ObviousCaseCheck, type CheckedCase } from "../obvious-case-check";
import { counted, listed, percent } from "../wording";
import { brokenLogits } from "../broken-logits";
import { readDeclared } from "./declared-reading";

/** A count that a coin reaches more often than once in twenty times says nothing for the model. */
const BY_CHANCE = 0.05;
/** Of sentences that nobody doubts, a model that misses more than a quarter fails, however many there are. */
const LEAST_RIGHT = 0.75;

/** Whether the model is right about sentences that nobody doubts. */
export const obviousCases = defineCheck({
  name: "obvious-cases",
  area: "model",
  question: "Is the model right about sentences that nobody doubts?",
  needs: ["classifier", "cases"],
  run: async ({ classifier, cases, logitsOf, id2label, heldOut, train }): Promise<Finding> => {
    if (cases.length === 0)
      return {
        verdict: "warn",
        found: "There is no obvious sentence to ask about.",
        advice: "Give a few for each label.",
      };
    const outputs = classifier.model.id2label;
    const meant = id2label ?? heldOut?.id2label ?? train?.id2label ?? outputs;
    const logits = await logitsOf(cases.map(({ text }) => text));
    const broken = brokenLogits(logits);
    if (broken) return broken;
    const called = outputNames(meant, outputs);
    const check = new ObviousCaseCheck(
      cases.map((one, index) => checkedCase(one, logits[index] ?? [], called)),
    );
    return judgeCases(check, called);
  },
});

/**
 * Names of the outputs, as the labels are called: those that have none of the labels' names by their numbers, since what the
 * names are is another question.
 */
function outputNames(
  meant: Readonly<Record<number, string>>,
  outputs: Readonly<Record<number, string>>,
): string[] {
  const { labelIds, outputIds, reading } = readDeclared(meant, outputs);
  return outputIds.map((id, output) => {
    const label = labelIds[reading.indexOf(output)];
    return (label === undefined ? outputs[id] : meant[label]) ?? "";
  });
}

function checkedCase(one: ObviousCase, logits: readonly number[], names: readonly string[]): CheckedCase {
  const probabilities = softmax(logits);
  const output = argmax(logits);
  // the same name in another case is the same name
  const nameOf = (name: string): string => (normalLabel(name) === normalLabel(one.label) ? one.label : name);
  return {
    ...one,
    said: nameOf(names[output] ?? ""),
    score: probabilities[output] ?? 0,
    scores: Object.fromEntries(names.map((name, index) => [nameOf(name), probabilities[index] ?? 0])),
  };
}

/**
 * Judges what a model said of the obvious cases, against one that always says the same or throws a coin.
 *
 * @param names - of the outputs, as the cases call them
 */
export function judgeCases(check: ObviousCaseCheck, names: readonly string[]): Finding {
  const { cases, right } = check;
  const count = cases.length;
  const byChance = binomialSurvival(right - 1, count, 1 / Math.max(2, names.length));
  const numbers = { cases: count, right, share: right / count, byChance };
  const evidence = [check.present()];
  const unknown = [...new Set(cases.map(({ label }) => label))].filter(
    (label) => !names.some((name) => normalLabel(name) === normalLabel(label)),
  );
  if (unknown.length > 0)
    return {
      verdict: "fail",
      found: `The sentences are ${listed(unknown)}, which none of the outputs is called (${listed(names)}): nothing can be right.`,
      advice: "Name the outputs as the labels are called, or give sentences with the model's labels.",
      ...{ numbers, evidence },
    };
  const found = `${right} of ${counted(count, "sentence")} ${count === 1 ? "is" : "are"} right; a coin gets as many or more ${percent(byChance)} of the time${sameText(check)}.`;
  if (right === count) return { verdict: "pass", found, numbers, evidence };
  const isFail = byChance > BY_CHANCE || right / count < LEAST_RIGHT;
  return {
    verdict: isFail ? "fail" : "warn",
    found,
    advice: isFail
      ? "Do not use this model: look at the label names, then at the balance of its training set."
      : "Look at the sentences that it got wrong, and for more like them in the training set.",
    ...{ numbers, evidence },
  };
}

function sameText({ cases }: ObviousCaseCheck): string {
  const [first] = cases;
  const labels = new Set(cases.map(({ label }) => label));
  const isSame = first !== undefined && cases.length > 1 && cases.every(({ said }) => said === first.said);
  if (!isSame) return "";
  return labels.size > 1
    ? `; all are called ${first.said}`
    : `; all are called ${first.said}, and none has another label, so that a model which always says so would do as well`;
}
