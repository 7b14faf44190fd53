/**
 * Requests a second of `npm run serve`'s server with the packaged encoder: `npm run bench -- serving`. Texts that share forward
 * passes against one text a pass, both asked by as many clients, in turns; and one client alone, which waits for each answer.
 */
import { parseArgs } from "node:util";
import { loadSnippets } from "../../lib/src/data/snippets";
import { startServer, type ClassificationServer } from "../../lib/src/serving/server";
import { writeSentimentModel } from "../lib/serving/sentiment-model";
import { outputPath } from "./fixtures";

/** What one way of asking came to. */
interface Turn {
  requestsPerSecond: number;
  /** Milliseconds of each request. */
  milliseconds: number[];
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "5" },
    clients: { type: "string", default: "32" },
  },
});
const [rounds, seconds, clients] = [Number(values.rounds), Number(values.seconds), Number(values.clients)];
const texts = loadSnippets()
  .shuffle(1)
  .rows.map(({ text }) => text);

/** As many clients as there are, each asking one text after another for some seconds. */
async function ask(server: ClassificationServer, count: number, duration: number): Promise<Turn> {
  const milliseconds: number[] = [];
  const began = performance.now();
  const end = began + duration * 1000;
  let next = 0;
  await Promise.all(
    Array.from({ length: count }, async () => {
      while (performance.now() < end) {
        const sent = performance.now();
        next += 1;
        const body = JSON.stringify({ inputs: texts[next % texts.length] });
        const response = await fetch(server.endpoint, { method: "POST", body });
        if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
        await response.json();
        milliseconds.push(performance.now() - sent);
      }
    }),
  );
  return { requestsPerSecond: (milliseconds.length * 1000) / (performance.now() - began), milliseconds };
}

function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

async function main(): Promise<void> {
  const model = writeSentimentModel(outputPath("serving-model"));
  const together = await (await startServer({ model })).ready();
  const alone = await (await startServer({ model, limits: { textsPerPass: 1 } })).ready();
  const ways: [string, ClassificationServer, number][] = [
    [`${clients} clients, passes shared`, together, clients],
    [`${clients} clients, one text a pass`, alone, clients],
    ["1 client", together, 1],
  ];
  const turns = new Map<string, Turn[]>(ways.map(([name]) => [name, []]));
  for (const [, server, count] of ways) await ask(server, count, 2);
  for (let round = 0; round < rounds; round += 1)
    for (const [name, server, count] of round % 2 === 0 ? ways : ways.toReversed()) {
      const turn = await ask(server, count, seconds);
      turns.get(name)?.push(turn);
      console.log(`round ${round + 1}: ${name}: ${turn.requestsPerSecond.toFixed(0)} requests/s`);
    }
  for (const [name, all] of turns) {
    const speeds = all.map(({ requestsPerSecond }) => requestsPerSecond).sort((a, b) => a - b);
    const times = all.flatMap(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    const [median, p50, p99] = [quantile(speeds, 0.5), quantile(times, 0.5), quantile(times, 0.99)];
    console.log(
      `${name}: ${median.toFixed(0)} requests/s (median of ${rounds}), p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`,
    );
  }
  await Promise.all([together.close(), alone.close()]);
}

void main();
