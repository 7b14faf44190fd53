import { ArgumentError } from "../runtime/errors";
import { Presentable, type VerdictSpec } from "../runtime/presentation";
import { formatCell } from "../runtime/presentation-text";

/** A question that a notebook decides, the number that answers it, and what the answer must be. */
export interface VerdictParams {
  question: string;
  value: number;
  atLeast?: number;
  atMost?: number;
  equals?: number;
  /**
   * Whether the number is the same on every machine, so that it may stand in a compared output; where it depends on
   * training, only whether it reached the threshold is shown.
   */
  exact?: boolean;
}

/** What a notebook found, as it stands in summary.json. */
export interface VerdictRecord {
  question: string;
  value: number;
  /** The threshold in words, such as "at least 0.78". */
  threshold: string;
  ok: boolean;
}

/** The answer to a notebook's question. */
export class Verdict extends Presentable {
  readonly record: VerdictRecord;

  /**
   * @throws ArgumentError without a threshold
   */
  constructor(private readonly params: VerdictParams) {
    super();
    const { question, value, atLeast, atMost, equals } = params;
    const bounds: [string, number | undefined, (bound: number) => boolean][] = [
      ["at least", atLeast, (bound) => value >= bound],
      ["at most", atMost, (bound) => value <= bound],
      ["", equals, (bound) => value === bound],
    ];
    const given = bounds.flatMap(([word, bound, holds]) =>
      bound === undefined ? [] : [{ text: `${word} ${bound}`.trim(), ok: holds(bound) }],
    );
    if (given.length === 0)
      throw new ArgumentError(
        `The verdict on "${question}" has no threshold; expected atLeast, atMost or equals.`,
      );
    this.record = {
      question,
      value,
      threshold: given.map(({ text }) => text).join(" and "),
      ok: given.every(({ ok }) => ok),
    };
  }

  /** Whether the value is what it must be. */
  get ok(): boolean {
    return this.record.ok;
  }

  override present(): VerdictSpec {
    const { question, value, threshold, ok } = this.record;
    const found = this.params.exact ? formatCell(value) : ok ? threshold : "not so";
    return { kind: "verdict", question: `${question}:`, found, expected: threshold, ok };
  }
}
