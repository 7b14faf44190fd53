/** A check that was not asked, and what it would have needed. */
export interface SkippedCheck {
  readonly name: string;
  /** By the names that an examination has for them. */
  readonly needs: readonly string[];
}

/** What there was not, in a reader's words. */
const NEEDS: Readonly<Record<string, string>> = {
  train: "training set",
  validation: "validation set",
  test: "test set",
  incoming: "texts that came in later",
  splits: "set",
  others: "second set",
  heldOut: "test or validation set",
  classifier: "model with its tokenizer",
  sentiment: "outputs named NEGATIVE and POSITIVE",
  newModel: "model before training",
  args: "recipe of a training",
  run: "log of a training",
  folder: "folder of a model",
  card: "model card",
  cases: "obvious cases",
};

/** Which checks were not asked and for want of what, in one sentence; `undefined` where all were. */
export function skippedText(skipped: readonly SkippedCheck[]): string | undefined {
  if (skipped.length === 0) return undefined;
  const byNeeds = new Map<string, string[]>();
  for (const { name, needs } of skipped) {
    const words = needs.map((need) => `no ${NEEDS[need] ?? need}`).join(", ");
    byNeeds.set(words, [...(byNeeds.get(words) ?? []), name]);
  }
  const groups = [...byNeeds].map(([needs, names]) => `${names.join(", ")} (${needs})`);
  return `Not asked: ${groups.join("; ")}.`;
}
