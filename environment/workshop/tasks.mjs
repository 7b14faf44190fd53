// @ts-check
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../setup/paths.mjs";

/**
 * @typedef {object} Task
 * @property {string} name of the task: `practice-NAME` tags its cell
 * @property {number} minutes that it is given in the plan: an estimate
 * @property {string} task in prose
 * @property {string} stub what the reader replaces
 * @property {string} hint
 * @property {string} solution the stub, filled in
 * @property {string} check an expression that calls lib.checkAnswer with `right: RIGHT`
 * @property {string} right why it is right
 * @property {string} stuck where people get stuck, for the instructor
 * @property {{ code: string, refusedWith: string }[]} wrong
 */
/** @typedef {{ title: string, goal: string, tasks: Task[] }} TaskFile */

export const TASKS = path.join(ROOT, "environment/workshop/tasks");

const PROSE = /** @type {const} */ (["Task", "Hint", "Right", "Stuck"]);
const CODE = /** @type {const} */ (["Stub", "Solution", "Check"]);
const PARTS = [...PROSE, ...CODE, "Minutes", "Wrong answers"];
const BLOCK = /```ts\n([\s\S]*?)\n```/g;

/**
 * The tasks of a notebook; a notebook without a file has none.
 * @param {string} notebook its name
 * @param {string} [folder]
 * @returns {TaskFile | undefined}
 */
export function readTasks(notebook, folder = TASKS) {
  const file = path.join(folder, `${notebook}.md`);
  return existsSync(file) ? parseTasks(readFileSync(file, "utf8"), path.basename(file)) : undefined;
}

/**
 * @param {string} text `# Title`, the goal, and for each task `## name` with a `###` heading for each part
 * @param {string} file for errors
 * @returns {TaskFile}
 */
export function parseTasks(text, file) {
  const [head = "", ...sections] = sectionsOf(text, "## ");
  const [title = "", ...goal] = head.trim().split("\n");
  if (!title.startsWith("# ") || goal.join("").trim() === "")
    throw new Error(
      `${file} begins with ${JSON.stringify(title)}; expected "# Title" and the goal below it.`,
    );
  if (sections.length === 0) throw new Error(`${file} has no task; expected a heading "## name" for each.`);
  const tasks = sections.map((section) => parseTask(section, file));
  const names = tasks.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`${file} has two tasks named ${twice}; a cell has one.`);
  return { title: title.slice(2).trim(), goal: goal.join("\n").trim(), tasks };
}

/**
 * @param {string} section
 * @param {string} file
 * @returns {Task}
 */
function parseTask(section, file) {
  const [heading = "", ...sections] = sectionsOf(section, "### ");
  const name = heading.trim();
  const where = `${file}, task ${name}`;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
    throw new Error(
      `${where}: expected a name of small letters and hyphens below its "##", and parts below that.`,
    );
  const parts = new Map(
    sections.map(
      (part) =>
        /** @type {[string, string]} */ ([firstLine(part), part.slice(firstLine(part).length).trim()]),
    ),
  );
  const unknown = [...parts.keys()].find((part) => !PARTS.includes(part));
  if (unknown !== undefined)
    throw new Error(
      `${where}: there is no part ${JSON.stringify(unknown)} (there are: ${PARTS.join(", ")}).`,
    );
  const missing = PARTS.filter((part) => !parts.get(part));
  if (missing.length > 0) throw new Error(`${where}: "### ${missing.join('", "### ')}" is missing or empty.`);
  const part = (/** @type {string} */ wanted) => parts.get(wanted) ?? "";
  const code = (/** @type {string} */ wanted) => oneBlock(part(wanted), `${where}, ${wanted}`);
  const check = code("Check");
  if (check.split("right: RIGHT").length !== 2)
    throw new Error(`${where}, Check: expected \`right: RIGHT\` once, where the part Right is put in.`);
  const minutes = Number(part("Minutes"));
  if (!(minutes > 0))
    throw new Error(
      `${where}, Minutes: found ${JSON.stringify(part("Minutes"))}; expected a number above 0.`,
    );
  return {
    ...{ name, minutes, check, stub: code("Stub"), solution: code("Solution") },
    ...{
      task: part("Task"),
      hint: part("Hint"),
      right: part("Right").replace(/\s+/g, " "),
      stuck: part("Stuck"),
    },
    wrong: wrongAnswers(part("Wrong answers"), where),
  };
}

/**
 * @param {string} text
 * @param {string} where
 */
function wrongAnswers(text, where) {
  const pairs = [...text.matchAll(/```ts\n([\s\S]*?)\n```\s*(?:Refused with: *([^\n]+))?/g)];
  return pairs.map(([, code = "", refusedWith]) => {
    if (refusedWith === undefined)
      throw new Error(
        `${where}, Wrong answers: expected a line "Refused with: words" after ${JSON.stringify(firstLine(code))}.`,
      );
    return { code, refusedWith: refusedWith.trim() };
  });
}

/**
 * @param {string} text
 * @param {string} where
 */
function oneBlock(text, where) {
  const blocks = [...text.matchAll(BLOCK)];
  if (blocks.length !== 1)
    throw new Error(`${where}: found ${blocks.length} blocks of \`\`\`ts; expected one.`);
  return blocks[0]?.[1] ?? "";
}

/**
 * What stands before the first heading, and each heading with what is below it; headings inside of code do not count.
 * @param {string} text
 * @param {string} mark
 */
function sectionsOf(text, mark) {
  let inCode = false;
  /** @type {string[]} */
  const sections = [""];
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) inCode = !inCode;
    if (!inCode && line.startsWith(mark)) sections.push(`${line.slice(mark.length)}\n`);
    else sections.push(`${sections.pop() ?? ""}${line}\n`);
  }
  return sections;
}

/** @param {string} text */
function firstLine(text) {
  return text.split("\n")[0]?.trim() ?? "";
}
