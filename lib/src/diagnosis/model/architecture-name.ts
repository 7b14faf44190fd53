/** Words in models' names and the `model_type` of their config.json, the longer before those that they hold. */
const FAMILIES: readonly (readonly [word: string, modelType: string])[] = [
  ["distilroberta", "roberta"],
  ["distilbert", "distilbert"],
  ["xlm-roberta", "xlm-roberta"],
  ["modernbert", "modernbert"],
  ["mobilebert", "mobilebert"],
  ["camembert", "camembert"],
  ["deberta-v3", "deberta-v2"],
  ["deberta-v2", "deberta-v2"],
  ["deberta", "deberta"],
  ["roberta", "roberta"],
  ["electra", "electra"],
  ["albert", "albert"],
  ["bert-base", "bert"],
  ["bert-large", "bert"],
  ["gpt2", "gpt2"],
];

/** The `model_type` that a model's name tells, such as `distilbert` for distilbert-base-uncased; `undefined` where it tells none. */
export function modelTypeOf(name: string): string | undefined {
  const plain = (name.split("/").at(-1) ?? name).toLowerCase().replaceAll("_", "-");
  return FAMILIES.find(([word]) => plain.includes(word))?.[1];
}
