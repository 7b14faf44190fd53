import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import type * as environmentModule from "../../environment/jupyter-environment.mjs";
import { readManifest } from "../../environment/setup/bundle/archive.mjs";
import { ROOT, importFrom, sayingLines, temporaryFolder } from "../environment/programs";
import { cloneRepository, filesIn, newcomer, offlineNewcomer, start, withoutNetwork } from "./clone";

const SETUP = ["environment/setup.mjs"];
const SECRET = "a-token-of-the-test";

describe("a bundle of set-up's downloads", () => {
  const folder = temporaryFolder();
  const bundle = path.join(folder, "class.tar");
  const home = temporaryFolder();
  const clone = cloneRepository();
  const through = withoutNetwork();
  // pip asks `rustc --version`, and rustup, where there is one, writes its settings at its first call
  const rustup = path.join(folder, "rustup");
  mkdirSync(rustup);
  const env = { ...offlineNewcomer(home), RUSTUP_HOME: rustup };
  const offline = (args: string[]): ReturnType<typeof start> => start(args, { cwd: clone, env, through });

  it("is not made without a network, in one line, and leaves nothing half made", async (t) => {
    t.diagnostic(
      through.length > 0
        ? "in a network namespace without a network"
        : "UNSHARE IS NOT PERMITTED: registries that do not answer",
    );
    const run = start([...SETUP, "--bundle", bundle], { cwd: ROOT, env, through });
    assert.equal(await run.ended, 1);
    assert.match(sayingLines(run.printed()).at(-1) ?? "", /^Set-up stopped\. .*registry did not answer/);
    assert.deepEqual(readdirSync(folder), ["rustup"]);
  });

  it("is made of this folder, without what its registries are called and ask for", async (t) => {
    const started = Date.now();
    const secret = { "npm_config_//registry.test/:_authToken": SECRET, HF_TOKEN: SECRET };
    const run = start([...SETUP, "--bundle", bundle], { cwd: ROOT, env: { ...newcomer(home), ...secret } });
    assert.equal(await run.ended, 0, run.printed());
    t.diagnostic(`${sayingLines(run.printed()).at(-1) ?? ""} ${Date.now() - started} ms`);
    assert.deepEqual(readdirSync(folder).sort(), ["class.tar", "rustup"]);
    assert.ok(!existsSync(path.join(ROOT, "environment/.setup/bundle-made")));
    const manifest = JSON.stringify(await readManifest(bundle));
    const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
    for (const trace of [ROOT, os.homedir(), new URL(registry).host, SECRET, "://"])
      assert.ok(!manifest.includes(trace), trace);
    const log = readFileSync(path.join(ROOT, "environment/.setup/setup.log"), "utf8");
    for (const text of [run.printed(), log]) assert.ok(!text.includes(SECRET));
    const found = spawnSync("grep", ["-c", "--binary-files=text", SECRET, bundle], { encoding: "utf8" });
    assert.equal(found.stdout, "0\n");
  });

  it("sets up a fresh clone that has no network, also after it was killed", async (t) => {
    const killed = offline([...SETUP, "--from", bundle]);
    await killed.prints(/unpacking/);
    process.kill(-(killed.child.pid ?? NaN), "SIGKILL");
    await killed.ended;
    const started = Date.now();
    const run = offline([...SETUP, "--from", bundle]);
    assert.equal(await run.ended, 0, run.printed());
    t.diagnostic(`${statSync(bundle).size} bytes in ${Date.now() - started} ms\n${run.printed()}`);
    const left = readdirSync(path.join(clone, "environment/.setup")).filter((name) =>
      name.startsWith("bundle"),
    );
    assert.deepEqual(left, []);
    assert.equal(execFileSync("git", ["-C", clone, "status", "--short"], { encoding: "utf8" }), "");
  });

  it("leaves nothing to do, a content doctor, and a kernel that knows lib", async () => {
    const second = offline(SETUP);
    assert.equal(await second.ended, 0);
    assert.equal(second.printed(), "Set-up: everything is there.\n");
    const doctor = offline(["environment/doctor.mjs"]);
    assert.equal(await doctor.ended, 0, doctor.printed());
    const { jupyterEnvironment } = (await importFrom(
      clone,
      "environment/jupyter-environment.mjs",
    )) as typeof environmentModule;
    const cell = 'import * as lib from "@finetune-debug/lib"; lib.range(3).length;';
    const script = path.join(ROOT, "test/environment/run_cells.py");
    const [command, ...args] = [...through, path.join(clone, ".venv/bin/python"), script, "tslab", cell];
    const printed = execFileSync(command, args, {
      cwd: path.join(clone, "notebooks"),
      env: jupyterEnvironment({ HOME: home }),
      encoding: "utf8",
    });
    const [shown] = JSON.parse(printed) as [{ status: string; outputs: { data: Record<string, string> }[] }];
    assert.deepEqual([shown.status, shown.outputs[0]?.data["text/plain"]], ["ok", "3"], printed);
  });

  it("has written nothing into the home", () => {
    assert.deepEqual(filesIn(home), []);
  });
});
