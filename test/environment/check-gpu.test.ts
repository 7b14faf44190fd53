import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Probe } from "../../environment/doctor/training-probe.mjs";
import { fakePath, runNode } from "./programs";

describe("npm run check:gpu", () => {
  it("says in one line that it was skipped where there is no GPU", () => {
    const answer = runNode(["environment/check-gpu.mjs"], { env: { PATH: fakePath({}) } });
    assert.deepEqual([answer.status, answer.stderr], [0, ""]);
    assert.match(answer.stdout, /^skipped: no GPU [^\n]*\n$/);
  });

  it("compares the CPU with itself where it is asked to", () => {
    const { status, stdout, stderr } = runNode(["environment/check-gpu.mjs", "--on-cpu"]);
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^ok +device +training ran on the cpu$/m);
    assert.match(
      stdout,
      /^ok +agrees with the CPU +losses and logits at most \S+ apart, loss 0\.\d+ to 0\.\d+$/m,
    );
    assert.match(stdout, /^ok +frees memory +0 tensors left$/m);
    assert.match(stdout, /^ok +speed +\d+\.\d times the CPU's: [\d.]+ ms a step against [\d.]+$/m);
  });

  it("is red where there is a GPU and TensorFlow trains on the CPU", () => {
    const env = {
      PATH: fakePath({ "nvidia-smi": "echo 'NVIDIA H100 80GB HBM3, 81559'" }),
      CUDA_VISIBLE_DEVICES: "-1",
    };
    const { status, stdout } = runNode(["environment/check-gpu.mjs"], { env });
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^MISSING +device +training ran on the cpu {2}-> unset CUDA_VISIBLE_DEVICES \("-1" hides every GPU\)$/m,
    );
  });
});

describe("the training of check:gpu", () => {
  /** What it saw of two GPUs of unlike memory in use. */
  function usedBytes(visible: string): number[] {
    const script =
      'case "$*" in *--id=1*) echo "Second, 3, 15360, 0" ;; *) echo "First, 512, 81559, 0" ;; esac';
    const env = { PATH: fakePath({ "nvidia-smi": script }), CUDA_VISIBLE_DEVICES: visible };
    const { status, stdout, stderr } = runNode(["environment/doctor/training-probe.mjs"], { env });
    assert.equal(status, 0, stderr);
    return (JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Probe).usedBytes;
  }

  it("watches the memory of the GPU that it trains on, and none where all are hidden", () => {
    assert.deepEqual(usedBytes("1"), [3 * 2 ** 20, 3 * 2 ** 20]);
    assert.deepEqual(usedBytes("-1"), []);
  });
});
