/** What `npm run detection` measures must cover every check. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { CHECKS } from "../../lib/src/index";
import { FAULTS } from "../detection/faults";

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
});
