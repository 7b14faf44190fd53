import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { ArgumentError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import type { PushedFile } from "./pushed-repo";

/** Which checkpoints of a training run's folder go along (after transformers' `hub_strategy`). */
export type PushedCheckpoints = "none" | "last" | "all";

/** Where git and huggingface_hub keep their own, and a checkpoint that is being written. */
const LEFT_OUT = /(^|\/)(\.git|\.cache\/huggingface)(\/|$)|^checkpoint-\d+\.part\//;
const CHECKPOINT = /^checkpoint-(\d+)\//;

/**
 * The files of a folder that are pushed, sorted.
 *
 * @throws ArgumentError for what cannot be read, such as a link that leads to nothing
 */
export function folderFiles(folder: string, checkpoints: PushedCheckpoints): PushedFile[] {
  const files = allFiles(folder);
  if (checkpoints === "all") return files;
  const last = checkpoints === "last" ? Math.max(...files.map(({ path: name }) => stepOf(name) ?? -1)) : -1;
  return files.filter(({ path: name }) => [undefined, last].includes(stepOf(name)));
}

function allFiles(folder: string): PushedFile[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names
      .map((name) => name.split(path.sep).join("/"))
      .filter((name) => !LEFT_OUT.test(name))
      .map((name) => ({ path: name, found: statSync(path.join(folder, name)) }))
      .flatMap(({ path: name, found }) => (found.isFile() ? [{ path: name, size: found.size }] : []))
      .sort((left, right) => (left.path < right.path ? -1 : 1));
  } catch (error) {
    const { code = "", path: file = folder } = error as NodeJS.ErrnoException;
    throw new ArgumentError(
      `${shownPath(file)} cannot be read (${code}); expected a file, or a link to one: mend or remove it.`,
    );
  }
}

/** After how many steps the checkpoint was written that a file belongs to, if it belongs to one. */
function stepOf(name: string): number | undefined {
  const step = CHECKPOINT.exec(name)?.[1];
  return step === undefined ? undefined : Number(step);
}
