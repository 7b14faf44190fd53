import { stringify } from "yaml";
import type { DemoSdk, ShownModel } from "./shown-model";

/** The Gradio and Python that app.py was tried with. */
const GRADIO = { sdk_version: "6.31.0", python_version: "3.11", app_file: "app.py" };
/** Lets the page use several threads where it is opened by itself: they share memory, which browsers allow isolated pages alone. */
const ISOLATED = {
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "cross-origin",
};

/** A Space's README.md: at its head what the Hub reads (its Spaces Configuration Reference), and a few words for people. */
export function spaceReadme(params: { title: string; sdk: DemoSdk; shown: ShownModel }): string {
  const { title, sdk, shown } = params;
  const head = {
    title,
    ...{ emoji: "🔎", colorFrom: "blue", colorTo: "yellow" },
    sdk,
    ...(sdk === "static" ? { app_file: "index.html" } : GRADIO),
    pinned: false,
    license: "apache-2.0",
    short_description: "Label, confidence, and what each word weighs",
    models: [shown.model],
    tags: ["text-classification", ...(sdk === "static" ? ["transformers.js"] : [])],
    ...(sdk === "static" && { custom_headers: ISOLATED }),
  };
  const how =
    sdk === "static"
      ? "It runs in the reader's browser with Transformers.js, which lies in `vendor/`: what is typed goes nowhere."
      : "It runs on the Space's machine with transformers and Gradio: `app.py`.";
  // the Hub reads YAML 1.2, Python 1.1, to which `no` is a boolean
  return `---\n${stringify(head, { compat: "yaml-1.1" })}---\n
Shows what \`${shown.model}\` at \`${shown.commit.slice(0, 7)}\` says of a text, how sure it is, and how far the label's score falls
without each word. ${how} To show a newer version of the model, push the Space again.
`;
}
