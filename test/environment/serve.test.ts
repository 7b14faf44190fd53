import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describe, it } from "node:test";
import { readRequestLog } from "../../lib/src/serving/read-request-log";
import { ask } from "../lib/serving/ask";
import { writeTinyClassifier } from "../lib/serving/tiny-classifier";
import { ROOT, runNode, temporaryFolder } from "./programs";
import { serve } from "./running-server";

const PROGRAM = path.join(ROOT, "environment/serve.mjs");
const folder = temporaryFolder();
writeTinyClassifier(path.join(folder, "tiny"));

describe("npm run serve", () => {
  it("serves a model until it is told to end, logs what it answered, and never shows its token", async () => {
    const token = "secret-of-this-test";
    writeFileSync(path.join(folder, "token"), `${token}\n`);
    const args = ["--model", "tiny", "--id", "reader/tiny", "--port", "0", "--max-length", "32"];
    const running = await serve([...args, "--log", "log.jsonl", "--token-file", "token"], { cwd: folder });
    assert.match(running.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
    const url = `${running.endpoint}/models/reader/tiny`;
    const headers = { authorization: `Bearer ${token}` };
    const { status, body } = await ask(url, { inputs: "A gem." }, { headers });
    assert.equal(status, 200);
    assert.equal(body[0]?.length, 3);
    assert.equal((await ask(url, { inputs: "A gem." })).status, 401);
    assert.equal(await running.end("SIGTERM"), 0);
    assert.ok(!running.printed().includes(token), running.printed());
    const { predictions } = await readRequestLog(path.join(folder, "log.jsonl"));
    assert.deepEqual(predictions.map(({ model, text }) => [model, text]), [["reader/tiny", "A gem."]]); // prettier-ignore
  });

  it("takes the token from the environment too", async () => {
    const running = await serve(["--model", "tiny", "--port", "0"], {
      cwd: folder,
      env: { SERVE_TOKEN: "abc" },
    });
    assert.equal((await ask(running.endpoint, { inputs: "A gem." })).status, 401);
    assert.equal(await running.end("SIGINT"), 0);
  });

  it("ends with 2 and one line where it cannot", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const port = String((taken.address() as AddressInfo).port);
    for (const [args, expected] of [
      [[], /^There is no model to serve: give --model/],
      [["--model", "tiny", "--port", "x"], /^--port is x; expected a whole number from 0 to 65535\./],
      [["--model", "tiny", "--max-length", "1"], /^--max-length is 1; expected a whole number from 3\./],
      [["--model", "tiny", "--prot", "1"], /^Unknown option '--prot'/],
      [["--model", "tiny", "--token-file", "none"], /^--token-file is none, which cannot be read/],
      [["--model", "tiny", "--log", "no/such"], /^The log .*such cannot be written to \(ENOENT\)/],
      [["--model", "tiny", "--port", port], /^Port \d+ is taken: end the program that listens there/],
    ] as const) {
      const { status, stderr } = runNode([PROGRAM, ...args], { cwd: folder });
      assert.equal(status, 2, args.join(" "));
      assert.match(stderr, expected);
      assert.equal(stderr.trim().split("\n").length, 1);
    }
    for (const SERVE_TOKEN of ["", " ", "two words", "line\n"]) {
      const { status, stderr } = runNode([PROGRAM, "--model", "tiny", "--port", port], {
        cwd: folder,
        env: { SERVE_TOKEN },
      });
      assert.equal(status, 2);
      assert.match(stderr, /^SERVE_TOKEN is set and holds no token; expected one word/);
    }
    taken.close();
    const { status, stderr } = runNode([PROGRAM, "--model", "no-such-folder/", "--port", "0"], {
      cwd: folder,
    });
    assert.equal(status, 2);
    assert.match(stderr, /"no-such-folder\/" is no folder here and cannot be a model on the Hub/);
    assert.match(runNode([PROGRAM, "--help"]).stdout, /npm run serve -- --model/);
  });
});
