import { wilsonInterval } from "../evaluation/metrics";
import { chiSquareTest } from "../evaluation/significance/chi-square";
import { signEvidence } from "../evaluation/significance/sequential-sign-test";
import { ArgumentError } from "../runtime/errors";
import { watchInterrupt } from "../runtime/interrupt";
import { Presentable, type TableSpec } from "../runtime/presentation";
import { startProgress } from "../runtime/progress";
import { seededRandom, type Random } from "../runtime/random";

/** Two versions that please at these rates, and who looks when. */
export interface PeekingParams {
  /** How often an answer of each version is liked: 0 to 1. */
  readonly rates: readonly [left: number, right: number];
  /** Answers of each version when the test ends, if it was not stopped before. */
  readonly pairs: number;
  /** Answers of each version between two looks. */
  readonly batch: number;
  /** 0.05 where nothing is said. */
  readonly alpha?: number;
  /** How many tests are simulated; 1,000 where nothing is said. */
  readonly runs?: number;
  readonly seed?: number;
}

/** How one rule of stopping did. */
export interface StoppingRule {
  readonly name: string;
  /** Share of tests in which a difference was called shown: where there is none, each is an error. */
  readonly shown: number;
  /** Of that share, with 95 % confidence. */
  readonly interval: readonly [number, number];
  /** Answers of each version that a test took, in the mean. */
  readonly meanPairs: number;
}

/** Rules of stopping on the same simulated tests, as a table. */
export class PeekingSimulation extends Presentable {
  constructor(
    readonly params: Required<PeekingParams>,
    /** A p-value once at the end; the same after each batch; the evidence after each batch. */
    readonly rules: {
      readonly once: StoppingRule;
      readonly peeked: StoppingRule;
      readonly evidence: StoppingRule;
    },
  ) {
    super();
  }

  override present(): TableSpec {
    const { rates, runs, pairs, batch } = this.params;
    const { once, peeked, evidence } = this.rules;
    const shown = rates[0] === rates[1] ? "difference “shown”, there is none" : "difference shown";
    return {
      kind: "table",
      title: `${runs.toLocaleString("en-US")} tests, liked ${rates.join(" and ")}, up to ${pairs.toLocaleString("en-US")} answers each, a look after every ${batch}`,
      columns: ["stop at", shown, "from", "to", "answers each, mean"],
      rows: [once, peeked, evidence].map((rule) => [
        ...[rule.name, rule.shown],
        ...rule.interval,
        rule.meanPairs,
      ]),
      format: { [shown]: "percent", from: "percent", to: "percent", "answers each, mean": 0 },
    };
  }
}

/**
 * Simulates tests of two versions that each get half of the requests, and counts how often each rule of stopping calls a difference
 * shown: for equal rates its errors, for different ones its power and how long it takes.
 *
 * @throws ArgumentError for a rate outside 0 to 1, or a number that is none
 * @throws InterruptedError when the reader stops it
 */
export async function simulatePeeking(given: PeekingParams): Promise<PeekingSimulation> {
  const params = { alpha: 0.05, runs: 1000, seed: 1, ...given };
  checkParams(params);
  const random = seededRandom(params.seed);
  const progress = startProgress({ total: params.runs, label: "Simulating", unit: "tests" });
  const checkInterrupt = watchInterrupt();
  const stops: Stops[] = [];
  try {
    for (let run = 0; run < params.runs; run += 1) {
      if (run % 50 === 0) await checkInterrupt("Simulating tests");
      stops.push(simulateOnce(params, random));
      progress.update(run + 1);
    }
  } finally {
    progress.end();
  }
  const rule = (name: string, key: keyof Stops): StoppingRule => {
    const shown = stops.filter((stop) => stop[key] !== undefined).length;
    const pairs = stops.reduce((sum, stop) => sum + (stop[key] ?? params.pairs), 0);
    return {
      ...{ name, shown: shown / params.runs, interval: wilsonInterval(shown, params.runs) },
      meanPairs: pairs / params.runs,
    };
  };
  const { alpha } = params;
  return new PeekingSimulation(params, {
    once: rule(`p < ${alpha}, one look at the end`, "once"),
    peeked: rule(`p < ${alpha}, at any look`, "peeked"),
    evidence: rule(`evidence of ${Number((1 / alpha).toPrecision(3))}, at any look`, "evidence"),
  });
}

/** After how many answers of each version a rule stopped with a finding; `undefined` for one that did not. */
interface Stops {
  once?: number;
  peeked?: number;
  evidence?: number;
}

function simulateOnce({ rates, pairs, batch, alpha }: Required<PeekingParams>, random: Random): Stops {
  const liked: [number, number] = [0, 0];
  const wins: [number, number] = [0, 0];
  const stops: Stops = {};
  for (let pair = 1; pair <= pairs; pair += 1) {
    const [left, right] = [random() < rates[0], random() < rates[1]];
    liked[0] += Number(left);
    liked[1] += Number(right);
    if (left !== right) wins[right ? 1 : 0] += 1;
    if (pair % batch !== 0 && pair !== pairs) continue;
    const table = liked.map((count) => [count, pair - count]);
    if (chiSquareTest(table).pValue < alpha) {
      stops.peeked ??= pair;
      if (pair === pairs) stops.once = pair;
    }
    if (signEvidence({ wins: wins[1], losses: wins[0] }) >= Math.log(1 / alpha)) stops.evidence ??= pair;
  }
  return stops;
}

function checkParams({ rates, pairs, batch, alpha, runs }: Required<PeekingParams>): void {
  for (const rate of rates)
    if (!(rate >= 0 && rate <= 1)) throw new ArgumentError(`A rate is ${rate}; expected 0 to 1.`);
  for (const [name, value] of Object.entries({ pairs, batch, runs }))
    if (!Number.isInteger(value) || value < 1)
      throw new ArgumentError(`${name} is ${value}; expected a whole number above 0.`);
  if (!(alpha > 0 && alpha < 1))
    throw new ArgumentError(`alpha is ${alpha}; expected a number between 0 and 1.`);
}
