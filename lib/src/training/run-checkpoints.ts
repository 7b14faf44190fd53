import { existsSync } from "node:fs";
import path from "node:path";
import { shownPath } from "../runtime/repository";
import type { Checkpoint } from "./resume";
import { rotateCheckpoints, saveCheckpoint, type CheckpointContents } from "./checkpoints";
import type { CallbackState, StatefulCallbacks } from "./trainer-state";

/** What all checkpoints of a run share. */
export type RunCheckpointsParams = Omit<CheckpointContents, "state" | "statefulCallbacks" | "isBest">;

/** Writes the checkpoints of one run, and knows which are its own. */
export class RunCheckpoints {
  /** Those on disk, oldest first. */
  #written: string[] = [];

  constructor(private readonly params: RunCheckpointsParams) {}

  /** Folder of the newest; `null` where nothing was saved. */
  get last(): string | null {
    return this.#written.at(-1) ?? null;
  }

  /** Writes one, after which the oldest may go; the best one is named in the state. Returns its folder. */
  save(now: Pick<CheckpointContents, "state" | "statefulCallbacks" | "isBest">): string {
    const { args } = this.params;
    const { state, isBest } = now;
    const name = `checkpoint-${state.globalStep}`;
    const others = this.#written.filter((folder) => path.basename(folder) !== name);
    const names = [...others.map((folder) => path.basename(folder)), name];
    const statefulCallbacks: StatefulCallbacks = {
      ...now.statefulCallbacks,
      [RunCheckpoints.name]: { args: {}, attributes: { written: names } },
    };
    const folder = saveCheckpoint({ ...this.params, ...now, statefulCallbacks });
    if (isBest) state.bestModelCheckpoint = folder;
    const written = [...others, folder];
    this.#written = rotateCheckpoints({
      written,
      limit: args.saveTotalLimit,
      best: state.bestModelCheckpoint,
    });
    return folder;
  }

  /** Takes the checkpoints of the run that goes on; those of another folder are not this one's to remove. */
  resume({ folder, state, statefulCallbacks }: Checkpoint): void {
    const { outputDir } = this.params.args;
    const { attributes } = statefulCallbacks[RunCheckpoints.name] as CallbackState;
    const written = attributes["written"] as string[];
    if (path.resolve(path.dirname(folder)) === path.resolve(outputDir))
      this.#written = written.map((name) => path.join(outputDir, name)).filter((each) => existsSync(each));
    const best = state.bestModelCheckpoint;
    if (best !== null && !existsSync(best)) {
      console.warn(
        `${shownPath(best)}, the best checkpoint so far, is gone. Training goes on, and only a better one is loaded at its end.`,
      );
      state.bestModelCheckpoint = null;
    }
  }
}
