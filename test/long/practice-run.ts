import assert from "node:assert/strict";
import path from "node:path";
import type { WorkshopNotebook } from "../../environment/workshop/workshop-notebooks.mjs";
import { joined, tagsOf } from "../../environment/notebooks/notebook.mjs";
import { KernelClient, type Cell } from "../kernel/kernel-client";

/**
 * Goes through a practice notebook once, in a real kernel, as a reader would who tries everything: at each task the stub, every wrong
 * answer and the solution, each with the check; then the notebook's own cell.
 *
 * @returns how many answers were judged
 */
export async function runPractice(
  { file, practice, tasks }: WorkshopNotebook,
  folder: string,
): Promise<number> {
  const kernel = await KernelClient.start(folder);
  let judged = 0;
  try {
    const byStub = new Map(tasks.map((task) => [`stub-${task.name}`, task]));
    const cells = practice.cells.filter((cell) => cell.cell_type === "code");
    for (const [at, cell] of cells.entries()) {
      const source = joined(cell.source);
      const where = `${path.basename(file)}, ${cell.id ?? at}`;
      const task = byStub.get(cell.id ?? "");
      if (cell.id?.startsWith("check-")) continue;
      if (!task) {
        const cellAnswer = await kernel.run(source);
        if (!tagsOf(cell).includes("raises-exception")) assertRan(cellAnswer, where);
        continue;
      }
      const check = joined(cells[at + 1]?.source);
      const judge = async (answer: string): Promise<string> => {
        assertRan(await kernel.run(answer), `${where}: ${answer}`);
        const judgement = await kernel.run(check);
        assertRan(judgement, `${where}, judging ${answer}`);
        judged += 1;
        return String(judgement.value);
      };
      const empty = await judge(source);
      assert.match(empty, /^… Missing: /u, where);
      for (const [, name = ""] of source.matchAll(/const (\w+)/g)) assert.ok(empty.includes(name), empty);
      for (const { code, refusedWith } of task.wrong) {
        const said = await judge(code);
        assert.match(said, /^✗ Not yet: /u, `${where} accepts or misses ${code}: ${said}`);
        assert.ok(
          said.includes(refusedWith),
          `${where}: ${code} is refused with "${said}", not "${refusedWith}"`,
        );
      }
      assert.equal(await judge(task.solution), `✓ Right: ${task.right}`, where);
    }
  } finally {
    await kernel.close();
  }
  return judged;
}

function assertRan(cell: Cell, where: string): void {
  assert.equal(
    cell.reply["status"],
    "ok",
    `${where}: ${String(cell.reply["ename"])}: ${String(cell.reply["evalue"])}`,
  );
}
