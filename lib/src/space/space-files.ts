import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { HUB_URL } from "@huggingface/hub";
import type { FileContent } from "../runtime/atomic-file";
import { escapeHtml } from "../runtime/escape-html";
import { isLoopbackHost } from "../runtime/loopback";
import type { DemoSdk, ShownModel } from "./shown-model";
import { spaceReadme } from "./space-card";

/** Beside src and dist alike, where this is run from either. */
const SOURCES = path.resolve(__dirname, "../../src/space");
const PAGE = [
  ...["main.mjs", "app.mjs", "view.mjs", "word-weights.mjs", "style.css", "icon.svg"],
  ...["model-worker.mjs", "worker.mjs", "classifier.mjs"],
];
/** What of ONNX Runtime a browser needs to compute on its processor, and the rest of the package not. */
const RUNTIME = ["ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];
/** Where the Hub sends a browser on to for large files. */
const HUB_HOSTS = [HUB_URL, "https://*.huggingface.co", "https://*.hf.co"];

/** What a Space is to show. */
export interface SpaceContent {
  sdk: DemoSdk;
  title: string;
  shown: ShownModel;
  /** Address of the Hub that the model is on. */
  hubUrl: string;
}

/** All files of a Space, by path. */
export function spaceFiles(content: SpaceContent): Map<string, FileContent> {
  const { sdk, title, shown, hubUrl } = content;
  const app = { title, ...shown, ...(hubUrl !== HUB_URL && sdk === "static" && { hub: hubUrl }) };
  return new Map<string, FileContent>([
    ["README.md", spaceReadme({ title, sdk, shown })],
    ["app.json", `${JSON.stringify(app, null, 2)}\n`],
    ...(sdk === "static" ? [...pageFiles(content), ...vendoredFiles()] : gradioFiles()),
  ]);
}

function pageFiles({ title, hubUrl }: SpaceContent): [string, FileContent][] {
  const hub = hubUrl === HUB_URL ? HUB_HOSTS.join(" ") : sourceOf(new URL(hubUrl));
  const page = readFileSync(path.join(SOURCES, "page", "index.html"), "utf8")
    .replaceAll("{{title}}", () => escapeHtml(title))
    .replaceAll("{{hub}}", () => escapeHtml(hub));
  const others = PAGE.map((name): [string, Buffer] => [name, readFileSync(path.join(SOURCES, "page", name))]);
  return [["index.html", page], ...others];
}

/** What the page's policy calls a Hub; one on this machine at any port, for it may start again at another. */
function sourceOf({ protocol, hostname, origin }: URL): string {
  return isLoopbackHost(hostname) ? `${protocol}//${hostname}:*` : origin;
}

function gradioFiles(): [string, FileContent][] {
  return ["app.py", "requirements.txt"].map((name) => [
    name,
    readFileSync(path.join(SOURCES, "gradio", name)),
  ]);
}

/** Transformers.js with its ONNX Runtime, as their packages have them, so that the page asks no other host for them. */
function vendoredFiles(): [string, FileContent][] {
  const library = createRequire(__filename).resolve("@huggingface/transformers");
  const runtime = path.dirname(createRequire(library).resolve("onnxruntime-web"));
  const licence = path.join(path.dirname(library), "..", "LICENSE");
  return [
    ["vendor/transformers.min.js", readFileSync(path.join(path.dirname(library), "transformers.min.js"))],
    ["vendor/transformers-LICENSE.txt", readFileSync(licence)],
    ...RUNTIME.map((name): [string, Buffer] => [`vendor/${name}`, readFileSync(path.join(runtime, name))]),
    ["vendor/onnxruntime-LICENSE.txt", readFileSync(path.join(SOURCES, "page", "onnxruntime-LICENSE.txt"))],
  ];
}
