import { ArgumentError, InterruptedError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { bestMetricOf, isBetter } from "./best-metric";
import type { CallbackHandler } from "./callback-handler";
import type { Metrics } from "./evaluate";
import type { Checkpoint } from "./resume";
import type { RunCheckpoints } from "./run-checkpoints";
import type { StepPlan } from "./schedule";
import { isSpeedMetric } from "./speed-metrics";
import { callbackStates, loadCallbackStates } from "./stateful-callbacks";
import type { CallbackState, StatefulCallbacks, TrainerState } from "./trainer-state";

/** What surrounds the steps of one run. */
export interface RunFlowParams {
  handler: CallbackHandler;
  plan: StepPlan;
  checkpoints: RunCheckpoints;
  /** Metrics of the evaluation set, which are logged and told of. */
  evaluate: () => Promise<Metrics>;
}

/** What the log says of a step. */
export interface StepReport {
  loss: number;
  gradNorm: number;
  learningRate: number;
}

/** Where a run stands among its epochs. */
export interface Position {
  /** From 0. */
  epoch: number;
  /** Steps of this epoch that are over. */
  steps: number;
}

/** What the flow itself remembers in a checkpoint. */
interface FlowMemory {
  losses: number[];
  lastStep: { grad_norm: number; learning_rate: number };
  position: Position;
  /** Whether a callback ended the epoch after the last step. */
  isEpochStopped: boolean;
  /** Whether the end of an epoch that came with the last step was told and dealt with. */
  isEpochEnded: boolean;
  /** A step whose log and evaluation were interrupted, and are still to come. */
  unfinished?: StepReport;
}

/** Logs, evaluates and saves between the steps of one run (transformers/trainer.py, `_maybe_log_save_evaluate`). */
export class RunFlow {
  /** Losses since the last log entry. */
  #losses: number[] = [];
  /** Of the last step. */
  #lastStep = { grad_norm: NaN, learning_rate: NaN };
  #position: Position = { epoch: 0, steps: 0 };
  #isEpochEnded = false;
  /** What stood before log and evaluation of the last step, or epoch; `undefined` once they are over. */
  #before: { state: TrainerState; statefulCallbacks: StatefulCallbacks } | undefined;
  /** The step after which this process began. */
  readonly #begun: number;

  constructor(private readonly params: RunFlowParams) {
    this.#begun = params.handler.context.state.globalStep;
  }

  /** Folder of the newest checkpoint; `null` where nothing was saved. */
  get lastCheckpoint(): string | null {
    return this.params.checkpoints.last;
  }

  /** Where the next step is. */
  get position(): Readonly<Position> {
    return this.#position;
  }

  /** Logs, evaluates and saves where it was asked for, after a step that the state counts already. */
  async afterStep({ loss, gradNorm, learningRate }: StepReport): Promise<void> {
    this.#remember({ loss, gradNorm, learningRate });
    this.#losses.push(loss);
    this.#lastStep = { grad_norm: gradNorm, learning_rate: learningRate };
    this.#position = { ...this.#position, steps: this.#position.steps + 1 };
    this.#isEpochEnded = false;
    await this.params.handler.notify("onStepEnd");
    await this.#logEvaluateSave();
    this.#before = undefined;
  }

  /** The same after an epoch, also one that ends early. */
  async afterEpoch(): Promise<void> {
    this.#remember();
    // an epoch in the middle of which training was stopped goes on from there
    const isPassed = this.#isWholeEpoch() || this.params.handler.context.control.shouldEpochStop;
    if (isPassed) this.#position = { epoch: this.#position.epoch + 1, steps: 0 };
    this.#isEpochEnded = true;
    await this.params.handler.notify("onEpochEnd");
    await this.#logEvaluateSave();
    this.#before = undefined;
  }

  /** The curve of a run that was stopped early goes to its end too. */
  async afterLastEpoch(): Promise<void> {
    if (this.params.handler.context.args.loggingStrategy === "steps") await this.#logLoss();
  }

  /** Takes what the flow and the callbacks remembered in the checkpoint that the run goes on from, and does what was due there. */
  async resume(checkpoint: Checkpoint): Promise<void> {
    const { handler, plan, checkpoints } = this.params;
    const { state, control } = handler.context;
    checkpoints.resume(checkpoint);
    const own = checkpoint.statefulCallbacks[RunFlow.name] as CallbackState;
    const memory = own.attributes as unknown as FlowMemory;
    this.#losses = [...memory.losses];
    this.#lastStep = memory.lastStep;
    this.#position = memory.position;
    this.#isEpochEnded = memory.isEpochEnded;
    control.shouldEpochStop = memory.isEpochStopped;
    loadCallbackStates(handler.callbacks, {
      states: checkpoint.statefulCallbacks,
      context: handler.context,
    });
    if (memory.unfinished) await this.afterStep(memory.unfinished);
    if (state.globalStep >= plan.totalSteps) control.shouldTrainingStop = true;
    const isOver = this.#isWholeEpoch() || control.shouldEpochStop || control.shouldTrainingStop;
    if (isOver && !this.#isEpochEnded) await this.afterEpoch();
  }

  /**
   * Ends a run that threw: one that the reader interrupted leaves a checkpoint of its last step, unless it saves nothing at all.
   *
   * @throws the error itself, or InterruptedError with the folder and how to go on
   */
  async giveUp(error: unknown): Promise<never> {
    const { state, args } = this.params.handler.context;
    if (!(error instanceof InterruptedError) || args.saveStrategy === "no") throw error;
    const isSaved = this.lastCheckpoint?.endsWith(`checkpoint-${state.globalStep}`) && !this.#before;
    if (state.globalStep > this.#begun && !isSaved) {
      if (this.#before) Object.assign(state, this.#before.state);
      await this.#save(false, this.#before?.statefulCallbacks);
    }
    if (this.lastCheckpoint === null) throw error;
    const saved = `${error.message} It is saved in ${shownPath(this.lastCheckpoint)}`;
    const further = args.saveOnlyModel ? ", the weights alone." : ": go on with resumeFromCheckpoint: true.";
    throw new InterruptedError(saved + further, { cause: error });
  }

  #isWholeEpoch(): boolean {
    return this.#position.steps === this.params.plan.stepsPerEpoch;
  }

  /** Keeps what stands now, so that an interrupted log and evaluation can come again. */
  #remember(unfinished?: StepReport): void {
    const { state } = this.params.handler.context;
    this.#before = {
      state: { ...state, logHistory: [...state.logHistory] },
      statefulCallbacks: this.#states(unfinished),
    };
  }

  #states(unfinished?: StepReport): StatefulCallbacks {
    const { callbacks, context } = this.params.handler;
    const memory: FlowMemory = {
      losses: [...this.#losses],
      lastStep: this.#lastStep,
      position: this.#position,
      isEpochStopped: context.control.shouldEpochStop,
      isEpochEnded: this.#isEpochEnded,
      ...(unfinished ? { unfinished } : {}),
    };
    return { ...callbackStates(callbacks), [RunFlow.name]: { args: {}, attributes: { ...memory } } };
  }

  async #logEvaluateSave(): Promise<void> {
    const { args, state, control } = this.params.handler.context;
    if (control.shouldLog) await this.#logLoss();
    if (control.shouldEvaluate) {
      const isBest = this.#compare(await this.params.evaluate());
      if (args.saveStrategy === "best") control.shouldSave = isBest;
    }
    if (control.shouldSave) await this.#save(state.bestGlobalStep === state.globalStep);
  }

  async #logLoss(): Promise<void> {
    if (this.#losses.length === 0) return;
    const loss = this.#losses.reduce((sum, value) => sum + value, 0) / this.#losses.length;
    this.#losses = [];
    await this.params.handler.log({ loss, ...this.#lastStep });
  }

  /** Says whether this is the best evaluation so far, and keeps it if so. */
  #compare(metrics: Metrics): boolean {
    const { args, state } = this.params.handler.context;
    const name = bestMetricOf(args);
    if (name === null) return false;
    const value = metrics[name];
    if (value === undefined) {
      const found = Object.keys(metrics).filter((key) => key !== "epoch" && !isSpeedMetric(key));
      throw new ArgumentError(
        `metricForBestModel is "${args.metricForBestModel}", and the evaluation gave ${found.join(", ")}.`,
      );
    }
    if (!isBetter(args, value, state.bestMetric)) return false;
    state.bestMetric = value;
    state.bestGlobalStep = state.globalStep;
    return true;
  }

  async #save(isBest: boolean, statefulCallbacks = this.#states()): Promise<void> {
    const { handler, checkpoints } = this.params;
    const folder = checkpoints.save({ state: handler.context.state, statefulCallbacks, isBest });
    await handler.saved(folder);
  }
}
