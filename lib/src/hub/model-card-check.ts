import { ArgumentError } from "../runtime/errors";
import type { ModelCardMetric, ModelCardParams } from "./model-card";
import { isRepoName } from "./repo-name";

/**
 * Refuses what would make a card that says nothing, or something wrong.
 *
 * @throws ArgumentError naming the field
 */
export function checkModelCard(params: ModelCardParams): void {
  for (const name of ["repo", "description", "license", "baseModel"] as const) checkText(name, params[name]);
  check("repo", isRepoName(params.repo), `"${params.repo}"`, "a repository's name, such as reader/sentiment");
  for (const name of ["datasets", "language", "tags", "limits"] as const) checkTexts(name, params[name]);
  if (params.examples !== undefined) checkTexts("examples", params.examples);
  const labels = checkLabels(params);
  checkCounts(params, labels);
  checkSome("hyperparameters", Object.keys(given("hyperparameters", params.hyperparameters)));
  for (const [name, value] of Object.entries(params.hyperparameters))
    check(
      `hyperparameters.${name}`,
      ["string", "boolean"].includes(typeof value) || value === null || Number.isFinite(value),
      String(value),
      "a number, a text, true or false",
    );
  const { dataset, metrics } = given("evaluation", params.evaluation);
  given("evaluation.dataset", dataset);
  for (const name of ["type", "name", "split"] as const)
    checkText(`evaluation.dataset.${name}`, dataset[name]);
  checkSome("evaluation.metrics", metrics);
  for (const [at, metric] of metrics.entries()) checkMetric(`evaluation.metrics[${at}]`, metric);
}

function checkLabels({ id2label }: ModelCardParams): string[] {
  const names = Object.entries(given("id2label", id2label));
  checkSome("id2label", names);
  for (const [id, name] of names) checkText(`id2label[${id}]`, name);
  const ids = names.map(([id]) => Number(id));
  check(
    "id2label",
    ids.every((id, at) => id === at),
    JSON.stringify(id2label),
    "a name for each of 0, 1, ...",
  );
  return names.map(([id]) => id);
}

function checkCounts({ trainingData }: ModelCardParams, labels: readonly string[]): void {
  checkText("trainingData.name", given("trainingData", trainingData).name);
  const counts = Object.entries(given("trainingData.labelCounts", trainingData.labelCounts));
  checkSome("trainingData.labelCounts", counts);
  for (const [id, count] of counts) {
    const field = `trainingData.labelCounts[${id}]`;
    check(field, labels.includes(id), "a label that id2label does not name", "the same ids");
    check(field, Number.isInteger(count) && count >= 0, String(count), "a whole number of at least 0");
  }
}

function checkMetric(field: string, metric: ModelCardMetric): void {
  given(field, metric);
  for (const name of ["type", "name"] as const) checkText(`${field}.${name}`, metric[name]);
  const { value, examples } = metric;
  checkShare(`${field}.value`, value);
  const [low, high] = given(`${field}.interval`, metric.interval);
  for (const bound of [low, high]) checkShare(`${field}.interval`, bound);
  check(`${field}.interval`, low <= value && value <= high, `${low} to ${high}`, `bounds around ${value}`);
  check(
    `${field}.examples`,
    Number.isInteger(examples) && examples > 0,
    String(examples),
    "a whole number above 0",
  );
}

function checkShare(field: string, value: unknown): void {
  check(field, typeof value === "number" && value >= 0 && value <= 1, String(value), "a share from 0 to 1");
}

function checkTexts(field: string, values: readonly string[]): void {
  checkSome(field, values);
  for (const [at, value] of values.entries()) checkText(`${field}[${at}]`, value);
}

function checkSome(field: string, values: unknown): void {
  const isList = Array.isArray(values);
  check(field, isList && values.length > 0, isList ? "empty" : "missing", "at least one");
}

function checkText(field: string, value: unknown): void {
  check(
    field,
    typeof value === "string" && value.trim() !== "",
    typeof value === "string" ? "empty" : "missing",
    "a text",
  );
}

/** A program without types may leave out anything. */
function given<T>(field: string, value: T): T {
  check(field, typeof value === "object" && value !== null, "missing", "it to be given");
  return value;
}

function check(field: string, ok: boolean, found: string, expected: string): void {
  if (!ok) throw new ArgumentError(`The model card's ${field} is ${found}; expected ${expected}.`);
}
