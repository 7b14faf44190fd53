import { mkdirSync } from "node:fs";
import { ArgumentError, TrainingError } from "../runtime/errors";
import { watchInterrupt } from "../runtime/interrupt";
import { startProgress, type ProgressReporter } from "../runtime/progress";
import { collate, type Feature } from "../tokenization/collator";
import type { DistilBertForSequenceClassification } from "../model/sequence-classification";
import { AdamW } from "./adamw";
import type { CallbackContext, TrainerCallback } from "./callbacks";
import { checkFeatures } from "./check-features";
import { rotateCheckpoints, saveCheckpoint } from "./checkpoints";
import { accuracyOnly, evaluateModel, type ComputeMetrics, type Metrics } from "./evaluate";
import { epochBatches } from "./sampler";
import { linearLearningRate, planSteps, type StepPlan } from "./schedule";
import { TrainStep } from "./train-step";
import { newState, type LogEntry, type TrainerState } from "./trainer-state";
import {
  isGreaterBetter,
  trainingArguments,
  type IntervalStrategy,
  type TrainingArguments,
} from "./training-arguments";

/** What a Trainer is made of. */
export interface TrainerParams {
  model: DistilBertForSequenceClassification;
  args: Partial<TrainingArguments> & Pick<TrainingArguments, "outputDir">;
  trainDataset: Feature[];
  evalDataset?: Feature[];
  padTokenId: number;
  /** Accuracy where nothing is said. */
  computeMetrics?: ComputeMetrics;
  callbacks?: TrainerCallback[];
}

/** What a run came to. */
export interface TrainOutput {
  globalStep: number;
  /** Mean loss over all steps. */
  trainingLoss: number;
  /** Folder of the newest checkpoint, which need not be the best; `null` where nothing was saved. */
  lastCheckpoint: string | null;
  state: TrainerState;
}

/** Fine-tunes a model on labelled features (transformers' Trainer). */
export class Trainer {
  readonly args: TrainingArguments;
  /** Where the run stands; each call of `train` begins with a new one. */
  state: TrainerState;
  readonly #plan: StepPlan;
  /** Losses since the last log entry. */
  #losses: number[] = [];
  /** Of the last step. */
  #lastStep = { grad_norm: NaN, learning_rate: NaN };
  /** Checkpoints of this run that are on disk, oldest first. */
  #written: string[] = [];

