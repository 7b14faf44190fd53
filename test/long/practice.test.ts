import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { AnswerCheck } from "../../lib/src/index";
import { nameOf, writeNotebook } from "../../environment/notebooks/notebook.mjs";
import { solvedCopy } from "../../environment/workshop/solved.mjs";
import { workshopNotebooks, type WorkshopNotebook } from "../../environment/workshop/workshop-notebooks.mjs";
import { ROOT, runNode } from "../environment/programs";
import { runPractice } from "./practice-run";

/** What notebooks 1 to 6 leave for each other, as `npm test` has left it; their checkpoints are not needed. */
const LEFT_BY_NPM_TEST = path.join(ROOT, "build/nbval/build/artefacts");
/** What must be there of an earlier notebook, for a practice notebook that is not run after it. */
const NEEDS = { "05": "04-gpu-fine-tuning" } as const;
const DAILY = ["01", "02", "05"];
const isDeep = process.env["DEEP"] !== undefined;
/** `PRACTICE=02` runs that one alone. */
const ONLY = process.env["PRACTICE"];

describe("a practice notebook", () => {
  mkdirSync(path.join(ROOT, "build"), { recursive: true });
  const folder = mkdtempSync(path.join(ROOT, "build", "practice-test-"));
  const build = path.join(folder, "build");
  let notebooks: WorkshopNotebook[] = [];

  before(async () => {
    notebooks = await workshopNotebooks(folder);
    for (const part of ["practice", "solved"]) mkdirSync(path.join(folder, part));
    if (!isDeep && existsSync(LEFT_BY_NPM_TEST))
      cpSync(LEFT_BY_NPM_TEST, path.join(build, "artefacts"), { recursive: true });
    process.env["STORY_BUILD"] = build;
  });
  after(() => {
    delete process.env["STORY_BUILD"];
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  for (const number of ["01", "02", "03", "04", "05", "06"]) {
    const skip = ONLY ? ONLY !== number : !isDeep && !DAILY.includes(number);
    it(`judges every answer of notebook ${number}, and goes on`, { skip }, async (context) => {
      const needed = number === "05" ? NEEDS[number] : undefined;
      if (needed && !existsSync(path.join(build, "artefacts", needed))) {
        context.skip(`it needs what ${needed} leaves: npm test, or --deep`);
        return;
      }
      const workshop = find(notebooks, number);
      const judged = await runPractice(workshop, path.join(folder, "practice"));
      const expected = workshop.tasks.reduce((sum, { wrong }) => sum + 2 + wrong.length, 0);
      assert.equal(judged, expected);
    });
  }

  for (const number of ["01", "02", "03", "04", "05", "06"]) {
    const skip = ONLY ? ONLY !== number : !isDeep && number !== "02";
    it(`of ${number} passes nbval with the solutions put back`, { skip }, async () => {
      const { file, practice, notebook: saved, tasks } = find(notebooks, number);
      const showRight = (right: string) =>
        new AnswerCheck({ kind: "answer", state: "right", sentences: [right] }).toMimeBundle();
      const solved = path.join(folder, "solved", path.basename(file));
      writeNotebook(solved, await solvedCopy({ practice, saved, tasks, showRight }));
      const args = ["--out", path.join(folder, "nbval"), "--build", build, solved];
      const nbval = runNode(["environment/nbval.mjs", ...args]);
      assert.equal(nbval.status, 0, `${nbval.stdout}\n${nbval.stderr}`);
    });
  }
});

function find(notebooks: readonly WorkshopNotebook[], number: string): WorkshopNotebook {
  const found = notebooks.find(({ file }) => nameOf(file).startsWith(number));
  if (!found) throw new Error(`There is no notebook ${number}.`);
  return found;
}
