import type { ChartSpec, MimeBundle, Spec } from "../runtime/presentation";
import { specToText } from "../runtime/presentation-text";
import { chartToPng } from "./chart-picture";
import { chartSize, toFigure } from "./figure";
import { answerToHtml, detailsToHtml, pictureToHtml, tableToHtml, verdictToHtml } from "./html";

/**
 * Specifications as one MIME bundle, always with `text/plain`.
 *
 * - Tables and verdicts give `text/html`.
 * - One chart by itself gives `application/vnd.plotly.v1+json`, which JupyterLab draws, and `image/png`, which GitHub shows.
 * - Details fold in `text/html`; what is inside of them is HTML and pictures.
 * - Charts among other things become pictures inside of the `text/html`: a program shows only one form of a bundle, and
 *   plotly's would hide the rest. A single chart also gives its `image/png`. `display` avoids this by one output for each chart.
 */
export async function renderMimeBundle(shown: Spec | readonly Spec[]): Promise<MimeBundle> {
  const specs = "kind" in shown ? [shown] : shown;
  const text = { "text/plain": specs.map(specToText).join("\n\n") };
  const [first] = specs;
  if (specs.length === 1 && first?.kind === "chart") {
    const png = await chartToPng(first);
    return { ...chartBundle(first), "image/png": png.toString("base64") };
  }
  const pictures = await drawAll(specs);
  const html = specs.map((spec) => toHtml(spec, pictures)).join("\n");
  const [picture, ...others] = pictures.values();
  const isAlone = others.length === 0 && specs.some(({ kind }) => kind === "chart");
  const png = picture && isAlone ? { "image/png": picture.toString("base64") } : {};
  return { "text/html": html, ...png, ...text };
}

/** A chart that will soon be replaced by another: without its picture, which takes most of a second to draw. */
export function chartBundle(chart: ChartSpec): MimeBundle {
  const { data, layout, config } = toFigure(chart);
  return { "application/vnd.plotly.v1+json": { data, layout, config }, "text/plain": specToText(chart) };
}

/** What a Jupyter output says about its bundle: a chart's alternative text, and its size on the page in CSS pixels. */
export function renderMetadata(shown: Spec | readonly Spec[]): Record<string, unknown> {
  const charts = ("kind" in shown ? [shown] : shown).filter((spec) => spec.kind === "chart");
  const [chart] = charts;
  return chart && charts.length === 1 ? { "image/png": { ...chartSize(chart), alt: altText(chart) } } : {};
}

/** One after the other: they share one window. */
async function drawAll(specs: readonly Spec[]): Promise<Map<Spec, Buffer>> {
  const pictures = new Map<Spec, Buffer>();
  for (const spec of specs.flatMap(unfold))
    if (spec.kind === "chart") pictures.set(spec, await chartToPng(spec));
  return pictures;
}

function unfold(spec: Spec): readonly Spec[] {
  return spec.kind === "details" ? spec.specs : [spec];
}

function toHtml(spec: Spec, pictures: ReadonlyMap<Spec, Buffer>): string {
  switch (spec.kind) {
    case "table":
      return tableToHtml(spec);
    case "verdict":
      return verdictToHtml(spec);
    case "answer":
      return answerToHtml(spec);
    case "details":
      return detailsToHtml(
        spec.summary,
        spec.specs.map((inner) => toHtml(inner, pictures)),
      );
    case "chart":
      return pictureToHtml(pictures.get(spec) ?? Buffer.alloc(0), {
        altText: altText(spec),
        width: chartSize(spec).width,
      });
  }
}

function altText(chart: ChartSpec): string {
  return chart.altText || chart.title;
}
