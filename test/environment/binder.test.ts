import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "./programs";

const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

describe("what Binder reads", () => {
  it("has the Node of .nvmrc and the charts' package as the main lock has it", () => {
    const environment = read(".binder/environment.yml");
    assert.match(environment, new RegExp(`^ {2}- nodejs=${read(".nvmrc").trim()}$`, "m"));
    const plotly = /^plotly==\S+/m.exec(read("environment/python/requirements.txt"))?.[0] ?? "nowhere";
    assert.ok(environment.includes(`- ${plotly}\n`), plotly);
  });

  it("sets up and registers the kernel with scripts that there are, in a shell's own words", () => {
    const file = path.join(ROOT, ".binder/postBuild");
    accessSync(file, constants.X_OK);
    execFileSync("bash", ["-n", file]);
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const called = [...read(".binder/postBuild").matchAll(/^npm run (\S+)/gm)].map(([, name = ""]) => name);
    assert.deepEqual(called, ["setup", "kernel:install"]);
    for (const name of called) assert.ok(scripts[name], name);
  });
});
