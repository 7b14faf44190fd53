import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { listNotebooks, nameOf } from "../../environment/notebooks/notebook.mjs";
import { temporaryFolder } from "./programs";

describe("the list of notebooks", () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, "appendix"));
  for (const name of ["02-b.ipynb", "01-a.ipynb", "notes.txt", "appendix/a-first.ipynb", "appendix/c.ipynb"])
    writeFileSync(path.join(folder, name), "{}");
  const namesOf = (only?: string[]) => listNotebooks(only, folder).map(nameOf);

  it("is in the order of the story, the appendix last, whatever the letters", () => {
    assert.deepEqual(namesOf(), ["01-a", "02-b", "a-first", "c"]);
  });

  it("takes those that begin so, in the appendix too", () => {
    assert.deepEqual(namesOf(["02", "c"]), ["02-b", "c"]);
    assert.deepEqual(namesOf(["a"]), ["a-first"]);
  });

  it("refuses a name that there is not, and says which there are", () => {
    assert.throws(
      () => namesOf(["03"]),
      /There is no notebook 03 \(there are: 01-a\.ipynb, 02-b\.ipynb, a-first\.ipynb, c\.ipynb\)/,
    );
  });

  it("may do without an appendix", () => {
    assert.deepEqual(listNotebooks([], path.join(folder, "appendix")).map(nameOf), ["a-first", "c"]);
  });
});
