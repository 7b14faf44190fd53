import { ArgumentError } from "../runtime/errors";
import { nearestName } from "../runtime/nearest-name";
import { linearFactor, warmupFactor, type SchedulePlan } from "./schedule";
import type { TrainingArguments } from "./training-arguments";

/** What a schedule may take beside the warm-up, named as the parameters of transformers' functions (optimization.py). */
export interface LrSchedulerKwargs {
  /** Waves of a cosine: half of one falls to the end (0.5, the default); of restarts, how many falls (1). */
  numCycles?: number;
  /** Learning rate at the end of "polynomial"; 1e-7. */
  lrEnd?: number;
  /** Power of "polynomial"; 1. */
  power?: number;
  /** Steps after which "inverse_sqrt" has fallen by a square root of 2; the warm-up, or 10,000 without one. */
  timescale?: number;
  /** Lowest learning rate. */
  minLr?: number;
  /** Lowest learning rate as a share of the peak. */
  minLrRate?: number;
  /** Where the warm-up of "cosine_warmup_with_min_lr" begins, as a share of the peak. */
  warmupLrRate?: number;
  numDecaySteps?: number;
  /** All that the warm-up and the decay leave, by default. */
  numStableSteps?: number;
  /** "linear" by default. */
  warmupType?: RampType;
  /** "cosine" by default. */
  decayType?: RampType;
  /** Lowest learning rate of "warmup_stable_decay" as a share of the peak; 0. */
  minLrRatio?: number;
}

/** How "warmup_stable_decay" rises and falls. */
export type RampType = "linear" | "cosine" | "1-sqrt";

/** What a schedule knows at one step. */
interface Point {
  /** From 0. */
  step: number;
  plan: SchedulePlan;
  peak: number;
  kwargs: LrSchedulerKwargs;
}

/** A schedule: the share of the peak at a step, and which kwargs it takes. */
interface Schedule {
  factor: (point: Point) => number;
  takes: readonly (keyof LrSchedulerKwargs)[];
}

/** transformers' schedules (optimization.py), by the names of its SchedulerType. */
const SCHEDULES = {
  linear: { factor: ({ step, plan }) => linearFactor(step, plan), takes: [] },
  cosine: { factor: (point) => afterWarmup(point, cosine), takes: ["numCycles"] },
  cosine_with_restarts: { factor: (point) => afterWarmup(point, cosineWithRestarts), takes: ["numCycles"] },
  polynomial: { factor: (point) => afterWarmup(point, polynomial), takes: ["lrEnd", "power"] },
  constant: { factor: () => 1, takes: [] },
  constant_with_warmup: { factor: (point) => afterWarmup(point, () => 1), takes: [] },
  inverse_sqrt: { factor: (point) => afterWarmup(point, inverseSqrt), takes: ["timescale"] },
  cosine_with_min_lr: {
    factor: (point) => afterWarmup(point, cosineToMinLr),
    takes: ["numCycles", "minLr", "minLrRate"],
  },
  cosine_warmup_with_min_lr: {
    factor: cosineWarmupToMinLr,
    takes: ["numCycles", "minLr", "minLrRate", "warmupLrRate"],
  },
  warmup_stable_decay: {
    factor: warmupStableDecay,
    takes: ["numDecaySteps", "numStableSteps", "warmupType", "decayType", "minLrRatio", "numCycles"],
  },
} satisfies Record<string, Schedule>;

/**
 * A schedule of the learning rate. transformers' "reduce_lr_on_plateau" and "greedy" are not among them: they follow the
 * evaluations, while here the rate of a step follows from its number alone, so that a run can be taken up anywhere.
 */
export type LrSchedulerType = keyof typeof SCHEDULES;

const FOLLOW_EVALUATIONS = ["reduce_lr_on_plateau", "greedy"];

/** The learning rate of a step, counted from 0. */
export function learningRateAt(params: {
  args: Pick<TrainingArguments, "learningRate" | "lrSchedulerType" | "lrSchedulerKwargs">;
  plan: SchedulePlan;
  step: number;
}): number {
  const { args, plan, step } = params;
  const { factor } = SCHEDULES[args.lrSchedulerType] as Schedule;
  const peak = args.learningRate;
  return peak * factor({ step, plan, peak, kwargs: args.lrSchedulerKwargs ?? {} });
}

/**
 * Refuses a schedule that there is not, and kwargs that one does not take, lacks, or cannot work with.
 *
 * @throws ArgumentError naming the schedule, what was found and what it takes
 */
