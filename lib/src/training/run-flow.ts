import { ArgumentError, InterruptedError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { bestMetricOf, isBetter } from "./best-metric";
import type { CallbackContext, TrainerCallback } from "./callbacks";
import type { Metrics } from "./evaluate";
import type { Checkpoint } from "./resume";
import type { RunCheckpoints } from "./run-checkpoints";
import type { StepPlan } from "./schedule";
import { callbackStates, loadCallbackStates } from "./stateful-callbacks";
import type { CallbackState, LogEntry, StatefulCallbacks, TrainerState } from "./trainer-state";
import type { IntervalStrategy } from "./training-arguments";

/** What surrounds the steps of one run. */
export interface RunFlowParams {
  context: CallbackContext;
  plan: StepPlan;
  checkpoints: RunCheckpoints;
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

/** What the flow itself remembers in a checkpoint. */
interface FlowMemory {
  losses: number[];
  lastStep: { grad_norm: number; learning_rate: number };
  /** A step whose log and evaluation were interrupted, and are still to come. */
  unfinished?: StepReport;
}

/** Logs, evaluates and saves between the steps of one run, and tells the callbacks (transformers' DefaultFlowCallback). */
export class RunFlow {
  /** Losses since the last log entry. */
  #losses: number[] = [];
  /** Of the last step. */
  #lastStep = { grad_norm: NaN, learning_rate: NaN };
  /** What stood before the log and the evaluation of the last step; `undefined` once they are over. */
  #before: { state: TrainerState; statefulCallbacks: StatefulCallbacks } | undefined;
  /** The step after which this process began. */
  readonly #begun: number;

  constructor(private readonly params: RunFlowParams) {
    this.#begun = params.context.state.globalStep;
  }

  /** Folder of the newest checkpoint; `null` where nothing was saved. */
  get lastCheckpoint(): string | null {
    return this.params.checkpoints.last;
  }

  /** Tells the callbacks that a run begins or ends, or that a step is over. */
  async notify(event: "onTrainBegin" | "onStepEnd" | "onTrainEnd"): Promise<void> {
    for (const callback of this.params.callbacks) await callback[event]?.(this.params.context);
  }

  /** Logs, evaluates and saves where the strategies say so, after a step that the state counts already. */
  async afterStep({ loss, gradNorm, learningRate }: StepReport): Promise<void> {
    const { context, plan } = this.params;
    const { state, args } = context;
    this.#before = {
      state: { ...state, logHistory: [...state.logHistory] },
      statefulCallbacks: this.#states({ loss, gradNorm, learningRate }),
    };
    this.#losses.push(loss);
    this.#lastStep = { grad_norm: gradNorm, learning_rate: learningRate };
    await this.notify("onStepEnd");
    const isLast = state.globalStep === plan.totalSteps;
    if (state.globalStep % args.loggingSteps === 0 || isLast) await this.#logLoss();
    const isBest = this.#isDue(args.evalStrategy, args.evalSteps) && (await this.#evaluateAndCompare());
    if (this.#isDue(args.saveStrategy, args.saveSteps)) await this.#save(isBest);
    // the curve of a run that was stopped early goes to its end too
    if (context.control.shouldTrainingStop) await this.#logLoss();
    this.#before = undefined;
  }

  /** Takes what the flow and the callbacks remembered in the checkpoint that the run goes on from. */
  async resume(checkpoint: Checkpoint): Promise<void> {
    const { callbacks, context, checkpoints } = this.params;
    const { statefulCallbacks } = checkpoint;
    checkpoints.resume(checkpoint);
    const own = statefulCallbacks[RunFlow.name] as CallbackState;
    const { losses, lastStep, unfinished } = own.attributes as unknown as FlowMemory;
    this.#losses = [...losses];
    this.#lastStep = lastStep;
    loadCallbackStates(callbacks, { states: statefulCallbacks, context });
    if (unfinished) await this.afterStep(unfinished);
    else if (context.control.shouldTrainingStop) await this.#logLoss();
  }

  /**
   * Ends a run that threw: one that the reader interrupted leaves a checkpoint of its last step, unless it saves nothing at all.
   *
   * @throws the error itself, or InterruptedError with the folder and how to go on
   */
  async giveUp(error: unknown): Promise<never> {
    const { state, args } = this.params.context;
    if (!(error instanceof InterruptedError) || args.saveStrategy === "no") throw error;
    const isSaved = this.lastCheckpoint?.endsWith(`checkpoint-${state.globalStep}`) && !this.#before;
    if (state.globalStep > this.#begun && !isSaved) {
      if (this.#before) Object.assign(state, this.#before.state);
      await this.#save(false, this.#before?.statefulCallbacks);
    }
    if (this.lastCheckpoint === null) throw error;
    throw new InterruptedError(
      `${error.message} It is saved in ${shownPath(this.lastCheckpoint)}: go on with resumeFromCheckpoint: true.`,
      { cause: error },
    );
  }

  #states(unfinished?: StepReport): StatefulCallbacks {
    const memory: FlowMemory = {
      losses: [...this.#losses],
      lastStep: this.#lastStep,
      ...(unfinished ? { unfinished } : {}),
    };
    return {
      ...callbackStates(this.params.callbacks),
      [RunFlow.name]: { args: {}, attributes: { ...memory } },
    };
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

  async #save(isBest: boolean, statefulCallbacks = this.#states()): Promise<void> {
    const { context, callbacks, checkpoints } = this.params;
    const folder = checkpoints.save({ state: context.state, statefulCallbacks, isBest });
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
