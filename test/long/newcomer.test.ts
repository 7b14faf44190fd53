import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { cloneRepository } from "./clone";
import { LabPage, NO_BROWSER } from "./lab-page";

const NOT_DAILY = process.env["DEEP"] ? false : "with --deep only: it fetches everything anew";
const STORY = ["01-broken-first-attempt.ipynb", "02-distribution-check.ipynb"] as const;

/** A machine on which nothing of the project was ever downloaded. */
const NO_CACHES = Object.fromEntries(
  ["npm_config_cache", "PIP_CACHE_DIR", "UV_CACHE_DIR"].map((name) => [name, undefined]),
);

describe("a newcomer", { skip: NO_BROWSER || NOT_DAILY }, () => {
  it("comes from git clone to the finding of notebook 2, all cells of both notebooks run", async (t) => {
    const began = Date.now();
    const tell = (what: string): void => {
      t.diagnostic(`${what}: ${((Date.now() - began) / 60_000).toFixed(1)} minutes after the beginning`);
    };
    const root = cloneRepository();
    tell("cloned");
    const lab = new LabPage({ root, program: ["environment/with-setup.mjs", "lab.mjs"], env: NO_CACHES });
    try {
      for (const name of STORY) copyFileSync(path.join(root, "notebooks", name), path.join(lab.folder, name));
      await lab.address();
      tell("set up, and JupyterLab is open");
      await lab.launch();
      for (const name of STORY) {
        await lab.open(name);
        const cells = await lab.runAll();
        tell(`${name} has run`);
        if (name !== STORY[1]) continue;
        const finding = cells.find(({ source }) =>
          source.includes("positive reviews in what we validated on"),
        );
        assert.match(JSON.stringify(finding?.outputs), /positive reviews in what we validated on[^}]*\b0\b/);
      }
    } finally {
      await lab.close();
    }
  });
});
