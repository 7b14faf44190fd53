import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { PYTHON, jupyterEnvironment, makeFolder } from "./kernel-client";
import { writeNotebook, type CellSource } from "./notebook-file";

type Output = NonNullable<CellSource["outputs"]>[number];

const stream = (text: string): Output => ({ output_type: "stream", name: "stdout", text });
const result = (text: string, execution_count: number): Output => ({
  output_type: "execute_result",
  data: { "text/plain": text },
  metadata: {},
  execution_count,
});
const RISES: CellSource = {
  code: "throw new RangeError('as expected')",
  tags: ["raises-exception"],
  outputs: [
    {
      output_type: "error",
      ename: "RangeError",
      evalue: "as expected",
      traceback: ["RangeError: as expected", "    at cell 3:1:7"],
    },
  ],
};

/** A notebook in which everything is as it should be; the others differ from it in one cell. */
const HEALTHY: CellSource[] = [
  { code: "const total: number = 1 + 2;\nconsole.log(total);", outputs: [stream("3\n")] },
  { code: "Math.random()", tags: ["nbval-ignore-output"], outputs: [result("0.5", 2)] },
  RISES,
  { code: "total + 1", outputs: [result("4", 4)] },
  { code: "await Promise.resolve('done')", outputs: [result("'done'", 5)] },
];
const withCell = (index: number, cell: CellSource): CellSource[] => HEALTHY.with(index, cell);
const NOTEBOOKS = {
  healthy: HEALTHY,
  throwing: withCell(4, { code: "throw new Error('unexpected')" }),
  type_error: withCell(4, { code: "const name: string = null;" }),
  floating: withCell(4, { code: "void Promise.reject(new Error('nobody awaits'));" }),
  changed: withCell(3, { code: "total + 2", outputs: [result("4", 4)] }),
};

describe("nbval", () => {
  const folder = makeFolder("nbval");
  for (const [name, cells] of Object.entries(NOTEBOOKS))
    writeNotebook(path.join(folder, `${name}.ipynb`), cells);
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs all notebooks; returns, for each, which of its cells failed. */
  function failures(mode: "--nbval" | "--nbval-lax"): Record<string, number[]> {
    const parameters = [
      "-m",
      "pytest",
      mode,
      "-q",
      "-rA",
      "-p",
      "no:cacheprovider",
      "--rootdir",
      folder,
      folder,
    ];
    const run = spawnSync(PYTHON, parameters, {
      cwd: folder,
      env: jupyterEnvironment(folder),
      encoding: "utf8",
    });
    const failed: Record<string, number[]> = {};
    for (const name of Object.keys(NOTEBOOKS)) {
      const outcomes = [
        ...run.stdout.matchAll(new RegExp(`^(PASSED|FAILED|XFAIL) .*\\b${name}\\.ipynb::Cell (\\d+)`, "gm")),
      ];
      assert.equal(outcomes.length, HEALTHY.length, run.stdout + run.stderr);
      failed[name] = outcomes.filter(([, outcome]) => outcome !== "PASSED").map(([, , cell]) => Number(cell));
    }
    return failed;
  }

  it("passes a healthy notebook, and fails just the cell that is wrong", () => {
    assert.deepEqual(failures("--nbval"), {
      healthy: [],
      throwing: [4],
      type_error: [4],
      floating: [4],
      changed: [3],
    });
  });

  it("does so in its lax mode too, which compares no outputs unless told", () => {
    assert.deepEqual(failures("--nbval-lax"), {
      healthy: [],
      throwing: [4],
      type_error: [4],
      floating: [4],
      changed: [],
    });
  });
});
