import { lineChart } from "../diagnosis/evidence-charts";
import { counted, percent, rounded } from "../diagnosis/wording";
import { signEvidence, signInterval } from "../evaluation/significance/sequential-sign-test";
import { ArgumentError, DataError } from "../runtime/errors";
import { Presentable, type ChartSpec, type Spec } from "../runtime/presentation";
import type { Preference } from "./preferences";

/** What is compared as it comes in. */
export interface SequentialParams {
  /** What happened, in the order in which it happened. */
  readonly preferences: readonly Preference[];
  /** What the versions are called. */
  readonly name?: readonly [left: string, right: string];
  /** The chance to call one better that is not, however often one looks; 0.05 where nothing is said. */
  readonly alpha?: number;
}

/** As many points as a line needs. */
const CHART_POINTS = 120;

/** Two versions compared as their occasions come in, up to the first at which one may stop. */
export class SequentialComparison extends Presentable {
  /** Occasions seen until the stop, or until now; what came later is not looked at. */
  readonly seen: number;
  /** Of these, those on which each version did better. */
  readonly wins: { readonly left: number; readonly right: number };
  /** The better version; `undecided` while it is open. */
  readonly finding: "left" | "right" | "undecided";
  /** Holds the right version's true share of wins, with a confidence of 1 - alpha however often one looks. */
  readonly interval: readonly [number, number];
  /** ln of the evidence after each occasion that was seen: see {@link signEvidence}. */
  readonly evidence: readonly number[];

  constructor(
    readonly name: readonly [left: string, right: string],
    readonly alpha: number,
    preferences: readonly Preference[],
  ) {
    super();
    const wins = { left: 0, right: 0, neither: 0 };
    const evidence: number[] = [];
    const enough = Math.log(1 / alpha);
    for (const preference of preferences) {
      wins[preference] += 1;
      evidence.push(signEvidence({ wins: wins.right, losses: wins.left }));
      if ((evidence.at(-1) ?? 0) >= enough) break;
    }
    this.seen = evidence.length;
    this.wins = wins;
    this.evidence = evidence;
    const better = wins.right > wins.left ? "right" : "left";
    this.finding = (evidence.at(-1) ?? 0) >= enough ? better : "undecided";
    this.interval = signInterval({ wins: wins.right, losses: wins.left, alpha });
  }

  /** A p-value that holds however often one looks: 1 over the largest evidence so far. */
  get pValue(): number {
    return Math.min(1, Math.exp(-this.evidence.reduce((most, value) => Math.max(most, value), 0)));
  }

  override present(): readonly Spec[] {
    const { left, right } = this.wins;
    const [from, to] = this.interval;
    const [leftName, rightName] = this.name;
    const enough = rounded(1 / this.alpha);
    return [
      {
        kind: "table",
        title: this.#title(),
        columns: ["seen", `${leftName} better`, `${rightName} better`, "evidence", "enough", "p"],
        rows: [[this.seen, left, right, rounded(Math.exp(this.evidence.at(-1) ?? 0)), enough, this.pValue]],
        note: `Where they differ, ${rightName} is better in ${percent(from)} to ${percent(to)} of all cases. Evidence, p and interval hold however often one looks.`,
      },
      ...(this.seen > 1 ? [this.#chart()] : []),
    ];
  }

  #title(): string {
    const [leftName, rightName] = this.name;
    if (this.finding === "undecided")
      return `Neither is shown to be better after ${counted(this.seen, "occasion")}: go on, or stop without a winner`;
    const [winner, loser] = this.finding === "right" ? [rightName, leftName] : [leftName, rightName];
    return `${winner} is better than ${loser}, shown after ${counted(this.seen, "occasion")}: you may stop`;
  }

  #chart(): ChartSpec {
    const step = Math.max(1, Math.ceil(this.seen / CHART_POINTS));
    const x = this.evidence.flatMap((_, index) =>
      index % step === 0 || index === this.seen - 1 ? [index + 1] : [],
    );
    const inTens = (value: number): number => Number((value / Math.LN10).toFixed(3)) + 0;
    return lineChart({
      title:
        this.finding === "undecided"
          ? "The evidence does not reach what is enough"
          : `The evidence is enough after ${counted(this.seen, "occasion")}`,
      series: [
        { name: "evidence", x, y: x.map((at) => inTens(this.evidence[at - 1] ?? 0)) },
        { name: "enough", x: [1, this.seen], y: [1, 1].map(() => inTens(Math.log(1 / this.alpha))) },
      ],
      xTitle: "occasions seen",
      yTitle: "evidence, powers of ten",
    });
  }
}

/**
 * Compares two versions as occasions come in, and says at which one may stop: at the first whose evidence reaches 1 / alpha. Looking
 * after each does not raise the chance of a wrong finding above alpha: see {@link signEvidence}.
 *
 * @throws DataError for no occasion
 * @throws ArgumentError for an alpha that is not between 0 and 1
 */
export function compareSequentially(params: SequentialParams): SequentialComparison {
  const { preferences, name = ["left", "right"], alpha = 0.05 } = params;
  if (!(alpha > 0 && alpha < 1))
    throw new ArgumentError(`alpha is ${alpha}; expected a number between 0 and 1.`);
  if (preferences.length === 0)
    throw new DataError("Two versions were compared on 0 occasions; expected at least one.");
  const strange = preferences.find((preference) => !["left", "right", "neither"].includes(preference));
  if (strange !== undefined)
    throw new DataError(`A preference is ${JSON.stringify(strange)}; expected "left", "right" or "neither".`);
  return new SequentialComparison(name, alpha, preferences);
}
