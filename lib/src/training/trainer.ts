import { ArgumentError } from "../runtime/errors";
import { watchInterrupt } from "../runtime/interrupt";
import type { Feature } from "../tokenization/collator";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import { AdamW, adamWOptions } from "./adamw";
import { CallbackHandler, newControl } from "./callback-handler";
import type { TrainerCallback } from "./callbacks";
import { checkFeatures } from "./check-features";
import { checkClassWeights } from "./class-weights";
import { datasetDigest } from "./dataset-digest";
import { accuracyOnly, type ComputeMetrics, type Metrics } from "./evaluate";
import { evaluationLoop, type PredictionOutput } from "./evaluation-loop";
import { prepareFolder } from "./last-checkpoint";
import type { LossOptions } from "./loss";
import { loadCheckpoint, openCheckpoint, type Checkpoint } from "./resume";
import { runCallbacks } from "./run-callbacks";
import { RunCheckpoints } from "./run-checkpoints";
import { RunFlow, type StepReport } from "./run-flow";
import { epochUpdates } from "./sampler";
import { planSteps, type StepPlan } from "./schedule";
import { takeUpdate } from "./take-update";
import { Throughput } from "./throughput";
import { summary, type RunSums, type TrainOutput } from "./train-output";
import { newState, type TrainerState } from "./trainer-state";
import { trainingArguments, type TrainingArguments } from "./training-arguments";
import { TrainingProgress } from "./training-progress";
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
  /**
   * How much an example of each label counts in the loss, in training and evaluation (PyTorch's `CrossEntropyLoss(weight)`;
   * transformers leaves it to a subclass): see `balancedClassWeights`.
   */
  classWeights?: readonly number[];
  callbacks?: TrainerCallback[];
}

/** How a run begins. */
export interface TrainOptions {
  /** A checkpoint to go on from, or `true` for the newest whole one of `outputDir`; the arguments' where nothing is said. */
  resumeFromCheckpoint?: string | boolean | null;
}

/** One run of a Trainer. */
interface Run {
  step: UpdateStep;
  flow: RunFlow;
  handler: CallbackHandler;
  progress: TrainingProgress;
  throughput: Throughput;
  sums: RunSums;
  checkInterrupt: ReturnType<typeof watchInterrupt>;
}

/** Fine-tunes a model on labelled features (transformers' Trainer). */
export class Trainer {
  readonly args: TrainingArguments;
  /** Where the run stands; each call of `train` begins with a new one. */
  state: TrainerState;
  readonly #plan: StepPlan;
  readonly #loss: LossOptions;
  #handler: CallbackHandler;

