/** Values that {@link rangeFinding} looks at. */
export interface RangeFindingParams {
  /** What is measured. */
  readonly name: string;
  readonly categories: readonly string[];
  /** One for each category. */
  readonly values: readonly number[];
  /** A value as the sentence names it. */
  readonly written: (value: number) => string;
}

/** Between which categories' values all lie, as a chart of bars says it where nobody gave a finding. */
export function rangeFinding({ name, categories, values, written }: RangeFindingParams): string {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const at = (value: number): string => `${written(value)} (${categories[values.indexOf(value)] ?? ""})`;
  return lowest === highest
    ? `${name} is ${written(lowest)} everywhere`
    : `${name} is between ${at(lowest)} and ${at(highest)}`;
}
