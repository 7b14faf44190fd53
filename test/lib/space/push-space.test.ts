import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { exportOnnx } from "../../../lib/src/onnx/export-onnx";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { REPOSITORY } from "../../../lib/src/runtime/repository";
import { spaceFiles } from "../../../lib/src/space/space-files";
import { pushSpace, type PushSpaceParams } from "../../../lib/src/space/push-space";
import { pushing, QUICK, refused, testHub, TOKEN, writeFiles } from "../hub/test-hub";
import { writeTinyModel } from "../tiny-model";

const CARD = `---\nwidget:\n  - text: I loved it!\n  - text: "<b>Boring.</b>"\n  - src: picture.png\n---\n# A model\n`;
const SPACE = "reader/sentiment-demo";
const MODEL = "reader/sentiment";

interface AppJson {
  title: string;
  model: string;
  commit: string;
  bytes: Record<string, number>;
  examples: string[];
  hub?: string;
}

describe("pushSpace", () => {
  const setup = testHub(async () => {
    const folder = writeTinyModel(path.join(setup.folder, "model"));
    writeFiles(folder, { "tokenizer.json": "{}" });
    await pushing(setup, folder).push("reader/without-onnx");
    writeFiles(folder, { "README.md": CARD });
    await exportOnnx({ folder });
    await pushing(setup, folder).push(MODEL);
    await pushing(setup, folder).push("reader/secret", { private: true });
  });
  const push = (more: Partial<PushSpaceParams> = {}) =>
    pushSpace({
      ...{ repo: SPACE, model: MODEL, endpoint: setup.hub.endpoint, token: TOKEN, ...QUICK },
      ...more,
    });
  /** A file of the Space as it came to the Hub. */
  const fileOf = async (name: string, space = SPACE): Promise<string> => {
    const answer = await fetch(`${setup.hub.endpoint}/spaces/${space}/resolve/main/${name}`);
    assert.equal(answer.status, 200, name);
    return answer.text();
  };
  const headOf = async (space = SPACE): Promise<Record<string, unknown>> => {
    const [, head = ""] = /^---\n([^]*?)\n---\n/.exec(await fileOf("README.md", space)) ?? [];
    return parse(head) as Record<string, unknown>;
  };

  it("pushes a page with all that it needs, for the model's version of now", async () => {
    const pushed = await push({ title: "Good or <bad>?" });
    assert.equal(pushed.isUnchanged, false);
    const paths = pushed.files.map((file) => file.path);
    for (const name of ["README.md", "index.html", "main.mjs", "style.css", "vendor/transformers.min.js"])
      assert.ok(paths.includes(name), name);
    const app = JSON.parse(await fileOf("app.json")) as AppJson;
    assert.equal(app.hub, setup.hub.endpoint);
    assert.equal(app.model, MODEL);
    assert.match(app.commit, /^[0-9a-f]{40}$/);
    assert.deepEqual(app.examples, ["I loved it!", "<b>Boring.</b>"]);
    assert.deepEqual(Object.keys(app.bytes).sort(), ["fp32", "q8"]);
    const head = await headOf();
    assert.equal(head["title"], "Good or <bad>?");
    assert.equal(head["sdk"], "static");
    assert.deepEqual(head["models"], [MODEL]);
    assert.equal(
      (head["custom_headers"] as Record<string, string>)["cross-origin-opener-policy"],
      "same-origin",
    );
    const { port } = new URL(setup.hub.endpoint);
    assert.equal(pushed.host, `http://reader-sentiment-demo.static.localhost:${port}`);
    assert.equal(pushed.url, `${setup.hub.endpoint}/spaces/${SPACE}`);
    assert.match(pushed.present().note ?? "", /runs at http:/);
  });

  it("runs no script but its own files', and may ask no host but the Hub", async () => {
    const page = await fileOf("index.html");
    assert.match(page, /<title>Good or &lt;bad&gt;\?<\/title>/);
    assert.doesNotMatch(page, /<script(?![^>]* src="main\.mjs")|\son\w+=|\sstyle=|\{\{/);
    const [, policy = ""] = /content="(default-src[^"]*)"/.exec(page) ?? [];
    assert.match(policy, /default-src 'self';/);
    assert.match(policy, /connect-src 'self' http:\/\/127\.0\.0\.1:\*;/);
    assert.doesNotMatch(policy, /'unsafe-(inline|eval)'|\*[^;]*\*/);
    for (const name of [
      "main.mjs",
      "app.mjs",
      "view.mjs",
      "classifier.mjs",
      "model-worker.mjs",
      "worker.mjs",
    ]) {
      const script = await fileOf(name);
      assert.doesNotMatch(script, /innerHTML|insertAdjacentHTML|document\.write|cdn/i, name);
      for (const [, imported = ""] of script.matchAll(/^import [^;]*from "([^"]+)"/gm))
        assert.ok((await fileOf(imported.replace(/^\.\//, ""))).length > 0, imported);
    }
  });

  it("sends nothing again, and of a newer model only what says so", async () => {
    assert.equal((await push({ title: "Good or <bad>?" })).isUnchanged, true);
    const model = writeFiles(path.join(setup.folder, "model"), { "note.txt": "new" });
    await pushing(setup, model).push(MODEL);
    const before = await fileOf("app.json");
    assert.equal((await push({ title: "Good or <bad>?" })).isUnchanged, false);
    assert.notEqual(await fileOf("app.json"), before);
    const listed = await fetch(`${setup.hub.endpoint}/api/spaces/${SPACE}/commits/main`);
    const titles = ((await listed.json()) as { title: string }[]).map(({ title }) => title);
    assert.equal(titles.length, 3, titles.join());
    assert.match(titles[0] ?? "", /^Show reader\/sentiment at [0-9a-f]{7}$/);
  });

  it("asks Hugging Face's own Hub where the model is there", () => {
    const shown = { model: MODEL, commit: "0".repeat(40), bytes: {}, examples: [] };
    const files = spaceFiles({ sdk: "static", title: "T", shown, hubUrl: "https://huggingface.co" });
    assert.equal("hub" in (JSON.parse(files.get("app.json") as string) as AppJson), false);
    assert.match(
      files.get("index.html") as string,
      /connect-src 'self' https:\/\/huggingface\.co https:\/\/\*\.huggingface\.co https:\/\/\*\.hf\.co;/,
    );
  });

  it("brings the ONNX Runtime that its Transformers.js was built with", () => {
    const { version } = JSON.parse(
      readFileSync(path.join(REPOSITORY, "node_modules/onnxruntime-web/package.json"), "utf8"),
    ) as { version: string };
    const shown = { model: MODEL, commit: "0".repeat(40), bytes: {}, examples: [] };
    const files = spaceFiles({ sdk: "static", title: "T", shown, hubUrl: setup.hub.endpoint });
    const library = String(files.get("vendor/transformers.min.js"));
    assert.ok(library.includes(version), version);
    const wasm = files.get("vendor/ort-wasm-simd-threaded.wasm") as Buffer;
    assert.equal(wasm.subarray(0, 4).toString(), "\0asm");
  });

  it("pushes one for Gradio, with the packages that it was tried with", async () => {
    const space = "reader/gradio-demo";
    const pushed = await push({
      repo: space,
      sdk: "gradio",
      model: "reader/without-onnx",
      examples: ["So so."],
    });
    assert.deepEqual(
      pushed.files.map((file) => file.path),
      ["README.md", "app.json", "app.py", "requirements.txt"],
    );
    assert.equal(pushed.host, undefined);
    const head = await headOf(space);
    assert.equal(head["sdk"], "gradio");
    const tried = readFileSync(path.join(REPOSITORY, "environment/python/clients.txt"), "utf8").split("\n");
    assert.ok(tried.includes(`gradio==${String(head["sdk_version"])}`));
    const needed = (await fileOf("requirements.txt", space)).trim().split("\n");
    assert.deepEqual(
      needed.filter((line) => !tried.includes(line)),
      [],
    );
    const app = JSON.parse(await fileOf("app.json", space)) as AppJson;
    assert.deepEqual([app.examples, app.hub], [["So so."], undefined]);
    await push({ repo: "reader/secret-demo", sdk: "gradio", model: "reader/secret" });
  });

  it("says what a model lacks that a page cannot show", async () => {
    await refused(
      push({ model: "reader/without-onnx" }),
      "no-file",
      /no onnx\/model_quantized\.onnx.*exportOnnx/,
    );
    await refused(push({ model: "reader/secret" }), "not-allowed", /is private:.*sdk "gradio"/);
    await refused(push({ model: "reader/none" }), "no-repo", /reader\/none/);
    await refused(push({ revision: "v9" }), "no-revision", /v9/);
    const anonymous = { repo: SPACE, model: MODEL, endpoint: setup.hub.endpoint, ...QUICK };
    await refused(pushSpace(anonymous), "no-token", /HF_TOKEN/);
  });

  it("refuses names, titles and examples that are none", async () => {
    const bad: [Partial<PushSpaceParams>, RegExp][] = [
      [{ repo: "demo" }, /"demo" cannot be a repository/],
      [{ model: "a/../b" }, /cannot be a repository/],
      [{ title: " " }, /title is empty/],
      [{ examples: ["a", ""] }, /An example is empty/],
      [{ sdk: "docker" as "static" }, /"docker"; expected "static" or "gradio"/],
    ];
    for (const [more, message] of bad)
      await assert.rejects(push(more), (error) => {
        assert.ok(error instanceof ArgumentError);
        assert.match(error.message, message);
        return true;
      });
  });
});
