// @ts-check
/** @typedef {typeof import("../../lib/dist/index.js")} Lib */
/** @typedef {import("../../lib/dist/index.js").Subject} Subject */
/** @typedef {import("./options.mjs").Options} Options */

/** A new model has an output for each number up to the largest label: more than these are no classes. */
const MOST_OUTPUTS = 1_000;

/**
 * Reads what was named on the command line.
 * @param {Lib} lib
 * @param {Options} options
 * @returns {Promise<Subject>}
 */
export async function readSubject(lib, options) {
  const { columns, id2label, learningRate, maxLength, seed = 1 } = options;
  const model = options.model === undefined ? undefined : await readModel(lib, options.model, options);
  const splits = await lib.loadSplits(options.sources, {
    ...columns,
    ...(id2label && { id2label }),
    ...(model && { outputs: model.model.id2label }),
  });
  const [set] = Object.values(splits);
  const names = id2label ?? model?.model.id2label ?? set?.id2label;
  const newModel =
    options.newModel === undefined
      ? undefined
      : await readNewModel(lib, options.newModel, { ...options, ...(names && { id2label: names }), seed });
  return {
    ...newModel,
    ...model,
    // what nothing is said of is as the Trainer has it
    ...(newModel && { args: { ...model?.args, ...(learningRate !== undefined && { learningRate }) } }),
    ...splits,
    ...(id2label && { id2label }),
    ...(maxLength !== undefined && { maxLength }),
    seed,
  };
}

/**
 * @param {Lib} lib
 * @param {string} name
 * @param {Options} options
 */
async function readModel(lib, name, { tokenizer, maxLength }) {
  const subject = await lib.modelSubject(name, tokenizer === undefined ? {} : { tokenizer });
  expectPositions(subject.model, maxLength);
  return subject;
}

/**
 * @param {Lib} lib
 * @param {string} name
 * @param {{ id2label?: Readonly<Record<number, string>> | undefined, tokenizer: string | undefined, maxLength: number | undefined, seed: number }} options
 * @returns {Promise<Subject>}
 */
async function readNewModel(lib, name, { id2label, tokenizer, maxLength, seed }) {
  const options = { seed, ...(id2label && { id2label: fromZero(id2label) }) };
  const make = () => lib.AutoModelForSequenceClassification.fromPretrained(name, options);
  // one at once: what cannot be read is no fault of a check
  const first = await make();
  expectPositions(first, maxLength);
  const positions = first.config.maxPositionEmbeddings;
  first.dispose();
  return {
    newModel: make,
    tokenizer: await lib.Tokenizer.fromPretrained(tokenizer ?? name),
    // what is not asked for is as with a model
    ...(maxLength === undefined && positions < 128 && { maxLength: positions }),
  };
}

/**
 * @param {import("../../lib/dist/index.js").SequenceClassificationModel} model
 * @param {number | undefined} maxLength
 */
function expectPositions(model, maxLength = 0) {
  const { maxPositionEmbeddings: most } = model.config;
  if (maxLength > most)
    throw new Error(`--max-length is ${maxLength}; the model reads at most ${most} tokens of a text.`);
}

/**
 * A name for each output: labels may leave numbers out, outputs cannot.
 * @param {Readonly<Record<number, string>>} id2label
 */
function fromZero(id2label) {
  const ids = Object.keys(id2label).map(Number);
  const outputs = 1 + Math.max(1, ...ids);
  if (outputs > MOST_OUTPUTS)
    throw new Error(
      `The labels go up to ${outputs - 1}; expected at most ${MOST_OUTPUTS} classes for --new-model.`,
    );
  return Object.fromEntries(Array.from({ length: outputs }, (_, id) => [id, id2label[id] ?? `LABEL_${id}`]));
}
