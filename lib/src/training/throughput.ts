/** Steps over which the speed is taken: enough to even out long and short batches, few enough to follow a change. */
const WINDOW = 10;

/** How many texts a second training takes now: over the last steps, and what happens between steps is not counted. */
export class Throughput {
  readonly #steps: { texts: number; seconds: number }[] = [];

  /** Takes a step that is over. */
  add(step: { texts: number; seconds: number }): void {
    this.#steps.push(step);
    if (this.#steps.length > WINDOW) this.#steps.shift();
  }

  /** Not a number before the first step. */
  get textsPerSecond(): number {
    const sum = (of: "texts" | "seconds"): number => this.#steps.reduce((total, step) => total + step[of], 0);
    return sum("texts") / sum("seconds");
  }
}