  /**
   * @throws ArgumentError for arguments that cannot work
   * @throws DataError for an empty training set or a label that the model does not have
   */
  constructor(private readonly params: TrainerParams) {
    this.args = trainingArguments(params.args);
    checkFeatures("training", params.trainDataset, params.model);
    if (params.evalDataset) checkFeatures("evaluation", params.evalDataset, params.model);
    else if (this.args.evalStrategy !== "no")
      throw new ArgumentError(`evalStrategy is "${this.args.evalStrategy}", which needs an evalDataset.`);
    this.#plan = planSteps(this.args, params.trainDataset.length);
    this.state = newState(this.#plan.totalSteps);
  }

  /**
   * Trains to the end, evaluating, logging and saving as the arguments say.
   *
   * @throws TrainingError when the loss is not a number; checkpoints written until then stay
   * @throws InterruptedError when the reader stops it
   */
  async train(): Promise<TrainOutput> {
    const { model } = this.params;
    this.state = newState(this.#plan.totalSteps);
    this.#losses = [];
    this.#written = [];
    if (this.args.saveStrategy !== "no") mkdirSync(this.args.outputDir, { recursive: true });
    const optimizer = new AdamW(model.variables.values(), {
      beta1: this.args.adamBeta1,
      beta2: this.args.adamBeta2,
      epsilon: this.args.adamEpsilon,
      weightDecay: this.args.weightDecay,
      maxGradNorm: this.args.maxGradNorm,
    });
    const { seed, compile } = this.args;
    const step = new TrainStep({ model, optimizer, seed, compile });
    const progress = startProgress({ total: this.#plan.totalSteps, label: "Training", unit: "steps" });
    const context: CallbackContext = { state: this.state, control: { shouldTrainingStop: false } };
    try {
      await this.#notify("onTrainBegin", context);
      const trainingLoss = await this.#trainSteps({ step, progress, context });
      if (this.args.loadBestModelAtEnd && this.state.bestModelCheckpoint)
        model.loadWeights(this.state.bestModelCheckpoint);
      await this.#notify("onTrainEnd", context);
      return {
        globalStep: this.state.globalStep,
        trainingLoss,
        lastCheckpoint: this.#written.at(-1) ?? null,
        state: this.state,
      };
    } finally {
      progress.end();
      step.dispose();
      optimizer.dispose();
    }
  }

  /** Metrics of a set, the evaluation set unless another is given. */
  async evaluate(features: Feature[] | undefined = this.params.evalDataset): Promise<Metrics> {
    const { model, padTokenId, computeMetrics = accuracyOnly } = this.params;
    const batchSize = this.args.perDeviceEvalBatchSize;
    return evaluateModel({ model, features: features ?? [], padTokenId, batchSize, computeMetrics });
  }

  async #trainSteps(run: {
    step: TrainStep;
    progress: ProgressReporter;
    context: CallbackContext;
  }): Promise<number> {
    const { totalSteps, stepsPerEpoch } = this.#plan;
    const checkInterrupt = watchInterrupt();
    let lossSum = 0;
    for (let epoch = 0; this.state.globalStep < totalSteps; epoch += 1) {
      for (const indices of epochBatches(this.args, this.params.trainDataset.length, epoch)) {
        await checkInterrupt(`Training at step ${this.state.globalStep}`);
        const loss = this.#step(run.step, indices);
        lossSum += loss;
        this.state.epoch = this.state.globalStep / stepsPerEpoch;
        run.progress.update(this.state.globalStep, `loss ${loss.toFixed(3)}`);
        await this.#afterStep(run.context);
        if (this.state.globalStep >= totalSteps || run.context.control.shouldTrainingStop)
          return lossSum / this.state.globalStep;
      }
    }
    return lossSum / this.state.globalStep;
  }

  #step(trainStep: TrainStep, indices: number[]): number {
    const { trainDataset, padTokenId } = this.params;
    const features = indices.flatMap((index) => trainDataset[index] ?? []);
    const batch = collate(features, padTokenId);
    const learningRate = this.#learningRate();
    const step = this.state.globalStep + 1;
    const { loss, gradNorm } = trainStep.run({ batch, learningRate, step });
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm))
      throw new TrainingError(
        `The loss of step ${step} is ${loss} (gradient norm ${gradNorm}); expected a number. ` +
          `Lower learningRate (${this.args.learningRate}) or look at the texts of this batch: examples ${indices.join(", ")}.`,
      );
    this.state.globalStep = step;
    this.#losses.push(loss);
    this.#lastStep = { grad_norm: gradNorm, learning_rate: learningRate };
    return loss;
  }

  #learningRate(): number {
    return linearLearningRate({
      peak: this.args.learningRate,
      step: this.state.globalStep,
      plan: this.#plan,
    });
  }

  /** Logs, evaluates and saves where the strategies say so. */
  async #afterStep(context: CallbackContext): Promise<void> {
    const { evalStrategy, evalSteps, saveStrategy, saveSteps, loggingSteps } = this.args;
    await this.#notify("onStepEnd", context);
    const isLast = this.state.globalStep === this.#plan.totalSteps;
    if (this.state.globalStep % loggingSteps === 0 || isLast) await this.#logLoss(context);
    const isBest = this.#isDue(evalStrategy, evalSteps) && (await this.#evaluateAndCompare(context));
    if (this.#isDue(saveStrategy, saveSteps)) await this.#save(context, isBest);
  }

  async #logLoss(context: CallbackContext): Promise<void> {
    if (this.#losses.length === 0) return;
    const loss = this.#losses.reduce((sum, value) => sum + value, 0) / this.#losses.length;
    this.#losses = [];
    await this.#log({ loss, ...this.#lastStep }, context);
  }

  /** Evaluates and says whether this is the best result so far. */
  async #evaluateAndCompare(context: CallbackContext): Promise<boolean> {
    const metrics = await this.evaluate();
    const named = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`eval_${name}`, value]));
    const entry = await this.#log(named, context);
    for (const callback of this.params.callbacks ?? []) await callback.onEvaluate?.(entry, context);
    const metric = this.args.metricForBestModel.replace(/^(eval_)?/, "eval_");
    const value = named[metric];
    if (value === undefined)
      throw new ArgumentError(
        `metricForBestModel is "${this.args.metricForBestModel}", and the evaluation gave ${Object.keys(named).join(", ")}.`,
      );
    // only a strictly better value replaces the best: the first of equals stays, and NaN is never better
    const greater = isGreaterBetter(this.args);
    const best = this.state.bestMetric ?? (greater ? -Infinity : Infinity);
    if (!(greater ? value > best : value < best)) return false;
    this.state.bestMetric = value;
    this.state.bestGlobalStep = this.state.globalStep;
    return true;
  }

  async #save(context: CallbackContext, isBest: boolean): Promise<void> {
    const { outputDir, saveTotalLimit } = this.args;
    const folder = saveCheckpoint({ outputDir, model: this.params.model, state: this.state, isBest });
    if (isBest) this.state.bestModelCheckpoint = folder;
    this.#written = rotateCheckpoints({
      written: [...this.#written.filter((name) => name !== folder), folder],
      limit: saveTotalLimit,
      best: this.state.bestModelCheckpoint,
    });
    for (const callback of this.params.callbacks ?? []) await callback.onSave?.(folder, context);
  }

  async #log(metrics: Record<string, number>, context: CallbackContext): Promise<LogEntry> {
    const entry: LogEntry = { ...metrics, epoch: this.state.epoch, step: this.state.globalStep };
    this.state.logHistory.push(entry);
    for (const callback of this.params.callbacks ?? []) await callback.onLog?.(entry, context);
    return entry;
  }

  async #notify(event: "onTrainBegin" | "onStepEnd" | "onTrainEnd", context: CallbackContext): Promise<void> {
    for (const callback of this.params.callbacks ?? []) await callback[event]?.(context);
  }

  /** Whether something happens at this step; at the last one all does (transformers' DefaultFlowCallback). */
  #isDue(strategy: IntervalStrategy, every: number): boolean {
    const { globalStep } = this.state;
    const { totalSteps, stepsPerEpoch } = this.#plan;
    if (strategy === "no") return false;
    return globalStep === totalSteps || globalStep % (strategy === "steps" ? every : stepsPerEpoch) === 0;
  }
}
