import { describe, it } from "node:test";
import { temporaryFolder } from "../temporary-folder";
import { checkKilledRun } from "./killed-run";

describe("a run that SIGKILL ends 8 times while it saves", () => {
  it("ends with the bytes of one that was never killed: weights, moments, log", async (context) => {
    const halfWritten = await checkKilledRun(temporaryFolder(), 8);
    context.diagnostic(`${halfWritten} of 8 kills left a checkpoint half written`);
  });
});
