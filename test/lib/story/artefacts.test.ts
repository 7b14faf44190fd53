import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ArtefactError } from "../../../lib/src/runtime/errors";
import { REPOSITORY } from "../../../lib/src/runtime/repository";
import {
  loadArtefact,
  loadArtefactFolder,
  saveArtefact,
  saveArtefactFolder,
  storyBuildFolder,
} from "../../../lib/src/story/artefacts";
import { storyProfile } from "../../../lib/src/story/profile";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";

const build = temporaryFolder();
const { settings } = storyProfile({});
const before = process.env["STORY_BUILD"];
const notebook = "99-no-such-notebook";
const file = path.join(build, "artefacts", notebook, "result.json");

beforeEach(() => {
  process.env["STORY_BUILD"] = build;
});
afterEach(() => {
  if (before === undefined) delete process.env["STORY_BUILD"];
  else process.env["STORY_BUILD"] = before;
});

const refused = (changed: Partial<typeof settings>, message: string | RegExp) => {
  assert.throws(
    () => loadArtefact({ notebook, name: "result", settings: { ...settings, ...changed } }),
    (error) => {
      assert.ok(error instanceof ArtefactError, String(error));
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      assert.match(error.message, /Run notebook 99-no-such-notebook first\.$/);
      assert.ok(!error.message.includes("\n"));
      return true;
    },
  );
};

describe("the story's build folder", () => {
  it("is build/ unless STORY_BUILD names another", () => {
    assert.equal(storyBuildFolder(), build);
    for (const nothing of [undefined, ""]) {
      if (nothing === undefined) delete process.env["STORY_BUILD"];
      else process.env["STORY_BUILD"] = nothing;
      assert.equal(storyBuildFolder(), path.join(REPOSITORY, "build"));
    }
  });
});

describe("an artefact", () => {
  const value = { accuracy: 0.5, cases: ["naïve", null], nested: { list: [1, 2] } };

  it("that is missing is refused in one line that names its notebook", () => {
    refused({}, '"result" is missing. Run notebook 99-no-such-notebook first.');
  });

  it("comes back as it was left, with what made it", () => {
    saveArtefact({ notebook, name: "result", settings, value });
    assert.deepEqual(loadArtefact({ notebook, name: "result", settings }), value);
    const { madeBy, profile, seed } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    assert.deepEqual([madeBy, profile, seed], [notebook, "pocket", 42]);
  });

  it("fits on a machine whose encoder lies elsewhere", () => {
    const encoder = path.join(build, "elsewhere");
    symlinkSync(settings.encoder, encoder);
    const elsewhere = { ...settings, encoder };
    assert.deepEqual(loadArtefact({ notebook, name: "result", settings: elsewhere }), value);
  });

  it("of another seed, profile, scale or encoder is stale", () => {
    refused(
      { seed: 2 },
      '"result" was made with profile pocket and seed 42; this run has pocket and 2. Run notebook 99-no-such-notebook first.',
    );
    refused({ name: "full" }, /was made with profile pocket and seed 42; this run has full and 42\./);
    refused({ trainExamples: 10 }, /was made by other code or other settings than now/);
    const other = writeTinyModel(path.join(build, "other", path.basename(settings.encoder)));
    for (const encoder of [other, "/mnt/missing/encoder"])
      refused({ encoder }, /was made by other code or other settings than now/);
  });

  it("that is no JSON of an artefact is refused", () => {
    for (const content of ["{", "null", "[]"]) {
      writeFileSync(file, content);
      refused({}, /^"result" /);
    }
  });

  it("is as stale as the code of its notebook, whatever became of prose and outputs", (context) => {
    const first = "01-broken-first-attempt";
    const source = path.join(REPOSITORY, "notebooks", `${first}.ipynb`);
    if (!existsSync(source)) {
      context.skip("there is no notebook yet");
      return;
    }
    saveArtefact({ notebook: first, name: "result", settings, value });
    saveArtefact({ notebook, name: "result", settings, value });
    const hashOf = (name: string) =>
      (
        JSON.parse(readFileSync(path.join(build, "artefacts", name, "result.json"), "utf8")) as {
          hash: string;
        }
      ).hash;
    assert.notEqual(hashOf(first), hashOf(notebook), "the notebook's code is in the hash");
    const saved = path.join(build, "artefacts", first, "result.json");
    const artefact = JSON.parse(readFileSync(saved, "utf8")) as { hash: string };
    writeFileSync(saved, JSON.stringify({ ...artefact, hash: hashOf(notebook) }));
    assert.throws(
      () => loadArtefact({ notebook: first, name: "result", settings }),
      /was made by other code/,
    );
  });
});

describe("a folder that a notebook leaves", () => {
  const params = { notebook, name: "model", settings };
  const write = (content: string) => (to: string) => {
    writeFileSync(path.join(to, "a.txt"), content);
    writeFileSync(path.join(to, "b.txt"), content);
  };

  it("comes back with its files, and is replaced as a whole", () => {
    saveArtefactFolder({ ...params, write: write("first") });
    saveArtefactFolder({
      ...params,
      write: (to) => {
        writeFileSync(path.join(to, "a.txt"), "second");
      },
    });
    const folder = loadArtefactFolder(params);
    assert.deepEqual(readdirSync(folder), ["a.txt"]);
    assert.equal(readFileSync(path.join(folder, "a.txt"), "utf8"), "second");
  });

  it("stays as it was where writing it fails", () => {
    saveArtefactFolder({ ...params, write: write("whole") });
    assert.throws(() => {
      saveArtefactFolder({
        ...params,
        write: (to) => {
          writeFileSync(path.join(to, "a.txt"), "half");
          throw new Error("no more");
        },
      });
    }, /no more/);
    assert.equal(readFileSync(path.join(loadArtefactFolder(params), "a.txt"), "utf8"), "whole");
    assert.deepEqual(readdirSync(path.dirname(loadArtefactFolder(params))).sort(), [
      "model",
      "model.json",
      "result.json",
    ]);
  });

  it("is refused where a file of it is gone, or another run made it", () => {
    saveArtefactFolder({ ...params, write: write("x") });
    rmSync(path.join(loadArtefactFolder(params), "b.txt"));
    assert.throws(
      () => loadArtefactFolder(params),
      new ArtefactError('"model" lacks b.txt. Run notebook 99-no-such-notebook first.'),
    );
    assert.throws(
      () => loadArtefactFolder({ ...params, settings: { ...settings, seed: 2 } }),
      /was made with profile pocket and seed 42/,
    );
    assert.throws(() => loadArtefactFolder({ ...params, name: "other" }), /"other" is missing/);
  });
});
