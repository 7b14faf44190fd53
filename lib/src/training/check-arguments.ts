import { ArgumentError } from "../runtime/errors";
import { nearestName } from "../runtime/nearest-name";
import { checkLrScheduler } from "./lr-scheduler";
import type { TrainingArguments } from "./training-arguments";

type Argument = keyof TrainingArguments;

/** What an argument may be, in words, and whether a value is that. */
interface Rule {
  expected: string;
  holds: (value: unknown) => boolean;
}

const isFinite = (value: unknown): value is number => Number.isFinite(value);
const WHOLE: Rule = { expected: "a whole number", holds: Number.isInteger };
const WHOLE_ABOVE_0: Rule = {
  expected: "a whole number above 0",
  holds: (value) => Number.isInteger(value) && Number(value) > 0,
};
const STEPS: Rule = {
  expected: "a whole number above 0, or a share of all steps below 1",
  holds: (value) => isFinite(value) && value > 0 && (value < 1 || Number.isInteger(value)),
};
const AT_LEAST_0: Rule = {
  expected: "a number of at least 0",
  holds: (value) => isFinite(value) && value >= 0,
};
const BELOW_1: Rule = {
  expected: "a number from 0 to below 1",
  holds: (value) => isFinite(value) && value >= 0 && value < 1,
};
const BOOLEAN: Rule = { expected: "true or false", holds: (value) => typeof value === "boolean" };
const TEXT: Rule = {
  expected: "a name that is not empty",
  holds: (value) => typeof value === "string" && value !== "",
};

const oneOf = (...choices: readonly string[]): Rule => ({
  expected: choices
    .map((choice) => `"${choice}"`)
    .join(", ")
    .replace(/, ([^,]*)$/, " or $1"),
  holds: (value) => typeof value === "string" && choices.includes(value),
});

const orNull = ({ expected, holds }: Rule): Rule => ({
  expected: `${expected}, or null`,
  holds: (value) => value === null || holds(value),
});

/** Of every argument that can be judged alone; `numTrainEpochs` and the schedule cannot. */
const RULES: Partial<Record<Argument, Rule>> = {
  outputDir: TEXT,
  perDeviceTrainBatchSize: WHOLE_ABOVE_0,
  perDeviceEvalBatchSize: WHOLE_ABOVE_0,
  gradientAccumulationSteps: WHOLE_ABOVE_0,
  learningRate: AT_LEAST_0,
  warmupSteps: AT_LEAST_0,
  weightDecay: AT_LEAST_0,
  adamBeta1: BELOW_1,
  adamBeta2: BELOW_1,
  adamEpsilon: { expected: "a number above 0", holds: (value) => isFinite(value) && value > 0 },
  maxGradNorm: AT_LEAST_0,
  labelSmoothingFactor: BELOW_1,
  maxSteps: WHOLE,
  trainSamplingStrategy: oneOf("random", "sequential", "group_by_length"),
  dataloaderDropLast: BOOLEAN,
  loggingStrategy: oneOf("no", "steps", "epoch"),
  loggingSteps: STEPS,
  loggingFirstStep: BOOLEAN,
  evalStrategy: oneOf("no", "steps", "epoch"),
  evalSteps: orNull(STEPS),
  evalDelay: AT_LEAST_0,
  evalOnStart: BOOLEAN,
  saveStrategy: oneOf("no", "steps", "epoch", "best"),
  saveSteps: STEPS,
  saveTotalLimit: orNull({
    expected: "a whole number of at least 0",
    holds: (value) => Number.isInteger(value) && Number(value) >= 0,
  }),
  saveOnlyModel: BOOLEAN,
  resumeFromCheckpoint: orNull({
    expected: "a folder, or true or false",
    holds: (value) => typeof value === "string" || typeof value === "boolean",
  }),
  loadBestModelAtEnd: BOOLEAN,
  metricForBestModel: orNull(TEXT),
  greaterIsBetter: orNull(BOOLEAN),
  bf16: BOOLEAN,
  gradientCheckpointing: BOOLEAN,
  seed: WHOLE,
  dataSeed: orNull(WHOLE),
  compile: BOOLEAN,
  jitCompile: orNull(BOOLEAN),
  runName: orNull(TEXT),
  project: TEXT,
};

/**
 * Refuses arguments that cannot work, each alone and all together.
 *
 * @throws ArgumentError naming the argument, its value and what it may be; for an unknown name, the nearest known one
 */
export function checkArguments(args: TrainingArguments, known: readonly string[]): void {
  for (const name of Object.keys(args))
    if (!known.includes(name))
      throw new ArgumentError(
        `There is no training argument "${name}"; the nearest one is "${nearestName(name, known) ?? ""}".`,
      );
  for (const [name, { expected, holds }] of Object.entries(RULES)) {
    const value: unknown = args[name as Argument];
    if (!holds(value)) throw new ArgumentError(`${name} is ${shown(value)}; expected ${expected}.`);
  }
  const { numTrainEpochs: epochs, maxSteps } = args;
  if (maxSteps <= 0 && !(isFinite(epochs) && epochs > 0))
    throw new ArgumentError(`numTrainEpochs is ${shown(epochs)}; expected a number above 0.`);
  checkLrScheduler(args);
  checkBestModel(args);
}

/** What the best checkpoint is chosen by has to be known when one is written. */
function checkBestModel(args: TrainingArguments): void {
  const { evalStrategy, saveStrategy, saveSteps, evalSteps, loggingSteps } = args;
  if (saveStrategy === "best") {
    if (evalStrategy === "no")
      throw new ArgumentError('saveStrategy is "best", which needs an evalStrategy of "steps" or "epoch".');
    if (args.metricForBestModel === null && !args.loadBestModelAtEnd)
      throw new ArgumentError(
        'saveStrategy is "best", which needs metricForBestModel to say what best is; found null.',
      );
    return;
  }
  if (!args.loadBestModelAtEnd) return;
  if (evalStrategy === "no" || evalStrategy !== saveStrategy)
    throw new ArgumentError(
      `loadBestModelAtEnd needs the same evalStrategy and saveStrategy; found "${evalStrategy}" and "${saveStrategy}".`,
    );
  const every = evalSteps ?? loggingSteps;
  if (evalStrategy === "steps" && !isMultiple(saveSteps, every))
    throw new ArgumentError(
      `loadBestModelAtEnd needs saveSteps to be a multiple of evalSteps; found ${saveSteps} and ${every}.`,
    );
}

/** Of steps by steps, or of a share by a share; of one by the other nobody can say (transformers refuses them too). */
function isMultiple(value: number, of: number): boolean {
  if (value < 1 !== of < 1) return false;
  // as transformers does, in millionths, where 0.3 is a multiple of 0.1
  const scale = of < 1 ? 1_000_000 : 1;
  return Math.round(value * scale) % Math.round(of * scale) === 0;
}

function shown(value: unknown): string {
  return typeof value === "string" || (typeof value === "object" && value !== null)
    ? JSON.stringify(value)
    : String(value);
}
