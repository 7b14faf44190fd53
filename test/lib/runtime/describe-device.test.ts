import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeDevice, DeviceInfo } from "../../../lib/src/runtime/describe-device";
import { describeRuntime } from "../../../lib/src/runtime/describe-runtime";

describe("the device", () => {
  it("is the one that TensorFlow runs on, with a name, cores and memory", () => {
    const found = describeDevice();
    const { device, tensorflow } = describeRuntime();
    assert.deepEqual([found.device, found.tensorflow], [device, tensorflow]);
    assert.ok(found.name.length > 0);
    assert.ok(Number.isInteger(found.cores) && found.cores >= 1);
    // what a test run needs at least, and what no machine of today has
    assert.ok(found.memoryBytes === null || (found.memoryBytes > 5e8 && found.memoryBytes < 1e15));
  });

  it("is shown as a table, with a dash for what nothing tells", () => {
    const info = { device: "gpu", name: "NVIDIA H200", cores: 16, tensorflow: "2.21.0" } as const;
    const shown = (memoryBytes: number | null) => new DeviceInfo({ ...info, memoryBytes }).present();
    assert.deepEqual(shown(150_754_820_096), {
      kind: "table",
      columns: ["device", "name", "cores", "memory GB", "TensorFlow"],
      rows: [["gpu", "NVIDIA H200", 16, 150.754820096, "2.21.0"]],
      format: { "memory GB": 1 },
    });
    assert.equal(shown(null).rows[0]?.[3], null);
  });
});
