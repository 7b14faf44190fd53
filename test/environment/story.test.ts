import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { Summary } from "../../environment/notebooks/summary.mjs";
import { code, notebook, notebookFolder, prose } from "./notebooks";
import { ROOT, runNode, type Answer } from "./programs";

/** A notebook that writes a verdict as lib does. */
const verdict = (name: string, ok: boolean): ReturnType<typeof code> =>
  code(
    `require("node:fs").mkdirSync(process.env.STORY_BUILD + "/verdicts", { recursive: true });
require("node:fs").writeFileSync(process.env.STORY_BUILD + "/verdicts/${name}.json",
  JSON.stringify([{ question: "is it so", value: 1, threshold: "at least 1", ok: ${ok} }]));`,
  );
const seed = code("console.log(process.env.STORY_SEED, process.cwd().split('/').at(-2));");

interface Told extends Answer {
  summary: Summary;
  out: string;
  page: string;
}

function tell(folder: string, ...flags: string[]): Told {
  const out = path.join(folder, "story");
  const env = { STORY_BUILD: path.join(folder, "build") };
  const answer = runNode(["environment/story.mjs", "--folder", folder, "--out", out, ...flags], { env });
  const summary = JSON.parse(readFileSync(path.join(out, "summary.json"), "utf8")) as Summary;
  return { ...answer, summary, out, page: readFileSync(path.join(out, "index.html"), "utf8") };
}

describe("npm run story", () => {
  it("executes the notebooks in order into a summary and one page, with the seed that was asked for", () => {
    const folder = notebookFolder({
      "01-one": notebook(
        prose("# First\n\n[next](02-two.ipynb), [data](../data/README.md)"),
        seed,
        verdict("01-one", true),
      ),
      "02-two": notebook(prose("# Second"), code("console.log(process.cwd());")),
    });
    const { status, stdout, stderr, summary, out, page } = tell(folder, "--seed", "7");
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /ok {2}is it so: 1 \(at least 1\)/);
    assert.match(stdout, /^The story holds: 2 of 2 notebooks, 1 of 1 verdicts ok/m);
    assert.equal(summary.seed, 7);
    assert.equal(summary.profile, "pocket");
    assert.equal(summary.node, process.versions.node);
    assert.ok(summary.ok && summary.seconds > 0 && summary.peakMemoryBytes > 1e7);
    assert.deepEqual(
      summary.notebooks.map(({ name, ok, verdicts }) => [name, ok, verdicts.length]),
      [
        ["01-one", true, 1],
        ["02-two", true, 0],
      ],
    );
    assert.match(readFileSync(path.join(out, "01-one.ipynb"), "utf8"), /"7 build/);
    assert.match(page, /First[\s\S]*Second/);
    assert.match(page, /href="#02-two"/);
    assert.match(page, /href="\.\.\/\.\.\/data\/README\.md"/);
    assert.doesNotMatch(page, /<script/);
    assert.ok(!page.includes(ROOT), "no local path");
  });

  it("is red for a notebook that fails, names its cell, and still tries those after it", () => {
    const folder = notebookFolder({
      "01-one": notebook(code("1;"), code("throw new RangeError('too far');"), code("2;")),
      "02-two": notebook(code("1;")),
    });
    const { status, summary } = tell(folder);
    assert.equal(status, 1);
    const [first, second] = summary.notebooks;
    assert.equal(summary.ok, false);
    assert.equal(first?.error, "cell [2]: RangeError: too far");
    assert.equal(second?.ok, true);
  });

  it("is red for a verdict that is not ok, and forgets those of an earlier run", () => {
    const folder = notebookFolder({ "01-one": notebook(verdict("01-one", false)) });
    const { status, stdout, summary } = tell(folder);
    assert.equal(status, 1);
    assert.equal(summary.notebooks[0]?.error, undefined);
    assert.match(stdout, /^The story does NOT hold: 0 of 1 notebooks, 0 of 1 verdicts ok/m);
    const other = notebookFolder({ "01-one": notebook(code("1;")) });
    const env = { STORY_BUILD: path.join(folder, "build") };
    runNode(["environment/story.mjs", "--folder", other, "--out", path.join(other, "story")], { env });
    assert.ok(!existsSync(path.join(folder, "build/verdicts/01-one.json")));
  });

  it("refuses a profile, a seed or a notebook that is not there, in one line", () => {
    const folder = notebookFolder({ "01-one": notebook(code("1;")) });
    for (const [flags, expected] of [
      [["--profile", "huge"], /^STORY_PROFILE is "huge"; expected "pocket" or "full"\.\n$/],
      [["--seed", "x"], /^STORY_SEED is "x"[^\n]*\n$/],
      [["--only", "07"], /^There is no notebook 07 \(there are: 01-one\.ipynb\)\.\n$/],
    ] as const) {
      const { status, stderr } = runNode(["environment/story.mjs", "--folder", folder, ...flags]);
      assert.equal(status, 1);
      assert.match(stderr, expected);
    }
  });

  it("ends its kernel when it is interrupted", async () => {
    const mark = `mark-${process.pid}`;
    const endless = code(`console.log("${mark}");\nawait new Promise((end) => setTimeout(end, 1e6));`);
    const folder = notebookFolder({ "01-one": notebook(endless) });
    const story = spawn(
      process.execPath,
      ["environment/story.mjs", "--folder", folder, "--out", path.join(folder, "story")],
      {
        cwd: ROOT,
        env: { ...process.env, STORY_BUILD: path.join(folder, "build") },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    await new Promise<void>((resolve) => {
      story.stdout.on("data", (chunk: Buffer) => {
        if (chunk.toString().includes("cell 1 of 1")) resolve();
      });
    });
    const kernels = kernelsIn(folder);
    assert.equal(kernels.length, 1, "a kernel runs");
    story.kill("SIGINT");
    assert.equal(await new Promise((resolve) => story.on("close", resolve)), 130);
    assert.deepEqual(kernelsIn(folder), []);
  });
});

/** The kernels that run in a folder (Linux). */
function kernelsIn(folder: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      return /kernel\/jupyter.*main\.js/s.test(command) && environment.includes(folder);
    } catch {
      return false;
    }
  });
}
