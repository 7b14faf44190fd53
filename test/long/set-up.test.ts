import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { Source } from "../../environment/setup/downloads.mjs";
import { sayingLines, temporaryFolder } from "../environment/programs";
import { cloneRepository, filesIn, newcomer, offlineNewcomer, start } from "./clone";

const SETUP = ["environment/setup.mjs"];

function stamps(clone: string): string[] {
  const state = path.join(clone, "environment/.setup");
  return readdirSync(state)
    .filter((name) => name.endsWith(".stamp"))
    .map((name) => path.basename(name, ".stamp"))
    .sort();
}

/** The line in which set-up says why it stopped; it is the last one, and the only one. */
function stoppedBecause(printed: string): string {
  const lines = sayingLines(printed);
  const said = lines.filter((line) => line.startsWith("Set-up stopped."));
  assert.deepEqual(said, lines.slice(-1), printed);
  return said[0] ?? "";
}

describe("set-up of a fresh clone without a network", () => {
  it("says one clear line, and takes nothing for whole", async () => {
    const clone = cloneRepository();
    const home = temporaryFolder();
    const run = start(SETUP, { cwd: clone, env: offlineNewcomer(home) });
    assert.equal(await run.ended, 1);
    assert.match(stoppedBecause(run.printed()), /the package registry did not answer\. Check the network/);
    assert.deepEqual(stamps(clone), []);
    assert.ok(!existsSync(path.join(clone, "data/downloads/encoder")));
    assert.deepEqual(filesIn(home), []);
    const test = start(["test/run.mjs", "all"], { cwd: clone, env: offlineNewcomer(home) });
    assert.equal(await test.ended, 1);
    assert.match(sayingLines(test.printed()).at(-1) ?? "", /^FAILED: setup FAILED$/);
  });
});

describe("set-up that is interrupted", () => {
  const clone = cloneRepository();
  const home = temporaryFolder();
  const again = (): ReturnType<typeof start> => start(SETUP, { cwd: clone, env: newcomer(home) });

  /** Kills a set-up, and all that it has started, while it makes a step. */
  async function killDuring(step: RegExp): Promise<string> {
    const run = again();
    await run.prints(step);
    // into the middle of the work
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    process.kill(-(run.child.pid ?? NaN), "SIGKILL");
    await run.ended;
    return run.printed();
  }

  it("carries on after a kill, with what was whole and nothing else", async () => {
    await killDuring(/\] npm packages \.\.\./);
    assert.deepEqual(stamps(clone), []);
    const second = await killDuring(/\] Python packages .*\.\.\./);
    assert.match(second, /npm packages: ready/);
    assert.deepEqual(stamps(clone), ["node-packages"]);
    const third = await killDuring(/\] the binding .*\.\.\./);
    assert.doesNotMatch(third, /npm packages/);
    assert.deepEqual(stamps(clone), ["node-packages", "python", "tensorflow"]);
    const last = again();
    assert.equal(await last.ended, 0, last.printed());
    assert.doesNotMatch(last.printed(), /Python packages/);
    assert.ok(existsSync(path.join(clone, "data/downloads/encoder/model.safetensors")));
  });

  it("does nothing the second time", async (t) => {
    const started = Date.now();
    const run = again();
    assert.equal(await run.ended, 0);
    t.diagnostic(`a second set-up took ${Date.now() - started} ms`);
    assert.equal(run.printed(), "Set-up: everything is there.\n");
  });

  it("has written nothing into the home", () => {
    assert.deepEqual(filesIn(home), []);
  });

  it("uses nothing of a download with another checksum, in one line", async () => {
    const file = path.join(clone, "data/snippets.json");
    const source = JSON.parse(readFileSync(file, "utf8")) as Source;
    for (const one of source.files) one.sha256 = "0".repeat(64);
    writeFileSync(file, JSON.stringify(source));
    const run = again();
    assert.equal(await run.ended, 1);
    assert.match(
      stoppedBecause(run.printed()),
      /has the checksum .*expected 0{12}\.\.\.: nothing of it was used/,
    );
    assert.ok(!stamps(clone).includes("reviews"));
  });
});
