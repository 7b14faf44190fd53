import { behaviourCases } from "../../data/behaviour-cases";
import { defineCheck, type Finding } from "../check";
import { barChart } from "../evidence-charts";
import { listed, percent } from "../wording";
import { askCases, kindTable, scoreKinds, wrongCases } from "./answered-cases";
import type { AnsweredCase, KindScore } from "./answered-cases";

/**
 * The kind that decides. Blame that is negated is read as blame by good models too, as are sarcasm and the rest: they are told, and
 * do not warn.
 */
const DECIDING_KIND = "negated praise";
/** Surely more than half wrong: "not good" is read as "good". A model of 3,000 snippets gets all of it right. */
const WARN_ABOVE = 0.5;

/** Language that good classifiers get wrong too: told by kind, so that a reader knows what not to trust. */
export const hardLanguage = defineCheck({
  name: "hard-language",
  area: "model",
  question: "What language is too hard for the model, and does it read negation at all?",
  needs: ["classifier", "sentiment"],
  run: async (examination) => findHard(await askCases(examination, behaviourCases().hard)),
});

function findHard(cases: readonly AnsweredCase[]): Finding {
  const kinds = scoreKinds(cases);
  const negation = kinds.find(({ kind }) => kind === DECIDING_KIND);
  const ignored = negation !== undefined && negation.interval[0] > WARN_ABOVE;
  const weak = kinds.filter(({ kind, interval }) => kind !== DECIDING_KIND && interval[0] > WARN_ABOVE);
  const tables = [kindTable(kinds, "Hard sentences by kind"), ...wrongCases(cases)];
  const told = kinds.map(({ kind, failureRate, interval }): [string, number][] => [
    [`${kind}: wrong`, failureRate],
    [`${kind}: wrong, low`, interval[0]],
    [`${kind}: wrong, high`, interval[1]],
  ]);
  return {
    verdict: ignored ? "warn" : "pass",
    found: `${negation ? negationText(negation) : ""}${weaknessText(weak)}.`,
    advice:
      'Look for what takes "not" away before the model reads it (removal of stop words, a tokenizer that drops words), and for labels that were made from a list of words.',
    numbers: Object.fromEntries(told.flat()),
    evidence: ignored ? [...tables, wrongChart(kinds)] : tables,
  };
}

function negationText({ count, right, failureRate, interval }: KindScore): string {
  return `Praise that is negated ("not good") is read as blame in ${right} of ${count} sentences and wrongly in ${percent(failureRate)} (95 % interval ${percent(interval[0])} to ${percent(interval[1])})`;
}

function weaknessText(weak: readonly KindScore[]): string {
  if (weak.length === 0) return "";
  const names = weak.map(({ kind, failureRate }) => `${kind} (${percent(failureRate)} wrong)`);
  return `; known weaknesses that it has: ${listed(names)}`;
}

function wrongChart(kinds: readonly KindScore[]) {
  return barChart({
    title: "Wrong answers to hard sentences",
    categories: kinds.map(({ kind }) => kind),
    series: [{ name: "wrong", values: kinds.map(({ failureRate }) => failureRate) }],
    yTitle: "share wrong",
  });
}
