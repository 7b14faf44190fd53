import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { simulatePeeking } from "../../../lib/src/monitoring/peeking";
import { ArgumentError } from "../../../lib/src/runtime/errors";

const design = { pairs: 1_500, batch: 75, runs: 1_000 };

describe("simulatePeeking", () => {
  it("shows what looking costs a p-value, and does not cost the evidence", async () => {
    for (const seed of [1, 2, 3]) {
      const { rules } = await simulatePeeking({ ...design, rates: [0.7, 0.7], seed });
      assert.ok(rules.once.shown < 0.075, `once ${rules.once.shown}`);
      assert.ok(rules.peeked.shown > 0.18, `peeked ${rules.peeked.shown}`);
      assert.ok(rules.evidence.shown <= 0.05, `evidence ${rules.evidence.shown}`);
    }
  });

  it("holds at rates near the ends too", async () => {
    for (const rate of [0.03, 0.5, 0.97]) {
      const { rules } = await simulatePeeking({ ...design, runs: 500, rates: [rate, rate] });
      assert.ok(rules.evidence.shown <= 0.05, `${rate}: ${rules.evidence.shown}`);
    }
  });

  it("finds a real difference, and stops before the end", async () => {
    const { rules } = await simulatePeeking({ ...design, rates: [0.7, 0.78] });
    assert.ok(rules.evidence.shown > 0.9, `power ${rules.evidence.shown}`);
    assert.ok(rules.evidence.meanPairs < 0.6 * design.pairs, `mean ${rules.evidence.meanPairs}`);
    assert.equal(rules.once.meanPairs, design.pairs);
  });

  it("is the same for the same seed, and looks at the end where the last batch is short", async () => {
    const params = { rates: [0.5, 0.9], pairs: 110, batch: 100, runs: 50 } as const;
    const [one, other] = [await simulatePeeking(params), await simulatePeeking(params)];
    assert.deepEqual(one.rules, other.rules);
    assert.equal(one.rules.once.shown, 1);
    assert.equal(one.present().rows.length, 3);
  });

  it("refuses what is no design", async () => {
    for (const change of [
      { rates: [1.1, 0.5] as const },
      { pairs: 0 },
      { batch: 1.5 },
      { runs: 0 },
      { alpha: 1 },
    ])
      await assert.rejects(simulatePeeking({ ...design, rates: [0.5, 0.5], ...change }), ArgumentError);
  });
});
