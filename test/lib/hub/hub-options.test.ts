import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, it } from "node:test";
import { HUB_URL } from "@huggingface/hub";
import { hubSettings } from "../../../lib/src/hub/hub-options";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";
import { forgetHubSettings, writeFiles } from "./test-hub";

const home = temporaryFolder();

beforeEach(() => {
  forgetHubSettings(path.join(home, "hf"));
});

describe("the Hub's settings where nothing is said", () => {
  it("are huggingface_hub's", () => {
    const { hubUrl, accessToken, cacheDir, offlineBy } = hubSettings();
    assert.deepEqual(
      { hubUrl, accessToken, cacheDir, offlineBy },
      {
        hubUrl: HUB_URL,
        accessToken: undefined,
        cacheDir: path.join(home, "hf", "hub"),
        offlineBy: undefined,
      },
    );
  });

  it("take the cache from the first that is set to something", () => {
    const { HOME: userHome = "" } = process.env;
    const cacheFor = (settings: Record<string, string>): string => {
      forgetHubSettings("");
      Object.assign(process.env, settings);
      return hubSettings().cacheDir;
    };
    assert.equal(cacheFor({}), path.join(userHome, ".cache/huggingface/hub"));
    assert.equal(cacheFor({ XDG_CACHE_HOME: "/x" }), "/x/huggingface/hub");
    assert.equal(cacheFor({ XDG_CACHE_HOME: "/x", HF_HOME: "/h" }), "/h/hub");
    assert.equal(cacheFor({ HF_HOME: "~/h" }), path.join(userHome, "h/hub"));
    assert.equal(cacheFor({ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old" }), "/old");
    assert.equal(cacheFor({ HF_HUB_CACHE: "/new", HUGGINGFACE_HUB_CACHE: "/old" }), "/new");
    assert.equal(cacheFor({ HF_HUB_CACHE: "", HUGGINGFACE_HUB_CACHE: "/old" }), "/old");
    assert.equal(hubSettings({ cacheDir: "/said" }).cacheDir, "/said");
  });

  it("take the token from the surroundings, then from the file that `hf auth login` writes", () => {
    assert.equal(hubSettings().accessToken, undefined);
    writeFiles(home, { "hf/token": "hf_ofTheFile\n", other: "hf_ofAnotherFile", empty: "\n" });
    assert.equal(hubSettings().accessToken, "hf_ofTheFile");
    process.env["HF_TOKEN_PATH"] = path.join(home, "other");
    assert.equal(hubSettings().accessToken, "hf_ofAnotherFile");
    process.env["HF_TOKEN_PATH"] = path.join(home, "empty");
    assert.equal(hubSettings().accessToken, undefined);
    process.env["HUGGING_FACE_HUB_TOKEN"] = "hf_old";
    assert.equal(hubSettings().accessToken, "hf_old");
    process.env["HF_TOKEN"] = " hf_new\n";
    assert.equal(hubSettings().accessToken, "hf_new");
    assert.equal(hubSettings({ token: "hf_said" }).accessToken, "hf_said");
  });

  it("take the endpoint without its last slash", () => {
    process.env["HF_ENDPOINT"] = "http://localhost:8080/";
    assert.equal(hubSettings().hubUrl, "http://localhost:8080");
    assert.equal(hubSettings({ endpoint: "http://said" }).hubUrl, "http://said");
  });

  it("know which variable says not to ask, and ask on loopback all the same", () => {
    process.env["TRANSFORMERS_OFFLINE"] = "1";
    assert.equal(hubSettings().offlineBy, "TRANSFORMERS_OFFLINE");
    for (const [value, offlineBy] of [
      ["1", "HF_HUB_OFFLINE"],
      ["yes", "HF_HUB_OFFLINE"],
      ["0", "TRANSFORMERS_OFFLINE"],
      ["", "TRANSFORMERS_OFFLINE"],
    ] as const) {
      process.env["HF_HUB_OFFLINE"] = value;
      assert.equal(hubSettings().offlineBy, offlineBy, value);
    }
    for (const host of ["127.0.0.1", "localhost", "[::1]"])
      assert.equal(hubSettings({ endpoint: `http://${host}:8080` }).offlineBy, undefined, host);
    for (const host of ["localhost.example", "10.0.0.1"])
      assert.equal(hubSettings({ endpoint: `http://${host}` }).offlineBy, "TRANSFORMERS_OFFLINE", host);
  });
});

describe("the Hub's settings that cannot be", () => {
  it("are refused without showing a secret", () => {
    for (const endpoint of ["localhost:8080", "ftp://hub", "http://reader:secret@hub", "nothing"])
      assert.throws(
        () => hubSettings({ endpoint }),
        (error) => {
          assert.ok(error instanceof ArgumentError);
          assert.match(error.message, /^The Hub's endpoint \(HF_ENDPOINT\) is no address; expected/);
          return !error.message.includes("secret");
        },
      );
    for (const token of ["secret", "hf_", "hf_a secret", "hf_a\nsecret", "hf_sécret"])
      assert.throws(
        () => hubSettings({ token }),
        (error) => {
          assert.ok(error instanceof ArgumentError);
          assert.match(error.message, /^The Hub token \(HF_TOKEN\) is no token; expected hf_/);
          return !/s.cret/.test(error.message);
        },
      );
  });

  it("are refused where the token's file cannot be read", () => {
    const folder = path.join(home, "much/more/token");
    mkdirSync(folder, { recursive: true });
    process.env["HF_TOKEN_PATH"] = folder;
    assert.throws(
      () => hubSettings(),
      (error) => {
        assert.ok(error instanceof ArgumentError, String(error));
        assert.match(
          error.message,
          /^The Hub token's file \.\.\.\/more\/token cannot be read \(EISDIR\); expected .* or set HF_TOKEN\.$/,
        );
        return true;
      },
    );
  });
});
