import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { explainFailure } from "../../environment/setup/error.mjs";
import { PYTHON } from "../../environment/setup/paths.mjs";
import { UV } from "../../environment/setup/python.mjs";
import { temporaryFolder } from "./programs";

/** A port of this machine behind which nothing listens. */
const CLOSED = "http://127.0.0.1:9";
const PIN = `six==1.17.0 --hash=sha256:${"0".repeat(64)}\n`;

/** Runs a tool that must fail; returns all that it printed. */
function failureOf(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  const offline = {
    PIP_FIND_LINKS: undefined,
    PIP_CONFIG_FILE: "/dev/null",
    UV_CACHE_DIR: path.join(cwd, "uv"),
  };
  const run = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...offline, ...env },
  });
  const output = run.stdout + run.stderr;
  assert.notEqual(run.status, 0, output);
  return output;
}

function explained(output: string): string {
  const { message } = explainFailure("Installing", output, "environment/.setup/setup.log");
  assert.ok(!message.includes("\n"), `one line: ${message}`);
  return message;
}

const NO_NETWORK = /^Installing failed: the package registry did not answer\. Check the network/;

describe("explainFailure, of what the tools really print", () => {
  it("without a network: npm", () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "package.json"), '{ "dependencies": { "left-pad": "1.3.0" } }');
    const args = [
      "install",
      "--fetch-retries=0",
      `--registry=${CLOSED}`,
      `--cache=${path.join(folder, "cache")}`,
    ];
    assert.match(explained(failureOf("npm", args, folder)), NO_NETWORK);
  });

  it("without a network: pip", () => {
    const folder = temporaryFolder();
    // as set-up calls it
    const asSetup = ["--quiet", "--disable-pip-version-check", "--retries", "1"];
    const args = [...asSetup, "--no-cache-dir", "--index-url", `${CLOSED}/simple`, "six"];
    assert.match(explained(failureOf(PYTHON, ["-m", "pip", "download", ...args], folder)), NO_NETWORK);
  });

  it("without a network: uv", () => {
    const folder = temporaryFolder();
    const args = [
      "pip",
      "install",
      "--python",
      PYTHON,
      "--target",
      folder,
      "--index-url",
      `${CLOSED}/simple`,
      "six",
    ];
    assert.match(explained(failureOf(UV, args, folder, { UV_HTTP_RETRIES: "0" })), NO_NETWORK);
  });

  it("a checksum that is not the pinned one: pip and uv", () => {
    const folder = temporaryFolder();
    // pip removes a wheel that lies where it downloads to
    const wheels = temporaryFolder();
    writeFileSync(path.join(folder, "pin.txt"), PIN);
    makeWheel(wheels);
    const local = ["--no-index", "--find-links", wheels, "--require-hashes", "-r", "pin.txt"];
    const wrong = /^Installing failed: a download does not have the pinned checksum\. Nothing of it was used/;
    assert.match(
      explained(failureOf(PYTHON, ["-m", "pip", "download", "--no-deps", ...local], folder)),
      wrong,
    );
    const target = ["--target", path.join(folder, "target")];
    assert.match(
      explained(failureOf(UV, ["pip", "install", "--python", PYTHON, ...target, ...local], folder)),
      wrong,
    );
  });

  it("a disk that is full, in the words of npm, pip, uv and the compiler", () => {
    for (const output of [
      "npm error code ENOSPC\nnpm error syscall write\nnpm error errno -28\nnpm error nospc ENOSPC: no space left on device, write",
      "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
      "error: Failed to install: six.whl\n  Caused by: failed to write to file: No space left on device (os error 28)",
      "/tmp/cc1.s: fatal error: error writing to /tmp/cc1.s: No space left on device",
    ])
      assert.match(explained(output), /^Installing failed: the disk is full\. Free about 4 GB/);
  });

  it("a lock file that npm finds changed", () => {
    assert.match(
      explained("npm error code EINTEGRITY\nnpm error sha512-abc integrity checksum failed"),
      /pinned checksum/,
    );
  });

  it("anything else by the line that names the error, and the log", () => {
    const output = "Collecting x\nTraceback:\nValueError: the tape is stuck\nbye";
    assert.equal(
      explained(output),
      "Installing failed: ValueError: the tape is stuck (the whole output: environment/.setup/setup.log)",
    );
    assert.match(explained(""), /no output|\(the whole output/);
  });
});

/** A wheel of six, with nothing in it. */
function makeWheel(folder: string): void {
  const code = [
    "import sys, zipfile",
    "with zipfile.ZipFile(sys.argv[1], 'w') as wheel:",
    "    wheel.writestr('six-1.17.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: six\\nVersion: 1.17.0\\n')",
    "    wheel.writestr('six-1.17.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')",
    "    wheel.writestr('six-1.17.0.dist-info/RECORD', '')",
  ].join("\n");
  const made = spawnSync(PYTHON, ["-c", code, path.join(folder, "six-1.17.0-py3-none-any.whl")]);
  assert.equal(made.status, 0, String(made.stderr));
}
