import type { HeldOutAnswer } from "../../../../lib/src/diagnosis/data/held-out-answers";
import { normalValues, seededRandom } from "../../../../lib/src/runtime/random";

/** How {@link madeUpAnswers} are made. */
export interface MadeUpParams {
  count: number;
  /** How far the scores of the labels lie apart, in standard deviations: at 2 the answers are right 84 times of 100. */
  distance?: number;
  /** How large a share of a label's texts is labelled otherwise. */
  wrong?: (label: number) => number;
  classes?: number;
  seed?: number;
}

/**
 * Answers of a model that scores each label with a normal distribution, and is far surer of itself than it should be; labels that
 * are wrong, each drawn by itself.
 */
export function madeUpAnswers(params: MadeUpParams): HeldOutAnswer[] {
  const { count, distance = 2, wrong = () => 0, classes = 2, seed = 1 } = params;
  const random = seededRandom(seed);
  const noise = normalValues({ count: count * classes, std: Math.SQRT1_2, random });
  return Array.from({ length: count }, (_, index) => {
    const truth = index % classes;
    const scores = Array.from(noise.subarray(index * classes, (index + 1) * classes));
    scores[truth] = (scores[truth] ?? 0) + distance / 2;
    const answer = scores.indexOf(Math.max(...scores));
    const powers = scores.map((score) => Math.exp(6 * score));
    const sum = powers.reduce((total, power) => total + power, 0);
    const others = sum - (powers[answer] ?? 0);
    const shift = 1 + Math.floor(random() * (classes - 1));
    const label = random() < wrong(truth) ? (truth + shift) % classes : truth;
    return {
      ...{ role: "test", index, text: `text ${index}`, label, answer },
      ...{
        confidence: Math.log((powers[answer] ?? 0) / others),
        probabilities: powers.map((power) => power / sum),
      },
    };
  });
}
