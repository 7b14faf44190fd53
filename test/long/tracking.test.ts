/**
 * Runs that TensorBoard, Weights & Biases and Trackio were told of, as their own packages read them back: the curves are the log's.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { AutoModelForSequenceClassification } from "../../lib/src/model/auto-model";
import { balanced } from "../../lib/src/data/splits";
import { loadSnippets } from "../../lib/src/data/snippets";
import { DOWNLOADS, REPOSITORY } from "../../lib/src/runtime/repository";
import { encodeReviews } from "../../lib/src/tokenization/encode-reviews";
import type { Feature } from "../../lib/src/tokenization/collator";
import { Tokenizer } from "../../lib/src/tokenization/tokenizer";
import { reportingTrackers } from "../../lib/src/tracking/reporting-trackers";
import { isSpeedMetric } from "../../lib/src/training/speed-metrics";
import { setTrackerFactory } from "../../lib/src/training/tracking";
import { Trainer } from "../../lib/src/training/trainer";
import type { LogEntry } from "../../lib/src/training/trainer-state";
import { withoutStory } from "./clone";
import { temporaryFolder } from "../lib/temporary-folder";
import { writeTinyModel } from "../lib/tiny-model";
import { scalarsOf } from "../lib/tracking/scalars-of";
import { until } from "../lib/until";
import { clientPython, runPython } from "./python-environment";
import { isPoint, own, rowsOf, storedLog, type ReadBack } from "./tracked-log";
import { startWandbEndpoint } from "./wandb-endpoint";

const folder = temporaryFolder();
const python = clientPython();
const env = { ...withoutStory(), TRACKING_PYTHON: python, HF_HUB_OFFLINE: "1" };
const children: ChildProcess[] = [];

before(() => {
  process.env["TRACKING_PYTHON"] = python;
  setTrackerFactory(reportingTrackers);
});
after(() => {
  setTrackerFactory(undefined);
  delete process.env["TRACKING_PYTHON"];
  for (const child of children) child.kill();
});

async function readBack(outputDir: string): Promise<ReadBack> {
  const reader = path.join(__dirname, "tracking_reader.py");
  const input = { outputDir, project: "huggingface" };
  return JSON.parse(await runPython({ python, args: [reader], input, env })) as ReadBack;
}

/** Everything below a folder, in one text. */
function everythingIn(place: string): string {
  const names = readdirSync(place, { recursive: true, encoding: "utf8", withFileTypes: true });
  const files = names
    .filter((name) => name.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  return files.map((file) => path.relative(place, file) + readFileSync(file).toString("latin1")).join("\n");
}

describe("a run of the real encoder", () => {
  const outputDir = path.join(folder, "real");
  let log: LogEntry[] = [];
  let found: ReadBack;

  before(async () => {
    const encoder = path.join(DOWNLOADS, "encoder");
    const model = AutoModelForSequenceClassification.fromFolder(encoder);
    const tokenizer = Tokenizer.fromFolder(encoder);
    const encode = (perLabel: number, seed: number): Feature[] =>
      encodeReviews(balanced(loadSnippets(), { perLabel, seed }), { tokenizer, maxLength: 32 });
    const trainer = new Trainer({
      model,
      args: {
        ...{ outputDir, perDeviceTrainBatchSize: 4, maxSteps: 12, loggingSteps: 2, reportTo: "all" },
        ...{ evalStrategy: "steps", evalSteps: 3, saveStrategy: "steps", saveSteps: 6 },
      },
      trainDataset: encode(12, 1),
      evalDataset: encode(4, 2),
      padTokenId: tokenizer.padTokenId,
    });
    await trainer.train();
    model.dispose();
    log = trainer.state.logHistory;
    found = await readBack(outputDir);
  });

  it("has the log of trainer_state.json, and what came after its last checkpoint", () => {
    const stored = storedLog(outputDir, 12);
    assert.equal(stored.length, 10);
    assert.deepEqual(log.slice(0, -1), stored);
  });

  it("is the same curves in TensorBoard", () => {
    assert.deepEqual(found.tensorboard.scalars, scalarsOf(log));
    assert.match(found.tensorboard.texts["args/text_summary"] ?? "", /"max_steps": 12,/);
    assert.match(found.tensorboard.texts["final/text_summary"] ?? "", /\| eval\/accuracy \| /);
  });

  it("is the same rows in Weights & Biases, with config and a summary", () => {
    const { history, summary, config, host, exitCode } = found.wandb;
    assert.deepEqual(
      history.map((row) => own(row)),
      rowsOf(log.slice(0, -1)),
    );
    assert.equal(summary["train_loss"], log.at(-1)?.["train_loss"]);
    assert.equal(summary["final/eval/accuracy"], log.at(-2)?.["eval_accuracy"]);
    assert.equal(config["learning_rate"], 5e-5);
    assert.equal(config["num_train_examples"], 24);
    assert.deepEqual([host, exitCode], ["", 0]);
  });

  it("is the same rows in Trackio, with config and a table", () => {
    const { history, config, name } = found.trackio;
    const points = history.filter(isPoint);
    assert.deepEqual(
      points.map((row) => own(row)),
      rowsOf(log.slice(0, -1)),
    );
    assert.deepEqual(
      points.map(({ step }) => step),
      log.slice(0, -1).map(({ step }) => step),
    );
    assert.equal(history.length, points.length + 1);
    assert.match(name, /^real-/);
    assert.equal(config["learning_rate"], 5e-5);
  });

  it("names no folder of this machine and no host", () => {
    for (const place of ["runs", "wandb", "trackio"]) {
      const written = everythingIn(path.join(outputDir, place));
      for (const secret of [
        folder,
        REPOSITORY,
        path.join(os.homedir(), ""),
        `.${os.hostname()}`,
        `"${os.hostname()}"`,
      ])
        assert.ok(!written.includes(secret), `${place} has ${secret}`);
    }
  });

  it("is the same curves from TensorBoard's server", async () => {
    const scalars = scalarsOf(log);
    const logdir = path.join(outputDir, "runs");
    const [run = ""] = readdirSync(logdir);
    const port = await freePort();
    const words = ["--logdir", logdir, "--host", "127.0.0.1", "--port", String(port)];
    const server = spawn(path.join(path.dirname(python), "tensorboard"), words, { env, stdio: "ignore" });
    children.push(server);
    const ask = async (tag: string): Promise<[number, number, number][] | undefined> => {
      const query = new URLSearchParams({ run, tag });
      const response = await fetch(
        `http://127.0.0.1:${port}/data/plugin/scalars/scalars?${query.toString()}`,
      );
      return response.ok ? ((await response.json()) as [number, number, number][]) : undefined;
    };
    for (const [tag, points] of Object.entries(scalars)) {
      // it reads on while it answers
      const isWhole = async () => (await ask(tag).catch(() => undefined))?.length === points.length;
      await until(isWhole, 60);
      assert.deepEqual(
        (await ask(tag))?.map(([, step, value]) => [step, value]),
        points,
        tag,
      );
    }
  });

  it("is what wandb sync asks a login for, and sends", async () => {
    const wandb = path.join(path.dirname(python), "wandb");
    const [name = ""] = readdirSync(path.join(outputDir, "wandb"));
    const run = path.join(outputDir, "wandb", name);
    const home = { HOME: folder, NETRC: path.join(folder, "netrc"), WANDB_DIR: folder };
    const refused = runPython({ python: wandb, args: ["sync", run], env: { ...env, ...home } });
    await assert.rejects(refused, /No API key configured/);
    const endpoint = await startWandbEndpoint();
    try {
      const asked = { WANDB_BASE_URL: endpoint.url, WANDB_API_KEY: "a".repeat(40) };
      await runPython({ python: wandb, args: ["sync", run], env: { ...env, ...home, ...asked } });
      const [[id, history] = ["", []]] = [...endpoint.history];
      assert.ok(name.endsWith(id));
      assert.deepEqual(
        history.map((row) => own(row)),
        rowsOf(log.slice(0, -1)),
      );
    } finally {
      await endpoint.close();
    }
  });
});

describe("a run that SIGKILL ends, and that goes on", () => {
  it("leaves no client behind, and is one run with every point once", async () => {
    const outputDir = path.join(folder, "killed");
    const source = writeTinyModel(path.join(folder, "model"));
    const words = ["--import", "tsx", path.join(__dirname, "tracked-run.ts"), source, outputDir];
    const killed = spawn(process.execPath, [...words, "7"], {
      env,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    children.push(killed);
    await new Promise((resolve, reject) => {
      killed.once("message", resolve);
      killed.once("exit", (code) => {
        reject(new Error(`the run ended with ${code ?? "a signal"} before it was killed`));
      });
    });
    assert.ok(clientsOf(outputDir).length >= 2);
    killed.kill("SIGKILL");
    await until(() => clientsOf(outputDir).length === 0, 60);
    execFileSync(process.execPath, [...words, "0"], { env, stdio: ["ignore", "ignore", "inherit"] });
    const log = storedLog(outputDir, 12);
    const found = await readBack(outputDir);
    const timeless = (rows: Record<string, unknown>[]) => rows.filter(isPoint).map((row) => own(row, true));
    assert.deepEqual(timeless(found.wandb.history), timeless(rowsOf(log)));
    assert.deepEqual(timeless(found.trackio.history), timeless(rowsOf(log)));
    const { scalars } = found.tensorboard;
    for (const [tag, points] of Object.entries(scalarsOf(log)))
      if (!isSpeedMetric(tag.replace("/", "_"))) assert.deepEqual(scalars[tag], points, tag);
    const names = readdirSync(path.join(outputDir, "wandb")).sort();
    assert.equal(names.length, 2);
    assert.match(names[1] ?? "", /^superseded-offline-run-/);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Processes that work in a run's folder: its clients, and what they started. */
function clientsOf(outputDir: string): string[] {
  if (!existsSync("/proc")) return [];
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === outputDir;
    } catch {
      return false;
    }
  });
}
