import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type * as lockModule from "../../environment/setup/lock.mjs";
import type * as machineModule from "../../environment/setup/machine.mjs";
import { VENV } from "../../environment/setup/paths.mjs";
import type * as runStepsModule from "../../environment/setup/run-steps.mjs";
import type * as stepModule from "../../environment/setup/step.mjs";
import type * as tensorflowModule from "../../environment/setup/tensorflow.mjs";
import { copySetup, importFrom, runNode } from "./programs";

type StepModule = typeof stepModule;
type LockModule = typeof lockModule;

/** A step that writes a file; `fail` makes it stop half way. */
function makeStep(
  folder: string,
  options: { key?: string; fail?: boolean } = {},
): stepModule.Step & { made: () => number } {
  const file = path.join(folder, "made.txt");
  let made = 0;
  return {
    name: "of-the-test",
    title: "a file",
    seconds: 1,
    key: () => options.key ?? "1",
    present: () => existsSync(file),
    make() {
      made += 1;
      writeFileSync(file, "half");
      if (options.fail) return Promise.reject(new Error("the power went"));
      writeFileSync(file, "whole");
      return Promise.resolve();
    },
    made: () => made,
  };
}

const say = (): void => undefined;

describe("a step of set-up", () => {
  it("is done once it was made, until its key changes or what it made is gone", async () => {
    const folder = copySetup();
    const { isDone, make } = (await importFrom(folder, "environment/setup/step.mjs")) as StepModule;
    const step = makeStep(folder);
    assert.ok(!isDone(step));
    await make(step, say);
    assert.ok(isDone(step));
    assert.ok(!isDone(makeStep(folder, { key: "2" })));
    assert.ok(!isDone({ ...step, present: () => false }));
  });

  it("is missing with the one in whose folder it lies: a new virtual environment has no TensorFlow", async () => {
    const folder = copySetup();
    const { make } = (await importFrom(folder, "environment/setup/step.mjs")) as StepModule;
    const file = "environment/setup/run-steps.mjs";
    const { missingSteps } = (await importFrom(folder, file)) as typeof runStepsModule;
    const [around, within] = ["around", "within"].map((name) => ({ ...makeStep(folder), name }));
    assert.ok(around && within);
    for (const step of [around, within]) await make(step, say);
    const inside = new Map([[within, around]]);
    assert.deepEqual(missingSteps([around, within], inside), []);
    around.key = () => "2";
    assert.deepEqual(missingSteps([around, within], inside), [around, within]);
    assert.deepEqual(missingSteps([around, within]), [around]);
  });

  it("is not done when it was interrupted, though what it makes seems to be there", async () => {
    const folder = copySetup();
    const { isDone, make } = (await importFrom(folder, "environment/setup/step.mjs")) as StepModule;
    await make(makeStep(folder), say);
    const failing = makeStep(folder, { fail: true });
    await assert.rejects(make(failing, say), /the power went/);
    assert.ok(failing.present());
    assert.ok(!isDone(failing), "not even by the stamp of the time before");
    await make(makeStep(folder), say);
    assert.ok(isDone(makeStep(folder)));
  });

  it("stays done where it failed while it still prepared beside what is in use", async () => {
    const folder = copySetup();
    const { isDone, make } = (await importFrom(folder, "environment/setup/step.mjs")) as StepModule;
    await make(makeStep(folder), say);
    const failing = makeStep(folder, { key: "2" });
    const prepare = (): Promise<void> => Promise.reject(new Error("no network"));
    await assert.rejects(make({ ...failing, prepare }, say), /no network/);
    assert.equal(failing.made(), 0);
    assert.ok(!isDone(failing));
    assert.ok(isDone(makeStep(folder)));
  });

  it("has a key that changes with the contents, the names and the words, and with nothing else", async () => {
    const folder = copySetup();
    const { keyOf } = (await importFrom(folder, "environment/setup/step.mjs")) as StepModule;
    const write = (name: string, text: string): string => {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    };
    const key = keyOf({ files: [write("a/x", "1")], words: ["w"] });
    assert.equal(keyOf({ files: [write("b/x", "1")], words: ["w"] }), key, "wherever the files lie");
    assert.notEqual(keyOf({ files: [write("c/x", "2")], words: ["w"] }), key);
    assert.notEqual(keyOf({ files: [write("d/y", "1")], words: ["w"] }), key);
    assert.notEqual(keyOf({ files: [write("e/x", "1")], words: ["v"] }), key);
  });
});

