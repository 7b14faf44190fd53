// @ts-check
import { parseArgs } from "node:util";

/** What `--help` prints. */
export const HELP = `Diagnoses a text classifier, its data, or both.

  npm run diagnose -- --model DIR_OR_REPO --data FILE_OR_DATASET

What to look at
  --model DIR_OR_REPO      a model's folder, such as a checkpoint, or its name on the Hub
  --tokenizer DIR_OR_REPO  its tokenizer, where it does not lie with the model
  --new-model DIR_OR_REPO  an encoder to try out a training with, for checks that need an untrained model
  --learning-rate N        of the training that is tried out (5e-5, or what the checkpoint of --model says)
  --data FILE_OR_DATASET   a file (it counts as training data), a folder with train, validation and test files,
                           or a data set's name on the Hub
  --train, --validation, --test, --incoming FILE
                           one file for each set; incoming is what came in later, from the world

How to read it: JSONL, CSV, TSV or Parquet, by the file's ending
  --text-column NAME       otherwise text, sentence, review or content
  --label-column NAME      otherwise label, labels, sentiment or class
  --labels A,B             names of the labels 0, 1 and so on, as they are meant
  --max-length N           tokens of a text that the model reads (128, or as many as the model can)

What to ask
  --only NAMES             these checks alone, separated by commas
  --skip NAMES             all but these
  --seed N                 of everything that is drawn at random (1)
  --list                   the checks that there are, and what they ask

Where to report; the text goes to standard output, progress to standard error
  --html FILE              a page that stands by itself
  --markdown FILE          the table, as a model card may hold it
  --json [FILE]            everything but the pictures; without a FILE, or for -, in place of the text
                           (npm run --silent diagnose -- ..., so that npm adds nothing)

Ends with 0 if no check fails, 1 if one does, 2 if what it was given cannot be read.`;

/**
 * What was asked for on the command line.
 * @typedef {object} Options
 * @property {boolean} help
 * @property {boolean} list
 * @property {string | undefined} model
 * @property {string | undefined} tokenizer
 * @property {string | undefined} newModel
 * @property {number | undefined} learningRate
 * @property {import("../../lib/dist/index.js").SplitSources} sources
 * @property {{ textColumn?: string, labelColumn?: string }} columns
 * @property {Record<number, string> | undefined} id2label
 * @property {number | undefined} maxLength
 * @property {number | undefined} seed
 * @property {{ only?: string[], skip?: string[] }} checks
 * @property {string | undefined} html
 * @property {string | undefined} markdown
 * @property {string | undefined} json `-` is standard output
 */

const VALUES = [
  ...["model", "tokenizer", "new-model", "learning-rate", "data", "train", "validation", "test", "incoming"],
  ...["text-column", "label-column", "labels", "max-length", "only", "skip", "seed"],
  ...["html", "markdown", "json"],
];
const SWITCHES = ["list", "help"];

/**
 * Reads the command line.
 * @param {string[]} args
 * @param {(name: string, known: readonly string[]) => string | undefined} nearestName
 * @returns {Options}
 */
export function parseOptions(args, nearestName) {
  const { text, has } = read(withJsonTarget(args), nearestName);
  const isGiven = ["model", "new-model", "data", "train", "validation", "test", "incoming"].some(has);
  const [help, list] = [has("help"), has("list")];
  if (!help && !list && !isGiven)
    throw new Error("There is nothing to diagnose: give --model, --data or both (--help says more).");
  const textColumn = text("text-column");
  const labelColumn = text("label-column");
  const only = names("only", text("only"));
  const skip = names("skip", text("skip"));
  return {
    ...{ help, list },
    ...{ model: text("model"), tokenizer: text("tokenizer"), newModel: text("new-model") },
    learningRate: rate(text("learning-rate")),
    sources: Object.fromEntries(
      ["data", "train", "validation", "test", "incoming"].filter(has).map((role) => [role, text(role) ?? ""]),
    ),
    columns: {
      ...(textColumn !== undefined && { textColumn }),
      ...(labelColumn !== undefined && { labelColumn }),
    },
    id2label: labelNames(text("labels")),
    maxLength: wholeNumber("max-length", text("max-length"), 3),
    seed: wholeNumber("seed", text("seed"), 0),
    checks: { ...(only && { only }), ...(skip && { skip }) },
    ...{ html: text("html"), markdown: text("markdown"), json: text("json") },
  };
}

/**
 * `--json` without a value is standard output.
 * @param {string[]} args
 */
function withJsonTarget(args) {
  return args.map((arg, at) => {
    const next = args[at + 1];
    return arg === "--json" && (next === undefined || next.startsWith("--")) ? "--json=-" : arg;
  });
}

/**
 * @param {string[]} args
 * @param {(name: string, known: readonly string[]) => string | undefined} nearestName
 */
function read(args, nearestName) {
  const { values, tokens } = parseArgs({
    args,
    strict: false,
    tokens: true,
    options: Object.fromEntries([
      ...VALUES.map((name) => [name, { type: /** @type {const} */ ("string") }]),
      ...SWITCHES.map((name) => [name, { type: /** @type {const} */ ("boolean"), short: name[0] }]),
    ]),
  });
  const seen = new Set();
  for (const token of tokens) {
    if (token.kind === "positional")
      throw new Error(
        `"${token.value}" has no option before it: say what it is, such as --data ${token.value}.`,
      );
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const lacks = !value || (!token.inlineValue && value.startsWith("--"));
    if (!VALUES.includes(name) && !SWITCHES.includes(name))
      throw new Error(
        `There is no option ${rawName}; the nearest is --${nearestName(name, [...VALUES, ...SWITCHES])}.`,
      );
    if (VALUES.includes(name) && lacks) throw new Error(`${rawName} lacks its value (--help says more).`);
    if (seen.has(name)) throw new Error(`${rawName} was given twice; expected it once.`);
    seen.add(name);
  }
  return {
    text: (/** @type {string} */ name) => /** @type {string | undefined} */ (values[name]),
    has: (/** @type {string} */ name) => values[name] !== undefined,
  };
}

/**
 * @param {string} option
 * @param {string | undefined} text
 */
function names(option, text) {
  const found = text?.split(",").map((name) => name.trim());
  if (found?.includes("")) throw new Error(`--${option} is "${text}"; expected names separated by commas.`);
  return found;
}

/** @param {string | undefined} text */
function labelNames(text) {
  const found = names("labels", text);
  if (!found) return undefined;
  const different = new Set(found.map((name) => name.toLowerCase())).size;
  if (found.length < 2 || different < found.length)
    throw new Error(`--labels is "${text}"; expected two or more different names, that of label 0 first.`);
  return Object.fromEntries(found.map((name, id) => [id, name]));
}

/**
 * @param {string} option
 * @param {string | undefined} text
 * @param {number} least
 */
function wholeNumber(option, text, least) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
    throw new Error(`--${option} is "${text}"; expected a whole number of at least ${least}.`);
  return value;
}

/** @param {string | undefined} text */
function rate(text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0 && value < 1))
    throw new Error(`--learning-rate is "${text}"; expected a number such as 5e-5.`);
  return value;
}
