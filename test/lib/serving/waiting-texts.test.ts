import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ServingRefusal } from "../../../lib/src/serving/refusal";
import { WaitingTexts, type WaitingText } from "../../../lib/src/serving/waiting-texts";

const LIMITS = { waitingTexts: 10, textsPerPass: 4, tokensPerPass: 40 };

function text(length: number, failures = 0): WaitingText {
  const nobody = (): void => undefined;
  return {
    inputIds: new Array<number>(length).fill(1),
    failures,
    isDropped: false,
    answer: nobody,
    refuse: nobody,
  };
}

function lengths(texts: WaitingText[]): number[] {
  return texts.map(({ inputIds }) => inputIds.length);
}

describe("the texts of a pass", () => {
  it("are the oldest and those nearest to it in length, the older of equals first", () => {
    const waiting = new WaitingTexts(LIMITS);
    const [oldest, first, second] = [text(5), text(6), text(6)];
    waiting.add([oldest, text(9), text(7), first, second, text(3)]);
    const pass = waiting.take();
    assert.deepEqual(lengths(pass), [5, 6, 6, 7]);
    assert.equal(pass[0], oldest);
    assert.equal(pass[1], first);
    assert.equal(pass[2], second);
    assert.deepEqual(lengths(waiting.take()), [9, 3]);
    assert.deepEqual(waiting.take(), []);
  });

  it("are no more than their tokens allow, padding included; one alone may be longer", () => {
    const waiting = new WaitingTexts(LIMITS);
    waiting.add([text(12), text(14), text(13), text(12)]);
    // 3 x 13 fit, 4 x 14 and 4 x 13 do not
    assert.deepEqual(lengths(waiting.take()), [12, 12, 13]);
    assert.deepEqual(lengths(waiting.take()), [14]);
    waiting.add([text(100), text(1)]);
    assert.deepEqual(lengths(waiting.take()), [100]);
  });

  it("do not let the oldest wait, however unlike the others it is", () => {
    const waiting = new WaitingTexts(LIMITS);
    waiting.add([text(40)]);
    for (let turn = 0; turn < 5; turn += 1) waiting.add([text(3)]);
    assert.deepEqual(lengths(waiting.take()), [40]);
  });

  it("are one where its pass failed before, and none of those goes with others", () => {
    const waiting = new WaitingTexts(LIMITS);
    waiting.add([text(5), text(5)]);
    waiting.putBack([text(4, 1), text(6, 1)]);
    assert.deepEqual(lengths(waiting.take()), [4]);
    assert.deepEqual(lengths(waiting.take()), [6]);
    assert.deepEqual(lengths(waiting.take()), [5, 5]);
  });

  it("are none that nobody waits for", () => {
    const waiting = new WaitingTexts(LIMITS);
    const [kept, gone] = [text(5), text(5)];
    waiting.add([gone, kept]);
    waiting.drop([gone]);
    assert.deepEqual(waiting.take(), [kept]);
    waiting.putBack([gone]);
    assert.equal(waiting.count, 0);
  });
});

describe("a full queue", () => {
  it("refuses a request whole, with 429 and when to come again, and takes one alone whatever its size", () => {
    const waiting = new WaitingTexts(LIMITS);
    waiting.add(Array.from({ length: 12 }, () => text(5)));
    assert.throws(
      () => {
        waiting.add([text(5)]);
      },
      (error: ServingRefusal) => error.params.status === 429 && error.params.headers?.["Retry-After"] === "1",
    );
    assert.equal(waiting.count, 12);
  });
});
