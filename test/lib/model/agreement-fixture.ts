import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readBertConfig } from "../../../lib/src/model/bert-config";
import { readConfig } from "../../../lib/src/model/config";
import { bertParameterShapes, parameterShapes } from "../../../lib/src/model/parameter-shapes";
import { writeSafetensors, type HostTensor } from "../../../lib/src/model/safetensors";
import type { SequenceClassificationModel } from "../../../lib/src/model/sequence-classification-model";
import { seededRandom } from "../../../lib/src/runtime/random";
import { REPOSITORY } from "../../../lib/src/runtime/repository";
import { tf } from "../../../lib/src/runtime/tensorflow";

/** One batch, and what transformers made of it. */
export interface AgreementBatch {
  name: string;
  inputIds: number[][];
  tokenTypeIds?: number[][];
  labels: number[];
  logits: number[][];
  loss: number;
  /** By parameter: the norm of its gradient, then its product with each vector of signs. */
  gradients: number[][];
}

/** A model, and what transformers made of it. */
export interface AgreementModel {
  /** As transformers writes it. */
  config: Record<string, unknown>;
  /** Names of the parameters, in transformers' order. */
  parameters: string[];
  batches: AgreementBatch[];
}

/** What transformers and PyTorch computed, see test/fixtures/make_agreement_fixtures.py. */
export const agreement = JSON.parse(
  readFileSync(path.join(REPOSITORY, "test/fixtures/agreement.json"), "utf8"),
) as Record<"distilbert" | "bert" | "encoder", AgreementModel>;

/** Writes a model of the fixture as transformers does, with the fixture's formula for weights. */
export function writeAgreementModel(folder: string, { config, parameters }: AgreementModel): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "config.json"), JSON.stringify(config));
  const isBert = config["model_type"] === "bert";
  const shapes = isBert ? bertParameterShapes(readBertConfig(folder)) : parameterShapes(readConfig(folder));
  assert.deepEqual([...shapes.keys()], parameters);
  const tensors = new Map<string, HostTensor>();
  for (const [number, [name, shape]] of [...shapes].entries()) {
    const random = seededRandom(number);
    const middle = /norm/i.test(name) && name.endsWith("weight") ? 1 : 0;
    const count = shape.reduce((product, size) => product * size, 1);
    const data = Float32Array.from({ length: count }, () => 0.4 * (2 * random() - 1) + middle);
    tensors.set(name, { shape, data });
  }
  writeSafetensors(path.join(folder, "model.safetensors"), tensors);
  return folder;
}

/** The head of the fixtures on the packaged encoder: 0.05 sin(0.1 k) at flat index k. */
export function setFixtureHead(model: SequenceClassificationModel): void {
  for (const name of model.newlyInitialized) {
    const variable = model.variables.get(name);
    assert.ok(variable);
    const count = variable.shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, (_, index) => 0.05 * Math.sin(0.1 * index));
    tf.tidy(() => {
      variable.assign(tf.tensor(values, variable.shape));
    });
  }
}

/** The norm of a gradient and its products with the fixture's vectors of signs, for the parameter of a number. */
export function gradientNumbers(number: number, gradient: ArrayLike<number>, projections: number): number[] {
  let squares = 0;
  for (let index = 0; index < gradient.length; index += 1) squares += (gradient[index] ?? NaN) ** 2;
  const products = Array.from({ length: projections }, (_, each) => {
    const random = seededRandom(10_000 + 100 * number + each);
    let sum = 0;
    for (let index = 0; index < gradient.length; index += 1)
      sum += random() < 0.5 ? -(gradient[index] ?? NaN) : (gradient[index] ?? NaN);
    return sum;
  });
  return [Math.sqrt(squares), ...products];
}
