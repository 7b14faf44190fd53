import { defineCheck, type CheckVerdict, type Finding } from "../check";
import { counted, percent } from "../wording";
import { confidentJoint, confidentNoiseShare } from "./confident-joint";
import { heldOutAnswers, kappa, type HeldOutAnswer } from "./held-out-answers";
import { byConfidence, confidenceChart, confidenceTable, suspectTable } from "./label-noise-evidence";
import { fitNoise, type AnswerNoise, type NoiseFit } from "./noise-fit";

/** Shares of wrong labels, with 95 % confidence at least. */
const LIMITS = {
  // ten well known test sets have 3.3 % on average, and the worst of them 10 % (Northcutt, Athalye and Mueller 2021, "Pervasive
  // label errors"): twice as many as usual is worth a look, as many as the worst leave no accuracy worth comparing
  all: { warn: 0.065, fail: 0.1 },
  // of one answer's texts, which are fewer, and on which a model may have a habit of its own
  oneAnswer: { warn: 0.08, fail: 0.2 },
};
/** Of fewer texts nothing can be told. */
const LEAST_TEXTS = 100;
/** Below this agreement is called slight (Landis and Koch 1977): whoever hardly knows the labels cannot doubt them. */
const LEAST_KAPPA = 0.2;

/** Asks whether labels of the held-out sets are wrong, as far as a model can doubt them that was not trained on them. */
export const labelNoise = defineCheck({
  name: "label-noise",
  area: "data",
  question: "Are labels of the held-out texts wrong?",
  needs: ["classifier", "heldOut"],
  run: async (examination): Promise<Finding> =>
    labelNoiseFinding(await heldOutAnswers(examination), examination.classifier.model.id2label),
});

/** What a model's answers say of the labels; `names` are those of its outputs. */
export function labelNoiseFinding(
  answers: readonly HeldOutAnswer[],
  names: Readonly<Record<number, string>>,
): Finding {
  const classes = Object.keys(names).length;
  if (answers.length < LEAST_TEXTS || classes < 2) return tooFew(answers.length, classes);
  const agreement = kappa(answers);
  if (agreement < LEAST_KAPPA) return strangers(answers.length, agreement);
  const labels = answers.map(({ label }) => label);
  const fit = fitNoise({
    ...{ labels, classes },
    answers: answers.map(({ answer }) => answer),
    confidences: answers.map(({ confidence }) => confidence),
  });
  const joint = confidentJoint({ probabilities: answers.map(({ probabilities }) => probabilities), labels });
  const tenths = byConfidence(answers, fit.errorChances);
  const worst = worstAnswer(fit);
  const verdict = judge(fit, worst);
  return {
    verdict,
    found: foundText({ fit, worst, answers, names }),
    advice:
      "Read the suspects in the table: mend the labels that are wrong, or find what the model misreads, and measure again.",
    numbers: {
      ...{ noiseShare: fit.share, noiseShareAtLeast: fit.atLeast, noiseShareAtMost: fit.atMost },
      ...(worst && { worstAnswerNoiseShare: worst.share, worstAnswerNoiseShareAtLeast: worst.atLeast }),
      ...{ suspects: joint.suspects.length, confidentLearningShare: confidentNoiseShare(joint, labels) },
      ...{
        contradictedShare: contradicted(answers) / answers.length,
        kappa: agreement,
        texts: answers.length,
      },
    },
    evidence: [
      suspectTable(joint.suspects, answers, names),
      confidenceTable(tenths),
      ...(verdict === "pass" ? [] : [confidenceChart(tenths)]),
    ],
  };
}

function tooFew(texts: number, classes: number): Finding {
  const found =
    classes < 2
      ? "The model has one output: it cannot doubt a label."
      : `Of ${counted(texts, "labelled text")} nothing can be told; it takes ${LEAST_TEXTS}.`;
  return { verdict: "pass", found, numbers: { texts } };
}

function strangers(texts: number, agreement: number): Finding {
  return {
    verdict: "warn",
    found: `The model hardly agrees with the labels of ${counted(texts, "text")} (kappa ${agreement.toFixed(2)}, where 0 is chance): it cannot say which are wrong.`,
    advice: "See first whether the model answers at all, and whether its outputs have the right names.",
    numbers: { kappa: agreement, texts },
  };
}

/** The answer whose texts most surely have wrong labels, where the answers were looked at by themselves. */
function worstAnswer({ byAnswer }: NoiseFit): AnswerNoise | undefined {
  const [first, ...others] = byAnswer.filter(({ answer }) => answer !== null);
  return first && others.reduce((one, other) => (other.atLeast > one.atLeast ? other : one), first);
}

function judge({ atLeast }: NoiseFit, worst: AnswerNoise | undefined): CheckVerdict {
  const { all, oneAnswer } = LIMITS;
  const ofWorst = worst?.atLeast ?? 0;
  if (atLeast >= all.fail || ofWorst >= oneAnswer.fail) return "fail";
  return atLeast >= all.warn || ofWorst >= oneAnswer.warn ? "warn" : "pass";
}

function contradicted(answers: readonly HeldOutAnswer[]): number {
  return answers.filter(({ label, answer }) => label !== answer).length;
}

function foundText(params: {
  fit: NoiseFit;
  worst: AnswerNoise | undefined;
  answers: readonly HeldOutAnswer[];
  names: Readonly<Record<number, string>>;
}): string {
  const { fit, worst, answers, names } = params;
  const texts = counted(answers.length, "label");
  const denied = percent(contradicted(answers) / answers.length);
  const all = `About ${percent(fit.share)} of ${texts} seem wrong, at least ${percent(fit.atLeast)} with 95 % confidence; the model contradicts ${denied}`;
  const isWorst = worst && worst.atLeast >= LIMITS.oneAnswer.warn;
  // where the labels of all are as wrong, one answer needs no word
  if (!isWorst || (fit.atLeast >= LIMITS.all.warn && worst.atLeast <= fit.atMost)) return `${all}.`;
  return `${all}. Of what it calls ${names[worst.answer ?? -1] ?? ""} about ${percent(worst.share)} seem wrong, at least ${percent(worst.atLeast)}.`;
}
