import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, it } from "node:test";
import { ClientProcess } from "../../../lib/src/tracking/client-process";
import { writeFileSync } from "node:fs";
import { temporaryFolder } from "../temporary-folder";

const folder = temporaryFolder();

/** A client that is a shell script, and what is said of its failures. */
function start(script: string): { client: ClientProcess; failures: string[] } {
  const program = path.join(folder, "client.sh");
  writeFileSync(program, script);
  const failures: string[] = [];
  const onFailure = (reason: string): void => void failures.push(reason);
  const client = new ClientProcess({ python: "sh", program, client: "x", folder, onFailure });
  return { client, failures };
}

describe("ClientProcess", () => {
  it("hands messages over as lines, and hears where the run is to be seen", async () => {
    const { client, failures } = start(
      'read -r first; read -r last; echo noise; echo "{\\"place\\": $last}"; echo \'{"done": true}\'; [ "$first" = \'{"a":1}\' ]',
    );
    client.send({ a: 1 });
    assert.deepEqual(await client.end({ b: 2 }, { seconds: 30 }), { place: { b: 2 }, isDone: true });
    assert.deepEqual(failures, []);
  });

  it("waits no longer than it is told", async () => {
    const { client, failures } = start("sleep 60");
    assert.deepEqual(await client.end({ end: 0 }, { seconds: 0.1 }), { place: undefined, isDone: false });
    client.kill();
    assert.deepEqual(failures, []);
  });

  it("waits no longer than the cell's reader", async () => {
    const { client, failures } = start("sleep 5");
    const flag = { requested: false };
    setTimeout(() => (flag.requested = true), 50);
    const waited = client.end({ end: 0 }, { seconds: 3_600, flag });
    const ended = new Promise((resolve) => setTimeout(resolve, 4_000, "ended").unref());
    assert.deepEqual(await Promise.race([waited, ended]), { place: undefined, isDone: false });
    client.kill();
    assert.deepEqual(failures, []);
  });

  it("fails once, and does not wait, where the client does not read", async () => {
    const { client, failures } = start("sleep 60");
    for (let sent = 0; sent < 6; sent++) client.send({ text: "x".repeat(1_000_000) });
    assert.deepEqual(failures, ["its client does not keep up"]);
    client.kill();
    await client.end({ end: 0 }, { seconds: 30 });
    assert.deepEqual(failures, ["its client does not keep up"]);
  });

  it("fails once where there is no such program", async () => {
    const failures: string[] = [];
    const client = new ClientProcess({
      ...{ python: path.join(folder, "missing"), program: "x", client: "x", folder },
      onFailure: (reason) => void failures.push(reason),
    });
    client.send({ a: 1 });
    await client.end({ end: 0 }, { seconds: 30 });
    assert.equal(failures.length, 1);
    assert.match(failures[0] ?? "", /ENOENT/);
  });

  it("throws, and ends nothing else, where the process has no file left to open", () => {
    const child = path.join(__dirname, "no-file-left-child.ts");
    const command = 'ulimit -n 96 && exec "$0" --import tsx "$1"';
    const said = execFileSync("sh", ["-c", command, process.execPath, child], { encoding: "utf8" });
    assert.equal(said, "its client could not be started: too many files are open\n[]\n");
  });
});
