import { median } from "../evaluation/significance/counts";
import { ArgumentError } from "../runtime/errors";
import { watchInterrupt } from "../runtime/interrupt";
import { Presentable, type TableSpec } from "../runtime/presentation";
import { startProgress } from "../runtime/progress";
import { SequenceClassificationModel } from "../model/sequence-classification-model";
import type { Batch } from "../tokenization/collator";
import { AdamW, adamWOptions } from "./adamw";
import { TrainStep } from "./train-step";
import { DEFAULT_TRAINING_ARGUMENTS } from "./training-arguments";

/** Passes over all batches before the first is timed. */
const MOST_WARM_UPS = 5;

/** What is timed. */
export interface TimeStepsParams {
  /** One model for all variants, or one for each by the variant's name. */
  model: SequenceClassificationModel | Record<string, SequenceClassificationModel>;
  /** Batches, for training steps labelled ones, by the name of what is compared; the first variant is what the others are compared with. */
  variants: Record<string, Batch[]>;
  /** How often each batch is timed. */
  rounds: number;
}

/** How long one variant's steps took. */
export interface StepTime {
  variant: string;
  /** Mean over the batches of the fastest round of each, in milliseconds. */
  fastestMs: number;
  /** Mean over the batches of the median round of each, in milliseconds. */
  medianMs: number;
  /** By the fastest. */
  textsPerSecond: number;
  /** Time a text takes by that of the first variant: 2 is half as fast. */
  ratio: number;
}

/** What was measured of one batch: its texts, and milliseconds of each round. */
export interface TimedBatch {
  texts: number;
  milliseconds: number[];
}

/** How long steps take, variant beside variant. */
export class StepTimes extends Presentable {
  readonly times: StepTime[];

  /** Takes what was measured of every variant's batches. */
  constructor(measured: Record<string, TimedBatch[]>) {
    super();
    const times = Object.entries(measured).map(([variant, batches]) => {
      const fastest = sumOver(batches, ({ milliseconds }) => Math.min(...milliseconds));
      return {
        variant,
        fastestMs: fastest / batches.length,
        medianMs: sumOver(batches, ({ milliseconds }) => median(milliseconds)) / batches.length,
        textsPerSecond: (1_000 * sumOver(batches, ({ texts }) => texts)) / fastest,
      };
    });
    const first = times[0]?.textsPerSecond ?? NaN;
    this.times = times.map((time) => ({ ...time, ratio: first / time.textsPerSecond }));
  }

  override present(): TableSpec {
    return {
      kind: "table",
      columns: ["variant", "fastest ms", "median ms", "texts/s", "ratio"],
      rows: this.times.map(({ variant, fastestMs, medianMs, textsPerSecond, ratio }) => [
        ...[variant, fastestMs, medianMs, textsPerSecond, ratio],
      ]),
      format: { "fastest ms": 0, "median ms": 0, "texts/s": 1, ratio: 2 },
    };
  }
}

/**
 * Times whole training steps (forward, backward, update) of several variants; the model stays as it is, because the learning
 * rate is 0.
 *
 * Each variant is run until TensorFlow has compiled all of its batches. Then the variants take turns, step by step: a
 * machine that slows down for a while (heat, other programs) slows all of them, where one after the other would blame
 * whichever was running. The fastest round counts: whatever disturbs a step makes it slower, never faster, so minima are
 * what the work itself takes.
 *
 * @throws ArgumentError for no variant, one without a batch, a batch without labels, or a number of rounds that is none
 * @throws InterruptedError when the reader stops it
 */
export async function timeSteps(params: TimeStepsParams): Promise<StepTimes> {
  checkVariants(params);
  for (const [name, batches] of Object.entries(params.variants)) checkLabelled(name, batches);
  const turns = turnsOf(params);
  const steppers = new Map(
    [...new Set(turns.map(({ model }) => model))].map((model) => [model, stepper(model)]),
  );
  let step = 0;
  try {
    return await timeTurns({
      ...{ turns, rounds: params.rounds, what: "steps" },
      run: ({ model, batch }) => {
        step += 1;
        steppers.get(model)?.trainStep.run({ batch, learningRate: 0, step });
      },
      recordedCount: () => sumOver([...steppers.values()], ({ trainStep }) => trainStep.recordedCount),
    });
  } finally {
    for (const { trainStep, optimizer } of steppers.values()) {
      trainStep.dispose();
      optimizer.dispose();
    }
  }
}

