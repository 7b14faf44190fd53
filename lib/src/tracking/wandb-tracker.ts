import { randomInt } from "node:crypto";
import path from "node:path";
import type { ClientPlace } from "./client-process";
import { ClientTracker } from "./client-tracker";

/**
 * Writes a run with Weights & Biases' own client (transformers' WandbCallback), offline unless `WANDB_MODE` says otherwise, into
 * `outputDir/wandb`. `WANDB_PROJECT` wins over `project`.
 *
 * A run that goes on writes its whole log anew, under the same id, and sets the folder from before aside.
 */
export class WandbTracker extends ClientTracker {
  protected readonly title = "Weights & Biases";
  protected readonly client = "wandb";

  protected override newIdentity(): string {
    return Array.from({ length: 8 }, () => randomInt(36).toString(36)).join("");
  }

  protected override nameOf(identity: string): { id: string; name: string } {
    const { runName, outputDir } = this.run.args;
    return { id: identity, name: runName ?? path.basename(path.resolve(outputDir)) };
  }

  protected override whereabouts({ folder, url }: ClientPlace): string {
    if (process.env["WANDB_MODE"] === "disabled")
      return `${this.title}: switched off by WANDB_MODE=disabled, nothing is recorded`;
    if (folder === undefined) return `${this.title}: ${url ?? "sent"}`;
    const { word, hint } = this.shown(folder);
    return `${this.title}: send it later with wandb sync ${word}${hint}`;
  }
}
