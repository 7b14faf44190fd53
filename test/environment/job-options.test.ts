import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { jobPlan, type StoryValues } from "../../environment/jobs/options.mjs";
import { NOTEBOOKS, codeCells, listNotebooks, readNotebook } from "../../environment/notebooks/notebook.mjs";
import { ROOT } from "./programs";

const plan = (more: Partial<StoryValues> = {}, env: NodeJS.ProcessEnv = {}) =>
  jobPlan({ on: "hf-jobs", folder: NOTEBOOKS, out: "out", ...more }, env);

/** The notebooks whose artefacts a notebook loads, and those that these load, and itself. */
function neededBy(name: string): string[] {
  const [file = ""] = listNotebooks([name]);
  const code = codeCells(readNotebook(file))
    .map(({ source }) => source)
    .join("\n");
  const loaded = [...code.matchAll(/story\s*\.(?:load|pretrained)[^(]*\(\s*"(\d\d)-/g)].map(
    ([, one = ""]) => one,
  );
  return [...new Set([...loaded.flatMap(neededBy), name])].sort();
}

describe("a story on another machine", () => {
  it("is notebook 4 with those whose artefacts it loads, in full, on the Node of .nvmrc, for an hour", () => {
    const { only, environment, image, flavor, timeoutSeconds } = plan();
    assert.equal(only, neededBy("04").join());
    assert.deepEqual(environment, { STORY_PROFILE: "full" });
    assert.equal(image, `node:${readFileSync(path.join(ROOT, ".nvmrc"), "utf8").trim()}-bookworm`);
    assert.deepEqual([flavor, timeoutSeconds], ["a10g-small", 3600]);
  });

  it("has the reader's settings, the nearest last, and nothing that is of this machine or a secret", () => {
    const env = {
      ...{ STORY_PROFILE: "pocket", STORY_SCALE: "0.1", STORY_SEED: "", HF_TOKEN: "hf_x", HOME: "/home/x" },
      ...{ STORY_BUILD: "/home/x/build", STORY_HUB_REPO: "x/y" },
    };
    assert.deepEqual(plan({ seed: "7", env: ["A=b=c", "STORY_SCALE=0.2"] }, env).environment, {
      ...{ STORY_PROFILE: "pocket", STORY_SCALE: "0.2", STORY_SEED: "7", A: "b=c" },
    });
    assert.equal(plan({ profile: "full" }, env).environment["STORY_PROFILE"], "full");
  });

  it("reads times with their units, and refuses what is none", () => {
    const seconds = (timeout: string) => plan({ timeout }).timeoutSeconds;
    assert.deepEqual(["90s", "90", "1.5m", "2h", "1d"].map(seconds), [90, 90, 90, 7200, 86_400]);
    for (const timeout of ["", "0s", "-1h", "1w", "h"])
      assert.throws(() => seconds(timeout), /^Error: --timeout is/);
    assert.throws(() => plan({ on: "aws" }), /^Error: --on is "aws"; expected hf-jobs\.$/);
    assert.throws(() => plan({ folder: path.dirname(ROOT) }), /must lie in the repository/);
  });
});