  /**
   * @throws ArgumentError for arguments that cannot work
   * @throws DataError for an empty training set or a label that the model does not have
   */
  constructor(private readonly params: TrainerParams) {
    const { model, trainDataset, evalDataset, classWeights } = params;
    this.args = trainingArguments(params.args);
    checkFeatures("training", trainDataset, model);
    if (evalDataset) checkFeatures("evaluation", evalDataset, model);
    else if (this.args.evalStrategy !== "no")
      throw new ArgumentError(`evalStrategy is "${this.args.evalStrategy}", which needs an evalDataset.`);
    else if (this.args.evalOnStart)
      throw new ArgumentError("evalOnStart is true, which needs an evalDataset.");
    if (classWeights) checkClassWeights(classWeights, Object.keys(model.id2label).length);
    this.#loss = { labelSmoothingFactor: this.args.labelSmoothingFactor, classWeights };
    this.#plan = planSteps(this.args, trainDataset.length);
    this.state = newState(this.#plan.totalSteps);
    this.#handler = this.#newHandler(new Throughput());
    this.#handler.initEnd();
  }

  /**
   * Trains to the end, evaluating, logging and saving as the arguments say.
   *
   * A run that goes on from a checkpoint ends with the very bits of one that was never stopped, on the same machine with as
   * many threads; steps after the checkpoint are taken again.
   *
   * @throws TrainingError when the loss is not a number or memory runs out; checkpoints written until then stay
   * @throws RecordingError where XLA cannot compile the step: `jitCompile: false` is the way back
   * @throws CheckpointError when there is none to go on from, or one cannot be written
   * @throws InterruptedError when the reader stops it, after a checkpoint of the last step unless `saveStrategy` is "no"
   */
  async train({
    resumeFromCheckpoint = this.args.resumeFromCheckpoint,
  }: TrainOptions = {}): Promise<TrainOutput> {
    const { model, classWeights } = this.params;
    const { args } = this;
    const trainDataset = datasetDigest(this.params.trainDataset, classWeights);
    const whole = { args, plan: this.#plan, model, trainDataset };
    const isNew = resumeFromCheckpoint === null || resumeFromCheckpoint === false;
    const checkpoint = isNew ? null : openCheckpoint(resumeFromCheckpoint, whole);
    this.state = checkpoint?.state ?? newState(this.#plan.totalSteps);
    if (args.saveStrategy !== "no") prepareFolder(args.outputDir);
    const optimizer = new AdamW(model.variables.values(), adamWOptions(args), model.wordTable);
    const run = this.#newRun(optimizer, new RunCheckpoints({ ...whole, optimizer }));
    const { handler, flow } = run;
    try {
      if (checkpoint) loadCheckpoint(checkpoint, { model, optimizer });
      await handler.notify("onTrainBegin");
      if (args.evalOnStart && !checkpoint) await this.evaluate();
      const start = performance.now();
      await this.#trainSteps(run, checkpoint).catch((error: unknown) => flow.giveUp(error));
      const output = summary(run.sums, (performance.now() - start) / 1_000);
      // what callbacks do at the end may take a while, and is no training
      run.progress.end();
      await handler.log(output.metrics);
      if (args.loadBestModelAtEnd && this.state.bestModelCheckpoint)
        model.loadWeights(this.state.bestModelCheckpoint);
      await handler.notify("onTrainEnd");
      const { globalStep } = this.state;
      return { globalStep, ...output, lastCheckpoint: flow.lastCheckpoint, state: this.state };
    } finally {
      run.progress.end();
      run.step.dispose();
      optimizer.dispose();
      await handler.close();
    }
  }

  /**
   * Loss and metrics of a set, the evaluation set unless another is given: `eval_loss` and the like, and `epoch`. They are put
   * into the log, and the callbacks are told of them.
   *
   * @throws DataError if the set is empty, or a label is missing or not the model's
   */
  async evaluate(
    features: Feature[] = this.params.evalDataset ?? [],
    metricKeyPrefix = "eval",
  ): Promise<Metrics> {
    checkFeatures("evaluation", features, this.params.model);
    const { metrics } = await this.#evaluationLoop(features, metricKeyPrefix, "evaluation");
    const entry = await this.#handler.log(metrics);
    await this.#handler.evaluated(entry);
    return { ...metrics, epoch: entry.epoch };
  }

  /** Logits of a set and, where it has labels, loss and metrics: `test_loss` and the like. They are not logged. */
  async predict(features: Feature[], metricKeyPrefix = "test"): Promise<PredictionOutput> {
    const output = await this.#evaluationLoop(features, metricKeyPrefix, "test");
    await this.#handler.predicted(output.metrics);
    return output;
  }

  #evaluationLoop(features: Feature[], metricKeyPrefix: string, what: string): Promise<PredictionOutput> {
    const { model, padTokenId, computeMetrics = accuracyOnly } = this.params;
    const batchSize = this.args.perDeviceEvalBatchSize;
    const params = { model, features, padTokenId, batchSize, computeMetrics, loss: this.#loss };
    return evaluationLoop({
      ...params,
      metricKeyPrefix,
      what,
      label: what === "test" ? "Predicting" : "Evaluating",
    });
  }

  #newHandler(throughput: Throughput): CallbackHandler {
    const { args, state } = this;
    const callbacks = runCallbacks({ ...this.params, args }, this.#plan);
    return new CallbackHandler(callbacks, { args, state, control: newControl(), throughput });
  }

  #newRun(optimizer: AdamW, checkpoints: RunCheckpoints): Run {
    const { bf16, gradientCheckpointing, seed, compile, jitCompile, gradientAccumulationSteps } = this.args;
    const throughput = new Throughput();
    const handler = this.#newHandler(throughput);
    this.#handler = handler;
    return {
      step: updateStep({
        ...{ model: this.params.model, optimizer, loss: this.#loss },
        ...{ bf16, gradientCheckpointing, seed, compile, jitCompile, gradientAccumulationSteps },
      }),
      flow: new RunFlow({ handler, plan: this.#plan, checkpoints, evaluate: () => this.evaluate() }),
      handler,
      progress: new TrainingProgress({ args: this.args, plan: this.#plan, state: this.state, throughput }),
      throughput,
      sums: { steps: 0, losses: 0, texts: 0 },
      checkInterrupt: watchInterrupt(),
    };
  }

  /** Takes all steps, or those that are left after a checkpoint. */
  async #trainSteps(run: Run, checkpoint: Checkpoint | null): Promise<void> {
    const { handler, flow } = run;
    if (checkpoint) await flow.resume(checkpoint);
    const { control } = handler.context;
    while (flow.position.epoch < this.#plan.epochs && !control.shouldTrainingStop) {
      await handler.notify("onEpochBegin");
      await this.#trainEpoch(run);
      await flow.afterEpoch();
    }
    await flow.afterLastEpoch();
  }

  /** Takes the steps of an epoch that are left, to its end or to where a callback ends it. */
  async #trainEpoch(run: Run): Promise<void> {
    const { handler, flow, progress, sums } = run;
    const { control } = handler.context;
    // the order follows from the seed and the epoch, so what was seen before a checkpoint is passed over
    const { epoch, steps: seen } = flow.position;
    const updates = epochUpdates(this.args, this.params.trainDataset, epoch);
    const batchesPerEpoch = updates.flat().length;
    let batches = updates.slice(0, seen).flat().length;
    for (const update of updates.slice(seen)) {
      await run.checkInterrupt(`Training at step ${this.state.globalStep}`);
      await handler.notify("onStepBegin");
      const report = this.#step(run, update);
      batches += update.length;
      this.state.epoch = epoch + batches / batchesPerEpoch;
      sums.steps += 1;
      sums.losses += report.loss;
      sums.texts += update.flat().length;
      progress.update(report);
      await flow.afterStep(report);
      if (control.shouldEpochStop || control.shouldTrainingStop) return;
    }
  }

  /** Takes one step, on the examples of one or more batches by their numbers. */
  #step({ step: updateStep, throughput }: Run, update: number[][]): StepReport {
    const { trainDataset, padTokenId } = this.params;
    const { args } = this;
    const start = performance.now();
    const step = this.state.globalStep + 1;
    const report = takeUpdate({ updateStep, args, plan: this.#plan, trainDataset, padTokenId, update, step });
    throughput.add({ texts: update.flat().length, seconds: (performance.now() - start) / 1_000 });
    this.state.globalStep = step;
    return report;
  }
}