export function checkLrScheduler(
  args: Pick<TrainingArguments, "learningRate" | "lrSchedulerType" | "lrSchedulerKwargs">,
): void {
  const { lrSchedulerType: type, lrSchedulerKwargs: kwargs, learningRate } = args;
  if (!Object.hasOwn(SCHEDULES, type)) throw noSchedule(type);
  const { takes } = SCHEDULES[type] as Schedule;
  for (const [name, value] of Object.entries(kwargs ?? {})) {
    if (!takes.some((taken) => taken === name)) {
      const nearest = nearestName(name, takes);
      const instead = nearest ? `the nearest that it takes is "${nearest}"` : "it takes none";
      throw new ArgumentError(`lrSchedulerKwargs has "${name}", which "${type}" does not take; ${instead}.`);
    }
    const [holds, expected] = name.endsWith("Type")
      ? [["linear", "cosine", "1-sqrt"].includes(String(value)), '"linear", "cosine" or "1-sqrt"']
      : [Number.isFinite(value) && Number(value) >= 0, "a number of at least 0"];
    if (!holds)
      throw new ArgumentError(`${name} of lrSchedulerKwargs is ${String(value)}; expected ${expected}.`);
  }
  const { lrEnd = 1e-7, minLr, minLrRate, numDecaySteps } = kwargs ?? {};
  const [name, lowest] = type === "polynomial" ? ["lrEnd", lrEnd] : ["minLr", minLr];
  if (lowest !== undefined && !(learningRate > lowest))
    throw new ArgumentError(
      `${name} of lrSchedulerKwargs is ${lowest}; expected less than learningRate, which is ${learningRate}.`,
    );
  if (type.endsWith("with_min_lr") && (minLr === undefined) === (minLrRate === undefined))
    throw new ArgumentError(
      `"${type}" needs either minLr or minLrRate in lrSchedulerKwargs; found ${minLr === undefined ? "neither" : "both"}.`,
    );
  if (type === "warmup_stable_decay" && numDecaySteps === undefined)
    throw new ArgumentError('"warmup_stable_decay" needs numDecaySteps in lrSchedulerKwargs; found none.');
}

function noSchedule(type: string): ArgumentError {
  const reason = FOLLOW_EVALUATIONS.includes(type)
    ? ", which follows the evaluations; here a step's learning rate follows from its number alone"
    : "";
  const known = Object.keys(SCHEDULES).join(", ");
  return new ArgumentError(`lrSchedulerType is "${type}"${reason}; expected one of ${known}.`);
}

/** Linear up over the warm-up, then what a schedule says. */
function afterWarmup(point: Point, rest: (point: Point) => number): number {
  return warmupFactor(point.step, point.plan) ?? rest(point);
}

/** Share of the steps after the warm-up that are over. */
function progressOf({ step, plan: { totalSteps, warmupSteps } }: Point): number {
  return (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
}

function wave(numCycles: number, progress: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * numCycles * 2 * progress));
}

/** Lifts a share of the peak so that 0 becomes the lowest share. */
function lifted(factor: number, lowest: number): number {
  return Math.max(0, factor * (1 - lowest) + lowest);
}

function cosine(point: Point): number {
  return Math.max(0, wave(point.kwargs.numCycles ?? 0.5, progressOf(point)));
}

function cosineWithRestarts(point: Point): number {
  const progress = progressOf(point);
  return progress >= 1 ? 0 : wave(0.5, ((point.kwargs.numCycles ?? 1) * progress) % 1);
}

function polynomial({ step, plan: { totalSteps, warmupSteps }, peak, kwargs }: Point): number {
  const { lrEnd = 1e-7, power = 1 } = kwargs;
  if (step > totalSteps) return lrEnd / peak;
  const remaining = 1 - (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
  return ((peak - lrEnd) * remaining ** power + lrEnd) / peak;
}

function inverseSqrt({ step, plan: { warmupSteps }, kwargs }: Point): number {
  const timescale = kwargs.timescale ?? (warmupSteps || 10_000);
  return 1 / Math.sqrt((step + timescale - warmupSteps) / timescale);
}

function lowestShare({ peak, kwargs: { minLr, minLrRate } }: Point): number {
  return minLr === undefined ? (minLrRate ?? 0) : minLr / peak;
}

function cosineToMinLr(point: Point): number {
  return lifted(wave(point.kwargs.numCycles ?? 0.5, progressOf(point)), lowestShare(point));
}

/** Begins above 0: its first step is the first of the warm-up, not the one before it. */
function cosineWarmupToMinLr(point: Point): number {
  const { step, plan, kwargs } = point;
  const { warmupSteps } = plan;
  if (step >= warmupSteps) return cosineToMinLr({ ...point, step: step + 1 });
  const { warmupLrRate: begin } = kwargs;
  if (begin === undefined) return (step + 1) / Math.max(1, warmupSteps);
  return begin + ((1 - begin) * step) / Math.max(1, warmupSteps - 1);
}

function warmupStableDecay({ step, plan: { totalSteps, warmupSteps }, kwargs }: Point): number {
  const { numDecaySteps = 0, warmupType = "linear", decayType = "cosine" } = kwargs;
  const { minLrRatio = 0, numCycles = 0.5 } = kwargs;
  const { numStableSteps = totalSteps - warmupSteps - numDecaySteps } = kwargs;
  if (step < warmupSteps) {
    const progress = step / Math.max(1, warmupSteps);
    const rising = {
      linear: progress,
      cosine: 0.5 * (1 - Math.cos(Math.PI * progress)),
      "1-sqrt": 1 - Math.sqrt(1 - progress),
    };
    return lifted(rising[warmupType], minLrRatio);
  }
  const decayed = step - warmupSteps - numStableSteps;
  if (decayed < 0) return 1;
  if (decayed >= numDecaySteps) return minLrRatio;
  const progress = decayed / Math.max(1, numDecaySteps);
  const falling = {
    linear: 1 - progress,
    cosine: wave(numCycles, progress),
    "1-sqrt": 1 - Math.sqrt(progress),
  };
  return lifted(falling[decayType], minLrRatio);
}
