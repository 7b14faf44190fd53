import { FEWEST_COMPARED } from "../diagnosis/data/drift-limits";
import { counted, listed } from "../diagnosis/wording";
import { DataError } from "../runtime/errors";
import type { LoggedPrediction } from "../serving/logged-prediction";

/**
 * Refuses a log that cannot be compared: it must hold 20 answers, of one model, each with a time, and a probability for its label.
 *
 * @throws DataError that names the first entry that is not so
 */
export function checkLog(log: readonly LoggedPrediction[], what: string): void {
  if (log.length < FEWEST_COMPARED)
    throw new DataError(
      `${what} holds ${counted(log.length, "answer")}; expected at least ${FEWEST_COMPARED}, since fewer tell nothing of a distribution.`,
    );
  const models = [...new Set(log.map(({ model }) => model))];
  if (models.length > 1)
    throw new DataError(
      `${what} holds answers of ${listed(models)}; expected one model. Take its part: log.filter(({ model }) => model === "${models[0] ?? ""}").`,
    );
  for (const [index, { time, label, scores }] of log.entries()) {
    if (Number.isNaN(Date.parse(time)))
      throw new DataError(`Answer ${index} of ${what} has the time "${time}"; expected ISO 8601.`);
    const score = scores[label];
    if (score === undefined || !(score >= 0 && score <= 1))
      throw new DataError(
        `Answer ${index} of ${what} has the label ${label} and the scores ${JSON.stringify(scores)}; expected a probability for the label.`,
      );
  }
}

/**
 * Refuses a label that the baseline's model does not have.
 *
 * @throws DataError that names it
 */
export function checkLabels(log: readonly LoggedPrediction[], labels: readonly string[]): void {
  const strange = log.findIndex(({ scores }) => Object.keys(scores).some((name) => !labels.includes(name)));
  if (strange < 0) return;
  const names = Object.keys(log[strange]?.scores ?? {}).filter((name) => !labels.includes(name));
  throw new DataError(
    `Answer ${strange} of the log has the ${names.length > 1 ? "labels" : "label"} ${listed(names)}, and validation's answers only ${listed(labels)}; expected answers of the same model. Make a baseline from this model's own answers.`,
  );
}
