import { ArgumentError } from "../runtime/errors";

/** When something happens during training. */
export type IntervalStrategy = "no" | "steps" | "epoch";

/** How a run trains: transformers' TrainingArguments, same names in camelCase, same defaults (training_args.py, 5.23). */
export interface TrainingArguments {
  /** Folder for checkpoints. */
  outputDir: string;
  perDeviceTrainBatchSize: number;
  perDeviceEvalBatchSize: number;
  /** Batches whose gradients make one update together: steps are updates, in every argument that counts them. */
  gradientAccumulationSteps: number;
  /** Peak learning rate of AdamW. */
  learningRate: number;
  /** Decoupled weight decay of everything but biases and layer norms. */
  weightDecay: number;
  adamBeta1: number;
  adamBeta2: number;
  adamEpsilon: number;
  /** Largest norm of all gradients together; 0 switches clipping off. */
  maxGradNorm: number;
  numTrainEpochs: number;
  /** Steps in all; above 0 it overrides `numTrainEpochs`. */
  maxSteps: number;
  /** Steps of linear warm-up; below 1 a share of all steps. */
  warmupSteps: number;
  /** "random" shuffles anew every epoch, "sequential" takes the set as it lies. */
  trainSamplingStrategy: "random" | "sequential";
  evalStrategy: IntervalStrategy;
  evalSteps: number;
  saveStrategy: IntervalStrategy;
  saveSteps: number;
  /** Checkpoints kept, the best and the newest among them even where that makes two; `null`, or 0, keeps all. */
  saveTotalLimit: number | null;
  /** Leaves the optimizer's moments out of checkpoints: a third of the size, and no run can go on from them. */
  saveOnlyModel: boolean;
  /** A checkpoint to go on from, or `true` for the newest whole one of `outputDir`; `train` may say otherwise. */
  resumeFromCheckpoint: string | boolean | null;
  loggingSteps: number;
  /** Takes the best checkpoint's weights when training ends. */
  loadBestModelAtEnd: boolean;
  /** The metric that says which checkpoint is best; only a strictly better one replaces it. */
  metricForBestModel: string;
  /** Whether more is better; by default unless the metric is a loss. */
  greaterIsBetter: boolean | null;
  /** Seed of the order and of dropout. */
  seed: number;
  /** Whether TensorFlow runs the step as one compiled call; `false` runs its operations one by one, for debugging. */
  compile: boolean;
}

/** transformers' defaults. */
export const DEFAULT_TRAINING_ARGUMENTS: Omit<TrainingArguments, "outputDir"> = {
  perDeviceTrainBatchSize: 8,
  perDeviceEvalBatchSize: 8,
  gradientAccumulationSteps: 1,
  learningRate: 5e-5,
  weightDecay: 0,
  adamBeta1: 0.9,
  adamBeta2: 0.999,
  adamEpsilon: 1e-8,
  maxGradNorm: 1,
  numTrainEpochs: 3,
  maxSteps: -1,
  warmupSteps: 0,
  trainSamplingStrategy: "random",
  evalStrategy: "no",
  evalSteps: 500,
  saveStrategy: "steps",
  saveSteps: 500,
  saveTotalLimit: null,
  saveOnlyModel: false,
  resumeFromCheckpoint: null,
  loggingSteps: 500,
  loadBestModelAtEnd: false,
  metricForBestModel: "loss",
  greaterIsBetter: null,
  seed: 42,
  compile: true,
};

/**
 * Completes arguments by transformers' defaults and refuses what cannot work.
 *
 * @throws ArgumentError naming the argument, its value and what it may be
 */
export function trainingArguments(
  given: Partial<TrainingArguments> & Pick<TrainingArguments, "outputDir">,
): TrainingArguments {
  const args = { ...DEFAULT_TRAINING_ARGUMENTS, ...given };
  const wholeAbove0 = [
    "perDeviceTrainBatchSize",
    "perDeviceEvalBatchSize",
    "gradientAccumulationSteps",
    "evalSteps",
    "saveSteps",
    "loggingSteps",
  ] as const;
  for (const name of wholeAbove0)
    check(name, args[name], Number.isInteger(args[name]) && args[name] > 0, "a whole number above 0");
  for (const name of ["learningRate", "weightDecay", "maxGradNorm", "warmupSteps"] as const)
    check(name, args[name], Number.isFinite(args[name]) && args[name] >= 0, "a number of at least 0");
  for (const name of ["adamBeta1", "adamBeta2"] as const)
    check(name, args[name], args[name] >= 0 && args[name] < 1, "a number from 0 to below 1");
  check("adamEpsilon", args.adamEpsilon, args.adamEpsilon > 0, "a number above 0");
  for (const name of ["maxSteps", "seed"] as const)
    check(name, args[name], Number.isInteger(args[name]), "a whole number");
  const epochs = args.numTrainEpochs;
  const ends = args.maxSteps > 0 || (Number.isFinite(epochs) && epochs > 0);
  check("numTrainEpochs", epochs, ends, "a number above 0");
  if (args.loadBestModelAtEnd && (args.evalStrategy === "no" || args.evalStrategy !== args.saveStrategy))
    throw new ArgumentError(
      `loadBestModelAtEnd needs the same evalStrategy and saveStrategy; found "${args.evalStrategy}" and "${args.saveStrategy}".`,
    );
  if (args.loadBestModelAtEnd && args.evalStrategy === "steps" && args.saveSteps % args.evalSteps !== 0)
    throw new ArgumentError(
      `loadBestModelAtEnd needs saveSteps to be a multiple of evalSteps; found ${args.saveSteps} and ${args.evalSteps}.`,
    );
  return args;
}

/** Whether the better of two values of the metric that chooses the checkpoint is the greater. */
export function isGreaterBetter(args: TrainingArguments): boolean {
  return args.greaterIsBetter ?? !args.metricForBestModel.endsWith("loss");
}

function check(name: string, value: number, ok: boolean, expected: string): void {
  if (!ok) throw new ArgumentError(`${name} is ${value}; expected ${expected}.`);
}
