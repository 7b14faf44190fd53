import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseClassificationRequest } from "../../../lib/src/serving/classification-request";
import type { ServingRefusal } from "../../../lib/src/serving/refusal";
import { DEFAULT_LIMITS } from "../../../lib/src/serving/serving-limits";

const LIMITS = { ...DEFAULT_LIMITS, textsPerRequest: 3, charactersPerText: 10 };
const parse = (body: unknown) => parseClassificationRequest(body, LIMITS);

describe("a request to the Inference API", () => {
  it("is one text, of which five labels are ranked, or a list, of which the best alone", () => {
    assert.deepEqual(parse({ inputs: "A gem." }), {
      ...{ texts: ["A gem."], topK: 5, apply: undefined, truncate: true },
      ...{ maxLength: undefined, waitForModel: false },
    });
    assert.deepEqual(parse({ inputs: ["a", "b"] }).texts, ["a", "b"]);
    assert.equal(parse({ inputs: ["a"] }).topK, 1);
  });

  it("may say how many labels, by which function, how long a text, and that it waits", () => {
    const parameters = {
      top_k: 2,
      function_to_apply: "sigmoid",
      truncation: false,
      max_length: 16,
      padding: true,
    };
    assert.deepEqual(
      parse({ inputs: ["a"], parameters, options: { wait_for_model: true, use_cache: false } }),
      {
        ...{ texts: ["a"], topK: 2, apply: "sigmoid", truncate: false, maxLength: 16, waitForModel: true },
      },
    );
    assert.equal(parse({ inputs: ["a"], parameters: { top_k: null } }).topK, Infinity);
    assert.equal(parse({ inputs: "a", parameters: { truncation: "longest_first" } }).truncate, true);
    // as clients send what nobody set
    const unset = { top_k: null, function_to_apply: null, truncation: null, max_length: null };
    assert.equal(parse({ inputs: "a", parameters: unset, options: null }).apply, undefined);
    assert.equal(parse({ inputs: "a", parameters: null }).topK, 5);
  });

  it("that is of another form is refused with what was found and what was expected", () => {
    for (const [body, status, expected] of [
      ["a text", 400, /^The body is "a text"; expected an object\.$/],
      [["a"], 400, /^The body is a list; expected an object\.$/],
      [null, 400, /^The body is null; expected an object\.$/],
      [{}, 400, /^Body needs to provide a inputs key: expected /],
      [{ inputs: [] }, 400, /^`inputs` is an empty list; expected at least one text\.$/],
      [{ inputs: 5 }, 400, /^`inputs` is 5; expected a text, or a list of texts\.$/],
      [{ inputs: null }, 400, /^`inputs` is null; expected a text/],
      [{ inputs: { text: "a" } }, 400, /^`inputs` is an object; expected a text/],
      [{ inputs: ["a", ["b"]] }, 400, /^`inputs\[1\]` is a list; expected a text/],
      [{ inputs: " \n" }, 400, /^`inputs` is empty; expected a text with at least one character\.$/],
      [{ inputs: ["a", ""] }, 400, /^`inputs\[1\]` is empty/],
      [{ inputs: ["a", "b", "c", "d"] }, 413, /^`inputs` has 4 texts; expected at most 3 a request\.$/],
      [{ inputs: "eleven char" }, 413, /^`inputs` has 11 characters; expected at most 10\.$/],
      [{ inputs: "a", parameters: [] }, 400, /^`parameters` is a list; expected an object\.$/],
      [
        { inputs: "a", parameters: { topk: 1 } },
        400,
        /^`topk` in `parameters` is not known; .* nearest is top_k\.$/,
      ],
      [
        { inputs: "a", parameters: { top_k: 0 } },
        400,
        /^`top_k` in `parameters` is 0; expected a whole number/,
      ],
      [{ inputs: "a", parameters: { top_k: "2" } }, 400, /^`top_k` in `parameters` is "2"; expected a whole/],
      [
        { inputs: "a", parameters: { function_to_apply: "relu" } },
        400,
        /is "relu"; expected softmax, sigmoid, none/,
      ],
      [
        { inputs: "a", parameters: { truncation: "yes" } },
        400,
        /is "yes"; expected true, false, longest_first/,
      ],
      [{ inputs: "a", parameters: { max_length: 2 } }, 400, /is 2; expected a whole number of at least 3/],
      [
        { inputs: "a", options: { wait_for_model: 1 } },
        400,
        /^`wait_for_model` in `options` is 1; expected true/,
      ],
    ] as const)
      assert.throws(
        () => parse(body),
        (error: ServingRefusal) => error.params.status === status && expected.test(error.message),
        JSON.stringify(body),
      );
  });

  it("is never shown whole in an error", () => {
    const secret = "s".repeat(1000);
    assert.throws(
      () => parse({ inputs: "a", parameters: { top_k: secret, [secret]: 1 } }),
      ({ message }: Error) => message.length < 300,
    );
  });
});
