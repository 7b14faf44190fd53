import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { copySetup, fakePath, runNode, sayingLines, type Answer } from "./programs";

const PRELOAD = path.join(__dirname, "fake-machine.mjs");

/** Runs set-up in a fresh copy, on a machine that is not this one. */
function setUpOn(machine: object, env: NodeJS.ProcessEnv = {}): Answer & { folder: string } {
  const folder = copySetup();
  const answer = runNode(["--import", PRELOAD, path.join(folder, "environment/setup.mjs")], {
    cwd: folder,
    env: { ...env, FAKE_MACHINE: JSON.stringify(machine) },
  });
  return { ...answer, folder };
}

function assertRefused(
  { status, stdout, stderr, folder }: Answer & { folder: string },
  expected: RegExp,
): void {
  assert.equal(status, 1, stdout + stderr);
  assert.equal(sayingLines(stderr).length, 1, stderr);
  assert.match(stderr, expected);
  assert.ok(!existsSync(path.join(folder, "node_modules")), "nothing was installed");
  assert.ok(!existsSync(path.join(folder, ".venv")), "nothing was installed");
  const state = path.join(folder, "environment/.setup");
  const left = existsSync(state) ? readdirSync(state).filter((name) => /stamp|lock/.test(name)) : [];
  assert.deepEqual(left, []);
}

describe("npm run setup on a machine that cannot run this", () => {
  it("says one line about an old Node", () => {
    assertRefused(
      setUpOn({ node: "18.19.1" }),
      /^Set-up stopped\. Node 18\.19\.1 is too old: install Node 20\.19/,
    );
  });

  it("says one line about native Windows", () => {
    assertRefused(setUpOn({ platform: "win32" }), /^Set-up stopped\. Native Windows .* WSL2/);
  });

  it("says one line about musl", () => {
    assertRefused(setUpOn({ platform: "linux", musl: true }), /^Set-up stopped\. This Linux uses musl/);
  });

  it("says one line about a platform that it does not know", () => {
    assertRefused(
      setUpOn({ platform: "sunos", arch: "x64" }),
      /^Set-up stopped\. sunos-x64 is not supported yet/,
    );
  });

  it("says one line about a full disk", () => {
    assertRefused(
      setUpOn({ freeBytes: 5e8 }),
      /^Set-up stopped\. The disk has 0\.5 GB free and set-up needs 4 GB/,
    );
  });

  it("says one line about an old Python", () => {
    const bin = fakePath({ python3: "echo 3.9.18", python: "echo 2.7.18" });
    assertRefused(
      setUpOn({}, { PATH: bin, PYTHON: undefined }),
      /^Set-up stopped\. No Python 3\.10 or newer was found: python3 is 3\.9\.18, python is 2\.7\.18\. Install one/,
    );
  });

  it("says one line about no Python", () => {
    assertRefused(
      setUpOn({}, { PATH: fakePath({}), PYTHON: undefined }),
      /^Set-up stopped\. No Python .* none \(tried/,
    );
  });
});
