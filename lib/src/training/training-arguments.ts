import { checkArguments } from "./check-arguments";
import type { LrSchedulerKwargs, LrSchedulerType } from "./lr-scheduler";
import { trackerNames, type ReportTo } from "./report-to";

/** When something happens during training. */
export type IntervalStrategy = "no" | "steps" | "epoch";

/** When a checkpoint is written; "best" is after an evaluation that gave the best metric so far. */
export type SaveStrategy = IntervalStrategy | "best";

/** In which order the training set is taken. */
export type TrainSamplingStrategy = "random" | "sequential" | "group_by_length";

/**
 * How a run trains: transformers' TrainingArguments, same names in camelCase, same defaults (training_args.py, 5.23).
 *
 * Steps are updates, in every argument that counts them; those of `loggingSteps`, `evalSteps` and `saveSteps` below 1 are a share
 * of all steps. `loggingNanInfFilter` is not among them: a loss that is not a number ends the run with an error, so there is
 * nothing to filter.
 */
export interface TrainingArguments {
  /** Folder for checkpoints. */
  outputDir: string;
  perDeviceTrainBatchSize: number;
  perDeviceEvalBatchSize: number;
  /** Batches whose gradients make one update together. */
  gradientAccumulationSteps: number;
  /** Peak learning rate of AdamW. */
  learningRate: number;
  /** How the learning rate goes on after the warm-up. */
  lrSchedulerType: LrSchedulerType;
  /** What else the schedule takes, such as `{ numCycles: 2 }`; `null` for its defaults. */
  lrSchedulerKwargs: LrSchedulerKwargs | null;
  /** Steps of warm-up; below 1 a share of all steps. */
  warmupSteps: number;
  /** Decoupled weight decay of everything but biases and layer norms. */
  weightDecay: number;
  adamBeta1: number;
  adamBeta2: number;
  adamEpsilon: number;
  /** Largest norm of all gradients together; 0 switches clipping off. */
  maxGradNorm: number;
  /** Share of a label's probability that is spread over all labels alike. */
  labelSmoothingFactor: number;
  numTrainEpochs: number;
  /** Steps in all; above 0 it overrides `numTrainEpochs`. */
  maxSteps: number;
  /**
   * "random" shuffles anew every epoch, "sequential" takes the set as it lies, "group_by_length" shuffles and lets texts of like
   * length share a batch.
   */
  trainSamplingStrategy: TrainSamplingStrategy;
  /**
   * Whether a last batch that is smaller is left out, of every epoch. Evaluations keep theirs, while transformers' leave examples
   * unjudged there.
   */
  dataloaderDropLast: boolean;
  loggingStrategy: IntervalStrategy;
  loggingSteps: number;
  /** Whether the first step is logged, whatever the strategy. */
  loggingFirstStep: boolean;
  evalStrategy: IntervalStrategy;
  /** `null` is `loggingSteps`. */
  evalSteps: number | null;
  /** Steps, or epochs where they are the strategy, before which nothing is evaluated. */
  evalDelay: number;
  /** Whether the evaluation set is evaluated before the first step. */
  evalOnStart: boolean;
  saveStrategy: SaveStrategy;
  saveSteps: number;
  /** Checkpoints kept, the best and the newest among them even where that makes two; `null`, or 0, keeps all. */
  saveTotalLimit: number | null;
  /** Leaves the optimizer's moments out of checkpoints: a third of the size, and no run can go on from them. */
  saveOnlyModel: boolean;
  /** A checkpoint to go on from, or `true` for the newest whole one of `outputDir`; `train` may say otherwise. */
  resumeFromCheckpoint: string | boolean | null;
  /** Takes the best checkpoint's weights when training ends. */
  loadBestModelAtEnd: boolean;
  /**
   * The metric that says which checkpoint is best; only a strictly better one replaces it. `null` is the loss with
   * `loadBestModelAtEnd`, and no metric without.
   */
  metricForBestModel: string | null;
  /** Whether more is better; `null` is yes, unless the metric's name ends in "loss". */
  greaterIsBetter: boolean | null;
  /**
   * Whether layers multiply in bfloat16 in training and keep what is in between so, in half the bytes. Parameters and the
   * optimizer stay float32, and so do evaluations, where transformers takes bfloat16 too.
   */
  bf16: boolean;
  /**
   * Whether the backward pass computes layers again rather than keep what is in between: less memory, a third more time, and the
   * same weights to the bit. For a CPU; on another device the first step refuses it.
   */
  gradientCheckpointing: boolean;
  /** Seed of dropout, and of the order unless `dataSeed` is given. */
  seed: number;
  /** Seed of the order; `null` is `seed`. */
  dataSeed: number | null;
  /** Whether TensorFlow runs the step as one compiled call; `false` runs its operations one by one, for debugging. */
  compile: boolean;
  /**
   * Whether XLA compiles that call to a program for the device (TensorFlow's `jit_compile`); `null` is on a GPU alone. XLA has none
   * of the operations that lib has for a CPU. It compiles anew, in seconds and more, for every number of texts in a batch and every
   * length of its longest text in steps of 16, and computes the padding up to there.
   */
  jitCompile: boolean | null;
  /** Programs that show the run: "tensorboard", "wandb", "trackio", several of them, "all" or "none". */
  reportTo: ReportTo;
  /** What these programs call the run; `null` is after `outputDir`'s last part, or for TensorBoard the time alone. */
  runName: string | null;
  /** What Weights & Biases and Trackio put runs under. */
  project: string;
}

