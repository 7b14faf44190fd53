/** A check that was not asked, and what it would have needed. */
export interface SkippedCheck {
  readonly name: string;
  /** By the names that an examination has for them. */
  readonly needs: readonly string[];
}

/** What a reader would have to give. */
const NEEDS: Readonly<Record<string, string>> = {
  train: "a training set",
  validation: "a validation set",
  test: "a test set",
  incoming: "texts that came in later",
  splits: "a set",
  others: "a second set",
  heldOut: "a test or validation set",
  model: "a model",
  tokenizer: "a tokenizer",
  classifier: "a model with its tokenizer",
  sentiment: "outputs named NEGATIVE and POSITIVE",
  newModel: "a model before training",
  args: "the recipe of the training",
  run: "the log of a training",
  folder: "the model's folder",
  card: "a model card",
  cases: "obvious cases",
};

/** Which checks were not asked and for want of what, in one sentence; `undefined` where all were. */
export function skippedText(skipped: readonly SkippedCheck[]): string | undefined {
  if (skipped.length === 0) return undefined;
  const byNeeds = new Map<string, string[]>();
  for (const { name, needs } of skipped) {
    const words = listed(needs.map((need) => NEEDS[need] ?? need));
    byNeeds.set(words, [...(byNeeds.get(words) ?? []), name]);
  }
  const groups = [...byNeeds].map(([needs, names]) => `without ${needs} ${listed(names)}`);
  return `Not asked: ${groups.join("; ")}.`;
}

/** All of them: nobody should have to guess. */
function listed(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}` : (names[0] ?? "");
}
