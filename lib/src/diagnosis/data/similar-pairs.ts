import { watchInterrupt } from "../../runtime/interrupt";
import { startProgress } from "../../runtime/progress";

/** Two texts that have much in common. */
export interface SimilarPair {
  /** The earlier one's number. */
  readonly one: number;
  readonly other: number;
  /** What they share, of all that either has (Jaccard), 0 to 1. */
  readonly similarity: number;
}

/** What {@link similarPairs} compares. */
export interface SimilarPairsParams {
  /** Each text's features, such as hashed word pairs: whole numbers below 2^32, none twice. */
  readonly features: readonly Uint32Array[];
  /** The least similarity. */
  readonly threshold: number;
  /** The least number of features in common; a text of fewer has no pair. */
  readonly leastShared: number;
}

/** Of the features that two similar texts share at least, the rarest eighth must agree before all are compared. */
const AGREEING_SHARE = 0.125;
/** A feature as common as this says little: of the texts that have it only so many, those of the nearest size, are looked at. */
const MOST_POSTINGS = 1_024;
/** Of thousands that are all alike, each is compared with so many: with those that agree most. */
const MOST_CANDIDATES = 100;
const TEXTS_A_TURN = 256;
const MOST_BUCKETS = 2 ** 24;
const HASHES = 2 ** 32;
/** A frequency and a hash together fit a double. */
const MOST_FREQUENCY = 2 ** 16 - 1;

/**
 * All pairs of at least that similarity, by prefix filtering: if two texts are that similar, then their rarest features agree,
 * and few texts share a rare feature (Bayardo et al. 2007, "Scaling up all pairs similarity search"; with more than one
 * agreement, Wang et al. 2012, "Can we beat the prefix filtering?"). Unlike MinHash it misses no pair and draws nothing at
 * random, as long as no rare feature is shared by more than 1,024 texts.
 *
 * @throws InterruptedError when the reader stops it
 */
export async function similarPairs(params: SimilarPairsParams): Promise<SimilarPair[]> {
  const ranked = rarestFirst(params.features);
  const bySize = [...ranked.keys()]
    .filter((text) => sizeAt(ranked, text) >= params.leastShared)
    .sort((left, right) => sizeAt(ranked, left) - sizeAt(ranked, right));
  const index = new PrefixIndex(ranked, params.threshold);
  const pairs: SimilarPair[] = [];
  const progress = startProgress({ total: bySize.length, label: "Comparing", unit: "texts" });
  const checkInterrupt = watchInterrupt();
  try {
    for (const [done, text] of bySize.entries()) {
      if (done % TEXTS_A_TURN === 0) {
        await checkInterrupt("Comparing texts");
        progress.update(done);
      }
      for (const candidate of index.candidatesOf(text)) {
        const similarity = similarityOf(ranked[candidate], ranked[text], params);
        if (similarity > 0)
          pairs.push({ one: Math.min(candidate, text), other: Math.max(candidate, text), similarity });
      }
      index.add(text);
    }
  } finally {
    progress.end();
  }
  return pairs;
}

function sizeAt(ranked: readonly Float64Array[], text: number): number {
  return ranked[text]?.length ?? 0;
}

/** Each text's features by how rare they are in all texts: frequency and hash as one number, in rising order. */
function rarestFirst(features: readonly Uint32Array[]): Float64Array[] {
  // features that share a bucket count as more frequent than they are: the order is another one, and the result the same
  const count = features.reduce((sum, { length }) => sum + length, 0);
  const buckets = Math.min(MOST_BUCKETS, 2 ** Math.ceil(Math.log2(2 * count + 2)));
  const frequencies = new Uint16Array(buckets);
  for (const row of features)
    for (const feature of row) {
      const bucket = feature % buckets;
      frequencies[bucket] = Math.min((frequencies[bucket] ?? 0) + 1, MOST_FREQUENCY);
    }
  return features.map((row) =>
    Float64Array.from(row, (feature) => (frequencies[feature % buckets] ?? 0) * HASHES + feature).sort(),
  );
}

