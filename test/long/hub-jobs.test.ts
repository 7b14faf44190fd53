import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Summary } from "../../environment/notebooks/summary.mjs";
import { startEmbeddedHub, type EmbeddedHub } from "../../lib/src/hub/embedded/embedded-hub";
import { code, notebook, notebookFolder } from "../environment/notebooks";
import { ROOT, temporaryFolder } from "../environment/programs";
import { newcomer, start } from "./clone";
import { clientPython, hubEnvironment, runPython } from "./python-environment";

const TOKEN = "hf_onlyForTheseJobs";
/** What a machine with other package registries or caches says of them. */
const REGISTRIES = /^(PIP_|UV_|npm_config_(cache|registry)$|NPM_CONFIG_|NODE_EXTRA_CA_CERTS$|SSL_CERT_FILE$)/;

describe("jobs on the embedded Hub", () => {
  const folder = temporaryFolder();
  let hub: EmbeddedHub;

  before(async () => {
    hub = await startEmbeddedHub({ folder: path.join(folder, "hub"), token: TOKEN, allowJobs: true });
  });
  after(() => hub.close());

  it("are run, followed and cancelled with Python's huggingface_hub and its hf command", async () => {
    const env = hubEnvironment({ endpoint: hub.endpoint, home: path.join(folder, "home"), token: TOKEN });
    const args = [path.join(ROOT, "test/long/hub_jobs_client.py")];
    assert.equal((await runPython({ python: clientPython(), args, env })).trim(), "ok");
  });

  // story-on-jobs.test.ts tells one every day, in a project that is set up
  const skip = process.env["DEEP"] === "1" ? false : "only with --deep: it sets up once more";

  it(
    "tell a story from nothing: the project is sent, set up, its notebooks executed, the result fetched",
    { skip },
    async () => {
      const cells = [code(`import * as lib from "@finetune-debug/lib";`), code("lib.describeDevice();")];
      const notebooks = notebookFolder({ "01-one": notebook(...cells) });
      const env = newcomer(path.join(folder, "newcomer"));
      const registries = Object.entries(env).flatMap(([name, value]) =>
        REGISTRIES.test(name) && value ? ["--env", `${name}=${value}`] : [],
      );
      const out = path.join(notebooks, "fetched");
      const places = ["--folder", notebooks, "--out", out];
      const run = start(["environment/story.mjs", "--on", "hf-jobs", ...places, ...registries], {
        cwd: ROOT,
        env: { ...env, HF_ENDPOINT: hub.endpoint, HF_TOKEN: TOKEN },
      });
      assert.equal(await run.ended, 0, run.printed());
      assert.match(run.printed(), /^Set-up: 7 of 7 steps/m);
      assert.match(run.printed(), /^The story holds: 1 of 1 notebooks/m);
      const summary = JSON.parse(readFileSync(path.join(out, "summary.json"), "utf8")) as Summary;
      assert.equal(summary.profile, "full");
      assert.match(readFileSync(path.join(out, "01-one.ipynb"), "utf8"), /TensorFlow/);
    },
  );
});
