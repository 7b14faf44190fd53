import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { PYTHON } from "../kernel/kernel-client";
import { ROOT, copySetup, runNode, temporaryFolder, type Answer } from "./programs";

const COMMITTED = path.join(ROOT, "environment/kernel/jupyter/kernels/tslab");
const MAIN = path.join(ROOT, "environment/kernel/dist/main.js");

interface Kernelspec {
  argv: string[];
  [field: string]: unknown;
}
interface Shown {
  status: string;
  outputs: { data?: Record<string, string>; traceback?: string[] }[];
}

const folderIn = (prefix: string, name = "tslab"): string => path.join(prefix, "share/jupyter/kernels", name);
const readSpec = (folder: string): Kernelspec =>
  JSON.parse(readFileSync(path.join(folder, "kernel.json"), "utf8")) as Kernelspec;

function install(...args: string[]): Answer {
  return runNode(["environment/kernel/register/register-kernel.mjs", ...args], {
    env: { INIT_CWD: undefined },
  });
}

/** Puts a kernelspec of another program where ours would go. */
function occupy(prefix: string, argv: string[]): string {
  const folder = folderIn(prefix);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "kernel.json"), JSON.stringify({ argv, display_name: "x", language: "x" }));
  writeFileSync(path.join(folder, "logo-svg.svg"), "<svg/>");
  return folder;
}

