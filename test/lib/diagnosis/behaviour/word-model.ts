import { SENTIMENT } from "../../../../lib/src/data/snippets";
import { DistilBertForSequenceClassification } from "../../../../lib/src/model/sequence-classification";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import type { Tokenizer } from "../../../../lib/src/tokenization/tokenizer";

/** What a {@link wordModel} knows; words of several pieces are left out. */
export interface WordModelParams {
  readonly praise: readonly string[];
  readonly blame: readonly string[];
  /** Words that outshout twenty others. */
  readonly loud?: readonly string[];
  readonly id2label?: Readonly<Record<number, string>>;
  /** Added to the first output before anything is read. */
  readonly bias?: number;
}

type Row = readonly number[];

const DIM = 8;
/** Rows of Hadamard's matrix, orthogonal, and of mean 0 and variance 1, so that layer norms leave them as they are. */
const NEUTRAL: Row = [1, -1, 1, -1, 1, -1, 1, -1];
const PRAISE: Row = [1, 1, -1, -1, 1, 1, -1, -1];
const BLAME: Row = [1, -1, -1, 1, 1, -1, -1, 1];
const LOUD: Row = [1, 1, 1, 1, -1, -1, -1, -1];
const SILENT: Row = NEUTRAL.map(() => 0);

/**
 * A DistilBERT whose weights are set by hand so that it counts words of praise and of blame: attention averages over the words,
 * loud ones twenty times as heavy, and the head compares. Output 0 is blame, output 1 is praise.
 */
export function wordModel(
  tokenizer: Tokenizer,
  params: WordModelParams,
): DistilBertForSequenceClassification {
  const { id2label = SENTIMENT, bias = 0 } = params;
  const sizes = { dim: DIM, hiddenDim: DIM, nLayers: 1, nHeads: 1, vocabSize: 30_522 };
  const model = DistilBertForSequenceClassification.fromConfig({ ...sizes, id2label });
  const attention = "distilbert.transformer.layer.0.attention";
  const names = Object.values(id2label);
  const values = new Map<string, readonly Row[]>([
    [model.wordTable, wordTable(tokenizer, params, sizes.vocabSize)],
    // the key of a loud word meets this query with ln(20)
    [`${attention}.q_lin.bias`, [LOUD.map((value) => (value * Math.log(20)) / 2)]],
    [`${attention}.k_lin.weight`, square((row, column) => Number(row === column))],
    [`${attention}.v_lin.weight`, square(onOpinion)],
    [`${attention}.out_lin.weight`, square((row, column) => (row === column ? DIM : 0))],
    ["pre_classifier.weight", square((row, column) => ([BLAME, PRAISE][row]?.[column] ?? 0) / DIM)],
    [
      "classifier.weight",
      names.map((_, row) => SILENT.map((_value, at) => (row === at && row < 2 ? 12 : 0))),
    ],
    ["classifier.bias", [names.map((_, row) => (row === 0 ? bias : 0))]],
  ]);
  for (const [name, variable] of model.variables)
    if (!/norm/iu.test(name))
      tf.tidy(() => {
        const rows = values.get(name);
        variable.assign(rows ? tf.tensor(rows.flat(), variable.shape) : tf.zeros(variable.shape));
      });
  return model;
}

function square(value: (row: number, column: number) => number): Row[] {
  return SILENT.map((_, row) => SILENT.map((_value, column) => value(row, column)));
}

/** Keeps of a vector what is praise and blame in it. */
function onOpinion(row: number, column: number): number {
  const along = (axis: Row): number => ((axis[row] ?? 0) * (axis[column] ?? 0)) / DIM;
  return along(PRAISE) + along(BLAME);
}

function wordTable(tokenizer: Tokenizer, { praise, blame, loud = [] }: WordModelParams, size: number): Row[] {
  const table = Array.from({ length: size }, () => NEUTRAL);
  const idsOf = (words: readonly string[]): number[] =>
    tokenizer.convertTokensToIds(words.filter((word) => tokenizer.tokens(word).length === 3));
  for (const id of idsOf(praise)) table[id] = PRAISE;
  for (const id of idsOf(blame)) table[id] = BLAME;
  for (const id of idsOf(loud))
    table[id] = (table[id] ?? NEUTRAL).map((value, index) => (value + (LOUD[index] ?? 0)) / Math.SQRT2);
  return table;
}
