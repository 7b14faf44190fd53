import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { binomialCdf, binomialChance } from "../../../../lib/src/evaluation/significance/distributions";
import {
  examplesToShow,
  examplesToShowUnpaired,
} from "../../../../lib/src/evaluation/significance/sample-size";
import { ArgumentError } from "../../../../lib/src/runtime/errors";
import { referenceCases } from "./fixture";

interface Asked {
  difference: number;
  power: number;
  alpha: number;
  examples: number;
}

const { paired, unpaired } = referenceCases("sampleSize") as {
  paired: (Asked & { disagreement: number })[];
  unpaired: (Asked & { accuracy: number })[];
};

describe("examplesToShow", () => {
  it("is Connor's formula", () => {
    for (const { examples, ...asked } of paired)
      assert.equal(examplesToShow(asked), examples, JSON.stringify(asked));
  });

  it("asks for about as many as McNemar's test needs, counted through", () => {
    const asked = { difference: 0.06, disagreement: 0.2 };
    const power = mcnemarPower({ ...asked, examples: examplesToShow(asked) });
    // the exact test is a little more careful than the formula
    assert.ok(power > 0.76 && power < 0.82, `power ${power}`);
  });

  it("refuses a difference that is none, or larger than the disagreement", () => {
    for (const asked of [
      { difference: 0, disagreement: 0.1 },
      { difference: 0.2, disagreement: 0.1 },
      { difference: 0.1, disagreement: 1.1 },
      { difference: NaN, disagreement: 0.1 },
      { difference: 0.1, disagreement: 0.2, power: 1 },
      { difference: 0.1, disagreement: 0.2, alpha: 0 },
    ])
      assert.throws(() => examplesToShow(asked), ArgumentError, JSON.stringify(asked));
  });
});

describe("examplesToShowUnpaired", () => {
  it("is statsmodels' NormalIndPower", () => {
    for (const { examples, ...asked } of unpaired)
      assert.equal(examplesToShowUnpaired(asked), examples, JSON.stringify(asked));
  });

  it("refuses shares that cannot be, and no difference", () => {
    for (const asked of [
      { accuracy: 0.8, difference: 0 },
      { accuracy: 0.8, difference: 0.3 },
      { accuracy: -0.1, difference: 0.3 },
      { accuracy: NaN, difference: 0.3 },
    ])
      assert.throws(() => examplesToShowUnpaired(asked), ArgumentError, JSON.stringify(asked));
  });
});

/** The chance that McNemar's exact test is below 0.05: summed over how many examples are discordant, and how they fall. */
function mcnemarPower(params: { difference: number; disagreement: number; examples: number }): number {
  const { difference, disagreement, examples } = params;
  const rightShare = (disagreement + difference) / (2 * disagreement);
  let power = 0;
  for (let discordant = 0; discordant <= examples; discordant += 1) {
    const chance = binomialChance(discordant, examples, disagreement);
    if (chance < 1e-9) continue;
    for (let right = 0; right <= discordant; right += 1) {
      const pValue = 2 * binomialCdf(Math.min(right, discordant - right), discordant, 0.5);
      if (pValue < 0.05) power += chance * binomialChance(right, discordant, rightShare);
    }
  }
  return power;
}
