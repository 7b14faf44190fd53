import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { dockerfile, ignoredByDocker } from "../environment/dockerfile";
import { ROOT, temporaryFolder } from "../environment/programs";
import { newcomer, start } from "./clone";

/**
 * The Dockerfile's steps without Docker: the context in an empty folder, then what stands after RUN, HEALTHCHECK and CMD as a shell
 * runs it, on the CPU. What only Debian's image and root can show, the base and apt-get, is left out.
 */
// two set-ups of nothing a day are enough (set-up.test.ts, and npm test itself)
const skip = process.env["DEEP"] === "1" ? false : "only with --deep: it sets up once more";

describe("the container image's steps, as a shell runs them", { skip }, () => {
  const { instructions } = dockerfile(readFileSync(path.join(ROOT, "environment/docker/Dockerfile"), "utf8"));
  const of = (name: string) => instructions.filter((one) => one.name === name).map(({ text }) => text);
  const folder = path.join(temporaryFolder(), "finetune-debug");
  const env = { ...newcomer(temporaryFolder()), DEVICE: "cpu" };

  it("set up the copied context", async () => {
    const ignored = ignoredByDocker(readFileSync(path.join(ROOT, ".dockerignore"), "utf8"));
    cpSync(ROOT, folder, {
      recursive: true,
      filter: (source) => source === ROOT || !ignored(path.relative(ROOT, source)),
    });
    assert.ok(!existsSync(path.join(folder, "node_modules")) && !existsSync(path.join(folder, ".git")));
    const [, setUp = ""] = of("RUN");
    const command = setUp.replaceAll(/--mount=\S+ /g, "");
    const run = start(["-e", inShell(command)], { cwd: folder, env });
    assert.equal(await run.ended, 0, run.printed());
    assert.match(run.printed(), /^Set-up: 7 of 7 steps/m);
  });

  it("serve JupyterLab, which the health check finds", async () => {
    const [command = "", ...args] = JSON.parse(of("CMD")[0] ?? "") as string[];
    const health = /CMD (\[.*\])$/.exec(of("HEALTHCHECK")[0] ?? "")?.[1] ?? "";
    // another port: this machine's own may be taken
    const port = String(20_000 + (process.pid % 10_000));
    const at = (text: string) => text.replaceAll("8888", port);
    const [program = "", ...asking] = JSON.parse(at(health)) as string[];
    assert.throws(() => execFileSync(program, asking), "nobody answers before it runs");
    const lab = start(["-e", inShell([command, ...args.map(at)].join(" "))], { cwd: folder, env });
    try {
      await lab.prints(/JupyterLab is open at http/);
      execFileSync(program, asking);
    } finally {
      if (lab.child.pid !== undefined) process.kill(-lab.child.pid, "SIGTERM");
      await lab.ended;
    }
  });

  it("give a class its seat", async () => {
    const file = readFileSync(path.join(ROOT, "environment/jupyterhub/Dockerfile"), "utf8");
    const [install = "", ...others] = dockerfile(file)
      .instructions.filter(({ name }) => name === "RUN")
      .flatMap(({ text }) => text.split(" && "));
    // caches are this machine's own here, and stay
    const command = [install, ...others.filter((one) => !one.startsWith("rm "))].join(" && ");
    const run = start(["-e", inShell(command)], { cwd: folder, env });
    assert.equal(await run.ended, 0, run.printed());
    assert.ok(existsSync(path.join(folder, "build/python/jupyterhub/bin/jupyterhub-singleuser")));
  });

  it("give Binder's JupyterLab the kernel", async () => {
    const prefix = temporaryFolder();
    const caches = temporaryFolder();
    // it empties them
    const own = { npm_config_cache: caches, UV_CACHE_DIR: caches, PIP_CACHE_DIR: caches };
    const binder = { ...env, ...own, NB_PYTHON_PREFIX: prefix };
    const run = start(["-e", inShell(".binder/postBuild")], { cwd: folder, env: binder });
    assert.equal(await run.ended, 0, run.printed());
    assert.ok(existsSync(path.join(prefix, "share/jupyter/kernels/tslab/kernel.json")));
  });
});

/** A program of Node's that runs a command as a shell does, in its own process group. */
function inShell(command: string): string {
  return `process.exitCode = require("node:child_process").spawnSync("sh", ["-c", ${JSON.stringify(command)}], { stdio: "inherit" }).status ?? 1`;
}
