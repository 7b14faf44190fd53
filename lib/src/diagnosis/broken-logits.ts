import type { Finding } from "./check";
import { counted } from "./wording";

/** What there is to say of a model that answers with what is no number; `undefined` where all are numbers. */
export function brokenLogits(logits: readonly (readonly number[])[]): Finding | undefined {
  const broken = logits.filter((row) => !row.every(Number.isFinite)).length;
  if (broken === 0) return undefined;
  return {
    verdict: "fail",
    found: `To ${counted(broken, "text")} of ${logits.length} the model answers with what is no number: its weights are damaged.`,
    advice: "Load a checkpoint from before training diverged, or train again with a lower learning rate.",
    numbers: { broken, texts: logits.length },
  };
}
