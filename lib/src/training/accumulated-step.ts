import { DT, attribute, runEffect, runOp } from "../runtime/raw-op";
import { ResourceVariable } from "../runtime/resource-variable";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { RecordedFunction } from "../recording/recorded-function";
import { dropoutSeed } from "../model/dropout";
import { filledUp } from "../model/few-sizes";
import type { Batch } from "../tokenization/collator";
import type { AdamInputs } from "./adamw";
import { exampleWeights } from "./loss";
import {
  labelledBatch,
  lossAndGradients,
  type LabelledBatch,
  type TrainStepInputs,
  type TrainStepParams,
  type TrainStepResult,
} from "./train-step";

/** What all updates of a run share. */
export interface AccumulatedStepParams extends TrainStepParams {
  /** Micro-batches of an update; the last one of an epoch may have fewer. */
  gradientAccumulationSteps: number;
}

/** What one update depends on besides the model and the optimizer. */
export interface AccumulatedStepInputs extends Omit<TrainStepInputs, "batch"> {
  /** Micro-batches, whose gradients are added up. */
  batches: Batch[];
}

type MicroBatchTensors = LabelledBatch & { share: Tensor; dropoutSeed?: Tensor };

/**
 * The training step in two functions: one adds a micro-batch's gradients to accumulators, one updates from them.
 *
 * Each micro-batch counts by its share of the update's examples (of their classes' weights, where there are some), so the
 * update equals that of all examples in one batch, also where the last micro-batch is smaller; dropout aside, which draws anew
 * for each. transformers 5.23 does otherwise (trainer.py, `training_step`): it divides each mean loss by the number of
 * micro-batches, a mean of means, in which an example of a smaller micro-batch weighs more; and not even that for a model whose
 * `forward` takes `**kwargs`, which it trusts to have divided: DistilBERT's has not, so there losses and gradients are sums of
 * means.
 */
export class AccumulatedStep {
  readonly #accumulators: ResourceVariable[];
  /** Rows of the word embeddings. */
  readonly #vocabSize: number;
  readonly #addMicroBatch: RecordedFunction<MicroBatchTensors>;
  readonly #update: RecordedFunction<AdamInputs & { words: Tensor }>;

  /** Makes an accumulator for every parameter. */
  constructor(private readonly params: AccumulatedStepParams) {
    const { model, optimizer, compile = true, jitCompile = false } = params;
    const variables = [...model.variables.values()];
    this.#accumulators = variables.map(({ name, shape }) =>
      ResourceVariable.zeros(`${name}/gradient`, shape),
    );
    const wordTable = variables.findIndex(({ name }) => name === optimizer.wordTable);
    this.#vocabSize = variables[wordTable]?.shape[0] ?? 0;
    const handles = variables.map(({ handle }) => handle);
    const accumulators = this.#accumulators.map(({ handle }) => handle);
    this.#addMicroBatch = new RecordedFunction({
      label: "micro-batch",
      resources: [...handles, ...accumulators],
      compile,
      jitCompile,
      body: (tensors) => {
        const { loss, gradients } = lossAndGradients(model, tensors, { ...params, rowWise: wordTable >= 0 });
        for (const [index, accumulator] of this.#accumulators.entries()) {
          const gradient = gradients[index] as Tensor;
          if (index === wordTable) accumulator.addToRows(tensors.words, gradient);
          else add(accumulator, gradient);
        }
        return [loss];
      },
    });
    this.#update = new RecordedFunction({
      label: "update",
      resources: [...handles, ...optimizer.resources, ...accumulators],
      compile,
      jitCompile,
      body: (inputs) => {
        const gradients = this.#accumulators.map((accumulator, index) =>
          index === wordTable ? accumulator.readRows(inputs.words) : accumulator.read(),
        );
        const gradNorm = optimizer.apply(gradients, inputs);
        for (const [index, accumulator] of this.#accumulators.entries()) {
          if (index === wordTable)
            accumulator.assignRows(inputs.words, zerosLike(gradients[index] as Tensor));
          else setToZero(accumulator);
        }
        return [gradNorm];
      },
    });
  }

  /** Number of graphs that TensorFlow runs by now. */
  get compiledCount(): number {
    return this.#addMicroBatch.compiledCount + this.#update.compiledCount;
  }

  /** Takes one update; the loss is the mean over all its examples. */
  run({ batches, learningRate, step }: AccumulatedStepInputs): TrainStepResult {
    const { model, optimizer, seed, gradientAccumulationSteps, jitCompile } = this.params;
    const weights = batches.map(({ labels }) => exampleWeights(labels, this.params.loss));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const before = (step - 1) * gradientAccumulationSteps;
    return tf.tidy(() => {
      // all are laid out before the first is added: one that the model cannot read leaves no half of an update behind
      const tensors = batches.map((batch, index) => ({
        ...labelledBatch(batch, model, { fewSizes: jitCompile }),
        share: tf.scalar((weights[index] ?? NaN) / whole),
        ...(seed === undefined ? {} : { dropoutSeed: dropoutSeed(seed, before + index + 1) }),
      }));
      const losses = tensors.flatMap((each) => this.#addMicroBatch.call(each));
      const all = tensors.flatMap((each) => [...each.words.dataSync<"int32">()]);
      // as with the batches' own words, their number must not vary where XLA compiles for each
      const words = filledUp(all, jitCompile ? all.length : 0, this.#vocabSize);
      const [gradNorm] = this.#update.call({
        ...optimizer.scalars({ learningRate, step }),
        ...optimizer.rows(words),
        words: tf.tensor1d(words, "int32"),
      });
      return {
        loss: losses.reduce((sum, share) => sum + numberOf(share), 0),
        gradNorm: numberOf(gradNorm),
      };
    });
  }

  /** Frees the accumulators and what TensorFlow compiled; model and optimizer stay. */
  dispose(): void {
    this.#addMicroBatch.dispose();
    this.#update.dispose();
    for (const accumulator of this.#accumulators) accumulator.dispose();
    this.#accumulators.length = 0;
  }
}

/** Adds to a variable in place. */
function add(variable: ResourceVariable, value: Tensor): void {
  runEffect("AssignAddVariableOp", [variable.handle, value], [attribute.type("dtype", DT.FLOAT)]);
}

/** By the operation: zeros made here would stand in the recorded graph as a constant of the parameter's size. */
function setToZero(variable: ResourceVariable): void {
  tf.tidy(() => {
    variable.assign(zerosLike(variable.read()));
  });
}

function zerosLike(tensor: Tensor): Tensor {
  return runOp("ZerosLike", [tensor], [attribute.type("T", DT.FLOAT)]);
}

function numberOf(scalar: Tensor | undefined): number {
  return scalar?.dataSync()[0] ?? NaN;
}