describe("the step that installs TensorFlow's library", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  /** A package registry in a folder, with a TensorFlow of the libraries that this machine's set-up looks for, and its lock file. */
  async function release(folder: string, content: string): Promise<void> {
    const machine = (await importFrom(folder, "environment/setup/machine.mjs")) as typeof machineModule;
    const { libraries, tensorflow } = machine.thisPlatform();
    const registry = path.join(folder, "registry");
    mkdirSync(registry, { recursive: true });
    const wheel = path.join(registry, "tensorflow_for_test-1.0-py3-none-any.whl");
    const code = [
      "import sys, zipfile",
      "meta = 'tensorflow_for_test-1.0.dist-info/'",
      "with zipfile.ZipFile(sys.argv[1], 'w') as wheel:",
      "    for library in sys.argv[3:]: wheel.writestr('tensorflow/' + library, sys.argv[2])",
      "    wheel.writestr(meta + 'METADATA', 'Metadata-Version: 2.1\\nName: tensorflow-for-test\\nVersion: 1.0\\n')",
      "    wheel.writestr(meta + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')",
      "    wheel.writestr(meta + 'RECORD', '')",
    ].join("\n");
    execFileSync(path.join(VENV, "bin/python"), ["-c", code, wheel, content, ...libraries]);
    const sha256 = createHash("sha256").update(readFileSync(wheel)).digest("hex");
    const lock = path.join(folder, "environment/python", tensorflow);
    writeFileSync(lock, `tensorflow-for-test==1.0 --hash=sha256:${sha256}\n`);
  }

  it("has the old one in use until the new one is whole, and ends with the new one under the same name", async () => {
    const folder = copySetup();
    mkdirSync(path.join(folder, ".venv"));
    symlinkSync(path.join(VENV, "bin"), path.join(folder, ".venv/bin"));
    const { isDone, make } = (await importFrom(folder, "environment/setup/step.mjs")) as StepModule;
    const { tensorflow } = (await importFrom(
      folder,
      "environment/setup/tensorflow.mjs",
    )) as typeof tensorflowModule;
    const library = (): string => {
      const lies = path.join(folder, ".venv/tensorflow/tensorflow");
      return readFileSync(path.join(lies, readdirSync(lies)[0] ?? ""), "utf8");
    };
    const registry = path.join(folder, "registry");
    const uv = { UV_OFFLINE: "1", UV_NO_CONFIG: "1", UV_CACHE_DIR: path.join(folder, "cache") };
    process.env = { ...before, ...uv, UV_FIND_LINKS: registry, SETUP_DEVICE: "cpu" };
    await release(folder, "old");
    await make(tensorflow, say);
    assert.deepEqual([isDone(tensorflow), library()], [true, "old"]);

    const oldKey = tensorflow.key();
    await release(folder, "new");
    process.env["UV_FIND_LINKS"] = folder;
    mkdirSync(path.join(folder, ".venv/tensorflow.part"));
    await assert.rejects(make(tensorflow, say), /Installing TensorFlow's library failed/);
    assert.equal(library(), "old");
    assert.ok(!existsSync(path.join(folder, ".venv/tensorflow.part")));
    assert.ok(isDone({ ...tensorflow, key: () => oldKey }));
    assert.ok(!isDone(tensorflow));

    process.env["UV_FIND_LINKS"] = registry;
    await make(tensorflow, say);
    assert.deepEqual([isDone(tensorflow), library()], [true, "new"]);
    assert.deepEqual(readdirSync(path.join(folder, ".venv")).sort(), ["bin", "tensorflow"]);
  });
});

describe("set-up's lock", () => {
  it("lets one work at a time, and frees it for the next, also after a failure", async () => {
    const folder = copySetup();
    const { withLock } = (await importFrom(folder, "environment/setup/lock.mjs")) as LockModule;
    const order: string[] = [];
    const first = withLock(async () => {
      order.push("first begins");
      await new Promise((resolve) => setTimeout(resolve, 100));
      order.push("first ends");
    });
    const second = withLock(() => Promise.resolve(void order.push("second")));
    await Promise.all([first, second]);
    assert.deepEqual(order, ["first begins", "first ends", "second"]);
    await assert.rejects(
      withLock(() => Promise.reject(new Error("no"))),
      /no/,
    );
    await withLock(() => Promise.resolve(void order.push("third")));
    assert.equal(order.at(-1), "third");
    assert.deepEqual(
      readdirSync(path.join(folder, "environment/.setup")).filter((name) => name.startsWith("lock")),
      [],
    );
  });

  it("is void once its process was killed", async () => {
    const folder = copySetup();
    const lock = pathToFileURL(path.join(folder, "environment/setup/lock.mjs")).href;
    const code = `import { withLock } from ${JSON.stringify(lock)};
      await withLock(() => { console.log("held"); return new Promise((end) => setTimeout(end, 1e6)); });`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    const unfinished = path.join(folder, ".venv/tensorflow.part");
    mkdirSync(path.join(unfinished, "tensorflow"), { recursive: true });
    const ended = new Promise((resolve) => holder.once("close", resolve));
    holder.kill("SIGKILL");
    await ended;
    const file = path.join(folder, "environment/.setup/lock");
    assert.equal(readFileSync(file, "utf8"), String(holder.pid));
    const next = `import { withLock } from ${JSON.stringify(lock)}; await withLock(async () => console.log("mine"));`;
    const answer = runNode(["--input-type=module", "-e", next]);
    assert.match(answer.stdout, /^mine$/m, answer.stderr);
    assert.ok(!existsSync(file));
    assert.ok(!existsSync(unfinished), "what the killed one left");
  });
});
