import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  checkAnswer,
  range,
  ReviewSet,
  SENTIMENT,
  yourAnswer,
  type AnswerKind,
} from "../../../lib/src/index";
import { specToText } from "../../../lib/src/runtime/presentation-text";

const reviews = new ReviewSet(
  "four",
  range(4).map((at) => ({ text: `review ${at}`, label: at % 2 })),
  SENTIMENT,
);

function said(kind: AnswerKind, answer: unknown): string {
  const right = "Because.";
  const why = "It matters.";
  const expect = () => [{ ok: answer === reviews || answer === 2, found: "this", expected: "that", why }];
  return specToText(checkAnswer({ kinds: { answer: kind }, given: { answer }, right, expect }).present());
}

describe("an answer", () => {
  it("is right where it has every property, however it was come by", () => {
    assert.equal(said("number", 1 + 1), "✓ Right: Because.");
    assert.equal(said("reviews", reviews), "✓ Right: Because.");
  });

  it("is not yet right where a property is missing: found, expected, and why", () => {
    assert.equal(said("number", 3), "✗ Not yet: found this; expected that. It matters.");
    const sameSize = reviews.shuffle(1);
    assert.equal(said("reviews", sameSize), "✗ Not yet: found this; expected that. It matters.");
  });

  it("is missing as long as the stub stands there, and says which variable", () => {
    assert.match(said("number", yourAnswer<number>()), /^… Missing: answer has no value yet\./u);
  });

  it("of a wrong kind, not a number, or empty is refused before anything is asked of it", () => {
    const wrong: [AnswerKind, unknown, RegExp][] = [
      ["number", "2", /found text, "2"; expected a number in answer/],
      ["number", NaN, /found NaN; expected a number that can be measured/],
      ["numbers", [1, Infinity], /found Infinity/],
      ["numbers", ["1"], /found a list of 1; expected a list of numbers/],
      ["texts", [], /found nothing in it/],
      ["text", "  ", /found nothing in it/],
      ["reviews", reviews.select([]), /found nothing in it; expected a set of reviews/],
      ["reviews", reviews.rows, /found a list of 4; expected a set of reviews/],
      ["names", ["NEGATIVE"], /expected names by output/],
      ["names", {}, /found nothing in it/],
      ["outputs", { 0: "NEGATIVE" }, /expected outputs by name/],
      ["outputs", { NEGATIVE: NaN }, /expected outputs by name/],
      ["yes", null, /found null; expected true or false/],
      ["gate", true, /expected a function of a report/],
      ["measure", 0, /expected a function of two lists/],
    ];
    for (const [kind, answer, expected] of wrong) {
      assert.match(said(kind, answer), /^✗ Not yet/u);
      assert.match(said(kind, answer), expected);
    }
  });

  it("with which its own check fails is told what went wrong", () => {
    const expect = (): [] => {
      throw new Error("mine/config.json does not exist");
    };
    const check = checkAnswer({ kinds: { answer: "text" }, given: { answer: "mine" }, right: "", expect });
    assert.equal(check.state, "not yet");
    assert.match(
      specToText(check.present()),
      /mine\/config\.json does not exist; expected an answer that can/,
    );
  });

  it("of a task that asks for nothing is the task's error", () => {
    assert.throws(
      () => checkAnswer({ kinds: {}, given: {}, right: "", expect: () => [] }),
      /names no variable/,
    );
  });

  it("is shown with a word, a sign and a colour, and texts of others stay text", async () => {
    const given = { answer: 1 };
    const expect = () => [{ ok: false, found: "<b>", expected: "that", why: "" }];
    const bundle = await checkAnswer({
      kinds: { answer: "number" },
      given,
      right: "",
      expect,
    }).toMimeBundle();
    const html = String(bundle["text/html"]);
    assert.match(html, /✗ Not yet:<\/strong> found &lt;b&gt;; expected that\./u);
    assert.ok(!html.includes("<b>"));
  });
});
