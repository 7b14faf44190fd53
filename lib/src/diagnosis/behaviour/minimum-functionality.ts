import { behaviourCases } from "../../data/behaviour-cases";
import { defineCheck, type CheckVerdict, type Finding } from "../check";
import { barChart } from "../evidence-charts";
import { percent } from "../wording";
import { askCases, kindTable, score, scoreKinds, wrongCases } from "./answered-cases";
import type { AnsweredCase, KindScore } from "./answered-cases";

/** A model of 3,000 snippets gets 5 % wrong: who surely gets a tenth wrong has not learned the plain words of opinion. */
const WARN_ABOVE = 0.1;
/** Guessing gets half of them wrong; half as many leave no ground to stand on for a single text. */
const FAIL_ABOVE = 0.25;
/** A capability of which surely more than half is wrong is missing, however good the others are. */
const MISSING_ABOVE = 0.5;
/** Surely more than three quarters wrong is worse than guessing: the model tells them apart, and the names are the wrong way round. */
const SWAPPED_ABOVE = 0.75;
/** A model that gives nearly all of them one label does not read them. */
const ONE_LABEL_SHARE = 0.95;

/** Plain sentences that every sentiment classifier gets right (CheckList's minimum functionality test). */
export const minimumFunctionality = defineCheck({
  name: "minimum-functionality",
  area: "model",
  question: "Does the model get plain sentences right?",
  needs: ["classifier", "sentiment"],
  run: async (examination) => findPlain(await askCases(examination, behaviourCases().plain)),
});

function findPlain(cases: readonly AnsweredCase[]): Finding {
  const all = score("all", cases);
  const kinds = scoreKinds(cases);
  const [worst = all] = [...kinds].sort((left, right) => right.failureRate - left.failureRate);
  const wrong = all.count - all.right;
  const verdict = judge(all, worst);
  const tables = [kindTable([...kinds, all], "Plain sentences by what they try"), ...wrongCases(cases)];
  const ofWorst = `most of ${worst.kind}, ${worst.count - worst.right} of ${worst.count}`;
  return {
    verdict,
    found: `${percent(all.failureRate)} of ${all.count} plain sentences get the wrong label (95 % interval ${percent(all.interval[0])} to ${percent(all.interval[1])})${wrong > 0 ? `; ${ofWorst}` : ""}.`,
    advice: adviceFor(all, worst, cases),
    numbers: {
      ...{ sentences: all.count, wrong, failureRate: all.failureRate },
      ...{ failureRateLow: all.interval[0], failureRateHigh: all.interval[1] },
      worstFailureRate: worst.failureRate,
    },
    evidence: verdict === "pass" ? tables : [...tables, failureChart(kinds)],
  };
}

function judge(all: KindScore, worst: KindScore): CheckVerdict {
  if (all.interval[0] > FAIL_ABOVE) return "fail";
  return all.interval[0] > WARN_ABOVE || worst.interval[0] > MISSING_ABOVE ? "warn" : "pass";
}

function adviceFor(all: KindScore, worst: KindScore, cases: readonly AnsweredCase[]): string {
  const said = cases.map((asked) => asked.said);
  const favourite = [...new Set(said)].find(
    (name) => said.filter((other) => other === name).length >= ONE_LABEL_SHARE * said.length,
  );
  if (favourite !== undefined)
    return `The model says ${favourite} whatever it reads: look at the balance and the order of what it was trained on.`;
  if (all.interval[0] > SWAPPED_ABOVE)
    return "It is worse than guessing: compare the names in config.json with the labels of training, they look swapped.";
  return `Look at what the model was trained on for ${worst.kind}, and at whether training, tokenizer and maxLength are what was meant.`;
}

function failureChart(kinds: readonly KindScore[]) {
  return barChart({
    title: "Wrong answers to plain sentences",
    categories: kinds.map(({ kind }) => kind),
    series: [{ name: "wrong", values: kinds.map(({ failureRate }) => failureRate) }],
    yTitle: "share wrong",
  });
}
