import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shownError } from "../../../lib/src/runtime/shown-error";

describe("shownError", () => {
  it("does not say where on this machine anything lies", () => {
    const shown = ".../d/e.txt";
    assert.equal(shownError(new Error("no /a/b/d/e.txt here\nmore")), `no ${shown} here`);
    assert.equal(shownError("no file:///a/b/d/e.txt, here"), `no ${shown}, here`);
    assert.equal(shownError("no 'file://localhost/a/b/d/e.txt'"), `no '${shown}'`);
    assert.equal(shownError("no answer of https://x.org/a/b/d"), "no answer of https://x.org/a/b/d");
  });
});
