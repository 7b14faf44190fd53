import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { createRepo, uploadFiles } from "@huggingface/hub";
import { startEmbeddedHub, type EmbeddedHub } from "../../lib/src/hub/embedded/embedded-hub";
import { pushToHub } from "../../lib/src/hub/push-to-hub";
import type { DiagnosisJson } from "../../lib/src/diagnosis/diagnosis-report";
import { permutation, seededRandom } from "../../lib/src/runtime/random";
import { writeTinyModel } from "../lib/tiny-model";
import { writeTinyTokenizer } from "../lib/tiny-tokenizer";
import { ROOT, sayingLines, temporaryFolder, type Answer } from "./programs";

const folder = temporaryFolder();
const TOKEN = "hf_TheTokenOfTheTests";
/** TensorFlow says on standard error for which CPU it was built, and nothing keeps it from that. */
const TENSORFLOW = /absl::InitializeLog|port\.cc/;

const fileOf = (name: string, content: string): string => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
};

/** Different texts, half of them negative, sorted by label or not. */
function reviews({
  sorted = false,
  label = (isGood: boolean): string | number => (isGood ? "good" : "bad"),
} = {}): string {
  const order = permutation(200, seededRandom(5));
  const rows = (sorted ? order.toSorted((one, other) => (one % 2) - (other % 2)) : order).map((number) => {
    const text = `${number % 2 === 1 ? "A good" : "A bad"} film, number ${number}<script>`;
    return JSON.stringify({ text, label: label(number % 2 === 1) });
  });
  return rows.join("\n");
}

const sorted = fileOf("sorted.jsonl", reviews({ sorted: true }));
const shuffled = fileOf("shuffled.jsonl", reviews());
const LABELS = { id2label: { 0: "bad", 1: "good" }, label2id: { bad: 0, good: 1 } };
const model = writeTinyTokenizer(writeTinyModel(path.join(folder, "model"), { config: LABELS }));

/** As a reader runs it, in another folder than the repository's; beside this process, which may be the Hub that it asks. */
function diagnose(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  const program = path.join(ROOT, "environment/diagnose.mjs");
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
    const child = execFile(process.execPath, [program, ...args], options, (_, stdout, stderr) => {
      resolve({
        status: child.exitCode,
        stdout,
        stderr: stderr
          .split("\n")
          .filter((line) => !TENSORFLOW.test(line))
          .join("\n"),
      });
    });
  });
}

async function asJson(args: readonly string[], env?: NodeJS.ProcessEnv) {
  const answer = await diagnose([...args, "--json"], env);
  assert.notEqual(answer.status, 2, answer.stderr);
  return { ...answer, report: JSON.parse(answer.stdout) as DiagnosisJson };
}

const names = ({ results }: DiagnosisJson) => results.map(({ name }) => name);

