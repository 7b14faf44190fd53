import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gaussLegendre } from "../../../../lib/src/evaluation/attribution/gauss-legendre";

function integral(count: number, f: (x: number) => number): number {
  const { points, weights } = gaussLegendre(count);
  return points.reduce((sum, point, at) => sum + f(point) * (weights[at] ?? NaN), 0);
}

describe("gaussLegendre", () => {
  it("is the midpoint for one point, and symmetric and ascending for any number", () => {
    const [one] = [gaussLegendre(1)];
    assert.ok(Math.abs((one.points[0] ?? NaN) - 0.5) < 1e-15);
    assert.ok(Math.abs((one.weights[0] ?? NaN) - 1) < 1e-15);
    const { points } = gaussLegendre(50);
    for (const [at, point] of points.entries()) {
      assert.ok(Math.abs(point + (points.at(-1 - at) ?? NaN) - 1) < 1e-14);
      assert.ok(point > (points[at - 1] ?? 0));
    }
  });

  it("is exact for polynomials up to degree 2 n - 1, and no further", () => {
    for (const count of [1, 2, 5, 20, 50]) {
      const degree = 2 * count - 1;
      assert.ok(Math.abs(integral(count, (x) => x ** degree) - 1 / (degree + 1)) < 1e-14);
    }
    assert.ok(Math.abs(integral(2, (x) => x ** 4) - 1 / 5) > 1e-3);
  });

  it("has numpy's points and weights (numpy.polynomial.legendre.leggauss(3), on 0 to 1)", () => {
    const { points, weights } = gaussLegendre(3);
    const expected = [0.1127016653792583, 0.5, 0.8872983346207417, 5 / 18, 8 / 18, 5 / 18];
    for (const [at, value] of [...points, ...weights].entries())
      assert.ok(Math.abs(value - (expected[at] ?? NaN)) < 1e-15, `value ${at}: ${value}`);
  });
});
