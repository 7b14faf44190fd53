import { median } from "../../evaluation/significance/counts";
import type { ResourceSample } from "../../training/resource-monitor";
import type { ChartSpec } from "../../runtime/presentation";
import { seriesColor } from "../palette";
import { checkFinite } from "./check-values";
import { formatCount, short } from "./format";
import { panelAxis, stackPanels } from "./panels";

/** What {@link throughputAndMemory} shows. */
export interface ThroughputAndMemoryParams {
  /** As a `ResourceMonitor` has them in `samples`. */
  readonly samples: readonly ResourceSample[];
  /** The finding; computed when absent. */
  readonly title?: string;
}

/** One curve over the steps. */
interface Curve {
  readonly name: string;
  readonly panel: number;
  /** `null` where a sample has none. */
  readonly values: readonly (number | null)[];
}

/**
 * What a run used as it went: texts a second, memory of the process and of the GPU where there is one, and tensors, which must not
 * grow, in panels on one axis of steps.
 *
 * @throws DataError for no samples, or one that is not a number
 */
export function throughputAndMemory({ samples, title }: ThroughputAndMemoryParams): ChartSpec {
  const speed = samples.map(({ textsPerSecond }) => textsPerSecond);
  const resident = samples.map(({ residentBytes }) => residentBytes / 1e9);
  const tensors = samples.map(({ numTensors }) => numTensors);
  checkFinite({ name: "texts a second", values: speed });
  checkFinite({ name: "memory", values: resident });
  checkFinite({ name: "tensors", values: tensors });
  const gpu = samples.map((sample) => toGigabytes(sample.gpu?.memoryUsedBytes));
  const hasGpu = gpu.some((value) => value !== null);
  const curves: Curve[] = [
    { name: "texts a second", panel: 0, values: speed },
    { name: "process", panel: 1, values: resident },
    ...(hasGpu ? [{ name: "GPU", panel: 1, values: gpu }] : []),
    { name: "tensors", panel: 2, values: tensors },
  ];
  const fromZero = { rangemode: "tozero" };
  const { layout, height } = stackPanels({
    panels: [
      { heading: "texts a second", yaxis: fromZero },
      {
        heading: hasGpu ? "memory, GB: process solid, GPU dashed" : "memory of the process, GB",
        yaxis: fromZero,
      },
      { heading: "tensors", yaxis: { ...fromZero, tickformat: ",d" } },
    ],
    xaxis: { title: { text: "training step" }, tickformat: ",d" },
  });
  const finding = describe({ speed, resident, gpu, tensors });
  const steps = samples.map(({ step }) => step);
  return {
    kind: "chart",
    title: title ?? finding,
    altText: `${finding}. ${samples.length} samples from step ${steps[0] ?? 0} to ${steps.at(-1) ?? 0}: ${curves.map(inWords).join("; ")}.`,
    data: curves.map((curve) => trace(curve, steps)),
    layout,
    height,
  };
}

function toGigabytes(bytes: number | null | undefined): number | null {
  return bytes === null || bytes === undefined ? null : bytes / 1e9;
}

function trace({ name, panel, values }: Curve, steps: readonly number[]): unknown {
  const isGpu = name === "GPU";
  return {
    type: "scatter",
    mode: "lines+markers",
    name,
    yaxis: panelAxis(panel),
    x: steps,
    y: values.map((value) => (value === null ? null : short(value))),
    line: { color: seriesColor(isGpu ? 4 : panel), width: 2.5, dash: isGpu ? "dash" : "solid" },
    marker: { size: 6, symbol: isGpu ? "square" : "circle" },
    hovertemplate: `step %{x:,}: %{y:,.4~g} ${name}<extra></extra>`,
  };
}

interface Used {
  readonly speed: readonly number[];
  readonly resident: readonly number[];
  readonly gpu: readonly (number | null)[];
  readonly tensors: readonly number[];
}

function describe({ speed, resident, gpu, tensors }: Used): string {
  const most = Math.max(...gpu.map((value) => value ?? -Infinity));
  const onGpu = most > -Infinity ? ` and ${most.toFixed(1)} GB on the GPU` : "";
  const [first = 0, last = 0] = [tensors[0], tensors.at(-1)];
  const kept =
    first === last
      ? `tensors end where they began, at ${formatCount(first)}`
      : `tensors go from ${formatCount(first)} to ${formatCount(last)}`;
  return `${formatCount(Math.round(median(speed)))} texts a second (median), at most ${Math.max(...resident).toFixed(1)} GB of memory${onGpu}; ${kept}`;
}

function inWords({ name, values }: Curve): string {
  const numbers = values.filter((value) => value !== null);
  const unit = name === "process" || name === "GPU" ? " GB" : "";
  const ends = [Math.min(...numbers), Math.max(...numbers)].map((value) => Number(value.toPrecision(3)));
  return `${name} between ${ends.join(" and ")}${unit}`;
}
