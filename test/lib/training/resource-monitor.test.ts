import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { ResourceMonitor } from "../../../lib/src/training/resource-monitor";
import { Trainer } from "../../../lib/src/training/trainer";
import { fakePath } from "../../environment/programs";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";
import { tinyRun } from "./tiny-run";

const folder = temporaryFolder();
const model = DistilBertForSequenceClassification.fromFolder(writeTinyModel(path.join(folder, "model")));
const { PATH, CUDA_VISIBLE_DEVICES } = process.env;
beforeEach(() => {
  Reflect.deleteProperty(process.env, "CUDA_VISIBLE_DEVICES");
});
afterEach(() => {
  process.env["PATH"] = PATH;
  if (CUDA_VISIBLE_DEVICES !== undefined) process.env["CUDA_VISIBLE_DEVICES"] = CUDA_VISIBLE_DEVICES;
});
after(() => {
  model.dispose();
});

/** The monitor of a run of five steps on a machine with these programs. */
async function monitored(programs: Record<string, string>, everySteps = 2): Promise<ResourceMonitor> {
  process.env["PATH"] = fakePath(programs);
  const monitor = new ResourceMonitor({ everySteps });
  const run = tinyRun(model, path.join(folder, "run"), { maxSteps: 5 });
  await new Trainer({ ...run, callbacks: [monitor] }).train();
  return monitor;
}

describe("a monitor of resources", () => {
  it("samples speed, tensors and memory every so many steps", async () => {
    const monitor = await monitored({});
    assert.deepEqual(
      monitor.samples.map(({ step, gpu }) => [step, gpu]),
      [
        [2, null],
        [4, null],
      ],
    );
    for (const { textsPerSecond, numTensors, residentBytes } of monitor.samples) {
      assert.ok(textsPerSecond > 0 && Number.isFinite(textsPerSecond));
      // values and two moments of each parameter
      assert.equal(numTensors, 3 * model.variables.size);
      assert.ok(residentBytes > 50e6, `${residentBytes}`);
    }
    const { columns, rows } = monitor.present();
    assert.deepEqual(columns, ["step", "texts/s", "tensors", "memory MB"]);
    const [first] = monitor.samples;
    assert.deepEqual(rows[0], [
      2,
      first?.textsPerSecond,
      first?.numTensors,
      (first?.residentBytes ?? NaN) / 1e6,
    ]);
  });

  it("samples a GPU where there is one", async () => {
    const monitor = await monitored({ "nvidia-smi": 'echo "NVIDIA H200, 1000, 143771, 87"' }, 5);
    assert.equal(monitor.samples[0]?.gpu?.name, "NVIDIA H200");
    const { columns, rows } = monitor.present();
    assert.deepEqual(columns.slice(4), ["GPU memory MB", "GPU busy"]);
    assert.deepEqual(rows[0]?.slice(4), [1048.576, 0.87]);
  });

  it("shows a dash for what the GPU does not tell", async () => {
    const { rows } = (await monitored({ "nvidia-smi": 'echo "Orin, [N/A], [N/A], [N/A]"' }, 5)).present();
    assert.deepEqual(rows[0]?.slice(4), [null, null]);
  });

  it("begins anew with every run", async () => {
    const monitor = new ResourceMonitor({ everySteps: 2 });
    const trainer = new Trainer({
      ...tinyRun(model, path.join(folder, "run"), { maxSteps: 4 }),
      callbacks: [monitor],
    });
    await trainer.train();
    await trainer.train();
    assert.deepEqual(
      monitor.samples.map(({ step }) => step),
      [2, 4],
    );
  });

  it("refuses a number of steps that is none", () => {
    for (const everySteps of [0, -1, 1.5, NaN])
      assert.throws(
        () => new ResourceMonitor({ everySteps }),
        new ArgumentError(`everySteps is ${everySteps}; expected a whole number above 0.`),
      );
  });
});
