import { mkdirSync } from "node:fs";
import { ArgumentError, TrainingError } from "../runtime/errors";
import { watchInterrupt } from "../runtime/interrupt";
import { startProgress, type ProgressReporter } from "../runtime/progress";
import { collate, type Feature } from "../tokenization/collator";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import { AdamW, adamWOptions } from "./adamw";
import type { TrainerCallback } from "./callbacks";
import { checkFeatures } from "./check-features";
import { datasetDigest } from "./dataset-digest";
import { accuracyOnly, evaluateModel, type ComputeMetrics, type Metrics } from "./evaluate";
import { removeUnfinishedCheckpoints } from "./last-checkpoint";
import { explainOutOfMemory } from "./out-of-memory";
import { loadCheckpoint, openCheckpoint } from "./resume";
import { RunCheckpoints } from "./run-checkpoints";
import { RunFlow, type StepReport } from "./run-flow";
import { epochUpdates } from "./sampler";
import { linearLearningRate, planSteps, type StepPlan } from "./schedule";
import { Throughput } from "./throughput";
import { newState, type TrainerState } from "./trainer-state";
import { trainingArguments, type TrainingArguments } from "./training-arguments";
import { updateStep, type UpdateStep } from "./update-step";

/** What a Trainer is made of. */
export interface TrainerParams {
  model: SequenceClassificationModel;
  args: Partial<TrainingArguments> & Pick<TrainingArguments, "outputDir">;
  trainDataset: Feature[];
  evalDataset?: Feature[];
  padTokenId: number;
  /** Accuracy where nothing is said. */
  computeMetrics?: ComputeMetrics;
  callbacks?: TrainerCallback[];
}

/** How a run begins. */
export interface TrainOptions {
  /** A checkpoint to go on from, or `true` for the newest whole one of `outputDir`; the arguments' where nothing is said. */
  resumeFromCheckpoint?: string | boolean | null;
}

/** What a run came to. */
export interface TrainOutput {
  globalStep: number;
  /** Mean loss over all steps that this call took, as the figures below; not a number where none was left to take. */
  trainingLoss: number;
  /** Seconds from the first step to the last, with all that happened between them. */
  trainRuntime: number;
  /** Texts trained on by second of `trainRuntime`. */
  trainSamplesPerSecond: number;
  /** Steps, which are updates, by second of `trainRuntime`. */
  trainStepsPerSecond: number;
  /** Folder of the newest checkpoint, which need not be the best; `null` where nothing was saved. */
  lastCheckpoint: string | null;
  state: TrainerState;
}

/** One run of a Trainer. */
interface Run {
  step: UpdateStep;
  flow: RunFlow;
  progress: ProgressReporter;
  throughput: Throughput;
  control: { shouldTrainingStop: boolean };
}

