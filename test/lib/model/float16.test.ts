import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { widenBfloat16, widenFloat16 } from "../../../lib/src/model/float16";

const { widened } = JSON.parse(
  readFileSync(path.join(__dirname, "../../fixtures/safetensors.json"), "utf8"),
) as { widened: { F16: string; BF16: string } };

/** Every number that 16 bits can be. */
const ALL = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

describe("half precision, widened to float32", () => {
  for (const [dtype, widen] of [
    ["F16", widenFloat16],
    ["BF16", widenBfloat16],
  ] as const)
    it(`is PyTorch's to the bit for all 65,536 numbers of ${dtype}`, () => {
      const wide = new Float32Array(ALL.length);
      widen(ALL, wide);
      // one NaN for all, as in the fixture
      const bits = new Uint32Array(wide.buffer);
      wide.forEach((value, index) => {
        if (Number.isNaN(value)) bits[index] = 0x7fc00000;
      });
      const hash = createHash("sha256").update(new Uint8Array(wide.buffer)).digest("hex");
      assert.equal(hash, widened[dtype]);
    });

  it("keeps signs, subnormals, infinities and NaN", () => {
    const half = new Float32Array(8);
    widenFloat16(Uint16Array.of(0, 0x8000, 1, 0x83ff, 0x7bff, 0x7c00, 0xfc00, 0x7e00), half);
    assert.deepEqual([...half], [0, -0, 2 ** -24, -1023 * 2 ** -24, 65504, Infinity, -Infinity, NaN]);
    const brain = new Float32Array(5);
    widenBfloat16(Uint16Array.of(0x8000, 1, 0x3f80, 0xff80, 0x7fc0), brain);
    assert.deepEqual([...brain], [-0, 2 ** -133, 1, -Infinity, NaN]);
  });

  it("fills a part of a larger array", () => {
    const into = new Float32Array(3);
    widenFloat16(Uint16Array.of(0x3c00), into.subarray(1, 2));
    widenBfloat16(Uint16Array.of(0x3f80), into.subarray(2, 3));
    assert.deepEqual([...into], [0, 1, 1]);
  });
});
