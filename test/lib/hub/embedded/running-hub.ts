import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import path from "node:path";
import { startEmbeddedHub } from "../../../../lib/src/hub/embedded/embedded-hub";

/** What writing needs in these tests. */
export const TOKEN = "hf_embedded";

/** A Hub with plain requests to it; whoever starts it closes it. */
export async function runningHub(folder: string) {
  const hub = await startEmbeddedHub({ folder, token: TOKEN });
  return { ...requests(hub.endpoint), close: () => hub.close(), endpoint: hub.endpoint, folder };
}

/** A Hub as `runningHub` gives it. */
export type RunningHub = Awaited<ReturnType<typeof runningHub>>;

/** Plain requests to a Hub, with the token unless `init` says otherwise. */
export function requests(endpoint: string) {
  const send = (method: string, address: string, body?: unknown, headers: Record<string, string> = {}) => {
    const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
    return fetch(`${endpoint}${address}`, {
      method,
      headers: { Authorization: `Bearer ${TOKEN}`, ...headers },
      ...(text !== undefined && { body: text }),
    });
  };
  return {
    get: (address: string, headers?: Record<string, string>) => send("GET", address, undefined, headers),
    post: (address: string, body: unknown, headers?: Record<string, string>) =>
      send("POST", address, body, headers),
    remove: (address: string) => send("DELETE", address),
    create: async (name: string) => {
      assert.equal((await send("POST", "/api/repos/create", { name, type: "model" })).status, 200);
    },
    commit: (name: string, operations: unknown[], header: Record<string, unknown> = {}) => {
      const lines = [{ key: "header", value: { summary: "a change", ...header } }, ...operations];
      const body = lines.map((line) => JSON.stringify(line)).join("\n");
      return send("POST", `/api/models/reader/${name}/commit/main`, body);
    },
    /** Where Git LFS's batch says to put these bytes, or undefined if they are there. */
    uploadAddress: async (name: string, oid: string, size: number) => {
      const batch = { operation: "upload", transfers: ["basic"], objects: [{ oid, size }] };
      const answer = await send("POST", `/reader/${name}.git/info/lfs/objects/batch`, batch);
      const { objects } = (await answer.json()) as {
        objects: { actions?: { upload: { href: string } } }[];
      };
      return objects[0]?.actions?.upload.href;
    },
    head: async (name: string) => {
      const answer = await send("GET", `/api/models/reader/${name}`);
      return ((await answer.json()) as { sha: string }).sha;
    },
  };
}

/** A commit's line that adds a text file. */
export function file(name: string, text: string) {
  return {
    key: "file",
    value: { path: name, content: Buffer.from(text).toString("base64"), encoding: "base64" },
  };
}

/** A commit's line that adds a large file. */
export function lfsFile(name: string, bytes: Uint8Array) {
  return {
    key: "lfsFile",
    value: { path: name, algo: "sha256", oid: sha256(bytes), size: bytes.length },
  };
}

/** In hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Asserts how a Hub refuses: status, words, code, and that no answer holds the token or a path of this machine. */
export async function assertRefused(
  answer: Response,
  expected: { status: number; error: RegExp; code?: string },
): Promise<void> {
  const text = await answer.text();
  assert.equal(answer.status, expected.status, text);
  const { error } = JSON.parse(text) as { error: string };
  assert.match(error, expected.error);
  assert.equal(answer.headers.get("x-error-code"), expected.code ?? null);
  assert.equal(answer.headers.get("x-error-message"), error.replace(/[^\u0020-\u007e]/g, "?"));
  assert.ok(answer.headers.get("x-request-id"));
  assert.ok(!text.includes(TOKEN) && !text.includes(path.sep + "tmp"), text);
}

/** Every file on disk below a folder, relative to it. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