describe("npm run diagnose", () => {
  it("ends with 1 where a check fails, and says why: a set sorted by label", async () => {
    const { status, stdout, stderr } = await diagnose(["--data", sorted]);
    assert.equal(status, 1, stdout + stderr);
    assert.match(stdout, /^\d+ of \d+ checks fail/);
    assert.match(stdout, /^✗ fail {2}label-order: /m);
    assert.match(stdout, /^ {8}→ /m);
    assert.match(stdout, /^Not asked: [^]*tokenizer/m);
    assert.doesNotMatch(stdout + stderr, /NaN|Infinity|undefined|at \S+:\d+/);
  });

  it("ends with 0 where none does, of those that are chosen", async () => {
    const args = ["--data", shuffled, "--only", "label-order,label-balance"];
    const { status, stdout, stderr } = await diagnose(args);
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^0 of 2 checks fail, 0 warn, 2 pass/);
    assert.equal(
      (await diagnose(["--data", sorted, "--skip", "label-order", "--only", "label-order,label-balance"]))
        .status,
      0,
    );
  });

  it("writes JSON, Markdown and a page that stands by itself, whole, and tells nothing of this machine", async () => {
    const out = path.join(folder, "out");
    const target = (name: string) => path.join(out, name);
    const files = ["--html", target("a.html"), "--markdown", target("a.md"), "--json", target("a.json")];
    const { status, stdout } = await diagnose(["--data", sorted, ...files]);
    assert.equal(status, 1);
    assert.match(stdout, /label-order/);
    assert.deepEqual(readdirSync(out).sort(), ["a.html", "a.json", "a.md"]);
    const [html = "", json = "", markdown = ""] = ["a.html", "a.json", "a.md"].map((name) =>
      readFileSync(target(name), "utf8"),
    );
    const report = JSON.parse(json) as DiagnosisJson;
    assert.equal(report.verdict, "fail");
    assert.equal(report.results[0]?.name, "label-order");
    assert.match(markdown, /^\d+ of \d+ checks fail.*\n\n\| {2}\| check \|[^]*\| ✗ fail \| label-order \|/);
    assert.match(html, /<title>Diagnosis of \S*sorted\.jsonl<\/title>/);
    assert.match(html, /train: 200 reviews[^]*✗ fail[^]*<details>/);
    assert.ok(!html.includes("<script>"));
    for (const text of [html, json, markdown]) assert.ok(!text.includes(folder), text.slice(0, 2_000));
  });

  it("gives JSON alone on standard output, the same each time", async () => {
    const { status, stdout, report } = await asJson(["--data", shuffled]);
    assert.equal(status, names(report).length > 0 && report.verdict === "fail" ? 1 : 0);
    assert.equal((await asJson(["--data", shuffled])).stdout, stdout);
    assert.ok(names(report).includes("label-order"));
  });

  it("takes a model alone, with what lies in its folder", async () => {
    const { report } = await asJson(["--model", model]);
    assert.ok(names(report).includes("label-names"));
    assert.ok(report.skipped.some(({ name }) => name === "label-order"));
    const state = {
      log_history: [{ step: 1, epoch: 1, loss: 0.7 }],
      best_global_step: null,
      best_model_checkpoint: null,
    };
    const checkpoint = writeTinyTokenizer(
      writeTinyModel(path.join(folder, "checkpoint-1"), { config: LABELS }),
    );
    writeFileSync(path.join(checkpoint, "trainer_state.json"), JSON.stringify(state));
    assert.ok(names((await asJson(["--model", checkpoint])).report).includes("learning-curve"));
  });

  it("takes both, with labels that are numbers under the model's names", async () => {
    const numbers = fileOf("sets/test.jsonl", reviews({ label: Number }));
    fileOf("sets/train.csv", "text,label\na good film,1\na bad film,0\n");
    const args = [
      "--model",
      model,
      "--data",
      path.dirname(numbers),
      "--only",
      "label-mapping,unknown-labels,missing-label",
    ];
    const { report } = await asJson(args);
    assert.deepEqual(names(report).sort(), ["label-mapping", "missing-label", "unknown-labels"]);
    const missing = report.results.find(({ name }) => name === "missing-label");
    assert.match(missing?.found ?? "", /bad|good/, "the model's names");
  });

  it("reports a label that the mapping lacks", async () => {
    const odd = fileOf("odd.jsonl", `${reviews()}\n{"text":"x y z","label":"mixed"}`);
    const args = ["--data", odd, "--labels", "BAD,GOOD", "--only", "unknown-labels"];
    const { status, report } = await asJson(args);
    assert.equal(status, 1);
    assert.match(report.results[0]?.found ?? "", /mixed/);
  });

  it("takes a relative path from where npm was called", async () => {
    const inside = fileOf("inside/mine.csv", "text,label\na good film,x\na bad film,y\n");
    const env = { npm_lifecycle_event: "diagnose", INIT_CWD: path.dirname(inside) };
    const { report } = await asJson(["--data", "mine.csv", "--only", "short-texts"], env);
    assert.deepEqual(names(report), ["short-texts"]);
  });

  it("lists the checks, and explains itself", async () => {
    const list = await diagnose(["--list"]);
    assert.equal(list.status, 0);
    assert.match(list.stdout, /^data {6}label-order +\S.*\?$/m);
    const help = await diagnose(["--help"]);
    assert.deepEqual([help.status, help.stderr], [0, ""]);
    assert.match(help.stdout, /^Diagnoses a text classifier[^]*--data FILE_OR_DATASET/);
  });
});

