import { ASCENT, DESCENT, textWidth } from "./font-metrics";

/** The part of a DOM element that measuring needs. */
export interface MeasuredElement {
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<MeasuredElement>;
  readonly parentNode: MeasuredElement | null;
  readonly querySelectorAll?: (selector: string) => Iterable<MeasuredElement>;
  readonly getAttribute?: (name: string) => string | null;
}

/** A box in pixels, as `getBoundingClientRect` and `getBBox` give it. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

type Edges = readonly [left: number, top: number, right: number, bottom: number];

/** Sizes that plotly itself falls back on: 12 px text and lines 1.3 times as high. */
const DEFAULT_FONT_SIZE = 12;
const LINE_HEIGHT = 1.3;

/**
 * The box around all text in an SVG element, in the element's own coordinates. jsdom lays nothing out, and plotly asks for
 * these boxes to keep titles, legends and tick labels apart. Shapes are not measured, since plotly computes those itself.
 */
export function textBox(element: MeasuredElement): Box {
  const texts = element.nodeName === "text" ? [element] : [...(element.querySelectorAll?.("text") ?? [])];
  const edges = texts.map((text) => turned(textEdges(text), text, element));
  return toBox(edges.reduce(union, edges[0] ?? [0, 0, 0, 0]));
}

function textEdges(text: MeasuredElement): Edges {
  const lines = [...(text.querySelectorAll?.("tspan.line") ?? [])];
  const size = fontSize(text);
  const width = Math.max(...(lines.length > 0 ? lines : [text]).map(lineWidth));
  const x = Number(attribute(text, "x") ?? 0);
  const y = Number(attribute(text, "y") ?? 0);
  const anchor = attribute(text, "text-anchor") ?? style(text, "text-anchor");
  const left = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
  const lastLine = y + Math.max(0, lines.length - 1) * LINE_HEIGHT * size;
  return [left, y - ASCENT * size, left + width, lastLine + DESCENT * size];
}

function lineWidth(node: MeasuredElement): number {
  if (node.nodeName === "#text") {
    const parent = node.parentNode;
    const bold = /^(bold|[6-9]00)$/u.test((parent && inherited(parent, "font-weight")) ?? "");
    return textWidth(node.textContent ?? "", parent ? fontSize(parent) : DEFAULT_FONT_SIZE, bold);
  }
  return [...node.childNodes].reduce((width, child) => width + lineWidth(child), 0);
}

function fontSize(element: MeasuredElement): number {
  return Number.parseFloat(inherited(element, "font-size") ?? "") || DEFAULT_FONT_SIZE;
}

function inherited(element: MeasuredElement, property: string): string | undefined {
  for (let at: MeasuredElement | null = element; at?.getAttribute; at = at.parentNode) {
    const value = style(at, property);
    if (value !== undefined) return value;
  }
  return undefined;
}

function style(element: MeasuredElement, property: string): string | undefined {
  return new RegExp(`(?:^|;)\\s*${property}:\\s*([^;]+)`, "u")
    .exec(attribute(element, "style") ?? "")?.[1]
    ?.trim();
}

function attribute(element: MeasuredElement, name: string): string | null {
  return element.getAttribute?.(name) ?? null;
}

/** Applies the `rotate` and `translate` between a text and the element that is measured, such as of a y axis' title. */
function turned(edges: Edges, text: MeasuredElement, within: MeasuredElement): Edges {
  let box = edges;
  for (let at: MeasuredElement | null = text; at && at !== within; at = at.parentNode) {
    const steps = [
      ...(attribute(at, "transform") ?? "").matchAll(/(rotate|translate)\(([^)]*)\)/gu),
    ].reverse();
    for (const [, kind, list = ""] of steps) {
      const [first = 0, second = 0, third = 0] = list.split(/[\s,]+/u).map(Number);
      box = kind === "rotate" ? rotate(box, first, second, third) : translate(box, first, second);
    }
  }
  return box;
}

function translate([left, top, right, bottom]: Edges, dx: number, dy: number): Edges {
  return [left + dx, top + dy, right + dx, bottom + dy];
}

function rotate([left, top, right, bottom]: Edges, degrees: number, cx: number, cy: number): Edges {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  const corners = [left, right].flatMap((x) => [top, bottom].map((y): [number, number] => [x - cx, y - cy]));
  const xs = corners.map(([x, y]) => cx + x * cos - y * sin);
  const ys = corners.map(([x, y]) => cy + x * sin + y * cos);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function union(a: Edges, b: Edges): Edges {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

function toBox([left, top, right, bottom]: Edges): Box {
  return { x: left, y: top, left, top, right, bottom, width: right - left, height: bottom - top };
}