/** Which texts have a feature among their rarest ones; texts come in the order of their sizes. */
class PrefixIndex {
  readonly #ranked: readonly Float64Array[];
  readonly #threshold: number;
  /** Where the last text that has a feature stands in `#text` and `#next`. */
  readonly #last = new Map<number, number>();
  readonly #text: Int32Array;
  /** Where the text before it that has the same feature stands, -1 for none. */
  readonly #next: Int32Array;
  #size = 0;
  /** How many of its rarest features each text shares with the one that is asked about. */
  readonly #agreeing: Uint32Array;

  constructor(ranked: readonly Float64Array[], threshold: number) {
    this.#ranked = ranked;
    this.#threshold = threshold;
    const places = ranked.reduce((sum, { length }) => sum + length, 0);
    this.#text = new Int32Array(places);
    this.#next = new Int32Array(places);
    this.#agreeing = new Uint32Array(ranked.length);
  }

  /** Takes a text in. A larger one shares at least 2t / (1 + t) of its features, so that many of the rarest need not be kept. */
  add(text: number): void {
    const row = this.#ranked[text] ?? new Float64Array();
    const shared = leastCount((2 * this.#threshold) / (1 + this.#threshold), row.length);
    for (const feature of row.subarray(0, row.length - shared + this.#needed(row.length))) {
      if (feature < 2 * HASHES) continue; // no other text has it
      this.#text[this.#size] = text;
      this.#next[this.#size] = this.#last.get(feature) ?? -1;
      this.#last.set(feature, this.#size);
      this.#size += 1;
    }
  }

  /** The texts taken in that may be similar to one of at least their size: it shares at least t of its own features with them. */
  candidatesOf(text: number): number[] {
    const row = this.#ranked[text] ?? new Float64Array();
    const least = this.#threshold * row.length;
    const met: number[] = [];
    const prefix = row.length - leastCount(this.#threshold, row.length) + this.#needed(row.length);
    for (const feature of row.subarray(0, prefix)) this.#meet(this.#last.get(feature) ?? -1, least, met);
    const candidates = met.filter(
      (other) => (this.#agreeing[other] ?? 0) >= this.#needed(sizeAt(this.#ranked, other)),
    );
    if (candidates.length > MOST_CANDIDATES)
      candidates.sort((left, right) => (this.#agreeing[right] ?? 0) - (this.#agreeing[left] ?? 0));
    for (const other of met) this.#agreeing[other] = 0;
    return candidates.slice(0, MOST_CANDIDATES);
  }

  #meet(last: number, least: number, met: number[]): void {
    let place = last;
    for (let count = 0; place >= 0 && count < MOST_POSTINGS; count += 1) {
      const other = this.#text[place] ?? 0;
      // those before it are smaller still
      if (sizeAt(this.#ranked, other) < least) return;
      const agreeing = this.#agreeing[other] ?? 0;
      if (agreeing === 0) met.push(other);
      this.#agreeing[other] = agreeing + 1;
      place = this.#next[place] ?? -1;
    }
  }

  /** How many of the rarest features must agree; no fewer in a larger text, so that the smaller of two decides. */
  #needed(size: number): number {
    return Math.max(1, Math.floor(AGREEING_SHARE * this.#threshold * size));
  }
}

/** The least whole number that is this share of a count; what floats add to a whole number is none. */
function leastCount(share: number, count: number): number {
  return Math.ceil(share * count - 1e-9);
}

/** The Jaccard similarity of two texts, or 0 if it is too small. */
function similarityOf(
  left: Float64Array = new Float64Array(),
  right: Float64Array = new Float64Array(),
  { threshold, leastShared }: SimilarPairsParams,
): number {
  const total = left.length + right.length;
  const needed = Math.max(leastShared, leastCount(threshold / (1 + threshold), total));
  let [leftAt, rightAt, shared] = [0, 0, 0];
  while (leftAt < left.length && rightAt < right.length) {
    if (shared + Math.min(left.length - leftAt, right.length - rightAt) < needed) return 0;
    const [ours = 0, theirs = 0] = [left[leftAt], right[rightAt]];
    if (ours === theirs) shared += 1;
    if (ours <= theirs) leftAt += 1;
    if (ours >= theirs) rightAt += 1;
  }
  return shared < needed ? 0 : shared / (total - shared);
}
