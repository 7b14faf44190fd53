// @ts-check
import { lines } from "../notebooks/notebook.mjs";

/** @typedef {import("../notebooks/notebook.mjs").Notebook} Notebook */
/** @typedef {import("./tasks.mjs").Task} Task */

/**
 * A practice copy as it is once every task is solved: solutions in the stubs, the checks' outputs, and elsewhere those that the
 * notebook was saved with. nbval must pass on it.
 * @param {object} params
 * @param {Notebook} params.practice
 * @param {Notebook} params.saved the notebook that it is a copy of
 * @param {readonly Task[]} params.tasks
 * @param {(right: string) => Promise<Record<string, unknown>>} params.showRight the MIME bundle of a right answer
 * @returns {Promise<Notebook>}
 */
export async function solvedCopy({ practice, saved, tasks, showRight }) {
  const originals = new Map(saved.cells.map((cell) => [cell.id, cell]));
  const solutions = new Map(tasks.map((task) => [`stub-${task.name}`, task.solution]));
  const checks = new Map(tasks.map((task) => [`check-${task.name}`, task.right]));
  let count = 0;
  const cells = [];
  for (const cell of practice.cells) {
    if (cell.cell_type !== "code") {
      cells.push(cell);
      continue;
    }
    const solution = solutions.get(cell.id ?? "");
    const right = checks.get(cell.id ?? "");
    count += 1;
    const counted = { ...cell, execution_count: count };
    if (solution !== undefined) cells.push({ ...counted, source: lines(solution) });
    else if (right !== undefined)
      cells.push({ ...counted, outputs: [resultOf(await showRight(right), count)] });
    else cells.push({ ...counted, outputs: originals.get(cell.id ?? "")?.outputs ?? [] });
  }
  return { ...practice, cells };
}

/**
 * @param {Record<string, unknown>} data
 * @param {number} count
 */
function resultOf(data, count) {
  return { output_type: "execute_result", data, metadata: {}, execution_count: count };
}
