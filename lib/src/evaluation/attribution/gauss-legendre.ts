/** Where a function is asked, and how much each answer counts, to integrate it from 0 to 1. */
export interface Quadrature {
  /** Ascending, each between 0 and 1. */
  readonly points: number[];
  /** One a point; they add up to 1. */
  readonly weights: number[];
}

/** Newton's method doubles its digits each time; from the usual first guess it has all of them after five. */
const ROUNDS = 8;

/**
 * The rule of Gauss and Legendre for the integral from 0 to 1, exact for polynomials up to degree `2 count - 1`: the roots of the Legendre
 * polynomial of degree `count`, found by Newton's method (Press et al., Numerical Recipes, 3rd ed. 2007, section 4.6.1).
 */
export function gaussLegendre(count: number): Quadrature {
  const roots = Array.from({ length: count }, (_, index) => rootNear(count, index)).reverse();
  return {
    points: roots.map(({ root }) => (1 + root) / 2),
    weights: roots.map(({ root, slope }) => 1 / ((1 - root * root) * slope * slope)),
  };
}

function rootNear(degree: number, index: number): { root: number; slope: number } {
  let root = Math.cos((Math.PI * (index + 0.75)) / (degree + 0.5));
  for (let round = 0; round < ROUNDS; round += 1) {
    const { value, slope } = legendre(degree, root);
    root -= value / slope;
  }
  return { root, slope: legendre(degree, root).slope };
}

/** The Legendre polynomial and its derivative, by Bonnet's recursion. */
function legendre(degree: number, x: number): { value: number; slope: number } {
  let [before, value] = [0, 1];
  for (let at = 0; at < degree; at += 1)
    [before, value] = [value, ((2 * at + 1) * x * value - at * before) / (at + 1)];
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}
