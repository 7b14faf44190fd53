import { toSpecs, type Presentable, type Spec } from "../runtime/presentation";
import { chartSize } from "./figure";
import { escapeHtml } from "../runtime/escape-html";
import { pictureToHtml } from "./html";
import { renderMimeBundle } from "./mime-bundle";

/** What {@link htmlPage} shows. */
export interface HtmlPageParams {
  title: string;
  /** What was looked at, in a sentence below the title. */
  lead?: string;
  shown: Presentable | Spec | readonly Spec[];
}

/** Texts are other people's words: nothing on the page may load or run. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/**
 * Colours by the reader's own setting, for which dark charts are turned over: light becomes dark, hues stay; on a narrow screen the rows of the first table
 * become paragraphs.
 */
const STYLE = `
:root { color-scheme: light dark; --text: #24292f; --muted: #57606a; --rule: #d0d7de; --ground: #ffffff; --band: #f6f8fa; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --muted: #9da7b1; --rule: #3d444d; --ground: #0d1117; --band: #161b22; }
  img { filter: invert(0.93) hue-rotate(180deg); }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: break-word; }
h1 { margin: 0 0 0.5rem; font-size: 1.6rem; line-height: 1.25; }
main > h1 + p { margin-top: 0; color: var(--muted); }
table { border-collapse: collapse; margin: 1rem 0; font-size: 0.9375rem; }
caption { padding: 0.25rem 0; text-align: left; font-weight: 600; }
th, td { padding: 0.4rem 0.75rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
th { border-bottom-width: 2px; color: var(--muted); font-size: 0.8125rem; font-weight: 600; }
td { font-variant-numeric: tabular-nums; }
main > table td:nth-child(-n + 2) { white-space: nowrap; font-weight: 600; }
details { margin: 0.5rem 0; border: 1px solid var(--rule); border-radius: 6px; }
summary { padding: 0.5rem 0.75rem; cursor: pointer; }
details[open] > summary { border-bottom: 1px solid var(--rule); background: var(--band); }
details > table { display: block; overflow-x: auto; margin: 0.75rem; width: fit-content; max-width: calc(100% - 1.5rem); }
details > p { margin: 0.75rem; }
img { display: block; max-width: calc(100% - 1.5rem); height: auto; margin: 0.75rem; border-radius: 6px; }
@media (max-width: 48rem) {
  main > table, main > table > tbody, main > table tr, main > table td { display: block; }
  main > table > thead { display: none; }
  main > table tr { padding: 0.75rem 0; border-bottom: 1px solid var(--rule); }
  main > table td { padding: 0 0 0.25rem; border: 0; }
  main > table td:nth-child(-n + 2) { display: inline; padding-right: 0.5rem; }
  main > table td:nth-child(3) { color: var(--muted); }
  main > table td:empty { display: none; }
  details > table { font-size: 0.8125rem; }
  details > table th, details > table td { padding: 0.3rem 0.4rem; }
}
@media print { details > summary { list-style: none; } }
`;

/**
 * A result as one HTML page that stands by itself: style and pictures are in it, and nothing of it is loaded or run. For wide and
 * narrow screens, light and dark.
 */
export async function htmlPage({ title, lead, shown }: HtmlPageParams): Promise<string> {
  const html = await bodyOf(toSpecs(shown));
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    "<main>",
    `<h1>${escapeHtml(title)}</h1>`,
    ...(lead === undefined ? [] : [`<p>${escapeHtml(lead)}</p>`]),
    html,
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** A chart by itself has no HTML of its own. */
async function bodyOf(specs: readonly Spec[]): Promise<string> {
  const { "text/html": html, "image/png": png } = (await renderMimeBundle(specs)) as Record<
    string,
    string | undefined
  >;
  const [chart] = specs;
  if (html !== undefined || chart?.kind !== "chart") return html ?? "";
  const { width } = chartSize(chart);
  return pictureToHtml(Buffer.from(png ?? "", "base64"), { altText: chart.altText, width });
}
