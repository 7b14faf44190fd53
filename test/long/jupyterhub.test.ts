import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { ROOT } from "../environment/programs";
import { openClass, PASSWORD, type RunningClass, type SeatResult } from "./running-class";

/** A real JupyterHub with its proxy, and five users at once who execute notebook 2 over its address: five servers, five kernels. */
const NOTEBOOK = "02-distribution-check.ipynb";
const NAMES = ["ada", "boris", "chandra", "dilek", "eun-ji"];
const skip = process.platform === "linux" ? false : "the processes of a class are found in Linux's /proc";

interface Cell {
  cell_type: string;
  metadata: { tags?: string[] };
  outputs: { output_type: string; data?: Record<string, string | string[]>; text?: string | string[] }[];
}
const joined = (text: unknown) => (Array.isArray(text) ? text.join("") : String(text));
/** What a cell says in words, whichever way it says it. */
const words = (outputs: { data?: Record<string, unknown>; text?: unknown }[]) =>
  outputs.map(({ data, text }) => joined(data?.["text/plain"] ?? text ?? "")).join("\n");

describe("a class of five under JupyterHub", { skip }, () => {
  const { cells } = JSON.parse(readFileSync(path.join(ROOT, "notebooks", NOTEBOOK), "utf8")) as {
    cells: Cell[];
  };
  const saved = cells.filter(({ cell_type }) => cell_type === "code");
  let running: RunningClass;
  let seats: SeatResult[];
  let secrets: string[];
  before(async () => {
    running = await openClass();
    seats = await Promise.all(NAMES.map((name) => running.seat({ name, notebook: NOTEBOOK })));
    secrets = tokens(running.processes());
  });
  after(async () => {
    await running.end();
    running.remove();
  });

  it("gives each the outputs that the notebook was saved with", (t) => {
    for (const [index, { outputs }] of seats.entries()) {
      assert.equal(outputs.length, saved.length, NAMES[index]);
      for (const [cell, { metadata, outputs: expected }] of saved.entries()) {
        if (metadata.tags?.includes("nbval-ignore-output")) continue;
        assert.equal(words(outputs[cell] ?? []), words(expected), `${NAMES[index] ?? ""}, cell ${cell + 1}`);
      }
    }
    for (const [index, { seconds, usage }] of seats.entries())
      t.diagnostic(
        `${NAMES[index] ?? ""}: server in ${seconds.server.toFixed(0)} s, notebook in ${seconds.notebook.toFixed(0)} s, ` +
          `${Math.round(usage.pss / 2 ** 20)} MiB (PSS), ${usage.cpuSeconds.toFixed(0)} CPU seconds`,
      );
  });

  it("keeps their files apart, and the repository's notebooks as they were", () => {
    for (const name of NAMES) {
      const folder = path.join(running.folder, "users", name);
      assert.ok(existsSync(path.join(folder, "notebooks", NOTEBOOK)));
      assert.ok(readdirSync(path.join(folder, "build")).length > 0, "what the notebook saved");
    }
    assert.deepEqual(readdirSync(path.join(running.folder, "users")).sort(), NAMES);
  });

  it("refuses another password", async () => {
    const other = await running.seat({ name: "mallory", password: `${PASSWORD}!`, notebook: NOTEBOOK });
    assert.ok(other.refused);
    assert.ok(!existsSync(path.join(running.folder, "users/mallory")));
  });

  it("shows no password and no token, in what it prints and in its log", () => {
    // a server's own for each seat, which its kernel inherits
    assert.ok(secrets.length >= NAMES.length, String(secrets.length));
    for (const text of [running.printed(), running.log()])
      for (const secret of [PASSWORD, ...secrets]) assert.ok(!text.includes(secret));
  });

  it("ends with Ctrl-C, and no process of it is left", async () => {
    assert.ok(running.processes().length >= 2 + 2 * NAMES.length, running.processes().join());
    assert.equal(await running.end(), 0, running.printed());
    assert.match(running.printed(), /The class has ended/);
    assert.deepEqual(running.processes(), []);
  });
});

/** What the processes of a class were given as secrets: the tokens of servers, of the proxy. */
function tokens(processes: string[]): string[] {
  const found = processes.flatMap((name) => {
    const variables = readFileSync(`/proc/${name}/environ`, "utf8").split("\0");
    return variables.flatMap((one) => /^(?:JPY|JUPYTERHUB|CONFIGPROXY)\w*TOKEN=(.+)$/.exec(one)?.[1] ?? []);
  });
  return [...new Set(found)];
}
