import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { textBox, type Box, type MeasuredElement } from "./svg-text-box";

/** What plotly draws: traces, layout and its settings. */
export interface Figure {
  readonly data: readonly unknown[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
}

interface ImageOptions {
  readonly format: "svg";
  readonly width: number;
  readonly height: number;
  readonly imageDataOnly: true;
}

// the parts of jsdom that are used here: its own types would bring every browser global into the project
interface ElementPrototype {
  getBBox: (this: MeasuredElement) => Box;
  getBoundingClientRect: (this: MeasuredElement) => Box;
  getComputedTextLength: (this: MeasuredElement) => number;
}
interface PlotlyWindow {
  readonly Math: { random: () => number };
  readonly URL: { createObjectURL: () => string };
  readonly HTMLCanvasElement: { prototype: { getContext: () => null } };
  readonly SVGElement: { prototype: ElementPrototype };
  readonly Plotly: { toImage: (figure: Figure, options: ImageOptions) => Promise<string> };
  eval: (script: string) => unknown;
}
interface JsdomModule {
  JSDOM: new (html: string, options: Record<string, unknown>) => { readonly window: PlotlyWindow };
  VirtualConsole: new () => object;
}

const load = createRequire(__filename);
let loaded: PlotlyWindow | undefined;

/**
 * Draws a figure of the given size in pixels as SVG, without a browser. The first call loads jsdom and plotly, which takes
 * about two seconds; they stay loaded.
 */
export async function drawSvg(figure: Figure, size: { width: number; height: number }): Promise<string> {
  const window = (loaded ??= openWindow());
  // plotly makes ids of random numbers: the same seed before each picture makes the picture the same
  window.Math.random = seededRandom(1);
  const svg = await window.Plotly.toImage(figure, { format: "svg", ...size, imageDataOnly: true });
  // plotly marks the quotes of font names to protect them, and in jsdom does not find its marks again
  return svg.replace(/TOBESTRIPPED/gu, "");
}

function openWindow(): PlotlyWindow {
  const { JSDOM, VirtualConsole } = load("jsdom") as JsdomModule;
  // a virtual console that nobody listens to: jsdom would print what it has not implemented into the reader's cell
  const { window } = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole(),
  });
  // plotly's map library asks for these as it loads, and jsdom has not got them
  Object.assign(window, { TextDecoder, TextEncoder });
  window.URL.createObjectURL = () => "blob:unused";
  window.HTMLCanvasElement.prototype.getContext = () => null;
  measureText(window.SVGElement.prototype);
  window.eval(readFileSync(load.resolve("plotly.js-dist/plotly.js"), "utf8"));
  return window;
}

function measureText(prototype: ElementPrototype): void {
  prototype.getBBox = function () {
    return textBox(this);
  };
  prototype.getBoundingClientRect = function () {
    return textBox(this);
  };
  prototype.getComputedTextLength = function () {
    return textBox(this).width;
  };
}

/** Park and Miller's minimal standard generator (1988). */
function seededRandom(seed: number): () => number {
  const modulus = 2 ** 31 - 1;
  let state = seed;
  return () => (state = (state * 16807) % modulus) / modulus;
}
