import { ArgumentError } from "../runtime/errors";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import { bestMetricOf, isBetter } from "./best-metric";
import type { CallbackContext, TrainerCallback } from "./callbacks";
import { rotateCheckpoints, saveCheckpoint } from "./checkpoints";
import type { Metrics } from "./evaluate";
import type { StepPlan } from "./schedule";
import type { LogEntry } from "./trainer-state";
import type { IntervalStrategy } from "./training-arguments";

/** What surrounds the steps of one run. */
export interface RunFlowParams {
  context: CallbackContext;
  plan: StepPlan;
  model: SequenceClassificationModel;
  callbacks: readonly TrainerCallback[];
  /** Metrics of the evaluation set. */
  evaluate: () => Promise<Metrics>;
}

/** What the log says of a step. */
export interface StepReport {
  loss: number;
  gradNorm: number;
  learningRate: number;
}

/** Logs, evaluates and saves between the steps of one run, and tells the callbacks (transformers' DefaultFlowCallback). */
export class RunFlow {
  /** Losses since the last log entry. */
  #losses: number[] = [];
  /** Of the last step. */
  #lastStep = { grad_norm: NaN, learning_rate: NaN };
  /** Checkpoints of this run that are on disk, oldest first. */
  #written: string[] = [];

  constructor(private readonly params: RunFlowParams) {}

  /** Folder of the newest checkpoint; `null` where nothing was saved. */
  get lastCheckpoint(): string | null {
    return this.#written.at(-1) ?? null;
  }

  /** Tells the callbacks that a run begins or ends, or that a step is over. */
  async notify(event: "onTrainBegin" | "onStepEnd" | "onTrainEnd"): Promise<void> {
    for (const callback of this.params.callbacks) await callback[event]?.(this.params.context);
  }

  /** Logs, evaluates and saves where the strategies say so, after a step that the state counts already. */
  async afterStep({ loss, gradNorm, learningRate }: StepReport): Promise<void> {
    const { context, plan } = this.params;
    const { state, args } = context;
    this.#losses.push(loss);
    this.#lastStep = { grad_norm: gradNorm, learning_rate: learningRate };
    await this.notify("onStepEnd");
    const isLast = state.globalStep === plan.totalSteps;
    if (state.globalStep % args.loggingSteps === 0 || isLast) await this.#logLoss();
    const isBest = this.#isDue(args.evalStrategy, args.evalSteps) && (await this.#evaluateAndCompare());
    if (this.#isDue(args.saveStrategy, args.saveSteps)) await this.#save(isBest);
    // the curve of a run that was stopped early goes to its end too
    if (context.control.shouldTrainingStop) await this.#logLoss();
  }

  async #logLoss(): Promise<void> {
    if (this.#losses.length === 0) return;
    const loss = this.#losses.reduce((sum, value) => sum + value, 0) / this.#losses.length;
    this.#losses = [];
    await this.#log({ loss, ...this.#lastStep });
  }

  /** Evaluates and says whether this is the best result so far. */
  async #evaluateAndCompare(): Promise<boolean> {
    const { context, callbacks, evaluate } = this.params;
    const { args, state } = context;
    const metrics = await evaluate();
    const named = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`eval_${name}`, value]));
    const entry = await this.#log(named);
    for (const callback of callbacks) await callback.onEvaluate?.(entry, context);
    const value = named[bestMetricOf(args)];
    if (value === undefined)
      throw new ArgumentError(
        `metricForBestModel is "${args.metricForBestModel}", and the evaluation gave ${Object.keys(named).join(", ")}.`,
      );
    if (!isBetter(args, value, state.bestMetric)) return false;
    state.bestMetric = value;
    state.bestGlobalStep = state.globalStep;
    return true;
  }

  async #save(isBest: boolean): Promise<void> {
    const { context, callbacks, model } = this.params;
    const { args, state } = context;
    const folder = saveCheckpoint({ outputDir: args.outputDir, model, state, isBest });
    if (isBest) state.bestModelCheckpoint = folder;
    this.#written = rotateCheckpoints({
      written: [...this.#written.filter((name) => name !== folder), folder],
      limit: args.saveTotalLimit,
      best: state.bestModelCheckpoint,
    });
    for (const callback of callbacks) await callback.onSave?.(folder, context);
  }

  async #log(metrics: Record<string, number>): Promise<LogEntry> {
    const { context, callbacks } = this.params;
    const { state } = context;
    const entry: LogEntry = { ...metrics, epoch: state.epoch, step: state.globalStep };
    state.logHistory.push(entry);
    for (const callback of callbacks) await callback.onLog?.(entry, context);
    return entry;
  }

  /**
   * Whether something happens at this step; at the last one all does. An epoch that a callback ends early is an epoch's end
   * (transformers calls `on_epoch_end` then too); nothing more is due by the count of steps.
   */
  #isDue(strategy: IntervalStrategy, every: number): boolean {
    const { context, plan } = this.params;
    const { globalStep } = context.state;
    if (strategy === "no") return false;
    if (globalStep === plan.totalSteps) return true;
    if (strategy === "steps") return globalStep % every === 0;
    return globalStep % plan.stepsPerEpoch === 0 || context.control.shouldTrainingStop;
  }
}
