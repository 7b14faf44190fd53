import { memoryUse } from "../runtime/memory";
import { startProgress, type ProgressReporter } from "../runtime/progress";
import type { StepReport } from "./run-flow";
import type { StepPlan } from "./schedule";
import type { Throughput } from "./throughput";
import type { TrainerState } from "./trainer-state";
import type { TrainingArguments } from "./training-arguments";

/** Losses that the line's is the mean of: the loss of a single small batch leaps. */
const WINDOW = 10;

/** What a line of progress about a run is made of. */
interface TrainingProgressParams {
  args: TrainingArguments;
  plan: StepPlan;
  state: TrainerState;
  throughput: Pick<Throughput, "textsPerSecond">;
}

/** Reports a run's progress: steps, loss, epoch, memory that the process holds, speed, and learning rate. */
export class TrainingProgress {
  readonly #reporter: ProgressReporter;
  readonly #losses: number[] = [];
  #notes: string[] = [];

  constructor(private readonly params: TrainingProgressParams) {
    const { plan, state } = params;
    this.#reporter = startProgress({
      ...{ total: plan.totalSteps, initial: state.globalStep, label: "Training", unit: "steps" },
      interludes: evaluationsLeft(params),
    });
  }

  /** A step is over, and the state counts it. */
  update({ loss, learningRate }: StepReport): void {
    const { plan, state, throughput } = this.params;
    this.#losses.push(loss);
    if (this.#losses.length > WINDOW) this.#losses.shift();
    const mean = this.#losses.reduce((sum, value) => sum + value, 0) / this.#losses.length;
    const epochs = Number((plan.totalSteps / plan.stepsPerEpoch).toFixed(2));
    const { textsPerSecond } = throughput;
    const { tensors, residentBytes } = memoryUse();
    this.#notes = [
      `loss ${mean.toFixed(3)}`,
      `epoch ${state.epoch.toFixed(2)}/${epochs}`,
      // before what a long run's line has no room for in a notebook
      `${(residentBytes / 1e9).toFixed(1)} GB`,
      `${textsPerSecond.toFixed(textsPerSecond < 10 ? 1 : 0)} texts/s`,
      `lr ${learningRate === 0 ? "0" : learningRate.toExponential(1)}`,
      `${tensors} tensors`,
    ];
    this.#reporter.update(state.globalStep, ...this.#notes);
  }

  /** The run is over, finished or given up. */
  end(): void {
    this.#reporter.end(...this.#notes);
  }
}

/** How often the evaluation set is still to be evaluated. */
export function evaluationsLeft({
  args,
  plan,
  state,
}: Pick<TrainingProgressParams, "args" | "plan" | "state">): number {
  const { globalStep } = state;
  const { totalSteps, stepsPerEpoch, evalSteps, epochs } = plan;
  const atStart = args.evalOnStart && globalStep === 0 ? 1 : 0;
  if (args.evalStrategy === "epoch") {
    const isLeft = (epoch: number): boolean => epoch * stepsPerEpoch > globalStep && epoch >= args.evalDelay;
    return atStart + Array.from({ length: epochs }, (_, index) => index + 1).filter(isLeft).length;
  }
  if (args.evalStrategy === "no") return atStart;
  const first = Math.max(globalStep + 1, args.evalDelay);
  const regular = Math.floor(totalSteps / evalSteps) - Math.ceil(first / evalSteps) + 1;
  const atEnd = totalSteps % evalSteps === 0 || totalSteps < first ? 0 : 1;
  return atStart + Math.max(0, regular) + atEnd;
}
