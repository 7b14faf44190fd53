import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import {
  checkLrScheduler,
  learningRateAt,
  type LrSchedulerKwargs,
  type LrSchedulerType,
} from "../../../lib/src/training/lr-scheduler";

/** What transformers computes, see test/fixtures/make_schedule_fixtures.py. */
interface Case {
  lrSchedulerType: LrSchedulerType;
  lrSchedulerKwargs: LrSchedulerKwargs;
  warmupSteps: number;
  totalSteps: number;
  learningRate: number;
  rates: number[];
}

const FIXTURE = path.resolve(__dirname, "../../fixtures/schedules.json");
const cases = JSON.parse(readFileSync(FIXTURE, "utf8")) as Case[];

describe("every schedule", () => {
  for (const { rates, totalSteps, warmupSteps, ...args } of cases) {
    const { lrSchedulerType, lrSchedulerKwargs, learningRate } = args;
    const kwargs = JSON.stringify(lrSchedulerKwargs);
    it(`gives transformers' rates: ${lrSchedulerType} ${kwargs}, ${warmupSteps} of ${totalSteps} to warm up`, () => {
      checkLrScheduler(args);
      for (const [step, expected] of rates.entries()) {
        const found = learningRateAt({ args, plan: { totalSteps, warmupSteps }, step });
        // two libraries' cosines may differ in the last bit
        assert.ok(
          Math.abs(found - expected) <= 1e-15 * learningRate,
          `step ${step}: ${found}, not ${expected}`,
        );
      }
    });
  }

  it("is compared", () => {
    assert.deepEqual(
      [...new Set(cases.map(({ lrSchedulerType }) => lrSchedulerType))],
      [
        ...["linear", "cosine", "cosine_with_restarts", "polynomial", "constant", "constant_with_warmup"],
        ...["inverse_sqrt", "cosine_with_min_lr", "cosine_warmup_with_min_lr", "warmup_stable_decay"],
      ],
    );
  });
});

describe("a schedule that cannot be", () => {
  const refused = (lrSchedulerType: string, lrSchedulerKwargs: object | null, message: string | RegExp) => {
    const args = { learningRate: 5e-5, lrSchedulerType, lrSchedulerKwargs } as Parameters<
      typeof checkLrScheduler
    >[0];
    assert.throws(
      () => {
        checkLrScheduler(args);
      },
      (error) => {
        assert.ok(error instanceof ArgumentError);
        if (typeof message === "string") assert.equal(error.message, message);
        else assert.match(error.message, message);
        return true;
      },
    );
  };

  it("is refused by its name, those that follow evaluations with the reason", () => {
    refused("cosin", null, /^lrSchedulerType is "cosin"; expected one of linear, cosine, /);
    refused("toString", null, /^lrSchedulerType is "toString"; expected one of /);
    for (const type of ["reduce_lr_on_plateau", "greedy"])
      refused(
        type,
        null,
        /, which follows the evaluations; here a step's learning rate follows from its number/,
      );
  });

  it("is refused for kwargs that it does not take", () => {
    refused(
      "cosine",
      { num_cycles: 2 },
      'lrSchedulerKwargs has "num_cycles", which "cosine" does not take; the nearest that it takes is "numCycles".',
    );
    refused(
      "linear",
      { power: 2 },
      'lrSchedulerKwargs has "power", which "linear" does not take; it takes none.',
    );
  });

  it("is refused for kwargs that are none, that it lacks, or that contradict each other", () => {
    refused(
      "polynomial",
      { power: -1 },
      "power of lrSchedulerKwargs is -1; expected a number of at least 0.",
    );
    refused(
      "warmup_stable_decay",
      { numDecaySteps: 2, decayType: "sqrt" },
      'decayType of lrSchedulerKwargs is sqrt; expected "linear", "cosine" or "1-sqrt".',
    );
    refused(
      "polynomial",
      { lrEnd: 5e-5 },
      "lrEnd of lrSchedulerKwargs is 0.00005; expected less than learningRate, which is 0.00005.",
    );
    const either = (found: string) =>
      `"cosine_with_min_lr" needs either minLr or minLrRate in lrSchedulerKwargs; found ${found}.`;
    refused("cosine_with_min_lr", null, either("neither"));
    refused("cosine_with_min_lr", { minLr: 1e-6, minLrRate: 0.1 }, either("both"));
    refused(
      "warmup_stable_decay",
      {},
      '"warmup_stable_decay" needs numDecaySteps in lrSchedulerKwargs; found none.',
    );
  });
});
