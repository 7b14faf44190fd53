import { ServingRefusal } from "./refusal";
import type { ServingLimits } from "./serving-limits";

/** A text that waits for the model. */
export interface WaitingText {
  inputIds: number[];
  /** Passes that failed with it. */
  failures: number;
  /** Whether nobody waits for its answer any more. */
  isDropped: boolean;
  answer: (logits: number[]) => void;
  refuse: (error: unknown) => void;
}

/** The texts that wait, the oldest first, and which of them go together into a forward pass. */
export class WaitingTexts {
  #texts: WaitingText[] = [];

  constructor(
    private readonly limits: Pick<ServingLimits, "waitingTexts" | "textsPerPass" | "tokensPerPass">,
  ) {}

  /** How many wait. */
  get count(): number {
    return this.#texts.length;
  }

  /**
   * Puts texts at the end, all or none.
   *
   * @throws ServingRefusal (429) if more would wait than the limit allows
   */
  add(texts: readonly WaitingText[]): void {
    const { waitingTexts } = this.limits;
    // one request alone is let in whatever its size, or it would never be
    if (this.count > 0 && this.count + texts.length > waitingTexts)
      throw new ServingRefusal(
        `Model is overloaded: ${this.count} texts wait, and at most ${waitingTexts} may. Retry in a second.`,
        { status: 429, headers: { "Retry-After": "1" } },
      );
    this.#texts.push(...texts);
  }

  /** Puts texts whose pass failed to the front again. */
  putBack(texts: readonly WaitingText[]): void {
    this.#texts.unshift(...texts.filter(({ isDropped }) => !isDropped));
  }

  /** Takes texts out for which nobody waits any more. */
  drop(texts: readonly WaitingText[]): void {
    const gone = new Set(texts);
    for (const text of texts) text.isDropped = true;
    this.#texts = this.#texts.filter((text) => !gone.has(text));
  }

  /**
   * The texts of the next pass: the one that waited longest, and those nearest to it in length, so that little is padding.
   * One whose pass failed goes alone: if it was to blame, it takes no other with it again.
   */
  take(): WaitingText[] {
    const [oldest] = this.#texts;
    if (!oldest) return [];
    const pass = oldest.failures > 0 ? [oldest] : this.#around(oldest);
    const taken = new Set(pass);
    this.#texts = this.#texts.filter((text) => !taken.has(text));
    return pass;
  }

  #around(oldest: WaitingText): WaitingText[] {
    const { textsPerPass, tokensPerPass } = this.limits;
    const distance = ({ inputIds }: WaitingText) => Math.abs(inputIds.length - oldest.inputIds.length);
    const pass: WaitingText[] = [];
    let longest = oldest.inputIds.length;
    // the sort is stable: the oldest stays first, and of equals the older
    for (const text of this.#texts
      .filter(({ failures }) => failures === 0)
      .sort((a, b) => distance(a) - distance(b))) {
      const wider = Math.max(longest, text.inputIds.length);
      const isTooMuch = pass.length > 0 && (pass.length + 1) * wider > tokensPerPass;
      if (isTooMuch || pass.length >= textsPerPass) break;
      pass.push(text);
      longest = wider;
    }
    return pass;
  }
}
