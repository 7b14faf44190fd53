import { setTimeout as wait } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";
import type { Notebook } from "../../environment/notebooks/notebook.mjs";

const PLOTLY = "application/vnd.plotly.v1+json";
/** A trace of plotly's, as far as it decides what is drawn. */
interface Trace {
  type?: string;
  mode?: string;
}
/** A chart, and how it is looked at. */
interface Look {
  page: Page;
  chart: Locator;
  traces: Trace[];
  /** How long plotly may take to draw, in milliseconds; on a machine that does nothing else it takes a third of a second. */
  patienceMs: number;
}
/** What plotly draws for a trace: elements of one kind inside of the group that it makes for each trace. */
interface Mark {
  group: string;
  element: string;
}
/** The parts of the browser's elements that are used here. */
interface Shape {
  getAttribute(name: "d"): string | null;
  getBBox(): { width: number; height: number };
}
interface Group {
  querySelectorAll(selector: string): Iterable<Shape>;
}
interface Chart {
  querySelectorAll(selector: string): Iterable<Group>;
}

/** The traces of each chart that the outputs of a notebook show, in their order. */
export function tracesOf(notebook: Notebook): Trace[][] {
  const bundles = notebook.cells.flatMap(({ outputs = [] }) => outputs.map(({ data }) => data?.[PLOTLY]));
  return bundles.flatMap((figure) => (figure === undefined ? [] : [(figure as { data: Trace[] }).data]));
}

/**
 * Puts the mouse over a chart, at which plotly's extension for JupyterLab draws it in place of its picture, and looks for what
 * the data are drawn with.
 *
 * @returns one line for each kind of mark that fewer traces have than should; none: the chart is drawn
 */
export async function missingMarks({ page, chart, traces, patienceMs }: Look): Promise<string[]> {
  // a chart that comes to lie under the mouse would be drawn at once
  await page.mouse.move(1, 1);
  const seen = await chart.scrollIntoViewIfNeeded({ timeout: patienceMs }).then(
    () => true,
    () => false,
  );
  if (!seen) return ["it takes no room on the page"];
  const wanted = new Map<string, { mark: Mark; count: number }>();
  for (const mark of traces.flatMap(marksOf)) {
    const key = `${mark.group} ${mark.element}`;
    wanted.set(key, { mark, count: (wanted.get(key)?.count ?? 0) + 1 });
  }
  if (wanted.size === 0) return ["it has no trace"];
  for (const begun = Date.now(); ;) {
    const missing: string[] = [];
    const box = await chart.boundingBox();
    // not hover(): the picture gives way as soon as the mouse is there, and that would be waited for
    if (box) await page.mouse.move(box.x + Math.min(box.width, 720) / 2, box.y + box.height / 2);
    for (const [key, { mark, count }] of wanted) {
      const drawn = await chart.evaluate(countDrawn, mark);
      if (drawn < count) missing.push(`${key} for ${drawn} of ${count} traces`);
    }
    if (missing.length === 0 || Date.now() - begun > patienceMs) return missing;
    await wait(50);
  }
}

/** What plotly draws for a trace. */
function marksOf({ type = "scatter", mode = "lines+markers" }: Trace): Mark[] {
  const group = ".scatterlayer .trace";
  switch (type) {
    case "scatter":
      return [
        ...(mode.includes("lines") ? [{ group, element: "path.js-line" }] : []),
        ...(mode.includes("markers") ? [{ group, element: "path.point" }] : []),
        ...(mode.includes("text") ? [{ group, element: "text" }] : []),
        ...(mode === "none" ? [{ group, element: "path" }] : []),
      ];
    case "bar":
    case "histogram":
      return [{ group: ".barlayer .trace", element: ".point path" }];
    case "box":
      return [{ group: ".boxlayer .trace", element: "path.box" }];
    case "violin":
      return [{ group: ".violinlayer .trace", element: "path.violin" }];
    case "heatmap":
      return [{ group: ".heatmaplayer .hm", element: "image" }];
    default:
      throw new Error(`How plotly draws a trace of type ${type} is not known here: add it to marksOf.`);
  }
}

/**
 * Runs in the browser, so it names no function of its own: how many groups hold such an element with a geometry. A line between
 * two equal values is a point, and has one; plotly gives what it cannot draw the path M0,0Z.
 */
function countDrawn(chart: unknown, { group, element }: Mark): number {
  const groups = [...(chart as Chart).querySelectorAll(group)];
  return groups.filter((one) =>
    [...one.querySelectorAll(element)].some((shape) => {
      const path = shape.getAttribute("d");
      return path === null ? shape.getBBox().width > 0 : path !== "" && path !== "M0,0Z";
    }),
  ).length;
}