describe("npm run diagnose with names on a Hub", () => {
  let hub: EmbeddedHub;
  before(async () => {
    hub = await startEmbeddedHub({ folder: path.join(folder, "hub"), token: TOKEN });
    const repo = { type: "dataset", name: "reader/reviews" } as const;
    const access = { repo, hubUrl: hub.endpoint, accessToken: TOKEN };
    await createRepo(access);
    const files = [{ path: "train.jsonl", content: new Blob([readFileSync(sorted)]) }];
    await uploadFiles({ ...access, files, useXet: false });
    await pushToHub({
      folder: model,
      repo: "reader/tiny",
      commitMessage: "Push",
      endpoint: hub.endpoint,
      token: TOKEN,
    });
  });
  after(() => hub.close());

  it("pulls data set and model into the cache that Python shares", async () => {
    const home = path.join(folder, "home");
    const env = { HF_ENDPOINT: hub.endpoint, HF_HOME: home, HF_TOKEN: "", HF_HUB_CACHE: "" };
    const args = ["--data", "reader/reviews", "--model", "reader/tiny", "--only", "label-order,label-names"];
    const { status, report } = await asJson(args, env);
    assert.equal(status, 1);
    assert.deepEqual(names(report).sort(), ["label-names", "label-order"]);
    assert.ok(existsSync(path.join(home, "hub", "datasets--reader--reviews")));
    const none = await diagnose(["--data", "reader/none"], env);
    assert.deepEqual([none.status, sayingLines(none.stderr).length], [2, 1]);
    assert.match(none.stderr, /has no dataset reader\/none/);
  });
});

describe("npm run diagnose of what cannot be read", () => {
  async function refused(args: readonly string[], message: RegExp) {
    const { status, stdout, stderr } = await diagnose(args);
    assert.equal(status, 2, stdout + stderr);
    assert.equal(stdout, "");
    assert.equal(sayingLines(stderr).length, 1, stderr);
    assert.match(stderr, message);
    assert.ok(!stderr.includes(folder), stderr);
  }

  it("ends with 2 and one line that says what to do", async () => {
    await refused(["--modle", "x"], /^There is no option --modle; the nearest is --model\.$/m);
    await refused(["--data", "none.csv"], /^\S*none\.csv does not exist; expected a file of reviews/);
    const columns = fileOf("columns.csv", "body,stars\na,1\n");
    await refused(
      ["--data", columns],
      /columns\.csv lacks a column of texts .*; it has body, stars\..* --text-column/,
    );
    await refused(
      ["--data", shuffled, "--only", "label-ordr"],
      /no check called "label-ordr"; the nearest is "label-order"/,
    );
    const bare = writeTinyTokenizer(writeTinyModel(path.join(folder, "bare"), { withHead: false }));
    await refused(["--model", bare], /bare lacks .*; expected a classifier that was trained/);
    await refused(
      ["--model", model, "--max-length", "17"],
      /^--max-length is 17; the model reads at most 16 tokens of a text\.$/m,
    );
  });

  it("ends with 2 where the report cannot be written, and has shown it", async () => {
    mkdirSync(path.join(folder, "taken"));
    const args = ["--data", shuffled, "--only", "label-order", "--html", "taken"];
    const { status, stdout, stderr } = await diagnose(args);
    assert.deepEqual([status, sayingLines(stderr)], [2, ["taken could not be written (EISDIR)."]]);
    assert.match(stdout, /label-order/);
  });
});
