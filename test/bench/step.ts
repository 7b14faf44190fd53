/** Our side of a training step on one batch; worker.py has the other. */
import { DistilBertForSequenceClassification } from "../../lib/src/model/sequence-classification";
import type { Batch } from "../../lib/src/tokenization/collator";
import { AdamW, adamWOptions } from "../../lib/src/training/adamw";
import { TrainStep } from "../../lib/src/training/train-step";
import { DEFAULT_TRAINING_ARGUMENTS } from "../../lib/src/training/training-arguments";

/** A step to measure. */
export interface StepParams {
  /** Folder of the model. */
  model: string;
  batch: number;
  length: number;
  bf16: boolean;
}

/** Why a step in bfloat16 cannot be measured; undefined where it can. */
export const NO_BF16 = "bf16" in DEFAULT_TRAINING_ARGUMENTS ? undefined : "lib has no bf16 yet";

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
  readonly #step: TrainStep;
  readonly #batch: Batch;
  #taken = 0;

  constructor({ model, batch, length, bf16 }: StepParams) {
    this.#model = DistilBertForSequenceClassification.fromFolder(model, { seed: 0 });
    this.#optimizer = new AdamW(this.#model.variables.values(), adamWOptions(DEFAULT_TRAINING_ARGUMENTS));
    const params = { model: this.#model, optimizer: this.#optimizer, seed: 0, ...(bf16 ? { bf16 } : {}) };
    this.#step = new TrainStep(params);
    this.#batch = fullBatch(batch, length);
  }

  /** Runs until TensorFlow runs its own graph. */
  warmUp(): void {
    for (let step = 0; step < 5 && this.#step.compiledCount === 0; step += 1) this.run(1);
  }

  /** Takes steps; the loss is that of the first. */
  run(steps: number): { seconds: number; loss: number } {
    const begin = performance.now();
    let first = NaN;
    for (let step = 0; step < steps; step += 1) {
      this.#taken += 1;
      const { loss } = this.#step.run({ batch: this.#batch, learningRate: 1e-6, step: this.#taken });
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
