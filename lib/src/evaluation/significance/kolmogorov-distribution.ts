import { smirnov } from "cephes";

/** Up to this size the distribution is computed exactly (Simard and L'Ecuyer's cut, as scipy's). */
const EXACT_SIZE = 140;

/**
 * The chance that a sample of `size` lies `distance` or more from its distribution function, two-sided (scipy.stats.kstwo.sf).
 *
 * As Simard and L'Ecuyer choose (2011, "Computing the Two-Sided Kolmogorov-Smirnov Distribution", Journal of Statistical Software
 * 39:11): twice the one-sided chance in the tail, else Durbin's matrix or, for large samples, Pelz and Good's series.
 */
export function kolmogorovSurvival(size: number, distance: number): number {
  const steps = size * distance;
  if (distance >= 1) return 0;
  if (steps <= 0.5) return 1;
  const square = steps * distance;
  if (distance >= 0.5 || square >= (size <= EXACT_SIZE ? 4 : 2.2))
    return clip(square >= 370 ? 0 : 2 * smirnov(size, distance));
  const exact = size <= EXACT_SIZE || (size <= 100_000 && size * distance ** 1.5 <= 1.4);
  return clip(1 - (exact ? durbinMatrix(size, distance) : pelzGood(size, distance)));
}

function clip(chance: number): number {
  return Math.min(1, Math.max(0, chance));
}

/** Durbin 1968, as Marsaglia, Tsang and Wang compute it (2003, Journal of Statistical Software 8:18). */
function durbinMatrix(size: number, distance: number): number {
  const k = Math.ceil(size * distance);
  const width = 2 * k - 1;
  let square = startMatrix(k - size * distance, width);
  let power = Float64Array.from({ length: width * width }, (_, index) => Number(index % (width + 1) === 0));
  // both matrices are kept near 1, and what was divided off is counted as a logarithm
  let [logSquare, logPower] = [0, 0];
  for (let left = size; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      power = product(power, square, width);
      logPower += logSquare + normalise(power);
    }
    square = product(square, square, width);
    logSquare = 2 * logSquare + normalise(square);
  }
  let logFactor = logPower; // of size! / size ** size
  for (let factor = 1; factor <= size; factor += 1) logFactor += Math.log(factor / size);
  return (power[(k - 1) * width + k - 1] ?? 0) * Math.exp(logFactor);
}

function startMatrix(h: number, width: number): Float64Array {
  const matrix = new Float64Array(width * width);
  const inverseFactorial = [1];
  for (let i = 1; i <= width; i += 1) inverseFactorial.push((inverseFactorial[i - 1] ?? 0) / i);
  for (let row = 0; row < width; row += 1) {
    for (let column = 0; column < width && column <= row + 1; column += 1)
      matrix[row * width + column] = inverseFactorial[row - column + 1] ?? 0;
  }
  for (let i = 0; i < width; i += 1) {
    const share = (inverseFactorial[i + 1] ?? 0) * h ** (i + 1);
    const first = i * width;
    const last = (width - 1) * width + width - 1 - i;
    matrix[first] = (matrix[first] ?? 0) - share;
    matrix[last] = (matrix[last] ?? 0) - share;
  }
  if (h > 0.5) {
    const corner = (width - 1) * width;
    matrix[corner] = (matrix[corner] ?? 0) + (2 * h - 1) ** width * (inverseFactorial[width] ?? 0);
  }
  return matrix;
}

function product(left: Float64Array, right: Float64Array, width: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(width * width);
  for (let row = 0; row < width; row += 1) {
    for (let inner = 0; inner < width; inner += 1) {
      const factor = left[row * width + inner] ?? 0;
      for (let column = 0; column < width; column += 1)
        result[row * width + column] =
          (result[row * width + column] ?? 0) + factor * (right[inner * width + column] ?? 0);
    }
  }
  return result;
}

/** Divides a matrix by its largest value, in place, and returns the logarithm of that. */
function normalise(matrix: Float64Array): number {
  const largest = matrix.reduce((most, value) => Math.max(most, value), 0);
  for (const [index, value] of matrix.entries()) matrix[index] = value / largest;
  return Math.log(largest);
}

/** Pelz and Good 1976: the limit distribution and three terms that a finite sample adds, as series that end soon. */
function pelzGood(size: number, distance: number): number {
  const z = Math.sqrt(size) * distance;
  const [z2, z4, z6, z8] = [z ** 2, z ** 4, z ** 6, z ** 8];
  const [pi2, pi4, pi6] = [Math.PI ** 2, Math.PI ** 4, Math.PI ** 6];
  const terms = [0, 0, 0, 0];
  const add = (term: number, value: number): void => {
    terms[term] = (terms[term] ?? 0) + value;
  };
  for (let k = 1; k <= Math.ceil((16 * z) / Math.PI); k += 1) {
    const m2 = (2 * k - 1) ** 2;
    const odd = Math.exp((-pi2 * m2) / (8 * z2));
    add(0, odd / z);
    add(1, (odd * ((pi2 / 4) * m2 - z2)) / (6 * z4));
    const second = 6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * pi2 * m2) / 4 + (pi4 * (1 - 2 * z2) * m2 ** 2) / 16;
    add(2, (odd * second) / (72 * z ** 7));
    const third =
      -30 * z6 -
      90 * z8 +
      ((135 * z4 - 96 * z6) * pi2 * m2) / 4 +
      ((212 * z4 - 60 * z2) * pi4 * m2 ** 2) / 16 +
      ((5 - 30 * z2) * pi6 * m2 ** 3) / 64;
    add(3, (odd * third) / (6480 * z ** 10));
    const every = Math.exp((-pi2 * k * k) / (2 * z2));
    add(2, (-every * pi2 * k * k) / (36 * z ** 3));
    add(3, (every * k * k * pi2 * (3 * z2 - pi2 * k * k)) / (216 * z6));
  }
  return Math.sqrt(2 * Math.PI) * terms.reduce((total, term, index) => total + term / size ** (index / 2), 0);
}
