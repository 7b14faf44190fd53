import { normalLabel } from "./label-alignment";

/** Which outputs of a classifier stand for praise and for blame. */
export interface Sentiment {
  readonly negative: number;
  readonly positive: number;
}

const NEGATIVE: ReadonlySet<string> = new Set(["negative", "neg"]);
const POSITIVE: ReadonlySet<string> = new Set(["positive", "pos"]);
const BETWEEN: ReadonlySet<string> = new Set(["neutral", "neu", "mixed"]);

/**
 * The outputs of a sentiment classifier by their names, NEGATIVE and POSITIVE or NEG and POS in any case, with at most a neutral one
 * beside them; `undefined` for any other: of five stars it is not said which one a plain sentence deserves.
 */
export function sentimentOf(id2label: Readonly<Record<number, string>>): Sentiment | undefined {
  const outputs = Object.entries(id2label).map(([id, name]) => ({ id: Number(id), name: normalLabel(name) }));
  const named = (names: ReadonlySet<string>) => outputs.filter(({ name }) => names.has(name));
  const [negative, ...moreNegative] = named(NEGATIVE);
  const [positive, ...morePositive] = named(POSITIVE);
  const neutral = named(BETWEEN).length;
  const others = outputs.length - 2 - neutral;
  if (!negative || !positive || moreNegative.length + morePositive.length + others > 0 || neutral > 1)
    return undefined;
  return { negative: negative.id, positive: positive.id };
}
