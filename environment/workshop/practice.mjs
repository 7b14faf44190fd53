// @ts-check
import path from "node:path";
import prettier from "prettier";
import { NOTEBOOKS, joined, lines, tagAfter } from "../notebooks/notebook.mjs";
import { ROOT } from "../setup/paths.mjs";

/** @typedef {import("../notebooks/notebook.mjs").Cell} Cell */
/** @typedef {import("../notebooks/notebook.mjs").Notebook} Notebook */
/** @typedef {import("./tasks.mjs").Task} Task */

/** A cell with this tag and a task's name is one that the reader writes. */
const TAG = "practice-";

/**
 * Which task a cell is, if it is one.
 * @param {Cell} cell
 */
export function taskNameOf(cell) {
  return tagAfter(cell, TAG);
}

/**
 * The tasks by their cells' names, where each has a cell and each cell has a task.
 * @param {Notebook} notebook
 * @param {readonly Task[]} tasks
 * @param {string} name of the notebook, for errors
 */
export function matchTasks(notebook, tasks, name) {
  const tagged = notebook.cells.map(taskNameOf).filter((found) => found !== undefined);
  const known = tasks.map((task) => task.name);
  const unknown = tagged.find((found) => !known.includes(found));
  if (unknown !== undefined)
    throw new Error(
      `${name}: a cell is tagged ${TAG}${unknown}; the tasks are: ${known.join(", ") || "none"}.`,
    );
  for (const task of known) {
    const count = tagged.filter((found) => found === task).length;
    if (count !== 1)
      throw new Error(`${name}: ${count} cells are tagged ${TAG}${task}; the task has one cell.`);
  }
  return new Map(tasks.map((task) => [task.name, task]));
}

/**
 * A notebook to practise on: prose and cells as they are, and a task before each tagged cell, which is folded and goes on with the
 * right variables, whatever was answered.
 * @param {object} params
 * @param {Notebook} params.notebook
 * @param {readonly Task[]} params.tasks
 * @param {string} params.name of the notebook
 * @param {string} params.folder that it will lie in: links to files that are not beside it are written anew
 * @param {readonly string[]} [params.beside] names of the notebooks that lie beside it
 * @returns {Promise<Notebook>}
 */
export async function practiceCopy({ notebook, tasks, name, folder, beside = [] }) {
  const byName = matchTasks(notebook, tasks, name);
  /** @type {Cell[]} */
  const cells = [];
  for (const cell of notebook.cells) {
    const task = byName.get(taskNameOf(cell) ?? "");
    if (task) cells.push(...(await taskCells(task)), folded(empty(cell)));
    else if (cell.cell_type === "markdown") cells.push(relinked(cell, { folder, beside }));
    else cells.push(empty(cell));
  }
  return { ...notebook, cells };
}

/** @param {Task} task */
async function taskCells(task) {
  const { name, stub } = task;
  const title = name.replaceAll("-", " ");
  const ask = [
    `### Task: ${title}`,
    task.task,
    `<details><summary>A hint</summary>\n\n${task.hint}\n\n</details>`,
    "*Write into the next cell and run it. Then run the folded cell below it: it says whether the answer is right, and why.*",
  ];
  const after = [
    `<details><summary>A solution</summary>\n\n\`\`\`ts\n${task.solution}\n\`\`\`\n\n</details>`,
    "*The notebook's own cell is folded here (one click opens it). Run it and go on: it does not need your answer.*",
  ];
  return [
    prose(`task-${name}`, ask),
    code(`stub-${name}`, stub),
    folded(code(`check-${name}`, await checkSource(task))),
    prose(`solution-${name}`, after),
  ];
}

/**
 * The check with the reason put in.
 * @param {Task} task
 */
export async function checkSource({ check, right }) {
  const source = check.replace("right: RIGHT", () => `right: ${JSON.stringify(right)}`);
  const options = await prettier.resolveConfig(path.join(ROOT, "notebooks/cell.ts"));
  return (await prettier.format(source, { ...options, parser: "typescript" })).trimEnd();
}

/**
 * @param {string} id
 * @param {string[]} paragraphs
 * @returns {Cell}
 */
function prose(id, paragraphs) {
  return { cell_type: "markdown", id, metadata: {}, source: lines(paragraphs.join("\n\n")) };
}

/**
 * @param {string} id
 * @param {string} source
 * @returns {Cell}
 */
function code(id, source) {
  return { cell_type: "code", id, metadata: {}, source: lines(source), execution_count: null, outputs: [] };
}

/**
 * @param {Cell} cell
 * @returns {Cell}
 */
function empty(cell) {
  return cell.cell_type === "code" ? { ...cell, execution_count: null, outputs: [] } : cell;
}

/**
 * @param {Cell} cell
 * @returns {Cell}
 */
function folded(cell) {
  return { ...cell, metadata: { ...cell.metadata, jupyter: { source_hidden: true } } };
}

/**
 * Links in prose, as they must be in another folder.
 * @param {Cell} cell
 * @param {{ folder: string, beside: readonly string[] }} to
 * @returns {Cell}
 */
export function relinked(cell, { folder, beside }) {
  const source = joined(cell.source).replace(
    /\]\(([^)#\s]+)(#[^)\s]*)?\)/g,
    (/** @type {string} */ link, /** @type {string} */ target, /** @type {string} */ anchor = "") => {
      const isElsewhere = /^[a-z]+:/i.test(target) || beside.includes(target);
      if (isElsewhere) return link;
      const moved = path.relative(folder, path.resolve(NOTEBOOKS, target)).split(path.sep).join("/");
      return `](${moved}${anchor})`;
    },
  );
  return { ...cell, source: lines(source) };
}