/** Fine-tunes a model on labelled features (transformers' Trainer). */
export class Trainer {
  readonly args: TrainingArguments;
  /** Where the run stands; each call of `train` begins with a new one. */
  state: TrainerState;
  readonly #plan: StepPlan;

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
   * A run that goes on from a checkpoint ends with the very bits of one that was never stopped, on the same machine with as
   * many threads; steps after the checkpoint are taken again.
   *
   * @throws TrainingError when the loss is not a number or memory runs out; checkpoints written until then stay
   * @throws CheckpointError when there is none to go on from, or one cannot be written
   * @throws InterruptedError when the reader stops it, after a checkpoint of the last step unless `saveStrategy` is "no"
   */
  async train({
    resumeFromCheckpoint = this.args.resumeFromCheckpoint,
  }: TrainOptions = {}): Promise<TrainOutput> {
    const { model, callbacks = [] } = this.params;
    const { args } = this;
    const run = { args, plan: this.#plan, model, trainDataset: datasetDigest(this.params.trainDataset) };
    const isNew = resumeFromCheckpoint === null || resumeFromCheckpoint === false;
    const checkpoint = isNew ? null : openCheckpoint(resumeFromCheckpoint, run);
    this.state = checkpoint?.state ?? newState(this.#plan.totalSteps);
    const begun = this.state.globalStep;
    if (args.saveStrategy !== "no") prepareFolder(args.outputDir);
    const throughput = new Throughput();
    const control = { shouldTrainingStop: false };
    const context = { args, state: this.state, control, throughput };
    const evaluate = (): Promise<Metrics> => this.evaluate();
    const optimizer = new AdamW(model.variables.values(), adamWOptions(args), model.wordTable);
    const checkpoints = new RunCheckpoints({ ...run, optimizer });
    const flow = new RunFlow({ context, plan: this.#plan, checkpoints, callbacks, evaluate });
    const { seed, compile, gradientAccumulationSteps } = args;
    const step = updateStep({ model, optimizer, seed, compile, gradientAccumulationSteps });
    const progress = startProgress({ total: this.#plan.totalSteps, label: "Training", unit: "steps" });
    try {
      if (checkpoint) loadCheckpoint(checkpoint, { model, optimizer });
      await flow.notify("onTrainBegin");
      const start = performance.now();
      if (checkpoint) await flow.resume(checkpoint).catch((error: unknown) => flow.giveUp(error));
      const { losses, texts } = await this.#trainSteps({ step, flow, progress, throughput, control }).catch(
        (error: unknown) => flow.giveUp(error),
      );
      const trainRuntime = (performance.now() - start) / 1_000;
      if (args.loadBestModelAtEnd && this.state.bestModelCheckpoint)
        model.loadWeights(this.state.bestModelCheckpoint);
      await flow.notify("onTrainEnd");
      const { globalStep } = this.state;
      return {
        globalStep,
        trainingLoss: losses / (globalStep - begun),
        trainRuntime,
        trainSamplesPerSecond: texts / trainRuntime,
        trainStepsPerSecond: (globalStep - begun) / trainRuntime,
        lastCheckpoint: flow.lastCheckpoint,
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

  /** Takes all steps that are left; the sum of their losses, and how many texts they saw. */
  async #trainSteps(run: Run): Promise<{ losses: number; texts: number }> {
    const checkInterrupt = watchInterrupt();
    const sums = { losses: 0, texts: 0 };
    const isOver = (): boolean =>
      this.state.globalStep >= this.#plan.totalSteps || run.control.shouldTrainingStop;
    if (isOver()) return sums;
    const { stepsPerEpoch } = this.#plan;
    for (let epoch = Math.floor(this.state.globalStep / stepsPerEpoch); ; epoch += 1) {
      const updates = epochUpdates(this.args, this.params.trainDataset.length, epoch);
      const batchesPerEpoch = updates.flat().length;
      // the order follows from the seed and the epoch, so what was seen before a checkpoint is passed over
      const seen = Math.max(0, this.state.globalStep - epoch * stepsPerEpoch);
      let batches = epoch * batchesPerEpoch + updates.slice(0, seen).flat().length;
      for (const update of updates.slice(seen)) {
        await checkInterrupt(`Training at step ${this.state.globalStep}`);
        const report = this.#step(run, update);
        batches += update.length;
        this.state.epoch = batches / batchesPerEpoch;
        sums.losses += report.loss;
        sums.texts += update.flat().length;
        run.progress.update(this.state.globalStep, progressNote(report.loss, run.throughput));
        await run.flow.afterStep(report);
        if (isOver()) return sums;
      }
    }
  }

  /** Takes one step, on the examples of one or more batches by their numbers. */
  #step({ step: updateStep, throughput }: Run, update: number[][]): StepReport {
    const { trainDataset, padTokenId } = this.params;
    const start = performance.now();
    const batches = update.map((indices) =>
      collate(
        indices.flatMap((index) => trainDataset[index] ?? []),
        padTokenId,
      ),
    );
    const peak = this.args.learningRate;
    const learningRate = linearLearningRate({ peak, step: this.state.globalStep, plan: this.#plan });
    const step = this.state.globalStep + 1;
    const { loss, gradNorm } = this.#update(updateStep, { batches, learningRate, step });
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm))
      throw new TrainingError(
        `The loss of step ${step} is ${loss} (gradient norm ${gradNorm}); expected a number. ` +
          `Lower learningRate (${peak}; ${learningRate} at this step) or look at the texts of this batch: examples ${update.flat().join(", ")}.`,
      );
    throughput.add({ texts: update.flat().length, seconds: (performance.now() - start) / 1_000 });
    this.state.globalStep = step;
    return { loss, gradNorm, learningRate };
  }

  #update(updateStep: UpdateStep, inputs: Parameters<UpdateStep["run"]>[0]): ReturnType<UpdateStep["run"]> {
    try {
      return updateStep.run(inputs);
    } catch (error) {
      throw explainOutOfMemory(error, { ...inputs, args: this.args });
    }
  }
}

/** Makes the folder of a run's checkpoints, without what a killed run left there. */
function prepareFolder(outputDir: string): void {
  mkdirSync(outputDir, { recursive: true });
  removeUnfinishedCheckpoints(outputDir);
}

/** What the progress line says beside the steps: loss, speed, and memory that the process holds. */
function progressNote(loss: number, { textsPerSecond }: Throughput): string {
  const gigabytes = process.memoryUsage.rss() / 1e9;
  return `loss ${loss.toFixed(3)}, ${textsPerSecond.toFixed(0)} texts/s, ${gigabytes.toFixed(1)} GB`;
}
