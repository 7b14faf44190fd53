import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { trackerNames, type ReportTo } from "../../../lib/src/training/report-to";
import { trainingArguments } from "../../../lib/src/training/training-arguments";

describe("reportTo", () => {
  it("becomes a list, as transformers' does", () => {
    assert.deepEqual(trackerNames("none"), []);
    assert.deepEqual(trackerNames([]), []);
    assert.deepEqual(trackerNames("wandb"), ["wandb"]);
    assert.deepEqual(trackerNames("all"), ["tensorboard", "wandb", "trackio"]);
    assert.deepEqual(trackerNames(["trackio", "tensorboard", "trackio"]), ["trackio", "tensorboard"]);
    assert.deepEqual(trainingArguments({ outputDir: "x" }).reportTo, []);
    assert.deepEqual(trainingArguments({ outputDir: "x", reportTo: "trackio" }).reportTo, ["trackio"]);
  });

  it("refuses what it does not know, with the nearest name", () => {
    const refused = (reportTo: unknown, message: RegExp): void => {
      assert.throws(
        () => trainingArguments({ outputDir: "x", reportTo: reportTo as ReportTo }),
        (error) => error instanceof ArgumentError && message.test(error.message),
      );
    };
    refused("tensorbord", /reportTo has 'tensorbord'; expected .* The nearest one is "tensorboard"\.$/);
    refused(["wandb", "wand"], /nearest one is "wandb"/);
    refused(["none", "wandb"], /reportTo has 'none'/);
    refused(
      3,
      /reportTo has 3; expected "tensorboard", "wandb", "trackio", a list of these, "all" or "none"\.$/,
    );
    refused(null, /reportTo has null/);
  });
});
