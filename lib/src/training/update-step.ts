import { AccumulatedStep, type AccumulatedStepInputs, type AccumulatedStepParams } from "./accumulated-step";
import { TrainStep, type TrainStepResult } from "./train-step";

/** Takes one update after the other. */
export interface UpdateStep {
  run(inputs: AccumulatedStepInputs): TrainStepResult;
  dispose(): void;
}

/** The step of a run: one function for everything, or accumulators between two where several batches make an update. */
export function updateStep(params: AccumulatedStepParams): UpdateStep {
  if (params.gradientAccumulationSteps > 1) return new AccumulatedStep(params);
  const step = new TrainStep(params);
  return {
    run: ({ batches, ...inputs }) => {
      const [batch] = batches;
      if (!batch) throw new Error("no batch for an update");
      return step.run({ ...inputs, batch });
    },
    dispose: () => {
      step.dispose();
    },
  };
}
