// @ts-check
import path from "node:path";
import { NOTEBOOKS, listNotebooks, nameOf, readNotebook } from "../notebooks/notebook.mjs";
import { practiceCopy } from "./practice.mjs";
import { slidesOf } from "./slides.mjs";
import { readTasks } from "./tasks.mjs";

/** @typedef {import("../notebooks/notebook.mjs").Notebook} Notebook */
/** @typedef {{ file: string, notebook: Notebook, practice: Notebook, slides: Notebook } & import("./tasks.mjs").TaskFile} WorkshopNotebook */

/** The notebooks of the story, which are the workshop's, in their order. */
export function workshopFiles() {
  return listNotebooks().filter((file) => path.dirname(file) === NOTEBOOKS && readTasks(nameOf(file)));
}

/**
 * Each notebook with its tasks, its practice copy and its slides.
 * @param {string} out folder of both
 * @returns {Promise<WorkshopNotebook[]>}
 */
export async function workshopNotebooks(out) {
  const files = workshopFiles();
  const beside = files.map((file) => path.basename(file));
  const made = files.map(async (file) => {
    const name = nameOf(file);
    const tasks = readTasks(name);
    if (!tasks) throw new Error(`There are no tasks for ${name}.`);
    const notebook = readNotebook(file);
    const to = { notebook, name, beside };
    return {
      ...{ file, notebook, ...tasks },
      practice: await practiceCopy({ ...to, tasks: tasks.tasks, folder: path.join(out, "practice") }),
      slides: slidesOf({ ...to, folder: path.join(out, "slides") }),
    };
  });
  return Promise.all(made);
}
