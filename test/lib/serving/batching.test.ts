import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Batcher } from "../../../lib/src/serving/batching";
import { ServingMetrics } from "../../../lib/src/serving/metrics";
import type { PassOrder } from "../../../lib/src/serving/model-messages";
import { ModelCrash } from "../../../lib/src/serving/model-process";
import { ServingRefusal } from "../../../lib/src/serving/refusal";
import { DEFAULT_LIMITS } from "../../../lib/src/serving/serving-limits";

/** A pass that waits for the test to end it. */
interface Pass {
  ids: number[];
  answer: () => void;
  fail: (error: Error) => void;
}

/** A batcher whose passes the test ends: the logits of a text are its first id. */
function handHeld(limits = {}): { batcher: Batcher; passes: Pass[]; ask: Ask; turns: () => Promise<void> } {
  const passes: Pass[] = [];
  const logits = ({ inputIds }: PassOrder): Promise<number[][]> =>
    new Promise((resolve, fail) => {
      const ids = inputIds.map(([id = NaN]) => id);
      passes.push({
        ids,
        answer: () => {
          resolve(ids.map((id) => [id]));
        },
        fail,
      });
    });
  const batcher = new Batcher({
    keeper: { ready: () => Promise.resolve(), logits },
    limits: { ...DEFAULT_LIMITS, ...limits },
    metrics: new ServingMetrics(),
  });
  return {
    batcher,
    passes,
    ask: (ids, signal = new AbortController().signal) =>
      batcher.logits({ encodings: ids.map((id) => [id]), padTokenId: 0, signal }),
    turns: async () => {
      for (let turn = 0; turn < 3; turn += 1) await nextTurn();
    },
  };
}
type Ask = (ids: number[], signal?: AbortSignal) => Promise<number[][]>;

describe("texts that wait while a pass runs", () => {
  it("go together into the next, and each request gets its own answers in its order", async () => {
    const { passes, ask, turns } = handHeld();
    const first = ask([1]);
    await turns();
    const others = [ask([2, 3]), ask([4]), ask([5, 6, 7])];
    await turns();
    assert.deepEqual(passes.map(({ ids }) => ids), [[1]]); // prettier-ignore
    passes[0]?.answer();
    assert.deepEqual(await first, [[1]]);
    await turns();
    assert.deepEqual(passes[1]?.ids, [2, 3, 4, 5, 6, 7]);
    passes[1].answer();
    assert.deepEqual(await Promise.all(others), [[[2], [3]], [[4]], [[5], [6], [7]]]);
  });

  it("are dropped when their client goes, and the others stay", async () => {
    const { batcher, passes, ask, turns } = handHeld();
    const first = ask([1]);
    await turns();
    const controller = new AbortController();
    const [gone, stays] = [ask([2, 3], controller.signal), ask([4])];
    await turns();
    assert.equal(batcher.waitingCount, 3);
    controller.abort(new ServingRefusal("gone", { status: 499 }));
    await assert.rejects(gone, /gone/);
    assert.equal(batcher.waitingCount, 1);
    passes[0]?.answer();
    await first;
    await turns();
    assert.deepEqual(passes[1]?.ids, [4]);
    passes[1].answer();
    assert.deepEqual(await stays, [[4]]);
  });

  it("are refused once too many wait", async () => {
    const { passes, ask, turns } = handHeld({ waitingTexts: 2 });
    const first = ask([1]);
    await turns();
    const second = ask([2, 3]);
    await assert.rejects(ask([4]), (error: ServingRefusal) => error.params.status === 429);
    passes[0]?.answer();
    await turns();
    passes[1]?.answer();
    assert.deepEqual([await first, await second], [[[1]], [[2], [3]]]);
  });
});

describe("a process that ends with a pass", () => {
  it("costs no text its answer: each is asked once more, alone", async () => {
    const { passes, ask, turns } = handHeld();
    const both = [ask([1]), ask([2])];
    await turns();
    assert.deepEqual(passes[0]?.ids, [1, 2]);
    passes[0].fail(new ModelCrash("SIGKILL"));
    for (const at of [1, 2]) {
      await turns();
      assert.deepEqual(passes[at]?.ids, [at]);
      passes[at].answer();
    }
    assert.deepEqual(await Promise.all(both), [[[1]], [[2]]]);
  });

  it("twice is the text's fault: it is refused, and takes no other with it", async () => {
    const { passes, ask, turns } = handHeld();
    const [deadly, other] = [ask([1]), ask([2])];
    await turns();
    passes[0]?.fail(new ModelCrash("SIGSEGV"));
    await turns();
    passes[1]?.fail(new ModelCrash("SIGSEGV"));
    await assert.rejects(
      deadly,
      (error: ServingRefusal) =>
        error.params.status === 500 && error.message.includes("ended twice with this text"),
    );
    await turns();
    passes[2]?.answer();
    assert.deepEqual(await other, [[2]]);
  });
});
