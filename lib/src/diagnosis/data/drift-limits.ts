/**
 * Sizes of a difference from which on it matters, and from which on it is another kind of text. Words: Jensen and Shannon's divergence
 * beyond chance; IMDB's own training and test sets, of other films, are 0.003 apart, its positive and negative reviews 0.024, our
 * snippets and IMDB's reviews 0.08. Lengths: Kolmogorov and Smirnov's distance; at 0.15, 15 % of the texts would have to be of another
 * length. Labels: total variation beyond chance.
 */
export const DRIFT_LIMITS = {
  words: { some: 0.01, much: 0.05 },
  lengths: { some: 0.15, much: 0.35 },
  labels: { some: 0.1, much: 0.25 },
} as const;

/**
 * A difference above this adjusted p may be chance. Up to seven tests a subject: at this p, one healthy subject in 1,400 is suspected.
 * Of incoming texts it is asked of every window, for months: at 0.05 there would be a false alarm every twentieth time, and whoever is
 * woken for nothing stops listening.
 */
export const DRIFT_SIGNIFICANCE = 0.0001;

/** The tests' approximations are not for fewer texts. */
export const FEWEST_COMPARED = 20;
