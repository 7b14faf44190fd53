import { bdtr, bdtrc, chdtrc, incbet, lbeta, lgam, ndtr, ndtri } from "cephes";
import { ArgumentError } from "../../runtime/errors";

/** Below e to this power lies no double: Cephes would report an underflow. */
const LEAST_POWER = -700;

/** An error of the library does not say which number was wrong: these are checked before it sees them. */
function check(fits: boolean, found: string, expected: string): void {
  if (!fits) throw new ArgumentError(`${found} was given; expected ${expected}.`);
}

/**
 * The chance that a chi-square variable exceeds `x`: the p-value of a chi-square test (scipy.stats.chi2.sf). With 0 degrees of
 * freedom there is nothing to vary, and the chance to be at least 0 is 1.
 *
 * @throws ArgumentError for a statistic below 0, or degrees of freedom below 0
 */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  check(x >= 0, `A chi-square of ${x}`, "0 or more");
  check(degreesOfFreedom >= 0, `${degreesOfFreedom} degrees of freedom`, "0 or more");
  if (degreesOfFreedom === 0 || x === 0) return 1;
  if (x === Infinity) return 0;
  const half = degreesOfFreedom / 2;
  const power = half * Math.log(x / 2) - x / 2 - lgam(half);
  if (power < LEAST_POWER) return x > degreesOfFreedom ? 0 : 1;
  return chdtrc(degreesOfFreedom, x);
}

/** The chance that a standard normal variable is at most `z` (scipy.stats.norm.cdf); 0 below about -37. */
export function normalCdf(z: number): number {
  check(!Number.isNaN(z), `A z of ${z}`, "a number");
  if (!Number.isFinite(z)) return z < 0 ? 0 : 1;
  return ndtr(z);
}

/**
 * The value that a standard normal variable exceeds with the chance 1 - p (scipy.stats.norm.ppf); infinite at 0 and 1.
 *
 * @throws ArgumentError for a share outside 0 to 1
 */
export function normalQuantile(p: number): number {
  check(p >= 0 && p <= 1, `A share of ${p}`, "0 to 1");
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  return ndtri(p);
}

/**
 * The chance of at most `k` hits in `n` draws that hit with the chance `p` (scipy.stats.binom.cdf).
 *
 * @throws ArgumentError for a number of draws that is none, or a chance outside 0 to 1
 */
export function binomialCdf(k: number, n: number, p: number): number {
  checkDraws(n, p);
  const most = Math.floor(k);
  if (most < 0 || most >= n) return most < 0 ? 0 : 1;
  return bdtr(most, n, p);
}

/**
 * The chance of more than `k` hits in `n` draws (scipy.stats.binom.sf): precise where 1 - `binomialCdf` would be 0.
 *
 * @throws ArgumentError for a number of draws that is none, or a chance outside 0 to 1
 */
export function binomialSurvival(k: number, n: number, p: number): number {
  checkDraws(n, p);
  const most = Math.floor(k);
  if (most < 0 || most >= n) return most < 0 ? 1 : 0;
  return bdtrc(most, n, p);
}

/**
 * The chance of exactly `k` hits in `n` draws (scipy.stats.binom.pmf).
 *
 * @throws ArgumentError for a number of draws that is none, or a chance outside 0 to 1
 */
export function binomialChance(k: number, n: number, p: number): number {
  checkDraws(n, p);
  if (k < 0 || k > n) return 0;
  if (p === 0 || p === 1) return k === p * n ? 1 : 0;
  const ways = logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  return Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

function checkDraws(n: number, p: number): void {
  check(Number.isInteger(n) && n >= 0, `A number of ${n} draws`, "a whole number from 0 on");
  check(p >= 0 && p <= 1, `A chance of ${p}`, "0 to 1");
}

/** ln(n!), for a whole number from 0 on. */
export function logFactorial(n: number): number {
  return lgam(n + 1);
}

/**
 * The chance that Student's t exceeds `t`, for a `t` from 0 on (scipy.stats.t.sf); the degrees of freedom need not be whole.
 *
 * @throws ArgumentError for a `t` below 0, or degrees of freedom that are not above 0
 */
export function studentSurvival(t: number, degreesOfFreedom: number): number {
  check(t >= 0, `A t of ${t}`, "0 or more");
  check(degreesOfFreedom > 0, `${degreesOfFreedom} degrees of freedom`, "a number above 0");
  if (t === Infinity) return 0;
  const x = degreesOfFreedom / (degreesOfFreedom + t * t);
  return incbet(degreesOfFreedom / 2, 0.5, x) / 2;
}

/**
 * ln B(a, b), the beta function's logarithm (scipy.special.betaln).
 *
 * @throws ArgumentError for an argument that is not above 0
 */
export function logBeta(a: number, b: number): number {
  check(a > 0 && b > 0, `A beta function of ${a} and ${b}`, "numbers above 0");
  return lbeta(a, b);
}
