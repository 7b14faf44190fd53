// @ts-check
import { nameOf } from "../notebooks/notebook.mjs";

/** @typedef {import("./workshop-notebooks.mjs").WorkshopNotebook} WorkshopNotebook */
/** @typedef {import("./measure.mjs").Timings} Timings */

/** What 90 minutes have room for; the other notebooks are shown as slides. */
const SHORT = ["01", "02"];

/**
 * The page for whoever holds the workshop, in Markdown.
 * @param {readonly WorkshopNotebook[]} notebooks
 * @param {Timings} timings
 */
export function instructorPage(notebooks, timings) {
  return [
    "# The workshop, for whoever holds it",
    BEFORE,
    "## Plans",
    planTable("Half a day", notebooks, timings),
    planTable(
      "90 minutes",
      notebooks.filter(({ file }) => SHORT.some((number) => nameOf(file).startsWith(number))),
      timings,
    ),
    AFTER_PLANS,
    measuredLine(timings),
    ...notebooks.map((notebook) => section(notebook, timings)),
  ]
    .join("\n\n")
    .concat("\n");
}

const BEFORE = `## Beforehand

- Each seat: Node >= 20.19, Python >= 3.10, 4 GB of disk, two cores. \`npm run setup\` at home, not in the room; \`npm run doctor\` says what is missing.
- A room without a network: \`npm run setup -- --bundle FILE\` on a machine that is set up, and \`npm run setup -- --from FILE\` at each seat.
- \`npm run workshop\` writes the practice notebooks and opens JupyterLab on the first. \`build/workshop/slides/\` opens in the same JupyterLab:
  "Render as Reveal Slideshow" in the notebook's toolbar.
- Notebook 3 needs what 1 leaves, 4 what 1 and 3 leave, 5 what 1 and 4, 6 what 4 and 5. Whoever joins late gets it by \`npm run story -- --only 01,03,04,05\`
  (a seat of \`npm run class\` runs the notebooks themselves: it has a \`build\` of its own).
- Nobody is blocked: a task's answer is not needed further down, since the notebook's own cell is folded behind each task.`;

const AFTER_PLANS = `The minutes for talk are left to you: as a rule as many as for the tasks.`;

/** @param {Timings} timings */
function measuredLine({ measured, cores, load }) {
  const busy =
    load > 1 ? ` The machine was busy with other work (load ${load}), so a quiet one is faster.` : "";
  return `Run times are measured: ${measured}, ${cores} cores, the notebooks executed in order (\`npm run workshop -- --measure\` measures again).${busy} Minutes for tasks are estimates; nobody has held this workshop yet.`;
}

/**
 * @param {string} title
 * @param {readonly WorkshopNotebook[]} notebooks
 * @param {Timings} timings
 */
function planTable(title, notebooks, timings) {
  const rows = notebooks.map(({ file, title: name, tasks }) => {
    const run = minutes(timings.notebooks[nameOf(file)]?.seconds);
    return `| ${nameOf(file).slice(0, 2)} | ${name} | ${tasks.length} | ${taskMinutes(tasks)} | ${run} |`;
  });
  const total = notebooks.reduce((sum, { tasks }) => sum + taskMinutes(tasks), 0);
  const running = notebooks.reduce(
    (sum, { file }) => sum + (timings.notebooks[nameOf(file)]?.seconds ?? 0),
    0,
  );
  return [
    `**${title}**`,
    "",
    "| | notebook | tasks | minutes for tasks | minutes it runs |",
    "| --- | --- | ---: | ---: | ---: |",
    ...rows,
    `| | together | | ${total} | ${minutes(running)} |`,
  ].join("\n");
}

/**
 * @param {WorkshopNotebook} notebook
 * @param {Timings} timings
 */
function section({ file, title, goal, tasks, notebook }, timings) {
  const timing = timings.notebooks[nameOf(file)];
  const longest = (timing?.cells ?? [])
    .map((seconds, at) => ({ seconds, number: at + 1 }))
    .filter(({ seconds }) => seconds >= 10)
    .map(({ seconds, number }) => `cell ${number} ${Math.round(seconds)} s`);
  const code = notebook.cells.filter(({ cell_type: type }) => type === "code").length;
  const waits =
    longest.length > 0
      ? ` Longest: ${longest.join(", ")} (of ${code} code cells, as numbered in the original).`
      : "";
  return [
    `## ${nameOf(file).slice(0, 2)}. ${title}`,
    goal,
    `It runs for ${minutes(timing?.seconds)} minutes.${waits}`,
    ...tasks.map(
      (task) => `### ${task.name.replaceAll("-", " ")} (${task.minutes} minutes)

${task.task}

Where people get stuck: ${task.stuck}

<details><summary>Solution</summary>

\`\`\`ts
${task.solution}
\`\`\`

${task.right}

</details>`,
    ),
  ].join("\n\n");
}

/** @param {WorkshopNotebook["tasks"]} tasks */
function taskMinutes(tasks) {
  return tasks.reduce((sum, task) => sum + task.minutes, 0);
}

/** @param {number | undefined} seconds */
function minutes(seconds) {
  return seconds === undefined ? "(not measured)" : (seconds / 60).toFixed(1);
}
