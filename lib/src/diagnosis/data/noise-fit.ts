import { chiSquareSurvival, normalQuantile } from "../../evaluation/significance/distributions";
import { confidenceRanks } from "./confidence-ranks";
import { boundsOfAll, boundsOfGroup, boundsOfOneRate, weightedRate, type Bounds } from "./noise-bounds";
import { likelihoods, RATES, type Cell, type Likelihood } from "./noise-likelihood";

/** What a model answered, and whether the labels agree. */
export interface Answers {
  /** How sure the model is of each answer: only the order counts. */
  readonly confidences: readonly number[];
  /** The answers. */
  readonly answers: readonly number[];
  readonly labels: readonly number[];
  /** How many labels there are. */
  readonly classes: number;
}

/** A share with the bounds that hold with 95 % confidence each. */
export interface BoundedShare extends Bounds {
  readonly share: number;
}

/** Wrong labels among the texts that got one answer. */
export interface AnswerNoise extends BoundedShare {
  /** `null` stands for all answers that were given too rarely to be looked at each by itself. */
  readonly answer: number | null;
  readonly texts: number;
}

/** How many labels are wrong, as {@link fitNoise} estimates it. */
export interface NoiseFit extends BoundedShare {
  readonly byAnswer: readonly AnswerNoise[];
  /** Chance of each answer to be wrong, by what the fit says of the model. */
  readonly errorChances: readonly number[];
}

/**
 * Two answers that were each given so often are looked at by themselves. Of more than two a weak model mixes up some as a habit,
 * however sure it is, and each by itself would seem to have wrong labels.
 */
const LEAST_OF_ANSWER = 100;
const CONFIDENCE = 0.95;
/** Only where chance explains it so rarely is one answer said to have more wrong labels: a model has habits, too. */
const DIFFERENCE_LEVEL = 1e-6;
const ROUNDS = 3;

/**
 * Tells wrong labels from wrong answers by where they are. The surer a model is of an answer, the rarer it errs, until among its
 * surest answers hardly one is wrong; a label is wrong wherever it stands, so that wrong labels contradict the surest answers as
 * often as any: the plateau is their rate (the "anchor points" of Liu and Tao 2016).
 *
 * The answer of confidence rank u (0 the surest, 1 the least sure) is taken to be right with the log odds b x - a, where a share
 * u of normal deviates exceeds x in size: so it is with two normal distributions of a score (the binormal model of ROC analysis,
 * Dorfman and Alf 1969). a is 0 where two labels are in question, ln(classes - 1) where all are, or between. Of the confidences
 * only the order is used, so that a model may be as overconfident as it likes. Shares are those of greatest likelihood, bounds
 * those of the profile likelihood (chi-square), one step of the grid outside.
 *
 * What it cannot tell from wrong labels: texts on which a model is as sure as of any, and wrong.
 */
export function fitNoise(params: Answers): NoiseFit {
  const ranks = confidenceRanks(params.confidences);
  const groups = groupByAnswer(params);
  const cells = groups.map(({ members }) =>
    members.map((index): Cell => {
      const isRight = params.answers[index] === params.labels[index];
      return { deviate: ranks[index] ?? 0, right: Number(isRight), wrong: Number(!isRight) };
    }),
  );
  const texts = params.answers.length;
  const weights = groups.map(({ members }) => members.length / texts);
  const together = likelihoods(cells, params);
  const bestTogether = bestBy(together, (curve) => curve.bestTogether);
  const each = ratesOfEach(cells, together);
  const bestEach = bestBy(each, (curve) => curve.best);
  const byAnswer = groups.map(({ answer, members }, group) => ({
    ...{ answer, texts: members.length, share: RATES[bestEach.bestRates[group] ?? 0] ?? 0 },
    ...boundsOfGroup(each, group, bestEach.best - allowance(groups.length)),
  }));
  const gain = Math.max(0, bestEach.best - bestTogether.bestTogether);
  if (chiSquareSurvival(2 * gain, groups.length - 1) < DIFFERENCE_LEVEL)
    return {
      share: weightedRate(bestEach.bestRates, weights),
      ...boundsOfAll(each, { weights, texts, least: bestEach.best - allowance(1) }),
      ...{ byAnswer, errorChances: ranks.map(bestEach.errorChance) },
    };
  return {
    share: RATES[bestTogether.together.indexOf(bestTogether.bestTogether)] ?? 0,
    ...boundsOfOneRate(together, bestTogether.bestTogether - allowance(1)),
    ...{ byAnswer, errorChances: ranks.map(bestTogether.errorChance) },
  };
}

/** Each of two answers with a rate of its own; what the other's rate does to it is small, so that a few rounds settle it. */
function ratesOfEach(
  cells: readonly (readonly Cell[])[],
  together: readonly Likelihood[],
): readonly Likelihood[] {
  if (cells.length < 2) return together;
  let curves = together;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { bestRates } = bestBy(curves, (curve) => curve.best);
    const others = bestRates.map((rate) => RATES[rate] ?? 0).reverse();
    curves = likelihoods(cells, { classes: 2, others });
  }
  return curves;
}

function bestBy(curves: readonly Likelihood[], valueOf: (curve: Likelihood) => number): Likelihood {
  return curves.reduce((one, other) => (valueOf(other) > valueOf(one) ? other : one));
}

/** How far the log likelihood may lie below its maximum within a bound that holds for so many shares at once. */
function allowance(shares: number): number {
  return normalQuantile(1 - (1 - CONFIDENCE) / shares) ** 2 / 2;
}

interface Group {
  readonly answer: number | null;
  readonly members: readonly number[];
}

/** Each answer's texts, where there are two labels and enough texts; otherwise all in one. */
function groupByAnswer({ answers, classes }: Answers): Group[] {
  const all = [...answers.keys()];
  const groups = [0, 1].map((answer) => ({
    answer,
    members: all.filter((index) => answers[index] === answer),
  }));
  const isEnough = groups.every(({ members }) => members.length >= LEAST_OF_ANSWER);
  return classes === 2 && isEnough ? groups : [{ answer: null, members: all }];
}
