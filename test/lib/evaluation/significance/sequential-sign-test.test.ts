import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { signEvidence, signInterval } from "../../../../lib/src/evaluation/significance/sequential-sign-test";
import { ArgumentError } from "../../../../lib/src/runtime/errors";
import { seededRandom } from "../../../../lib/src/runtime/random";
import { assertClose, referenceCases } from "./fixture";

const evidence = referenceCases("signEvidence") as Record<"wins" | "losses" | "share" | "evidence", number>[];
const intervals = referenceCases("signInterval") as (Record<"wins" | "losses" | "alpha", number> & {
  interval: [number, number];
})[];

describe("signEvidence", () => {
  it("agrees with scipy, where the mixture was integrated too", () => {
    for (const { evidence: expected, ...given } of evidence)
      assertClose(signEvidence(given), expected, JSON.stringify(given));
  });

  it("gains nothing in the mean from the next example, if the share is right", () => {
    for (const [wins, losses, share] of [
      [0, 0, 0.5],
      [7, 2, 0.5],
      [40, 80, 0.3],
    ] as const) {
      const now = Math.exp(signEvidence({ wins, losses, share }));
      const won = Math.exp(signEvidence({ wins: wins + 1, losses, share }));
      const lost = Math.exp(signEvidence({ wins, losses: losses + 1, share }));
      assertClose((share * won + (1 - share) * lost) / now, 1, `${wins} and ${losses}`);
    }
  });

  it("reaches 20 at some time in at most 5 % of sequences without a difference, looked at after each example", () => {
    const random = seededRandom(3);
    let reached = 0;
    for (let run = 0; run < 1000; run += 1) {
      let [wins, losses, most] = [0, 0, 0];
      for (let at = 0; at < 500; at += 1) {
        if (random() < 0.5) wins += 1;
        else losses += 1;
        most = Math.max(most, signEvidence({ wins, losses }));
      }
      if (most >= Math.log(20)) reached += 1;
    }
    assert.ok(reached > 5 && reached <= 50, `${reached} of 1000`);
  });

  it("refuses what are no counts, and a share at the end", () => {
    for (const given of [
      { wins: -1, losses: 0 },
      { wins: 0.5, losses: 0 },
      { wins: 0, losses: NaN },
      { wins: 1, losses: 1, share: 0 },
      { wins: 1, losses: 1, share: 1 },
    ])
      assert.throws(() => signEvidence(given), ArgumentError);
  });
});

describe("signInterval", () => {
  it("agrees with scipy's root finding", () => {
    for (const { interval, ...given } of intervals)
      for (const [end, found] of signInterval(given).entries())
        assertClose(found, interval[end] ?? NaN, `${JSON.stringify(given)}, end ${end}`);
  });

  it("refuses an alpha that is none", () => {
    for (const alpha of [0, 1, NaN])
      assert.throws(() => signInterval({ wins: 1, losses: 1, alpha }), ArgumentError);
  });
});
