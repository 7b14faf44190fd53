/**
 * What of `npm run detection -- --deep` (test/detection/README.md) there is time for every day: each kind of fault in its middle
 * strength with one seed, another one for each, and a healthy subject.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { CHECKS } from "../../lib/src/index";
import { askFaults } from "../detection/ask-faults";
import { FAULTS } from "../detection/faults";
import { askHealthy } from "../detection/healthy";
import { World } from "../detection/world";

const FIRST_SEED = 101;
const SEEDS = 20;
const world = new World();

describe("the faults of the detection table", () => {
  it("are of two kinds or more for every check, each in three strengths", () => {
    for (const { name } of CHECKS) {
      const faults = FAULTS.filter(({ check }) => check === name);
      const kinds = new Set(faults.map(({ kind }) => kind));
      assert.ok(kinds.size >= 2, `${name} has ${kinds.size} kinds of fault`);
      assert.equal(
        faults.length,
        3 * kinds.size,
        `${name} has ${faults.length} faults of ${kinds.size} kinds`,
      );
    }
    const known = CHECKS.map(({ name }) => name);
    assert.deepEqual(
      FAULTS.filter(({ check }) => !known.includes(check)),
      [],
    );
  });

  for (const { name } of CHECKS)
    it(`are seen by ${name}`, async () => {
      for (const fault of FAULTS.filter(({ check, strength }) => check === name && strength === "middle")) {
        const seed = FIRST_SEED + (FAULTS.indexOf(fault) % SEEDS);
        const { missed } = await askFaults(world, fault, [seed]);
        assert.deepEqual(missed, [], `${fault.kind}, ${fault.detail}`);
      }
    });

  it("are not seen in a healthy subject", async () => {
    const alarms = await askHealthy(world, FIRST_SEED, undefined);
    const named = alarms.map(({ verdict, name, found }) => `${verdict} ${name}: ${found}`);
    assert.ok(alarms.length <= 1 && alarms.every(({ verdict }) => verdict === "warn"), named.join("\n"));
  });
});
