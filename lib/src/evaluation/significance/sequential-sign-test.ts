import { ArgumentError } from "../../runtime/errors";
import { logBeta } from "./distributions";

/**
 * How firmly it is believed beforehand that wins and losses are nearly as many, as they are of two versions of one model: as if each
 * had been seen this often. A share of 0.6 is shown with a tenth fewer examples than where any share is thought as likely (1).
 */
const PRIOR = 10;

/** Wins and losses so far, in any order. */
export interface WinsAndLosses {
  readonly wins: number;
  readonly losses: number;
}

/**
 * The evidence, as a natural logarithm, that wins do not have the share `share`: what somebody would own who had begun with 1 and bet
 * on each next win or loss by a Beta(10, 10) prior that learns: ln (B(10 + wins, 10 + losses) / B(10, 10)) - wins ln p - losses ln(1 - p).
 *
 * Where the share is right, nobody gains in the mean, whenever they look: the chance that the evidence *ever* reaches 1 / α is at
 * most α (Ville 1939). So one may look after each example and stop at 1 / α, which a p-value does not allow. This is the beta-binomial
 * mixture of Robbins (1970) in Howard, Ramdas, McAuliffe and Sekhon (2021, Annals of Statistics 49, 1055-1080), two-sided.
 *
 * @throws ArgumentError for counts that are none, or a share that is not between 0 and 1
 */
export function signEvidence({ wins, losses, share = 0.5 }: WinsAndLosses & { share?: number }): number {
  if (!Number.isInteger(wins) || !Number.isInteger(losses) || wins < 0 || losses < 0)
    throw new ArgumentError(
      `${wins} wins and ${losses} losses were given; expected whole numbers from 0 on.`,
    );
  if (!(share > 0 && share < 1))
    throw new ArgumentError(`A share of ${share} was given; expected a number between 0 and 1.`);
  const learned = logBeta(PRIOR + wins, PRIOR + losses) - logBeta(PRIOR, PRIOR);
  return learned - wins * Math.log(share) - losses * Math.log1p(-share);
}

/**
 * Holds the true share of wins with a confidence of 1 - α however often one looks (a confidence sequence): all shares against which
 * the evidence is below 1 / α.
 *
 * @throws ArgumentError for counts that are none, or an alpha that is not between 0 and 1
 */
export function signInterval({
  wins,
  losses,
  alpha = 0.05,
}: WinsAndLosses & { alpha?: number }): [number, number] {
  if (!(alpha > 0 && alpha < 1))
    throw new ArgumentError(`alpha is ${alpha}; expected a number between 0 and 1.`);
  const count = wins + losses;
  const isOpen = (share: number): boolean => signEvidence({ wins, losses, share }) < Math.log(1 / alpha);
  const middle = count === 0 ? 0.5 : wins / count;
  // the evidence is least at the share that was seen, and grows to both sides
  const edge = (outer: number): number => {
    let [inside, outside] = [middle, outer];
    for (let halving = 0; halving < 60; halving += 1) {
      const between = (inside + outside) / 2;
      if (between > 0 && between < 1 && isOpen(between)) inside = between;
      else outside = between;
    }
    return outside;
  };
  return [edge(0), edge(1)];
}
