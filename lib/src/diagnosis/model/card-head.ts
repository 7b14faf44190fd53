/** What the head of a model card says, as far as it is compared; whatever has another shape than the Hub's counts as missing. */
export interface CardHead {
  readonly license: string | undefined;
  /** One or several. */
  readonly baseModels: readonly string[];
  readonly datasets: readonly string[];
  readonly pipelineTag: string | undefined;
  /** Accuracies in the model-index, as shares of 1. */
  readonly accuracies: readonly number[];
  /** Whether the model-index has any result that is a number. */
  readonly hasResults: boolean;
}

/** What stands in a template until somebody fills it in. */
const PLACEHOLDER = /^(\[?more information needed\]?|todo|tbd|n\/?a|none|unknown|null|-|\?)$/iu;

/** Reads the head of a card, which comes from a file that anybody may have written. */
export function readCardHead(card: object): CardHead {
  const results = listOf(field(card, "model-index"))
    .flatMap((entry) => listOf(field(entry, "results")))
    .flatMap((result) => listOf(field(result, "metrics")));
  const measured = results.flatMap((metric) => {
    const value = Number(field(metric, "value") ?? NaN);
    return Number.isFinite(value) ? [{ type: field(metric, "type"), value }] : [];
  });
  return {
    license: textsOf(field(card, "license"))[0],
    baseModels: textsOf(field(card, "base_model")),
    datasets: textsOf(field(card, "datasets")),
    pipelineTag: textsOf(field(card, "pipeline_tag"))[0],
    // some write 93.4 for 0.934
    accuracies: measured.flatMap(({ type, value }) =>
      type === "accuracy" && value >= 0 && value <= 100 ? [value > 1 ? value / 100 : value] : [],
    ),
    hasResults: measured.length > 0,
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  return value === undefined || value === null ? [] : [value];
}

function textsOf(value: unknown): string[] {
  return listOf(value).flatMap((one) => {
    const text = typeof one === "string" ? one.trim() : "";
    return text === "" || PLACEHOLDER.test(text) ? [] : [text];
  });
}
