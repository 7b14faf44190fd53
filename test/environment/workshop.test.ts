import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import { checkTypes } from "../../environment/notebooks/cell-module.mjs";
import { findLocalTraces } from "../../environment/notebooks/local-traces.mjs";
import { joined, nameOf, type Notebook } from "../../environment/notebooks/notebook.mjs";
import { instructorPage } from "../../environment/workshop/instructor.mjs";
import { readTimings } from "../../environment/workshop/measure.mjs";
import { matchTasks, practiceCopy, taskNameOf } from "../../environment/workshop/practice.mjs";
import { slidesOf } from "../../environment/workshop/slides.mjs";
import { solvedCopy } from "../../environment/workshop/solved.mjs";
import { parseTasks } from "../../environment/workshop/tasks.mjs";
import { workshopNotebooks, type WorkshopNotebook } from "../../environment/workshop/workshop-notebooks.mjs";
import { code, notebook, prose } from "./notebooks";
import { ROOT } from "./programs";

const OUT = path.join(ROOT, "build/workshop");
const TASK = `# Title

The goal.

## a-task

### Minutes

3

### Task

Count.

### Stub

\`\`\`ts
const answerCount = lib.yourAnswer<number>();
\`\`\`

### Hint

How?

### Solution

\`\`\`ts
const answerCount = 1;
\`\`\`

### Check

\`\`\`ts
lib.checkAnswer({ kinds: { answerCount: "number" }, given: { answerCount }, right: RIGHT, expect: () => [] });
\`\`\`

### Right

It is "one".

### Stuck

Nowhere.

### Wrong answers

\`\`\`ts
const answerCount = NaN;
\`\`\`

Refused with: measured
`;

describe("a file of tasks", () => {
  it("gives every part of a task", () => {
    const { title, goal, tasks } = parseTasks(TASK, "01.md");
    assert.equal(`${title}: ${goal}`, "Title: The goal.");
    const [task] = tasks;
    assert.equal(task?.name, "a-task");
    assert.equal(task.right, 'It is "one".');
    assert.deepEqual(task.wrong, [{ code: "const answerCount = NaN;", refusedWith: "measured" }]);
  });

  it("is refused where a part is missing, unknown, or not what it must be", () => {
    const cases: [string, string, RegExp][] = [
      ["### Hint\n\nHow?\n", "", /01.md, task a-task: "### Hint" is missing or empty/],
      ["### Hint", "### Hnit", /there is no part "Hnit"/],
      ["right: RIGHT", 'right: "x"', /expected `right: RIGHT` once/],
      [
        "Refused with: measured",
        "",
        /expected a line "Refused with: words" after "const answerCount = NaN;"/,
      ],
      ["### Minutes\n\n3", "### Minutes\n\nfew", /found "few"; expected a number above 0/],
      ["## a-task", "## A Task", /expected a name of small letters/],
      ["The goal.", "", /expected "# Title" and the goal/],
    ];
    for (const [found, instead, error] of cases)
      assert.throws(() => parseTasks(TASK.replace(found, instead), "01.md"), error);
    const twice = TASK + TASK.slice(TASK.indexOf("## a-task"));
    assert.throws(() => parseTasks(twice, "01.md"), /two tasks named a-task/);
  });

  it("and the tags of a notebook must name the same tasks", () => {
    const { tasks } = parseTasks(TASK, "01.md");
    const tagged = (...tags: string[]) => notebook(code("1;", { tags }));
    assert.equal(matchTasks(tagged("practice-a-task"), tasks, "01").size, 1);
    assert.throws(() => matchTasks(tagged(), tasks, "01"), /0 cells are tagged practice-a-task/);
    assert.throws(
      () => matchTasks(tagged("practice-b"), tasks, "01"),
      /tagged practice-b; the tasks are: a-task/,
    );
  });
});

