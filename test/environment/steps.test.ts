import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type * as lockModule from "../../environment/setup/lock.mjs";
import type * as stepModule from "../../environment/setup/step.mjs";
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
    const ended = new Promise((resolve) => holder.once("close", resolve));
    holder.kill("SIGKILL");
    await ended;
    const file = path.join(folder, "environment/.setup/lock");
    assert.equal(readFileSync(file, "utf8"), String(holder.pid));
    const next = `import { withLock } from ${JSON.stringify(lock)}; await withLock(async () => console.log("mine"));`;
    const answer = runNode(["--input-type=module", "-e", next]);
    assert.match(answer.stdout, /^mine$/m, answer.stderr);
    assert.ok(!existsSync(file));
  });
});
