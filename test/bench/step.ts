/** Our side of a training step on one batch; worker.py has the other. */
import { DistilBertForSequenceClassification } from "../../lib/src/model/sequence-classification";
import type { Batch } from "../../lib/src/tokenization/collator";
import { AdamW, adamWOptions } from "../../lib/src/training/adamw";
import { DEFAULT_TRAINING_ARGUMENTS } from "../../lib/src/training/training-arguments";
import { updateStep, type UpdateStep } from "../../lib/src/training/update-step";

/** A step to measure. */
export interface StepParams {
  /** Folder of the model. */
  model: string;
  batch: number;
  length: number;
  bf16: boolean;
  gradientCheckpointing?: boolean;
  /** Parts of the batch, whose gradients are added up; 1 where nothing is said. */
  gradientAccumulationSteps?: number;
}

/** A batch all of whose texts are as long as it is: ids and labels by a formula that worker.py has too. */
function fullBatch(batchSize: number, sequenceLength: number): Batch {
  const inputIds = Int32Array.from({ length: batchSize * sequenceLength }, (_, at) => {
    const [row, column] = [Math.floor(at / sequenceLength), at % sequenceLength];
    return 1000 + ((row * 7919 + column * 1047) % 20_000);
  });
  return {
    ...{ batchSize, sequenceLength, inputIds },
    attentionMask: new Float32Array(inputIds.length).fill(1),
    labels: Int32Array.from({ length: batchSize }, (_, row) => row % 2),
  };
}

/** Training steps, one after the other: forward with dropout, backward, AdamW. */
export class Steps {
  readonly #model: DistilBertForSequenceClassification;
  readonly #optimizer: AdamW;
  readonly #step: UpdateStep;
  readonly #batches: Batch[];
  #taken = 0;

  constructor(params: StepParams) {
    const { model, batch, length, bf16, gradientCheckpointing, gradientAccumulationSteps = 1 } = params;
    this.#model = DistilBertForSequenceClassification.fromFolder(model, { seed: 0 });
    const [variables, options] = [this.#model.variables.values(), adamWOptions(DEFAULT_TRAINING_ARGUMENTS)];
    // as the Trainer has it
    this.#optimizer = new AdamW(variables, options, this.#model.wordTable);
    this.#step = updateStep({
      ...{ model: this.#model, optimizer: this.#optimizer, seed: 0 },
      ...{ bf16, gradientCheckpointing, gradientAccumulationSteps },
    });
    this.#batches = Array.from({ length: gradientAccumulationSteps }, () =>
      fullBatch(batch / gradientAccumulationSteps, length),
    );
  }

  /** Runs until TensorFlow runs a graph that is not recorded again: the second recording confirms it. */
  warmUp(): void {
    this.run(2);
  }

  /** Takes steps; the loss is that of the first. */
  run(steps: number): { seconds: number; loss: number } {
    const begin = performance.now();
    let first = NaN;
    for (let step = 0; step < steps; step += 1) {
      this.#taken += 1;
      const { loss } = this.#step.run({ batches: this.#batches, learningRate: 1e-6, step: this.#taken });
      if (step === 0) first = loss;
    }
    return { seconds: (performance.now() - begin) / 1000, loss: first };
  }

  dispose(): void {
    this.#step.dispose();
    this.#optimizer.dispose();
    this.#model.dispose();
  }
}
