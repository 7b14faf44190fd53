import type { Cell, ChartSpec, TableSpec } from "../../runtime/presentation";
import { barChart } from "../evidence-charts";
import type { LabelCensus, SplitLabels } from "./label-census";

/** Of more labels than this, the most and the least frequent are shown. */
const MOST_LABELS = 12;

/** How often each label occurs in each set. */
export function labelTable(census: LabelCensus, splits: readonly SplitLabels[]): TableSpec {
  const places = shownPlaces(census, splits);
  const shareOf = (role: string): string => `${role}, share`;
  const hidden = census.names.length - places.length;
  return {
    kind: "table",
    title: "Rows of each label",
    columns: ["label", ...splits.flatMap(({ role }) => [role, shareOf(role)])],
    rows: places.map((place): Cell[] => [
      census.names[place] ?? "",
      ...splits.flatMap(({ counts, labels }): Cell[] => {
        const count = counts[place] ?? 0;
        return [count, labels.length > 0 ? count / labels.length : null];
      }),
    ]),
    format: Object.fromEntries(splits.map(({ role }) => [shareOf(role), "percent"])),
    ...(hidden > 0 && { note: `Of ${census.names.length} labels the most and the least frequent.` }),
  };
}

/** The same as bars; an empty set has none. */
export function labelChart(params: {
  title: string;
  census: LabelCensus;
  splits: readonly SplitLabels[];
}): ChartSpec {
  const { title, census } = params;
  const splits = params.splits.filter(({ labels }) => labels.length > 0);
  const places = shownPlaces(census, splits);
  return barChart({
    title,
    categories: places.map((place) => census.names[place] ?? ""),
    series: splits.map(({ role, counts, labels }) => ({
      name: role,
      values: places.map((place) => (100 * (counts[place] ?? 0)) / labels.length),
    })),
    yTitle: "share of the rows, %",
  });
}

/** Few labels in their order; of many, the ends of the order by how often they occur. */
function shownPlaces({ names }: LabelCensus, splits: readonly SplitLabels[]): number[] {
  const places = names.map((_, place) => place);
  if (places.length <= MOST_LABELS) return places;
  const total = (place: number): number => splits.reduce((sum, { counts }) => sum + (counts[place] ?? 0), 0);
  const ordered = places.sort((left, right) => total(right) - total(left) || left - right);
  return [...ordered.slice(0, MOST_LABELS / 2), ...ordered.slice(-MOST_LABELS / 2)];
}
