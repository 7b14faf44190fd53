import assert from "node:assert/strict";
import { describe, it } from "node:test";

import * as vocabulary from "../../../lib/src/display/chart-vocabulary";
import { charts } from "./examples";

describe("the vocabulary of charts", () => {
  it("has an example of every kind, which its snapshot and its alternative text are held by", () => {
    const kinds = Object.keys(vocabulary).filter((name) => name !== "LiveCurves");
    const examples = Object.keys(charts).map((name) =>
      name.replaceAll(/-(.)/gu, (_, letter: string) => letter.toUpperCase()),
    );
    assert.deepEqual(examples.sort(), kinds.sort());
  });
});