/** Runs a program of Jupyter that finds kernels in a prefix, from a folder outside the repository. */
function runJupyter(prefix: string, args: string[]): string {
  const cwd = temporaryFolder();
  const env = {
    ...process.env,
    JUPYTER_PATH: path.join(prefix, "share/jupyter"),
    JUPYTER_CONFIG_DIR: path.join(cwd, "config"),
    JUPYTER_DATA_DIR: path.join(cwd, "data"),
    JUPYTER_RUNTIME_DIR: path.join(cwd, "runtime"),
    PATH: "/usr/bin:/bin",
  };
  const { status, stdout, stderr } = spawnSync(PYTHON, args, { cwd, env, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
}

describe("npm run kernel:install", () => {
  it("registers the kernel in a prefix, for a Jupyter that knows nothing else of it", () => {
    const prefix = temporaryFolder();
    const { status, stdout, stderr } = install("--prefix", prefix);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /jupyter kernelspec list/);
    const folder = folderIn(prefix);
    assert.ok(stdout.includes(folder), stdout);
    const argv = [process.execPath, MAIN, "{connection_file}"];
    assert.deepEqual(readSpec(folder), { ...readSpec(COMMITTED), argv });
    assert.deepEqual(readdirSync(folder), ["kernel.json"]);

    const listed = JSON.parse(
      runJupyter(prefix, ["-m", "jupyter_client.kernelspecapp", "list", "--json"]),
    ) as { kernelspecs: Record<string, { resource_dir: string }> };
    assert.equal(listed.kernelspecs["tslab"]?.resource_dir, folder);

    const cells = [
      "1 + 1",
      'import path from "node:path";\npath.basename(`/a/${process.version}`).length > 1',
      "const x: string = path.sep.length;",
      'import { readFileSync } from "node:fs";\n\nreadFileSync(path.resolve("none.csv"));',
    ];
    const script = path.join(__dirname, "run_cells.py");
    const [sum, name, wrong, missing] = JSON.parse(
      runJupyter(prefix, [script, "tslab", ...cells]),
    ) as Shown[];
    assert.equal(sum?.outputs[0]?.data?.["text/plain"], "2");
    assert.equal(name?.outputs[0]?.data?.["text/plain"], "true", JSON.stringify(name));
    assert.deepEqual(wrong?.outputs[0]?.traceback, [
      "1:7 - Type 'number' is not assignable to type 'string'.",
    ]);
    assert.deepEqual(missing?.outputs[0]?.traceback, [
      "Error: ENOENT: no such file or directory, open 'none.csv'",
      "    at cell 4:3:13",
    ]);
  });

  it("can be done again, and taken back", () => {
    const prefix = temporaryFolder();
    const named = ["--prefix", prefix, "--name", "ts-2"];
    assert.equal(install(...named).status, 0);
    assert.equal(install(...named, "--display-name", "Mine").status, 0);
    assert.equal(readSpec(folderIn(prefix, "ts-2"))["display_name"], "Mine");
    assert.equal(install(...named, "--remove").status, 0);
    assert.deepEqual(readdirSync(path.dirname(folderIn(prefix))), []);
    const again = install(...named, "--remove");
    assert.deepEqual([again.status, again.stderr], [1, `There is no ${folderIn(prefix, "ts-2")}.\n`]);
  });

  it("writes where jupyter --data-dir points for --user, and takes a relative prefix from where npm was called", () => {
    const folder = temporaryFolder();
    const program = ["environment/kernel/register/register-kernel.mjs"];
    const ask = ["-c", "from jupyter_core.paths import jupyter_data_dir as d; print(d())"];
    const home = { HOME: folder, JUPYTER_DATA_DIR: "", XDG_DATA_HOME: "", JUPYTER_PLATFORM_DIRS: "" };
    for (const more of [
      {},
      { XDG_DATA_HOME: path.join(folder, "xdg") },
      { JUPYTER_DATA_DIR: path.join(folder, "data") },
    ]) {
      const env = { ...home, ...more };
      const { status, stderr } = runNode([...program, "--user"], { env });
      assert.equal(status, 0, stderr);
      const asked = spawnSync(PYTHON, ask, { env: { ...process.env, ...env }, encoding: "utf8" });
      const data = asked.stdout.trim();
      assert.ok(data.startsWith(folder), asked.stderr);
      assert.equal(readSpec(path.join(data, "kernels/tslab")).argv[1], MAIN);
    }
    assert.equal(runNode([...program, "--prefix", "here"], { env: { INIT_CWD: folder } }).status, 0);
    assert.ok(existsSync(folderIn(path.join(folder, "here"))));
  });

  it("leaves somebody else's kernelspec alone, unless it is told otherwise", () => {
    const prefix = temporaryFolder();
    const folder = occupy(prefix, ["tslab", "kernel", "--config-path={connection_file}"]);
    const refused = install("--prefix", prefix);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /somebody else's: take another --name, or --force/);
    assert.match(install("--prefix", prefix, "--remove", "--force").stderr, /somebody else's, and stays/);
    assert.equal(readSpec(folder).argv[0], "tslab");
    assert.equal(install("--prefix", prefix, "--force").status, 0);
    assert.deepEqual([readSpec(folder).argv[1], readdirSync(folder)], [MAIN, ["kernel.json"]]);
  });

  it("takes the place of a link to the committed kernelspec, which stays as it is", () => {
    const prefix = temporaryFolder();
    const folder = folderIn(prefix);
    mkdirSync(path.dirname(folder), { recursive: true });
    symlinkSync(COMMITTED, folder);
    const before = readSpec(COMMITTED);
    assert.equal(install("--prefix", prefix).status, 0);
    assert.deepEqual([readSpec(folder).argv[1], readSpec(COMMITTED)], [MAIN, before]);
  });

  it("takes the place of one that this repository left when it was moved", () => {
    const prefix = temporaryFolder();
    const folder = occupy(prefix, [
      "node",
      "/old/place/environment/kernel/dist/main.js",
      "{connection_file}",
    ]);
    assert.equal(install("--prefix", prefix).status, 0);
    assert.equal(readSpec(folder).argv[1], MAIN);
  });

  it("says in one line why it cannot", () => {
    const prefix = temporaryFolder();
    const file = path.join(prefix, "file");
    writeFileSync(file, "");
    for (const [args, expected] of [
      [[], /^usage: npm run kernel:install -- /],
      [["--user", "--prefix", prefix], /^usage: /],
      [["--prefix", prefix, "--name", ".."], /^\.\. is no name for a kernel/],
      [["--prefix", file], /file\/share\/jupyter\/kernels\/tslab cannot be written: ENOTDIR/],
      [["--speed"], /--speed/],
    ] as const) {
      const { status, stderr } = install(...args);
      assert.deepEqual([status, stderr.trim().split("\n").length], [1, 1], stderr);
      assert.match(stderr, expected);
    }
    const copy = copySetup();
    const unbuilt = runNode([
      path.join(copy, "environment/kernel/register/register-kernel.mjs"),
      "--prefix",
      prefix,
    ]);
    assert.equal(unbuilt.stderr, "environment/kernel/dist/main.js is missing: run `npm run setup` first.\n");
    assert.ok(!existsSync(path.join(prefix, "share")));
  });
});
