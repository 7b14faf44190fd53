import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import {
  NOTEBOOKS,
  joined,
  readNotebook,
  tagsOf,
  writeNotebook,
  type Cell,
  type Notebook,
} from "../../environment/notebooks/notebook.mjs";
import { notebookFolder } from "../environment/notebooks";
import { ROOT, runNode } from "../environment/programs";

const FIRST = "01-broken-first-attempt";
const THIRD = "03-balanced-fix";
/** What the third notebook needs of the first, as `npm run nbval` has left it. */
const ARTEFACTS = path.join(ROOT, "build/nbval/build/artefacts", FIRST);

const THE_FIX = `const each = (examples: number) => ({ perLabel: examples / 2, seed: story.settings.seed });
const smallTrain = lib.balanced(train, each(story.settings.trainExamples));
const smallTest = lib.balanced(test, each(story.settings.validationExamples));
[smallTrain, smallTest].map((set) => \`\${set.name}: \${set.length} reviews\`);`;
const THE_MISTAKE = `const { seed, trainExamples, validationExamples } = story.settings;
const balancedTrain = train.select(lib.range(trainExamples));
const balancedTest = test.select(lib.range(validationExamples));`;

/** The notebook with one cell's code replaced, up to its second verdict: what comes after costs time and decides nothing. */
function tampered(name: string, tag: string, source: string): Notebook {
  const notebook = readNotebook(path.join(NOTEBOOKS, `${name}.ipynb`));
  const tagged = notebook.cells.filter((cell) => tagsOf(cell).includes(tag));
  assert.equal(tagged.length, 1, `one cell of ${name} is tagged ${tag}`);
  const [cell] = tagged;
  if (cell) cell.source = source;
  const verdicts = notebook.cells.flatMap((one, index) => (isVerdict(one) ? [index] : []));
  return { ...notebook, cells: notebook.cells.slice(0, (verdicts[1] ?? Infinity) + 1) };
}

const isVerdict = (cell: Cell): boolean => joined(cell.source).includes("story.verdict(");

/** The code cells of a notebook that nbval calls red. */
function redCells(name: string, notebook: Notebook, build?: string): Cell[] {
  const folder = notebookFolder({});
  const file = path.join(folder, `${name}.ipynb`);
  writeNotebook(file, notebook);
  const out = path.join(folder, "nbval");
  const answer = runNode(["environment/nbval.mjs", "--out", out, ...(build ? ["--build", build] : []), file]);
  assert.equal(answer.status, 1, answer.stdout + answer.stderr);
  const report = readFileSync(path.join(out, "report.xml"), "utf8");
  const cells = notebook.cells.filter(({ cell_type: type }) => type === "code");
  return [...report.matchAll(/<testcase [^>]*name="Cell (\d+)"[^>]*>\s*<(?:failure|error)/g)].flatMap(
    ([, number]) => cells[Number(number)] ?? [],
  );
}

/** That the tampered notebook ran as it should, and came to another verdict. */
function assertOnlyResultsDiffer(notebook: Notebook, tag: string, red: Cell[]): void {
  const place = (cell: Cell): number => notebook.cells.indexOf(cell);
  const tamperedAt = notebook.cells.findIndex((cell) => tagsOf(cell).includes(tag));
  for (const cell of red) {
    assert.ok(place(cell) >= tamperedAt, `before the change: ${joined(cell.source)}`);
    // of these, nbval compares nothing: they are red only if they throw
    assert.ok(!tagsOf(cell).includes("nbval-ignore-output"), `throws: ${joined(cell.source)}`);
  }
  assert.ok(red.some(isVerdict), "a verdict is another");
}

describe("nbval, of the story itself", () => {
  it("is red when the fix is put into the notebook of the mistake", () => {
    const fixed = tampered(FIRST, "the-mistake", THE_FIX);
    assertOnlyResultsDiffer(fixed, "the-mistake", redCells(FIRST, fixed));
  });

  it("is red when the mistake is put into the notebook of the fix", () => {
    const build = path.join(notebookFolder({}), "build");
    if (existsSync(ARTEFACTS)) cpSync(ARTEFACTS, path.join(build, "artefacts", FIRST), { recursive: true });
    else {
      const first = path.join(NOTEBOOKS, `${FIRST}.ipynb`);
      const out = path.join(build, "nbval");
      assert.equal(runNode(["environment/nbval.mjs", "--out", out, "--build", build, first]).status, 0);
    }
    const broken = tampered(THIRD, "the-fix", THE_MISTAKE);
    assertOnlyResultsDiffer(broken, "the-fix", redCells(THIRD, broken, build));
  });
});
