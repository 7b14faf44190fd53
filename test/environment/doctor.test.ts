import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { Check } from "../../environment/doctor/check.mjs";
import { ROOT, copySetup, runNode, temporaryFolder } from "./programs";

const SECRET = "hf_thisIsASecretThatNobodyMaySee";

interface Report {
  ok: boolean;
  checks: Check[];
}

function examine(
  folder: string,
  env: NodeJS.ProcessEnv,
  flags = ["--json"],
): { status: number | null; text: string } {
  const program = path.join(folder, "environment/doctor.mjs");
  const without = { IMDB_DIR: undefined, HF_TOKEN: undefined, HF_HOME: undefined, HF_TOKEN_PATH: undefined };
  const { status, stdout, stderr } = runNode([program, ...flags], {
    cwd: folder,
    env: { ...without, ...env },
  });
  assert.equal(stderr, "");
  return { status, text: stdout };
}

describe("npm run doctor", () => {
  it("says of each thing whether it is there, and how to mend it, before anything was set up", () => {
    const { status, text } = examine(copySetup(), { HOME: temporaryFolder() });
    assert.equal(status, 1);
    const { ok, checks } = JSON.parse(text) as Report;
    assert.equal(ok, false);
    const names = checks.map(({ name }) => name);
    for (const name of [
      "Node",
      "Python",
      "TensorFlow",
      "kernel starts",
      "encoder",
      "reviews",
      "IMDB",
      "Hub token",
      "disk",
    ])
      assert.ok(names.includes(name), name);
    for (const { name, ok: there, found, fix } of checks) {
      assert.ok(found.length > 0 && !found.includes("\n"), name);
      assert.equal(fix === undefined, there, `${name}: a way to mend it where it is missing, and only there`);
    }
    const missing = checks.filter((check) => check.needed && !check.ok);
    assert.deepEqual([...new Set(missing.map(({ fix }) => fix))], ["npm run setup"]);
  });

  it("shows the same as a table, a line for each thing", () => {
    const { text } = examine(copySetup(), { HOME: temporaryFolder() }, []);
    assert.match(text, /^MISSING {2}encoder +not there yet {2}-> npm run setup$/m);
    assert.match(text, /^ok +Node +\d+\.\d+\.\d+$/m);
    assert.match(text, /^- +Hub token +none/m);
  });

  it("sees TensorFlow and the kernel of this machine, and a token without showing it", () => {
    const { text } = examine(ROOT, { HF_TOKEN: SECRET });
    const { checks } = JSON.parse(text) as Report;
    const found = Object.fromEntries(checks.map((check) => [check.name, check.found]));
    assert.match(found["TensorFlow"] ?? "", /^\d+\.\d+\.\d+ under TensorFlow\.js \d.* on the (cpu|gpu)$/);
    assert.match(found["kernel starts"] ?? "", /^tslab .*TypeScript \d/);
    assert.equal(found["Hub token"], "present (HF_TOKEN)");
    assert.ok(!text.includes(SECRET));
  });

  it("finds a token where the Hub's own tools save it, and never shows it", () => {
    const home = temporaryFolder();
    mkdirSync(path.join(home, ".cache/huggingface"), { recursive: true });
    writeFileSync(path.join(home, ".cache/huggingface/token"), SECRET);
    const { text } = examine(copySetup(), { HOME: home, XDG_CACHE_HOME: undefined });
    assert.match(text, /present \(saved by `hf auth login`\)/);
    assert.ok(!text.includes(SECRET));
  });

  it("verifies IMDB where IMDB_DIR says that it is", () => {
    const folder = temporaryFolder();
    const imdb = (): Check | undefined =>
      (JSON.parse(examine(copySetup(), { IMDB_DIR: folder, HOME: folder }).text) as Report).checks.find(
        ({ name }) => name === "IMDB",
      );
    assert.match(imdb()?.found ?? "", /IMDB_DIR holds no train-/);
    writeFileSync(path.join(folder, "train-00000-of-00001.parquet"), "not it");
    assert.match(imdb()?.found ?? "", /is not the file of data\/imdb\.json/);
    assert.equal(imdb()?.ok, false);
  });
});
