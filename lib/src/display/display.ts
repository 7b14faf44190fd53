import type { Presentable } from "../runtime/presentation";
import { toSpecs, type Spec } from "../runtime/presentation";
import { specToText } from "../runtime/presentation-text";
import { isDataFrame, shownDataFrame, type DataFrame } from "./data-frame";
import { kernelDisplay } from "./kernel-hook";
import { renderMetadata, renderMimeBundle } from "./mime-bundle";

/** Everything that {@link display} shows. */
export type Displayable = Presentable | Spec | readonly Spec[] | DataFrame | string;

/**
 * Shows a result in the notebook, each chart as an output of its own, so that every program that reads notebooks shows all of
 * it. Where no Jupyter kernel runs, prints it as text.
 */
export async function display(shown: Displayable): Promise<void> {
  const kernel = kernelDisplay();
  if (typeof shown === "string") {
    if (kernel) kernel.display({ "text/plain": shown });
    else print(shown);
    return;
  }
  const specs = isDataFrame(shown) ? [shownDataFrame(shown)] : toSpecs(shown);
  if (!kernel) {
    print(specs.map(specToText).join("\n\n"));
    return;
  }
  for (const output of outputs(specs)) {
    kernel.display(await renderMimeBundle(output), { metadata: renderMetadata(output) });
  }
}

/** Charts by themselves, and what stands between them together. */
function outputs(specs: readonly Spec[]): Spec[][] {
  const groups: Spec[][] = [];
  for (const spec of specs) {
    const group = groups.at(-1);
    if (group && spec.kind !== "chart" && group[0]?.kind !== "chart") group.push(spec);
    else groups.push([spec]);
  }
  return groups;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
