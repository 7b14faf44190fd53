import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { gpuUse, type GpuUse } from "../../../lib/src/runtime/gpu";
import { fakePath } from "../../environment/programs";

const { PATH, CUDA_VISIBLE_DEVICES } = process.env;
afterEach(() => {
  for (const [name, value] of Object.entries({ PATH, CUDA_VISIBLE_DEVICES })) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

/** What lib makes of an nvidia-smi that runs this script. */
function asked(script: string | undefined, visible?: string): GpuUse | undefined {
  process.env["PATH"] = fakePath(script === undefined ? {} : { "nvidia-smi": script });
  if (visible === undefined) Reflect.deleteProperty(process.env, "CUDA_VISIBLE_DEVICES");
  else process.env["CUDA_VISIBLE_DEVICES"] = visible;
  return gpuUse();
}

/** Answers for two GPUs, as long as it is asked for what lib reads, without units. */
const TWO_GPUS = `
test "$1 $2" = "--query-gpu=name,memory.used,memory.total,utilization.gpu --format=csv,noheader,nounits" || exit 2
case "$3" in
  --id=0) echo "NVIDIA H200, 1024, 143771, 87" ;;
  --id=1 | --id=GPU-8f) echo "Tesla T4, 3, 15360, 0" ;;
  *) echo "No devices were found"; exit 6 ;;
esac`;

const H200 = { name: "NVIDIA H200", memoryUsedBytes: 2 ** 30, memoryTotalBytes: 143771 * 2 ** 20 };
const T4 = { name: "Tesla T4", memoryUsedBytes: 3 * 2 ** 20, memoryTotalBytes: 15 * 2 ** 30 };

describe("the GPU's use", () => {
  it("is what nvidia-smi says of the first one", () => {
    assert.deepEqual(asked(TWO_GPUS), { ...H200, utilization: 0.87 });
  });

  it("is that of the first one that TensorFlow sees", () => {
    for (const visible of ["1", "1,0", " 1 ", "GPU-8f"])
      assert.deepEqual(asked(TWO_GPUS, visible), { ...T4, utilization: 0 });
    for (const none of ["", "-1", "-1,0", "7"]) assert.equal(asked(TWO_GPUS, none), undefined);
  });

  it("is unknown where the GPU does not tell", () => {
    assert.deepEqual(asked('echo "Orin, [N/A], [Not Supported], [N/A]"'), {
      name: "Orin",
      memoryUsedBytes: null,
      memoryTotalBytes: null,
      utilization: null,
    });
  });

  it("is none, without a word, where nvidia-smi is missing, fails, or says something else", () => {
    assert.equal(asked(undefined), undefined);
    assert.equal(asked("echo NVIDIA-SMI has failed >&2; exit 9"), undefined);
    assert.equal(asked("exit 0"), undefined);
    assert.equal(asked("echo something else"), undefined);
  });
});
