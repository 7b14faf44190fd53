/** What a seat of a class needs: one that trains, one that reads, and five at once beside one alone (environment/jupyterhub/README.md). */
import { parseArgs } from "node:util";
import { openClass, type SeatResult } from "../long/running-class";
import { markdownTable } from "./report";

const { values } = parseArgs({
  options: { together: { type: "string", default: "5" }, only: { type: "string" } },
});
const ROUNDS = [
  { notebook: "02-distribution-check.ipynb", seats: 1 },
  { notebook: "02-distribution-check.ipynb", seats: Number(values.together) },
  { notebook: "01-broken-first-attempt.ipynb", seats: 1 },
].filter(({ notebook }) => notebook.startsWith(values.only ?? ""));
const mebibytes = (bytes: number) => String(Math.round(bytes / 2 ** 20));
const most = (seats: SeatResult[], of: (seat: SeatResult) => number) => Math.max(...seats.map(of));

async function main(): Promise<void> {
  const running = await openClass();
  try {
    const rows: string[][] = [];
    for (const [round, { notebook, seats }] of ROUNDS.entries()) {
      const names = Array.from({ length: seats }, (_, seat) => `seat-${round}-${seat}`);
      const results = await Promise.all(names.map((name) => running.seat({ name, notebook })));
      for (const { outputs } of results)
        if (outputs.at(-1)?.some(({ kind }) => kind === "error")) throw new Error(`${notebook} failed.`);
      rows.push([
        notebook,
        String(seats),
        most(results, ({ seconds }) => seconds.server).toFixed(0),
        most(results, ({ seconds }) => seconds.notebook).toFixed(0),
        most(results, ({ usage }) => usage.cpuSeconds).toFixed(0),
        mebibytes(most(results, ({ usage }) => usage.rss)),
        mebibytes(most(results, ({ usage }) => usage.pss)),
      ]);
      console.log(rows.at(-1)?.join("  "));
    }
    const head = [
      "notebook",
      "seats at once",
      "server, s",
      "notebook, s",
      "CPU s a seat",
      "RSS MiB",
      "PSS MiB",
    ];
    console.log(`\n${markdownTable(head, rows)}`);
  } finally {
    await running.end();
    running.remove();
  }
}

void main();
