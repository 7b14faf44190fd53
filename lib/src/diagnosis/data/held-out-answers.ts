import { argmax } from "../../evaluation/predict";
import type { Examination, RoleSplit } from "../examination";

/** What a model answered on a text that it was not trained on. */
export interface HeldOutAnswer {
  readonly role: RoleSplit["role"];
  /** From 0, in the split of that role. */
  readonly index: number;
  readonly text: string;
  /** The output that stands for its label. */
  readonly label: number;
  readonly answer: number;
  /** Log odds of the answer against all others. */
  readonly confidence: number;
  /** Of every output. */
  readonly probabilities: readonly number[];
}

/**
 * A model's answers on the validation and the test set. Left out are texts whose label no output stands for, and texts to which
 * the model gives no numbers.
 *
 * @throws ArgumentError where there is no classifier
 */
export async function heldOutAnswers(examination: Examination): Promise<HeldOutAnswer[]> {
  const answers: HeldOutAnswer[] = [];
  for (const role of ["validation", "test"] as const) {
    const set = examination[role];
    if (!set || set.length === 0) continue;
    const { logits, labels, probabilities } = await examination.predict(set);
    for (const [index, row] of logits.entries()) {
      const label = labels[index] ?? -1;
      if (label < 0 || !row.every(Number.isFinite)) continue;
      const answer = argmax([...row]);
      answers.push({
        ...{ role, index, text: set.rows[index]?.text ?? "", label, answer },
        ...{ confidence: logOdds(row, answer), probabilities: probabilities[index] ?? [] },
      });
    }
  }
  return answers;
}

/** Not from probabilities: the surest of them are all 1 to a float. */
function logOdds(logits: readonly number[], answer: number): number {
  const others = logits.filter((_, output) => output !== answer);
  const largest = Math.max(...others);
  const sum = others.reduce((total, value) => total + Math.exp(value - largest), 0);
  return (logits[answer] ?? 0) - largest - Math.log(sum);
}

/** How far answers and labels agree beyond what their shares alone would give: 1 is always, 0 is chance (Cohen's kappa, 1960). */
export function kappa(answers: readonly Pick<HeldOutAnswer, "label" | "answer">[]): number {
  const count = answers.length;
  const [ofLabel, ofAnswer] = [new Map<number, number>(), new Map<number, number>()];
  for (const { label, answer } of answers) {
    ofLabel.set(label, (ofLabel.get(label) ?? 0) + 1);
    ofAnswer.set(answer, (ofAnswer.get(answer) ?? 0) + 1);
  }
  const byChance = [...ofLabel].reduce(
    (sum, [label, labelled]) => sum + (labelled / count) * ((ofAnswer.get(label) ?? 0) / count),
    0,
  );
  const agreed = answers.filter(({ label, answer }) => label === answer).length / count;
  return byChance < 1 ? (agreed - byChance) / (1 - byChance) : 0;
}
