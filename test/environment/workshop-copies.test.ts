import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { readNotebook, type Notebook } from "../../environment/notebooks/notebook.mjs";
import { writeCopies } from "../../environment/workshop/write-copies.mjs";
import { code, notebook, prose } from "./notebooks";
import { temporaryFolder } from "./programs";

describe("a practice notebook", () => {
  const copyOf = (text: string) => [
    { file: "01-one.ipynb", notebook: notebook(prose(text), code("1;", { count: null })) },
  ];
  const write = (folder: string, text: string, fresh = false): string[] => {
    const said: string[] = [];
    writeCopies({ folder, copies: copyOf(text), fresh, say: (line) => said.push(line) });
    return said;
  };

  it("is written anew as long as nobody has worked in it", () => {
    const folder = temporaryFolder();
    assert.deepEqual(write(folder, "first"), []);
    const file = path.join(folder, "01-one.ipynb");
    // as JupyterLab saves it: other white space, metadata of its own
    writeFileSync(file, JSON.stringify({ ...readNotebook(file), metadata: { trusted: true } }));
    assert.deepEqual(write(folder, "second"), []);
    assert.match(readFileSync(file, "utf8"), /second/);
  });

  it("is kept once somebody has worked in it, and gets another name with --fresh", () => {
    const spoil: ((one: Notebook) => void)[] = [
      (one) => (one.cells[1] = code("2;")),
      (one) =>
        (one.cells[1] = code("1;", { outputs: [{ output_type: "stream", name: "stdout", text: "1" }] })),
    ];
    for (const work of spoil) {
      const folder = temporaryFolder();
      write(folder, "first");
      const file = path.join(folder, "01-one.ipynb");
      const worked = readNotebook(file);
      work(worked);
      writeFileSync(file, JSON.stringify(worked));
      const before = readFileSync(file, "utf8");
      assert.match(write(folder, "second").join(), /01-one.ipynb is kept/);
      assert.equal(readFileSync(file, "utf8"), before);
      assert.match(write(folder, "second", true).join(), /is now 01-one.kept-1.ipynb/);
      assert.equal(readFileSync(path.join(folder, "01-one.kept-1.ipynb"), "utf8"), before);
      assert.match(readFileSync(file, "utf8"), /second/);
      assert.ok(!readdirSync(folder).some((name) => name.endsWith(".part")));
    }
  });

  it("that is no notebook any more is kept, too", () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "01-one.ipynb"), "half a noteb");
    assert.match(write(folder, "first").join(), /is kept/);
  });
});