describe("the workshop's notebooks", () => {
  let notebooks: WorkshopNotebook[] = [];
  before(async () => {
    notebooks = await workshopNotebooks(OUT);
  });

  it("are the story's six, with two to four tasks each, each with a wrong answer", () => {
    assert.deepEqual(
      notebooks.map(({ file }) => nameOf(file).slice(0, 2)),
      ["01", "02", "03", "04", "05", "06"],
    );
    for (const { tasks } of notebooks) assert.ok(tasks.length >= 2 && tasks.length <= 4);
    for (const { wrong } of notebooks.flatMap(({ tasks }) => tasks)) assert.ok(wrong.length >= 3);
  });

  it("keep the prose and every cell in their practice copies, with decisive cells folded and outputs gone", () => {
    for (const { notebook: original, practice, tasks } of notebooks) {
      const added = /^(task|stub|check|solution)-/;
      const kept = practice.cells.filter(({ id = "" }) => !added.test(id));
      assert.deepEqual(kept.map(withoutLinks), original.cells.map(withoutLinks));
      assert.equal(practice.cells.length, original.cells.length + 4 * tasks.length);
      for (const cell of practice.cells) {
        assert.deepEqual(cell.outputs ?? [], []);
        const hidden = (cell.metadata["jupyter"] as { source_hidden?: boolean } | undefined)?.source_hidden;
        const isFolded = taskNameOf(cell) !== undefined || cell.id?.startsWith("check-") === true;
        assert.equal(hidden === true, isFolded, cell.id);
      }
    }
  });

  it("have the right types with the stubs left, and with the solutions put in", async () => {
    const showRight = () => Promise.resolve({ "text/plain": "right" });
    const both = notebooks.map(async ({ file, notebook: saved, practice, tasks }) => {
      const at = (name: string) => path.join(OUT, "practice", `${name}${nameOf(file)}.ipynb`);
      const solved = await solvedCopy({ practice, saved, tasks, showRight });
      return [
        { file: at(""), notebook: practice },
        { file: at("solved-"), notebook: solved },
      ];
    });
    const wrong = notebook(
      code('import * as lib from "@finetune-debug/lib";'),
      code("lib.yourAnswer<Reviews>();"),
    );
    const spoiled = { file: path.join(OUT, "practice", "spoiled.ipynb"), notebook: wrong };
    const found = checkTypes([...(await Promise.all(both)).flat(), spoiled]);
    assert.match(found.get(spoiled.file)?.[0]?.message ?? "", /Reviews/);
    found.delete(spoiled.file);
    assert.deepEqual([...found.values()].flat(), []);
  });

  it("have links that lead somewhere, slides that begin with headings, and tell nothing of this machine", () => {
    for (const { file, practice, slides } of notebooks) {
      for (const [part, copy] of [["practice", practice] as const, ["slides", slides] as const]) {
        assert.deepEqual(findLocalTraces(copy), []);
        const others = notebooks.map((one) => path.basename(one.file));
        for (const target of linksOf(copy)) {
          const lies = others.includes(target) || existsSync(path.resolve(OUT, part, target));
          assert.ok(lies, `${nameOf(file)}: ${target}`);
        }
      }
      for (const cell of slides.cells) {
        const { slide_type: type } = cell.metadata["slideshow"] as { slide_type: string };
        const isHeading = cell.cell_type === "markdown" && /^#{1,2} /.test(joined(cell.source));
        assert.equal(type === "slide", isHeading);
      }
      const [, setUp] = slides.cells;
      assert.ok(setUp && "slideshow" in setUp.metadata);
    }
  });

  it("have a page for the instructor, with every solution", () => {
    const page = instructorPage(notebooks, readTimings());
    for (const { solution } of notebooks.flatMap(({ tasks }) => tasks)) assert.ok(page.includes(solution));
    assert.ok(!page.includes("not measured"));
    const [, short = ""] = page.split("**90 minutes**");
    const [, tasks, running] = /together \| \| (\d+) \| ([\d.]+) \|/.exec(short) ?? [];
    assert.ok(2 * Number(tasks) + Number(running) <= 90, "with as much talk as tasks, it fits");
  });
});

it("a tag says how a cell is shown on slides, and one that says nothing is refused", () => {
  const shown = (...tags: string[]) =>
    slidesOf({ notebook: notebook(code("1;", { tags })), folder: OUT, beside: [] }).cells[0]?.metadata[
      "slideshow"
    ];
  assert.deepEqual(shown(), { slide_type: "skip" });
  assert.deepEqual(shown("slide-fragment"), { slide_type: "fragment" });
  assert.throws(() => shown("slide-up"), /slide-up; expected one of slide-slide/);
});

it("links to what does not lie beside a copy are written anew", async () => {
  const original = notebook(
    prose("[a](01-a.ipynb#x) [b](../README.md) [c](appendix/b.ipynb) [d](#here) [e](https://e.org/x)"),
  );
  const copy = await practiceCopy({
    notebook: original,
    tasks: [],
    name: "01",
    folder: `${OUT}/practice`,
    beside: ["01-a.ipynb"],
  });
  assert.equal(
    joined(copy.cells[0]?.source),
    "[a](01-a.ipynb#x) [b](../../../README.md) [c](../../../notebooks/appendix/b.ipynb) [d](#here) [e](https://e.org/x)",
  );
});

function withoutLinks({ cell_type: type, id, source }: Notebook["cells"][number]): string {
  return JSON.stringify([type, id, joined(source).replace(/\]\([^)]*\)/g, "]()")]);
}

function linksOf({ cells }: Notebook): string[] {
  const prose = cells
    .filter(({ cell_type: type }) => type === "markdown")
    .map(({ source }) => joined(source));
  return [...prose.join("\n").matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}