/**
 * Times predictions (the forward pass without dropout) of several variants in turns, as {@link timeSteps} times training
 * steps.
 *
 * @throws ArgumentError for no variant, one without a batch, or a number of rounds that is none
 * @throws InterruptedError when the reader stops it
 */
export async function timePredictions(params: TimeStepsParams): Promise<StepTimes> {
  checkVariants(params);
  const turns = turnsOf(params);
  const models = new Set(turns.map(({ model }) => model));
  return timeTurns({
    ...{ turns, rounds: params.rounds, what: "predictions" },
    run: ({ model, batch }) => {
      const logits = model.logits(batch);
      // a GPU has only begun when the call returns
      logits.dataSync();
      logits.dispose();
    },
    recordedCount: () => sumOver([...models], ({ recordedCount }) => recordedCount),
  });
}

/** One step of one variant. */
interface Turn {
  variant: string;
  index: number;
  model: SequenceClassificationModel;
  batch: Batch;
}

/** The first batch of every variant, then the second of each, and so on. */
function turnsOf({ model: models, variants }: TimeStepsParams): Turn[] {
  const longest = Math.max(...Object.values(variants).map((batches) => batches.length));
  return Array.from({ length: longest }, (_, index) =>
    Object.entries(variants).flatMap(([variant, batches]) => {
      const batch = batches[index];
      const model = models instanceof SequenceClassificationModel ? models : models[variant];
      if (!model) throw new ArgumentError(`There is no model for the variant "${variant}".`);
      return batch ? [{ variant, index, model, batch }] : [];
    }),
  ).flat();
}

/** What takes the steps of one model. */
function stepper(model: SequenceClassificationModel): { trainStep: TrainStep; optimizer: AdamW } {
  const options = adamWOptions(DEFAULT_TRAINING_ARGUMENTS);
  const optimizer = new AdamW(model.variables.values(), options, model.wordTable);
  // with a seed, since dropout is a part of a step
  return { trainStep: new TrainStep({ model, optimizer, seed: 0 }), optimizer };
}

/** Runs all turns, `rounds` times after a warm-up, and measures each. */
async function timeTurns(params: {
  turns: Turn[];
  rounds: number;
  /** For the progress line, such as "steps". */
  what: string;
  run: (turn: Turn) => void;
  /** How many batches ran operation by operation so far, to be recorded. */
  recordedCount: () => number;
}): Promise<StepTimes> {
  const { turns, rounds, what, recordedCount } = params;
  const measured: Record<string, TimedBatch[]> = {};
  for (const { variant, batch } of turns)
    (measured[variant] ??= []).push({ texts: batch.batchSize, milliseconds: [] });
  const progress = startProgress({ total: rounds * turns.length, label: "Timing", unit: what });
  const checkInterrupt = watchInterrupt();
  const run = async (turn: Turn): Promise<number> => {
    await checkInterrupt(`Timing ${what}`);
    const start = performance.now();
    params.run(turn);
    return performance.now() - start;
  };
  try {
    let recorded = -1;
    // until a pass recorded none: TensorFlow ran its own graph of each batch at least once by then; batches of very many sizes are never all compiled
    for (let pass = 0; pass < MOST_WARM_UPS && recordedCount() > recorded; pass += 1) {
      recorded = recordedCount();
      for (const turn of turns) await run(turn);
    }
    for (let round = 0; round < rounds; round += 1)
      for (const [index, turn] of turns.entries()) {
        measured[turn.variant]?.[turn.index]?.milliseconds.push(await run(turn));
        progress.update(round * turns.length + index + 1, turn.variant);
      }
  } finally {
    progress.end();
  }
  return new StepTimes(measured);
}

function checkVariants({ variants, rounds }: TimeStepsParams): void {
  if (Object.keys(variants).length === 0)
    throw new ArgumentError("There are 0 variants to time; expected at least one.");
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new ArgumentError(`rounds is ${rounds}; expected a whole number above 0.`);
  for (const [name, batches] of Object.entries(variants)) {
    if (/^\d+$/.test(name))
      throw new ArgumentError(
        `A variant is named "${name}"; expected a word in it: JavaScript puts numbers before all other names.`,
      );
    if (batches.length === 0)
      throw new ArgumentError(`The variant "${name}" has 0 batches; expected at least one.`);
  }
}

function checkLabelled(variant: string, batches: Batch[]): void {
  const bare = batches.findIndex(({ labels }) => labels.length === 0);
  if (bare >= 0)
    throw new ArgumentError(`Batch ${bare} of "${variant}" has no labels, which a training step needs.`);
}

function sumOver<T>(items: T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
