import { ArgumentError } from "../../runtime/errors";
import { normalCdf, normalQuantile } from "./distributions";

/** How sure one wants to be. */
export interface SureEnough {
  /** The chance to show the difference if it is there; 0.8 where nothing is said. */
  readonly power?: number;
  /** The chance to see one that is not there; 0.05 where nothing is said. */
  readonly alpha?: number;
}

/**
 * How many examples it takes to show, by McNemar's test, that one of two models is better by `difference` in accuracy, where they
 * disagree on a share of `disagreement`: (z₁ √ψ + z₂ √(ψ - d²))² / d² with ψ the disagreement and d the difference
 * (Miettinen 1968; Connor 1987, Biometrics 43, 207-211).
 *
 * @throws ArgumentError for a difference of 0 or above the disagreement, or a share outside its range
 */
export function examplesToShow(params: SureEnough & { difference: number; disagreement: number }): number {
  const { difference, disagreement } = params;
  const [alphaZ, powerZ] = bounds(params);
  const size = Math.abs(difference);
  if (!(size > 0 && size <= disagreement && disagreement <= 1))
    throw new ArgumentError(
      `The difference is ${difference} and the disagreement ${disagreement}; expected a difference other than 0, at most the disagreement, and that at most 1.`,
    );
  const deviation = alphaZ * Math.sqrt(disagreement) + powerZ * Math.sqrt(disagreement - size ** 2);
  return Math.ceil((deviation / size) ** 2);
}

/**
 * How many examples each of two models takes where they are not tested on the same ones: a model of this accuracy, and one
 * that is better (or worse) by `difference` (Cohen 1988, with h = 2 asin √p; statsmodels' NormalIndPower).
 *
 * @throws ArgumentError for a difference of 0, or a share outside its range
 */
export function examplesToShowUnpaired(
  params: SureEnough & { accuracy: number; difference: number },
): number {
  const { accuracy, difference, power = 0.8 } = params;
  const [alphaZ, powerZ] = bounds(params);
  const other = accuracy + difference;
  if (!(accuracy >= 0 && accuracy <= 1 && other >= 0 && other <= 1 && difference !== 0))
    throw new ArgumentError(
      `The accuracy is ${accuracy} and the difference ${difference}; expected shares from 0 to 1 that differ.`,
    );
  const effect = Math.abs(2 * Math.asin(Math.sqrt(other)) - 2 * Math.asin(Math.sqrt(accuracy)));
  const powerOf = (examples: number): number => {
    const shift = effect * Math.sqrt(examples / 2);
    return normalCdf(shift - alphaZ) + normalCdf(-shift - alphaZ);
  };
  // the formula for one side asks for hardly more than both sides do: the answer lies just below it
  let [few, enough] = [0, 2 * ((alphaZ + Math.max(0, powerZ)) / effect) ** 2];
  for (let halving = 0; halving < 100; halving += 1) {
    const middle = (few + enough) / 2;
    if (powerOf(middle) < power) few = middle;
    else enough = middle;
  }
  return Math.ceil(enough);
}

function bounds({ power = 0.8, alpha = 0.05 }: SureEnough): [number, number] {
  if (!(alpha > 0 && alpha < power && power < 1))
    throw new ArgumentError(`The power is ${power} and alpha ${alpha}; expected 0 < alpha < power < 1.`);
  return [normalQuantile(1 - alpha / 2), normalQuantile(power)];
}
