import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { CachedModule } from "../../environment/kernel/src/code-cache";
import { makeFolder } from "./kernel-client";

describe("the code of a module, kept for later processes", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = makeFolder("code-cache");
    file = path.join(folder, "large.js");
    writeFileSync(file, "exports.path = require('node:path');\nexports.twice = (n) => 2 * n;\n");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const caches = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".cache"));
  const twice = (cached: CachedModule): number => (cached.exports as { twice(n: number): number }).twice(21);

  it("is written once, used from then on, and replaced when the module has changed", () => {
    const first = new CachedModule(file, folder);
    assert.equal(first.isKept, false);
    assert.equal(twice(first), 42);
    first.keep();
    assert.equal(caches().length, 1);

    const second = new CachedModule(file, folder);
    assert.equal(second.isKept, true);
    assert.equal(twice(second), 42);

    // of the same length
    writeFileSync(file, readFileSync(file, "utf8").replace("2 * n", "3 * n"));
    const changed = new CachedModule(file, folder);
    assert.equal(changed.isKept, false);
    assert.equal(twice(changed), 63);
    changed.keep();
    assert.equal(caches().length, 1);
  });

  it("is passed over when it is broken, and made anew", () => {
    new CachedModule(file, folder).keep();
    const [name = ""] = caches();
    const bytes = readFileSync(path.join(folder, name));
    bytes.fill(0, bytes.length >> 1);
    writeFileSync(path.join(folder, name), bytes);
    const cached = new CachedModule(file, folder);
    assert.equal(cached.isKept, false);
    assert.equal(twice(cached), 42);
    cached.keep();
    assert.equal(new CachedModule(file, folder).isKept, true);
  });

  it("is done without where it cannot be written", () => {
    const cached = new CachedModule(file, path.join(folder, "missing"));
    cached.keep();
    assert.equal(twice(cached), 42);
  });
});
