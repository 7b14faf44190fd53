import { ArgumentError, ModelError } from "../runtime/errors";
import { isDropoutRate, label2idOf, type ClassifierConfig } from "./config-file";

/** How a model of any architecture is made from its files. */
export interface ClassifierOptions {
  /** Names of the labels by id; their number is the number of outputs. By default the folder's own. */
  id2label?: Record<number, string>;
  /** Seed of the head's random values where the folder has none. */
  seed?: number;
}

/** How a DistilBERT is made from its files. */
export interface ModelOptions extends ClassifierOptions {
  /** Share of hidden values dropped in training, instead of the config's. */
  dropout?: number;
  /** Share of attention weights dropped in training, instead of the config's. */
  attentionDropout?: number;
  /** Share dropped before the classifier in training, instead of the config's. */
  seqClassifDropout?: number;
}

/** How a BERT is made from its files. */
export interface BertModelOptions extends ClassifierOptions {
  /** Share of hidden values dropped in training, instead of the config's. */
  hiddenDropoutProb?: number;
  /** Share of attention weights dropped in training, instead of the config's. */
  attentionProbsDropoutProb?: number;
  /** Share dropped before the classifier in training, instead of the config's. */
  classifierDropout?: number;
}

/**
 * A model's config with the label names and the dropout rates that are asked for.
 *
 * @param rates - names of the architecture's dropout rates
 * @throws ModelError for one label alone
 * @throws ArgumentError for a dropout rate that is none
 */
export function withOptions<Config extends ClassifierConfig, Rate extends keyof Config & string>(
  stored: Config,
  options: ClassifierOptions & Partial<Record<Rate, number>>,
  rates: readonly Rate[],
): Config {
  const { id2label = stored.id2label } = options;
  if (Object.keys(id2label).length === 1)
    throw new ModelError(
      `The model has the one label ${JSON.stringify(id2label[0])}; expected two or more. ` +
        "With one output transformers predicts a number (regression), which lib does not do: give id2label as many names as there are classes.",
    );
  const given = rates.flatMap((name) => {
    const rate: number | undefined = options[name];
    if (rate !== undefined && !isDropoutRate(rate))
      throw new ArgumentError(`${name} is ${rate}; expected a number from 0 to below 1.`);
    return rate === undefined ? [] : [[name, rate] as const];
  });
  return { ...stored, id2label, label2id: label2idOf(id2label), ...Object.fromEntries(given) };
}
