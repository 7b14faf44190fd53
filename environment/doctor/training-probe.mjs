// @ts-check
/**
 * Trains the packaged encoder on one batch, several times over, and prints what came of it as a line of JSON, a {@link Probe}.
 * `npm run check:gpu` runs it with and without the GPU.
 */
import path from "node:path";
import { BUILD, ENCODER, ROOT } from "../setup/paths.mjs";

/**
 * @typedef {object} Probe
 * @property {"gpu" | "cpu"} device
 * @property {number[]} losses of each step
 * @property {number[]} logits after the last step
 * @property {number} stepMs the fastest step
 * @property {number} tensorsLeft what is still held once everything was freed
 * @property {number} bytes of the parameters
 * @property {number[]} usedBytes of the memory of the GPU that TensorFlow takes, by all processes (a container's cannot be told
 *   apart), after each time; empty where no GPU is visible
 */

const TIMES = 2;
const STEPS = 4;
const BATCH = 16;

/** @type {typeof import("../../lib/dist/index.js")} */
const lib = await import(path.join(ROOT, "lib/dist/index.js"));
/** @type {typeof import("../../lib/dist/runtime/gpu.js")} */
const { gpuUse } = await import(path.join(ROOT, "lib/dist/runtime/gpu.js"));

/** Made-up texts of 32 tokens, every other of label 1; the label stands in the text, so that the loss falls. */
const trainDataset = Array.from({ length: BATCH }, (_, row) => {
  const words = Array.from({ length: 30 }, (_, column) => 2000 + ((row * 97 + column * 31) % 5000));
  return { inputIds: [101, row % 2 === 0 ? 2919 : 2204, ...words], label: row % 2 };
});

async function train() {
  // without dropout, whose random numbers two devices need not share
  const without = { dropout: 0, attentionDropout: 0, seqClassifDropout: 0 };
  const model = await lib.DistilBertForSequenceClassification.fromPretrained(ENCODER, {
    seed: 1,
    ...without,
  });
  /** @type {number[]} */
  const losses = [];
  /** @type {number[]} */
  const ended = [];
  // nothing is saved
  const outputDir = path.join(BUILD, "check-gpu");
  const strategies = { saveStrategy: "no", trainSamplingStrategy: "sequential" };
  const args = { ...strategies, outputDir, maxSteps: STEPS, perDeviceTrainBatchSize: BATCH, loggingSteps: 1 };
  const callback = {
    onStepEnd: () => void ended.push(performance.now()),
    // the last entry is the run's summary, which has none
    onLog: (/** @type {{ loss?: number }} */ { loss }) => {
      if (loss !== undefined) losses.push(loss);
    },
  };
  const params = /** @type {import("../../lib/dist/index.js").TrainerParams} */ (
    /** @type {unknown} */ ({ model, args, trainDataset, padTokenId: 0, callbacks: [callback] })
  );
  await new lib.Trainer(params).train();
  const answer = model.logits(lib.collate(trainDataset, 0));
  const logits = [...answer.dataSync()];
  answer.dispose();
  const bytes = 4 * model.numParameters;
  model.dispose();
  const stepMs = Math.min(...ended.slice(1).map((time, index) => time - (ended[index] ?? NaN)));
  return { losses, logits, bytes, stepMs };
}

const { device } = lib.describeRuntime();
const before = lib.memoryUse();
/** @type {Awaited<ReturnType<typeof train>>[]} */
const runs = [];
/** @type {number[]} */
const usedBytes = [];
for (let time = 0; time < TIMES; time += 1) {
  runs.push(await train());
  const used = gpuUse()?.memoryUsedBytes ?? undefined;
  if (used !== undefined) usedBytes.push(used);
}
const after = lib.memoryUse();
const tensorsLeft = after.tensors + after.nativeTensors - before.tensors - before.nativeTensors;
const stepMs = Math.min(...runs.map((run) => run.stepMs));
console.log(`\n${JSON.stringify({ ...runs[0], device, stepMs, tensorsLeft, usedBytes })}`);
