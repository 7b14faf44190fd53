import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describe, it } from "node:test";
import { onlyClass } from "../../environment/jupyterhub/one-class.mjs";
import { temporaryFolder } from "./programs";

/** Behind which nothing listens. */
const FREE = "http://127.0.0.1:9";

describe("a class", () => {
  it("is the only one in its folder, until it has ended", async () => {
    const folder = temporaryFolder();
    const program = path.join(folder, "jupyterhub.mjs");
    writeFileSync(program, "setTimeout(() => {}, 1e6);");
    const first = spawn(process.execPath, [program], { stdio: "ignore" });
    const ended = new Promise((resolve) => first.once("close", resolve));
    writeFileSync(path.join(folder, "class.pid"), String(first.pid));
    await assert.rejects(onlyClass({ folder, address: FREE }), /A class is running in this folder: end it/);
    first.kill("SIGKILL");
    await ended;
    const free = await onlyClass({ folder, address: FREE });
    assert.ok(existsSync(path.join(folder, "class.pid")));
    free();
    assert.ok(!existsSync(path.join(folder, "class.pid")));
  });

  it("leaves alone the process whose number a proxy had that is gone", async () => {
    const folder = temporaryFolder();
    const proxy = path.join(folder, "jupyterhub-proxy.pid");
    writeFileSync(proxy, String(process.pid));
    const free = await onlyClass({ folder, address: FREE });
    free();
    assert.ok(!existsSync(proxy), "JupyterHub would end it");
  });

  it("does not take a port at which something answers", async () => {
    const server = createServer((_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const asked = onlyClass({ folder: temporaryFolder(), address: `http://127.0.0.1:${port}` });
    await assert.rejects(asked, /answers at http:\S+ already: expected another --port/);
    server.closeAllConnections();
    server.close();
  });
});
