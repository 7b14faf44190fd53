import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Throughput } from "../../../lib/src/training/throughput";

describe("the speed of training", () => {
  it("is the texts of the steps by the time of the steps", () => {
    const throughput = new Throughput();
    throughput.add({ texts: 16, seconds: 0.5 });
    throughput.add({ texts: 4, seconds: 0.3 });
    assert.equal(throughput.textsPerSecond, 25);
  });

  it("forgets the first steps, which are slow everywhere", () => {
    const throughput = new Throughput();
    throughput.add({ texts: 16, seconds: 100 });
    for (let step = 0; step < 10; step += 1) throughput.add({ texts: 16, seconds: 0.25 });
    assert.equal(throughput.textsPerSecond, 64);
  });

  it("is not a number before the first step", () => {
    assert.ok(Number.isNaN(new Throughput().textsPerSecond));
  });
});
