import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { metricCurves } from "../../../lib/src/display/charts/metric-curves";
import { LiveCurves, type LiveCurvesOptions } from "../../../lib/src/display/live-curves";
import type { ChartSpec } from "../../../lib/src/runtime/presentation";
import type { CallbackContext } from "../../../lib/src/training/callbacks";
import { newState, type TrainerState } from "../../../lib/src/training/trainer-state";
import { inKernel, type Shown } from "./kernel";

const PLOTLY = "application/vnd.plotly.v1+json";

/** The losses of the log, as two curves. */
function losses({ state }: { state: TrainerState }): ChartSpec {
  const curves = ["loss", "eval_loss"].map((name) => {
    const entries = state.logHistory.filter((entry) => name in entry);
    return {
      name,
      steps: entries.map(({ step }) => step),
      values: entries.map((entry) => entry[name] ?? NaN),
    };
  });
  const begun = curves.filter(({ steps }) => steps.length > 0);
  return metricCurves({
    title: `Step ${state.globalStep} of ${state.maxSteps}`,
    curves: begun,
    yTitle: "loss",
  });
}

function broken(): never {
  throw new TypeError("no such curve");
}

/** Logs a loss at each of ten steps, so many milliseconds from one to the next, and an evaluation in the middle. */
async function train(params: LiveCurvesOptions & { stepMs: number; curves?: LiveCurves }): Promise<void> {
  let time = 0;
  const curves = params.curves ?? new LiveCurves({ now: () => time, chart: losses, ...params });
  const state: TrainerState = newState(10);
  const context = { state } as CallbackContext;
  curves.onTrainBegin();
  for (let step = 1; step <= 10; step++) {
    time += params.stepMs;
    state.globalStep = step;
    state.logHistory.push({ step, epoch: step / 10, loss: 1 / step });
    await curves.onLog({}, context);
    if (step !== 5) continue;
    state.bestGlobalStep = 5;
    state.logHistory.push({ step, epoch: step / 10, eval_loss: 0.4, eval_accuracy: 0.8 });
    await curves.onLog({}, context);
  }
  state.logHistory.push({ step: 10, epoch: 1, train_runtime: 1 });
  await curves.onTrainEnd(context);
}

/** How many points the curves of a chart have together. */
function points({ bundle }: Shown): number {
  const { data } = bundle[PLOTLY] as { data: { x: number[] }[] };
  return data.reduce((count, { x }) => count + x.length, 0);
}

describe("live curves", () => {
  it("grow in one output, and end with a picture", async () => {
    const all = await inKernel(() => train({ stepMs: 1_000 }));
    assert.equal(new Set(all.map(({ options }) => options.displayId)).size, 1);
    // JupyterLab draws an output anew only where it was of another type in between
    const types = all.map(({ bundle }) => (PLOTLY in bundle ? "chart" : "room"));
    assert.equal(types.join(" "), "chart room chart room chart room chart room chart room chart");
    const shown = all.filter(({ bundle }) => PLOTLY in bundle);
    assert.deepEqual(shown.map(points), [2, 4, 7, 9, 11, 11]);
    assert.deepEqual(
      shown.map(({ options }) => options.update),
      [false, true, true, true, true, true],
    );
    assert.deepEqual(
      shown.map(({ bundle }) => "image/png" in bundle),
      [false, false, false, false, false, true],
    );
    const last = shown.at(-1);
    assert.match(String(last?.bundle["text/plain"]), /Step 10 of 10/);
    assert.match(JSON.stringify(last?.options.metadata), /"alt":"Step 10 of 10/);
  });

  it("are drawn once of a run that is over before, and are its losses where nothing is said", async () => {
    const [shown, ...more] = await inKernel(() =>
      train({ stepMs: 100, curves: new LiveCurves({ now: () => 0 }) }),
    );
    assert.deepEqual(more, []);
    assert.ok(shown && points(shown) >= 11);
  });

  it("stay with a picture of a run that did not reach its end, once", async () => {
    const curves = new LiveCurves({ now: () => 0, chart: losses });
    const state: TrainerState = newState(10);
    const [shown, ...more] = await inKernel(async () => {
      curves.onTrainBegin();
      state.logHistory.push({ step: 1, epoch: 0.1, loss: 1 });
      await curves.onLog({}, { state } as CallbackContext);
      await curves.close();
      await curves.close();
    });
    assert.deepEqual(more, []);
    assert.ok(shown && "image/png" in shown.bundle && points(shown) === 1);
    const over = await inKernel(async () => {
      await train({ stepMs: 100, curves });
      await curves.close();
    });
    assert.equal(over.length, 1);
    const empty = await inKernel(async () => {
      curves.onTrainBegin();
      await curves.close();
    });
    assert.deepEqual(empty, [], "nothing was logged");
  });

  it("begin anew with each run", async () => {
    const curves = new LiveCurves({ now: () => 0, chart: broken });
    const shown = await inKernel(async () => {
      await train({ stepMs: 100, curves });
      await train({ stepMs: 100, curves });
    });
    assert.deepEqual(
      shown.map(({ options }) => options.update),
      [false, false],
    );
    assert.equal(new Set(shown.map(({ options }) => options.displayId)).size, 2);
  });

  it("say what is wrong with a chart, and let the run go on", async () => {
    const shown = await inKernel(() => train({ stepMs: 2_000, chart: broken }));
    assert.deepEqual(shown.at(-1)?.bundle, { "text/plain": "The curves could not be drawn: no such curve" });
  });

  it("do not say where on this machine anything lies", async () => {
    const chart = (): never => {
      throw new Error("no file /home/ann/deep/x/y.json, nor file:///home/ann/z.json\n  at /home/ann/x.ts");
    };
    const shown = await inKernel(() => train({ stepMs: 2_000, chart }));
    assert.deepEqual(shown.at(-1)?.bundle, {
      "text/plain": "The curves could not be drawn: no file .../x/y.json, nor .../z.json",
    });
  });

  it("show nothing where no kernel runs", async () => {
    let drawn = 0;
    const chart = (): never => {
      drawn += 1;
      throw new Error("drawn");
    };
    await train({ stepMs: 2_000, chart });
    assert.equal(drawn, 0);
  });
});
