import { ask, type Ranked } from "../lib/serving/ask";

/** What a text must be answered with. */
export interface Known {
  text: string;
  ranked: Ranked[];
}

/** What some clients came to. */
export interface Load {
  /** Milliseconds of each right answer. */
  right: number[];
  /** Answers that are none of a healthy server: another label or score, another status than 200. */
  wrong: string[];
  /** Connections that failed in the client's sight, by their reason. */
  broken: string[];
}

/** Requests a client makes, each of one text, one after another: until `isOver`, and with `retries` each until it is answered. */
export async function load(params: {
  url: string;
  known: readonly Known[];
  clients: number;
  isOver: () => boolean;
  retries?: boolean;
}): Promise<Load> {
  const { url, known, clients, isOver, retries = false } = params;
  const found: Load = { right: [], wrong: [], broken: [] };
  let next = 0;
  const client = async (): Promise<void> => {
    while (!isOver()) {
      const { text, ranked } = known[next++ % known.length] as Known;
      const sent = performance.now();
      for (;;) {
        try {
          const { status, body } = await ask(url, { inputs: text });
          if (status === 200 && isSame(body[0], ranked)) found.right.push(performance.now() - sent);
          else if (!(retries && status === 503)) found.wrong.push(`${status} ${JSON.stringify(body)}`);
          if (!(retries && status === 503)) break;
        } catch (error) {
          const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
          found.broken.push(cause?.code ?? message);
          // a server that is gone refuses at once
          await new Promise((resolve) => setTimeout(resolve, 50));
          if (!retries) break;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return found;
}

/** Batches are padded and multiplied in another order: digits behind the fourth may differ. */
function isSame(found: Ranked[] | undefined, expected: Ranked[]): boolean {
  return (
    found?.length === expected.length &&
    expected.every(({ label, score }) =>
      found.some((one) => one.label === label && Math.abs(one.score - score) < 1e-4),
    )
  );
}

/** The value below which that share of some figures lies. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
