import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addressOf, hubAsOf } from "../../../lib/src/space/page/app.mjs";

describe("where a Space's page finds its model", () => {
  it("is this machine's Hub at the port of now, where the page comes from it", () => {
    const here = { hostname: "reader-demo.static.localhost", port: "7860" };
    assert.equal(hubAsOf(here, "http://127.0.0.1:41234"), "http://127.0.0.1:7860");
  });

  it("is the Hub of the push elsewhere", () => {
    const elsewhere = { hostname: "reader-demo.static.hf.space", port: "" };
    assert.equal(hubAsOf(elsewhere, "https://hub.example"), "https://hub.example");
    const app = { model: "reader/m", commit: "c0ffee", examples: [], bytes: {} };
    assert.equal(
      addressOf({ ...app, hub: "https://hub.example" }, "a"),
      "https://hub.example/reader/m/resolve/c0ffee/a",
    );
    assert.match(addressOf(app, "a"), /^https:\/\/[^/]+\/reader\/m\/resolve\/c0ffee\/a$/);
  });
});
