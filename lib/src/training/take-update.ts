import { TrainingError } from "../runtime/errors";
import { collate, type Feature } from "../tokenization/collator";
import { learningRateAt } from "./lr-scheduler";
import { explainOutOfMemory } from "./out-of-memory";
import type { StepReport } from "./run-flow";
import type { StepPlan } from "./schedule";
import type { TrainingArguments } from "./training-arguments";
import type { UpdateStep } from "./update-step";

/** An update and what it is taken with. */
export interface TakeUpdateParams {
  updateStep: UpdateStep;
  args: TrainingArguments;
  plan: StepPlan;
  trainDataset: readonly Feature[];
  padTokenId: number;
  /** Numbers of the examples of each of its batches. */
  update: number[][];
  /** Number of the step, from 1. */
  step: number;
}

/**
 * Takes one update of a run.
 *
 * @throws TrainingError when the loss or the gradients' norm is not a number, or memory runs out
 */
export function takeUpdate(params: TakeUpdateParams): StepReport {
  const { updateStep, args, plan, trainDataset, padTokenId, update, step } = params;
  const batches = update.map((indices) =>
    collate(
      indices.flatMap((index) => trainDataset[index] ?? []),
      padTokenId,
    ),
  );
  const learningRate = learningRateAt({ args, plan, step: step - 1 });
  let result: ReturnType<UpdateStep["run"]>;
  try {
    result = updateStep.run({ batches, learningRate, step });
  } catch (error) {
    throw explainOutOfMemory(error, { batches, args, step });
  }
  const { loss, gradNorm } = result;
  if (!Number.isFinite(loss) || !Number.isFinite(gradNorm))
    throw new TrainingError(
      `The loss of step ${step} is ${loss} (gradient norm ${gradNorm}); expected a number. ` +
        `Lower learningRate (${args.learningRate}; ${learningRate} at this step) or look at the texts of this batch: examples ${update.flat().join(", ")}.`,
    );
  return { loss, gradNorm, learningRate };
}
