import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";

import { inKernel } from "./kernel";
import { ProgressSurroundings, unsetProgressEvery } from "./progress-surroundings";

const OPTIONS = { total: 100, label: "training", unit: "steps" };
const FLAG = Symbol.for("jupyter.interrupt");

/** Trains for 10 steps of a second each, and evaluates 4 texts, 2 seconds each, after every second step. */
function trainAndEvaluate(around: ProgressSurroundings): void {
  const training = around.start({ total: 10, label: "Training", unit: "steps", interludes: 5 });
  for (let step = 1; step <= 10; step++) {
    around.time += 1_000;
    training.update(step, "loss 0.4");
    if (step % 2 === 1) continue;
    const evaluation = around.start({ total: 4, label: "Evaluating", unit: "texts" });
    for (let text = 1; text <= 4; text++) {
      around.time += 2_000;
      evaluation.update(text);
    }
    evaluation.end();
  }
  training.end();
}

unsetProgressEvery();
afterEach(() => {
  Reflect.deleteProperty(globalThis, FLAG);
});

describe("nested progress", () => {
  it("is told of in the line, which goes on as soon as it is over", () => {
    const around = new ProgressSurroundings({ isTTY: true, columns: 120 });
    const outer = around.start({ total: 3, label: "Diagnosing", unit: "checks" });
    around.time += 3_000;
    outer.update(1);
    const inner = around.start({ total: 30, label: "Overfitting one batch", unit: "steps" });
    const innermost = around.start({ total: 8, label: "XLA compiles", unit: "sizes" });
    around.time += 1_000;
    inner.update(4);
    innermost.update(2);
    around.time += 1_000;
    innermost.update(8);
    innermost.end();
    inner.end();
    outer.end();
    const lines = around.rewrites.map((line) => line.replace("\u001b[K", ""));
    assert.deepEqual(lines, [
      "Diagnosing 1/3 checks (33%), 3 s, 6 s left, 0.33 checks/s",
      "Diagnosing 1/3 checks (33%), overfitting one batch 4/30 steps, 4 s, 8 s left, 0.25 checks/s",
      "Diagnosing 1/3 checks (33%), overfitting one batch 4/30 steps, XLA compiles 8/8 sizes, 5 s, 10 s left, 0.20 checks/s",
      "Diagnosing 1/3 checks (33%), overfitting one batch 4/30 steps, 5 s, 10 s left, 0.20 checks/s",
      "Diagnosing 1/3 checks (33%), 5 s, 10 s left, 0.20 checks/s",
      "Diagnosing 1/3 checks (33%), 5 s, 0.20 checks/s\n",
    ]);
  });

  it("is no part of the rate where it comes in between, and of the time left as soon as one is known", () => {
    const around = new ProgressSurroundings({ isTTY: true, columns: 120 });
    trainAndEvaluate(around);
    const left = (start: string): string | undefined =>
      /(\d+ s) left/u.exec(around.rewrites.find((line) => line.startsWith(start)) ?? "")?.[1];
    // nothing is known of evaluations yet; then 4 of 8 s are left, in the third of which half is over
    assert.equal(left("Training 2/10 steps (20%), 2 s"), "8 s");
    assert.equal(left("Training 3/10 steps (30%), 11 s"), "39 s");
    assert.equal(left("Training 6/10 steps (60%), evaluating 2/4 texts"), "24 s");
    assert.equal(left("Training 9/10 steps (90%)"), "9 s");
  });

  it("does not come back to a line that is over, nor stay open", () => {
    const around = new ProgressSurroundings({ isTTY: true, columns: 120 });
    const outer = around.start(OPTIONS);
    around.time += 3_000;
    const inner = around.start(OPTIONS);
    inner.update(5);
    outer.end();
    const { written } = around;
    inner.update(6);
    const next = around.start({ ...OPTIONS, label: "next" });
    inner.end();
    assert.equal(around.written, written);
    around.time += 3_000;
    next.end();
    assert.match(around.written, /\rnext 0\/100/u);
  });

  it("shows nested work in one output of a kernel, of which one line remains", async () => {
    const shown = await inKernel(() => {
      trainAndEvaluate(new ProgressSurroundings());
    });
    assert.equal(new Set(shown.map(({ options }) => options.displayId)).size, 1);
    const lines = shown.map(({ bundle }) => String(bundle["text/plain"]));
    assert.equal(lines.filter((line) => line.includes("evaluating")).length, 20);
    assert.equal(lines.at(-1), "Training 10/10 steps (100%), 50 s, 1.00 steps/s");
  });

  it("keeps the work of cells apart: what an interrupted one left open takes in nothing", async () => {
    const shown = await inKernel(() => {
      const around = new ProgressSurroundings();
      const cell = (value: object): void =>
        void Object.defineProperty(globalThis, FLAG, { value, configurable: true });
      cell({ requested: true });
      around.start(OPTIONS);
      cell({ requested: false });
      const next = around.start({ ...OPTIONS, label: "next" });
      around.time += 3_000;
      next.update(50);
      next.end();
    });
    assert.deepEqual(
      shown.map(({ bundle }) => String(bundle["text/plain"]).slice(0, 11)),
      ["next 50/100", "next 50/100"],
    );
  });

  it("has no lines of its own in a log", () => {
    const around = new ProgressSurroundings();
    trainAndEvaluate(around);
    const labels = around.written.trimEnd().split("\n");
    for (const line of labels) assert.match(line, /^Training \d+\/10 steps \(\d+%\), [^E]+$/u);
    assert.equal(labels.length, 9);
  });
});
