import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { pushToHub } from "../../lib/src/hub/push-to-hub";
import { ROOT, runNode, temporaryFolder } from "./programs";

const PROGRAM = path.join(ROOT, "environment/hub.mjs");
const folder = temporaryFolder();

describe("npm run hub", () => {
  it("serves a folder until it is interrupted, with a token of its own that it does not show", async () => {
    const child = spawn(process.execPath, [PROGRAM, "--dir", "hub", "--port", "0"], { cwd: folder });
    let said = "";
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      said += chunk.toString();
      if (said.includes("git clone")) break;
    }
    const endpoint = /at (http:\/\/127\.0\.0\.1:\d+);/.exec(said)?.[1] ?? "";
    const token = readFileSync(path.join(folder, "hub/token"), "utf8").trim();
    assert.match(token, /^hf_[0-9a-f]{32}$/);
    assert.ok(!said.includes(token), said);
    assert.match(said, /HF_TOKEN="\$\(cat 'hub\/token'\)"/);
    assert.equal(statSync(path.join(folder, "hub/token")).mode & 0o777, 0o600);
    const model = temporaryFolder();
    writeFileSync(path.join(model, "config.json"), "{}");
    await pushToHub({ folder: model, repo: "reader/model", commitMessage: "first", endpoint, token });
    assert.equal((await fetch(`${endpoint}/reader/model/resolve/main/config.json`)).status, 200);
    child.kill("SIGINT");
    const [status] = (await once(child, "exit")) as [number | null];
    assert.equal(status, 0);
  });

  it("ends with 2 and one line where it cannot", () => {
    for (const [args, expected] of [
      [["--port", "x"], /^--port is x; expected a number/],
      [["--token", "abc"], /^The token is none; expected hf_/],
      [["--prot", "1"], /^Unknown option '--prot'/],
    ] as const) {
      const { status, stderr } = runNode([PROGRAM, ...args], { cwd: folder });
      assert.equal(status, 2);
      assert.match(stderr, expected);
      assert.equal(stderr.trim().split("\n").length, 1);
    }
    assert.match(runNode([PROGRAM, "--help"]).stdout, /npm run hub -- --dir/);
  });
});