/** transformers' defaults. */
export const DEFAULT_TRAINING_ARGUMENTS: Omit<TrainingArguments, "outputDir"> = {
  perDeviceTrainBatchSize: 8,
  perDeviceEvalBatchSize: 8,
  gradientAccumulationSteps: 1,
  learningRate: 5e-5,
  lrSchedulerType: "linear",
  lrSchedulerKwargs: null,
  warmupSteps: 0,
  weightDecay: 0,
  adamBeta1: 0.9,
  adamBeta2: 0.999,
  adamEpsilon: 1e-8,
  maxGradNorm: 1,
  labelSmoothingFactor: 0,
  numTrainEpochs: 3,
  maxSteps: -1,
  trainSamplingStrategy: "random",
  dataloaderDropLast: false,
  loggingStrategy: "steps",
  loggingSteps: 500,
  loggingFirstStep: false,
  evalStrategy: "no",
  evalSteps: null,
  evalDelay: 0,
  evalOnStart: false,
  saveStrategy: "steps",
  saveSteps: 500,
  saveTotalLimit: null,
  saveOnlyModel: false,
  resumeFromCheckpoint: null,
  loadBestModelAtEnd: false,
  metricForBestModel: null,
  greaterIsBetter: null,
  bf16: false,
  gradientCheckpointing: false,
  seed: 42,
  dataSeed: null,
  compile: true,
  jitCompile: null,
  reportTo: [],
  runName: null,
  project: "huggingface",
};

/**
 * Completes arguments by transformers' defaults and refuses what cannot work; what is `undefined` counts as not given.
 *
 * @throws ArgumentError naming the argument, its value and what it may be; for an unknown name, the nearest known one
 */
export function trainingArguments(
  given: Partial<TrainingArguments> & Pick<TrainingArguments, "outputDir">,
): TrainingArguments {
  const entries: [string, unknown][] = Object.entries(given);
  const said = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const args: TrainingArguments = { ...DEFAULT_TRAINING_ARGUMENTS, outputDir: given.outputDir, ...said };
  checkArguments(args, ["outputDir", ...Object.keys(DEFAULT_TRAINING_ARGUMENTS)]);
  args.reportTo = trackerNames(args.reportTo);
  // as transformers' __post_init__ fills in what follows from other arguments
  if (args.evalStrategy === "steps") args.evalSteps ??= args.loggingSteps;
  if (args.loadBestModelAtEnd) args.metricForBestModel ??= "loss";
  if (args.metricForBestModel !== null) args.greaterIsBetter ??= !args.metricForBestModel.endsWith("loss");
  return args;
}
