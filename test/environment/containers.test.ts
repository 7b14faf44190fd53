import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parseConfigFileTextToJson } from "typescript";
import { dockerfile, ignoredByDocker } from "./dockerfile";
import { ROOT } from "./programs";

const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const { scripts, engines } = JSON.parse(read("package.json")) as {
  scripts: Record<string, string>;
  engines: { node: string };
};
/** The npm scripts that a command calls. */
const scriptsIn = (command: string) =>
  [...command.matchAll(/npm"?,? (?:run"?,? )?"?(start|setup|story)\b/g)].map(([, name = ""]) => name);

describe("the container image", () => {
  const { instructions, args, stages } = dockerfile(read("environment/docker/Dockerfile"));
  const of = (name: string) => instructions.filter((one) => one.name === name).map(({ text }) => text);

  it("has the Node of .nvmrc, which package.json allows, on Debian's glibc", () => {
    assert.equal(args["NODE_VERSION"], read(".nvmrc").trim());
    assert.ok(Number(args["NODE_VERSION"]) >= Number(/>=(\d+)/.exec(engines.node)?.[1]));
    assert.match(of("FROM")[0] ?? "", /^node:\$\{NODE_VERSION\}-bookworm-slim AS machine$/);
    assert.match(of("FROM")[1] ?? "", /^machine AS project$/);
  });

  it("is set up for a GPU unless told otherwise, with scripts that there are", () => {
    assert.equal(args["DEVICE"], "gpu");
    assert.match(of("RUN")[1] ?? "", /npm run setup -- --\$\{DEVICE\}$/);
    for (const command of [...of("RUN"), ...of("CMD")])
      for (const name of scriptsIn(command)) assert.ok(scripts[name], name);
    assert.deepEqual(of("CMD").flatMap(scriptsIn), ["start"]);
  });

  it("runs as somebody who is not root, and says whether it is well at the port that it serves", () => {
    // node, in the images of Node
    assert.deepEqual(of("USER"), ["1000"]);
    const root = instructions.findIndex(({ name }) => name === "USER");
    assert.ok(instructions.slice(root).every(({ text }) => !text.includes("apt-get")));
    const port = of("EXPOSE")[0] ?? "";
    assert.ok(of("HEALTHCHECK")[0]?.includes(`127.0.0.1:${port}/api`));
    assert.ok(of("CMD")[0]?.includes(`--port=${port}`));
  });

  it("copies what there is: all that git knows, and nothing that it ignores", () => {
    assert.deepEqual(of("COPY"), ["--chown=node:node . ."]);
    const ignored = ignoredByDocker(read(".dockerignore"));
    for (const file of ["package.json", "package-lock.json", ".npmrc", ".nvmrc", "lib/src/index.ts"])
      assert.ok(existsSync(path.join(ROOT, file)) && !ignored(file), file);
    for (const file of ["data/encoder.json", "environment/python/uv.txt", "environment/tfjs-node/index.js"])
      assert.ok(existsSync(path.join(ROOT, file)) && !ignored(file), file);
    const rules = read(".gitignore").split("\n").filter(Boolean);
    const samples = rules.map((rule) => rule.replace(/^\//, "").replace(/\/$/, "").replace("*", "x"));
    for (const name of [...samples, "lib/dist", "environment/kernel/dist", ".git", ".env", "lib/.env.local"])
      assert.ok(ignored(name) && ignored(`${name}/inside`), name);
  });

  it("is the development container's first stage, where set-up runs", () => {
    const file = ".devcontainer/devcontainer.json";
    const { config, error } = parseConfigFileTextToJson(file, read(file)) as {
      config?: unknown;
      error?: unknown;
    };
    assert.equal(error, undefined);
    const { build, hostRequirements, postCreateCommand, forwardPorts, remoteUser } = config as {
      build: { dockerfile: string; context: string; target: string };
      hostRequirements: { gpu: unknown };
      postCreateCommand: string;
      forwardPorts: number[];
      remoteUser: string;
    };
    const folder = path.join(ROOT, ".devcontainer");
    assert.ok(existsSync(path.join(folder, build.dockerfile)));
    assert.equal(path.join(folder, build.context), `${ROOT}${path.sep}`.slice(0, -1));
    assert.ok(stages.includes(build.target));
    assert.equal(hostRequirements.gpu, "optional");
    assert.ok(scripts[/^npm run (\w+)$/.exec(postCreateCommand)?.[1] ?? ""]);
    assert.deepEqual(forwardPorts.map(String), of("EXPOSE"));
    assert.equal(remoteUser, "node");
  });
});
