import { describeRuntime } from "../runtime/describe-runtime";
import { AccumulatedStep, type AccumulatedStepInputs, type AccumulatedStepParams } from "./accumulated-step";
import { TrainStep, type TrainStepResult } from "./train-step";

/** Takes one update after the other. */
export interface UpdateStep {
  run(inputs: AccumulatedStepInputs): TrainStepResult;
  dispose(): void;
}

/** What the step of a run is made of. */
export interface UpdateStepParams extends Omit<AccumulatedStepParams, "jitCompile"> {
  /** Whether XLA compiles it; where nothing is said, on a GPU: on a CPU it has not the operations that lib made for it. */
  jitCompile?: boolean | null;
}

/** The step of a run: one function for everything, or accumulators between two where several batches make an update. */
export function updateStep({ jitCompile, ...others }: UpdateStepParams): UpdateStep {
  const params = { ...others, jitCompile: jitCompile ?? describeRuntime().device === "gpu" };
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
