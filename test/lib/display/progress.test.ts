import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";

import { inKernel } from "./kernel";
import { ProgressSurroundings, unsetProgressEvery } from "./progress-surroundings";

const OPTIONS = { total: 100, label: "training", unit: "steps" };
const FLAG = Symbol.for("jupyter.interrupt");

/** Works through the steps on a clock of its own; returns what was written to the stream. */
function work({ isTTY = false, stepMs = 100, steps = 100, columns = 200 }): string {
  const around = new ProgressSurroundings({ isTTY, columns });
  const reporter = around.start(OPTIONS);
  for (let step = 1; step <= steps; step++) {
    around.time += stepMs;
    reporter.update(step, "loss 0.4");
  }
  reporter.end("done");
  reporter.end("twice");
  reporter.update(1);
  return around.written;
}

unsetProgressEvery();
afterEach(() => {
  Reflect.deleteProperty(globalThis, FLAG);
});

/** The percentages of a log's lines. */
const percentages = (written: string): number[] =>
  written
    .trimEnd()
    .split("\n")
    .map((line) => Number(/\((\d+)%\)/u.exec(line)?.[1]));

describe("progress in a log", () => {
  it("writes a line every tenth and one at the end", () => {
    const lines = work({}).trimEnd().split("\n");
    assert.deepEqual(percentages(work({})), [20, 30, 40, 50, 60, 70, 80, 90, 100]);
    assert.equal(lines[0], "training 20/100 steps (20%), 2 s, 8 s left, loss 0.4, 10.0 steps/s");
    assert.equal(lines.at(-1), "training 100/100 steps (100%), 10 s, done, 10.0 steps/s");
    assert.ok(!/\r/u.test(work({})));
  });

  it("writes a line every PROGRESS_EVERY percent; what is no percentage is a tenth", () => {
    for (const [asked, percent] of [
      ["25", [25, 50, 75, 100]],
      ["60", [60, 100]],
      ["0", [20, 30, 40, 50, 60, 70, 80, 90, 100]],
      ["often", [20, 30, 40, 50, 60, 70, 80, 90, 100]],
    ] as const) {
      process.env["PROGRESS_EVERY"] = asked;
      assert.deepEqual(percentages(work({})), percent, asked);
    }
  });

  it("counts what was done before, but not as fast work of its own", () => {
    const around = new ProgressSurroundings({ isTTY: true });
    const reporter = around.start({ ...OPTIONS, initial: 50 });
    around.time += 10_000;
    reporter.update(60);
    assert.equal(around.written, "\rtraining 60/100 steps (60%), 10 s, 40 s left, 1.00 steps/s\u001b[K");
    reporter.end();
  });

  it("says how far work came that was given up", () => {
    assert.match(work({ steps: 34 }), /training 34\/100 steps \(34%\), 3 s, done, 10\.0 steps\/s\n$/u);
  });

  it("keeps quiet about short work", () => {
    assert.equal(work({ stepMs: 10 }), "");
  });
});

describe("progress in a terminal", () => {
  it("rewrites one line, at most four times a second", () => {
    const written = work({ isTTY: true });
    const rewrites = written.split("\r").length - 1;
    assert.ok(rewrites > 20 && rewrites <= 8 * 4 + 1, `${rewrites} rewrites in 8 seconds`);
    assert.equal(written.split("\n").length, 2);
    assert.ok(written.endsWith("done, 10.0 steps/s\u001b[K\n"));
  });

  it("is cut to the terminal's width", () => {
    for (const columns of [10, 40, 60]) {
      const lines = work({ isTTY: true, columns }).replaceAll("\u001b[K", "").trimEnd().split("\r").slice(1);
      for (const line of lines) assert.ok(line.length < columns, line);
    }
  });

  it("takes a terminal of 0 columns, a pty without a size, for one that does not say", () => {
    const [none, unsaid] = [{ columns: 0 }, {}].map((size) => {
      const around = new ProgressSurroundings({ isTTY: true, ...size });
      const reporter = around.start(OPTIONS);
      around.time += 3_000;
      reporter.update(50);
      reporter.end();
      return around.written;
    });
    assert.match(none ?? "", /training 50\/100 steps/u);
    assert.equal(none, unsaid);
  });
});

describe("progress in a kernel", () => {
  it("updates one output in place", async () => {
    let written = "";
    const shown = await inKernel(() => void (written = work({ isTTY: true })));
    assert.equal(written, "");
    assert.ok(shown.length > 20 && shown.length <= 33, `${shown.length} messages in 8 seconds`);
    assert.deepEqual(
      shown.map(({ options }) => options.update),
      shown.map((_, index) => index > 0),
    );
    assert.equal(new Set(shown.map(({ options }) => options.displayId)).size, 1);
    const last = "training 100/100 steps (100%), 10 s, done, 10.0 steps/s";
    assert.deepEqual(shown.at(-1)?.bundle, { "text/plain": last });
  });
});

describe("work that the reader interrupts", () => {
  it("ends its line with where it was", () => {
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    const around = new ProgressSurroundings({ isTTY: true });
    const reporter = around.start(OPTIONS);
    around.time += 4_000;
    reporter.update(40, "loss 0.4");
    flag.requested = true;
    reporter.end();
    const last = around.rewrites.at(-1);
    assert.equal(last, "training interrupted at 40/100 steps (40%), 4 s, 10.0 steps/s\u001b[K\n");
  });
});
