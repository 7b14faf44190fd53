import path from "node:path";
import type { ClientPlace } from "./client-process";
import { ClientTracker } from "./client-tracker";
import { quoted } from "./shown-command";
import { timeStamp } from "./time-stamp";

/**
 * Writes a run with Trackio's own client (transformers' TrackioCallback), into `outputDir/trackio`, so that nothing is written
 * outside of the folder that the reader named; `TRACKIO_DIR` puts the runs of several folders side by side.
 */
export class TrackioTracker extends ClientTracker {
  protected readonly title = "Trackio";
  protected readonly client = "trackio";

  protected override newIdentity(): string {
    // Trackio tells runs apart by their names: one that is used again would go on with the run that had it before
    const { runName, outputDir } = this.run.args;
    return `${runName ?? path.basename(path.resolve(outputDir))}-${timeStamp()}`;
  }

  protected override nameOf(identity: string): { name: string } {
    return { name: identity };
  }

  protected override whereabouts({ folder }: ClientPlace): string {
    const show = `trackio show --project ${quoted(this.run.args.project)}`;
    if (folder === undefined) return `${this.title}: ${show}`;
    const { word, hint } = this.shown(folder);
    return `${this.title}: TRACKIO_DIR=${word} ${show}${hint}`;
  }
}
