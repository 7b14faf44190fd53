/** Answers of nearly the same confidence rank. */
export interface Cell {
  readonly deviate: number;
  /** How many agree with their label, */
  readonly right: number;
  /** and how many do not. */
  readonly wrong: number;
}

/** How well one curve of the model's own errors fits, by the rate of wrong labels. */
export interface Likelihood {
  /** Log likelihoods, `[group, rate]`. */
  readonly byRate: readonly (readonly number[])[];
  /** Each group's rate of greatest likelihood, as a place in `RATES`. */
  readonly bestRates: readonly number[];
  /** The log likelihood with these. */
  readonly best: number;
  /** Log likelihoods with one rate for all groups, and the largest of them. */
  readonly together: readonly number[];
  readonly bestTogether: number;
  /** The chance of an answer to be wrong. */
  readonly errorChance: (deviate: number) => number;
}

/** How finely rates of up to one half are tried. */
export const RATE_STEP = 0.005;

/** The rates of wrong labels that are tried. */
export const RATES: readonly number[] = [
  ...Array.from({ length: 101 }, (_, step) => step * RATE_STEP),
  ...Array.from({ length: 24 }, (_, step) => 0.52 + step / 50),
];

/** The steepness of the curves: 0.1 hardly tells right from wrong, 15 errs only where it is least sure. */
const SLOPES = Array.from({ length: 97 }, (_, step) => 0.1 * 150 ** (step / 96));
const CELL_WIDTH = 0.05;

/**
 * Log likelihoods of every curve with every rate, for groups of answers. Where `others` are given, one a group, there are two
 * labels, and a rate is that of the label that the group's answer names: the other label is wrong so often.
 */
export function likelihoods(
  groups: readonly (readonly Cell[])[],
  { classes, others }: { classes: number; others?: readonly number[] },
): Likelihood[] {
  const merged = groups.map(mergeCells);
  const most = Math.log(classes - 1);
  const intercepts = classes > 2 ? [0, most / 2, most] : [0];
  return SLOPES.flatMap((slope) =>
    intercepts.map((intercept): Likelihood => {
      const errorChance = (deviate: number): number => 1 / (1 + Math.exp(slope * deviate - intercept));
      const byRate = merged.map((cells, group) =>
        ratesLikelihood(cells, { errorChance, classes, other: others?.[group] }),
      );
      const bestRates = byRate.map((values) => values.indexOf(Math.max(...values)));
      const best = byRate.reduce((sum, values, group) => sum + (values[bestRates[group] ?? 0] ?? 0), 0);
      const together = RATES.map((_, rate) => byRate.reduce((sum, values) => sum + (values[rate] ?? 0), 0));
      return { byRate, bestRates, best, together, bestTogether: Math.max(...together), errorChance };
    }),
  );
}

function mergeCells(cells: readonly Cell[]): Cell[] {
  const merged = new Map<number, Cell>();
  for (const cell of cells) {
    const place = Math.floor(cell.deviate / CELL_WIDTH);
    const known = merged.get(place) ?? { deviate: 0, right: 0, wrong: 0 };
    const [before, count] = [known.right + known.wrong, cell.right + cell.wrong];
    merged.set(place, {
      deviate: (known.deviate * before + cell.deviate * count) / (before + count),
      right: known.right + cell.right,
      wrong: known.wrong + cell.wrong,
    });
  }
  return [...merged.values()];
}

function ratesLikelihood(
  cells: readonly Cell[],
  params: { errorChance: (deviate: number) => number; classes: number; other: number | undefined },
): number[] {
  const values = new Array<number>(RATES.length).fill(0);
  for (const { deviate, right, wrong } of cells) {
    const error = params.errorChance(deviate);
    for (const [at, rate] of RATES.entries()) {
      // a wrong label agrees with a wrong answer by chance
      const ofErrors = 1 - (params.other ?? rate / (params.classes - 1));
      const contradicted = error * ofErrors + rate * (1 - error);
      const ofRight = right > 0 ? right * Math.log1p(-contradicted) : 0;
      const ofWrong = wrong > 0 ? wrong * Math.log(contradicted) : 0;
      values[at] = (values[at] ?? 0) + ofRight + ofWrong;
    }
  }
  return values;
}
