import { RATE_STEP, RATES, type Likelihood } from "./noise-likelihood";

/** Between which values a share lies. */
export interface Bounds {
  readonly atLeast: number;
  readonly atMost: number;
}

/** The rates are tilted by so much a text to trace how the likelihood falls off on both sides of its maximum. */
const SIZES = Array.from({ length: 41 }, (_, step) => 10 ** (step / 10 - 2));
const TILTS = [0, ...SIZES, ...SIZES.map((size) => -size)];

/** The rates, the same for all groups, at which the log likelihood is at least so large for some curve. */
export function boundsOfOneRate(curves: readonly Likelihood[], least: number): Bounds {
  return outermost(
    curves.flatMap(({ together }) => RATES.filter((_, rate) => (together[rate] ?? -Infinity) >= least)),
  );
}

/** The same of one group's rate, whatever the others'. */
export function boundsOfGroup(curves: readonly Likelihood[], group: number, least: number): Bounds {
  return outermost(
    curves.flatMap(({ best, byRate, bestRates }) => {
      const own = byRate[group] ?? [];
      const others = best - (own[bestRates[group] ?? 0] ?? 0);
      return RATES.filter((_, rate) => others + (own[rate] ?? -Infinity) >= least);
    }),
  );
}

/**
 * The same of the share in all groups, each with its own rate: of all rates with one share those are likeliest that are best
 * when each is tilted by its weight (Lagrange).
 */
export function boundsOfAll(
  curves: readonly Likelihood[],
  { weights, texts, least }: { weights: readonly number[]; texts: number; least: number },
): Bounds {
  const shares = curves
    .filter(({ best }) => best >= least)
    .flatMap(({ byRate }) =>
      TILTS.flatMap((tilt) => {
        const rates = byRate.map((own, group) => bestTilted(own, tilt * texts * (weights[group] ?? 0)));
        const likelihood = byRate.reduce((sum, own, group) => sum + (own[rates[group] ?? 0] ?? 0), 0);
        return likelihood >= least ? [weightedRate(rates, weights)] : [];
      }),
    );
  return outermost(shares);
}

/** The share in all groups together, of the rates at these places. */
export function weightedRate(rates: readonly number[], weights: readonly number[]): number {
  return rates.reduce((sum, rate, group) => sum + (RATES[rate] ?? 0) * (weights[group] ?? 0), 0);
}

function bestTilted(own: readonly number[], tilt: number): number {
  let [best, at] = [-Infinity, 0];
  for (const [rate, value] of own.entries()) {
    const tilted = value + tilt * (RATES[rate] ?? 0);
    if (tilted > best) [best, at] = [tilted, rate];
  }
  return at;
}

/** One step outside, since the bound itself lies between two rates that were tried. */
function outermost(shares: readonly number[]): Bounds {
  const [least, most] = shares.reduce(
    ([low, high], share) => [Math.min(low, share), Math.max(high, share)],
    [Infinity, -Infinity],
  );
  return { atLeast: Math.max(0, least - RATE_STEP), atMost: Math.min(1, most + RATE_STEP) };
}
