import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { modelSubject, type ModelSubjectOptions } from "../../../lib/src/diagnosis/model-subject";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { DataError, LibError, ModelError } from "../../../lib/src/runtime/errors";
import { testHub, TOKEN } from "../hub/test-hub";
import { writeTinyBert, writeTinyModel } from "../tiny-model";
import { writeTinyTokenizer } from "../tiny-tokenizer";

const setup = testHub(async () => {
  const folder = model("pushed", { "README.md": "---\nlicense: mit\n---\n" });
  await pushToHub({
    folder,
    repo: "reader/tiny",
    commitMessage: "Push",
    endpoint: setup.hub.endpoint,
    token: TOKEN,
  });
});

const SENTIMENT = { id2label: { 0: "negative", 1: "Positive" }, label2id: { negative: 0, Positive: 1 } };

function model(name: string, files: Record<string, string> = {}): string {
  const folder = writeTinyTokenizer(writeTinyModel(path.join(setup.folder, name), { config: SENTIMENT }));
  for (const [file, content] of Object.entries(files)) writeFileSync(path.join(folder, file), content);
  return folder;
}

async function read(folder: string, options?: ModelSubjectOptions) {
  const subject = await modelSubject(folder, options);
  subject.model.dispose();
  return subject;
}

const refused = (work: Promise<unknown>, kind: typeof LibError, message: RegExp) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof kind, String(error));
    assert.match(error.message, message);
    assert.ok(!error.message.includes(path.dirname(setup.folder)), error.message);
    return true;
  });

describe("a model to diagnose", () => {
  it("is read with its tokenizer, the tokens that it reads, and the obvious cases of sentiment", async () => {
    const folder = model("plain");
    const { tokenizer, maxLength, cases, ...rest } = await read(folder);
    assert.deepEqual(tokenizer.encode("Good film!", { maxLength }).inputIds, [1, 4, 6, 15, 2]);
    assert.equal(maxLength, 16);
    assert.equal(cases?.length, 8);
    assert.deepEqual(
      [rest.folder, rest.run, rest.args, rest.card],
      [folder, undefined, undefined, undefined],
    );
    const other = writeTinyTokenizer(writeTinyBert(path.join(setup.folder, "bert")));
    assert.equal((await read(other)).cases, undefined, "LABEL_0 is no sentiment");
  });

  it("has a run and its recipe where it is a checkpoint, and the head of its card", async () => {
    const folder = model("checkpoint-40", {
      "trainer_state.json": JSON.stringify({
        ...{ log_history: [{ step: 10, epoch: 1, loss: 0.5 }], best_global_step: 10 },
        ...{ best_model_checkpoint: "out/checkpoint-10" },
      }),
      "training_args.json": JSON.stringify({
        learning_rate: 1e-4,
        metric_for_best_model: "accuracy",
        other: 1,
      }),
      "README.md": "---\nlicense: mit\ntags: [a]\n---\n\n# Model\n",
    });
    const { run, args, card } = await read(folder);
    assert.deepEqual(run, {
      logHistory: [{ step: 10, epoch: 1, loss: 0.5 }],
      bestGlobalStep: 10,
      metricForBestModel: "accuracy",
    });
    assert.deepEqual(args, { learningRate: 1e-4, metricForBestModel: "accuracy" });
    assert.deepEqual(card, { license: "mit", tags: ["a"] });
  });

  it("may have been trained by any version of transformers, and have diverged", async () => {
    const folder = model("transformers", {
      "trainer_state.json":
        '{"best_model_checkpoint": "out/checkpoint-500", "log_history": [' +
        '{"epoch": 1.0, "loss": NaN, "grad_norm": Infinity, "step": 500}, ' +
        '{"epoch": 2.0, "eval_matrix": [[1, 2]], "eval_note": "NaN \\" Infinity", "step": 1000}]}',
      "README.md": "# No head, and so no card",
    });
    const { run, args, card } = await read(folder);
    assert.deepEqual(run, {
      logHistory: [
        { step: 500, epoch: 1, loss: NaN, grad_norm: NaN },
        { step: 1000, epoch: 2 },
      ],
      bestGlobalStep: 500,
    });
    assert.deepEqual([args, card], [undefined, undefined]);
    const none = model("no-best", {
      "trainer_state.json": '{"best_model_checkpoint": null, "log_history": []}',
    });
    assert.deepEqual((await read(none)).run, { logHistory: [], bestGlobalStep: null });
  });

  it("may lie on the Hub", async () => {
    const hub = { endpoint: setup.hub.endpoint, cacheDir: path.join(setup.folder, "cache") };
    const { maxLength, card, cases } = await read("reader/tiny", hub);
    assert.deepEqual([maxLength, card, cases?.length], [16, { license: "mit" }, 8]);
    await refused(read("reader/none", hub), LibError, /has no model reader\/none/);
  });

  it("may have its tokenizer elsewhere", async () => {
    const folder = model("without");
    rmSync(path.join(folder, "tokenizer.json"));
    const elsewhere = model("elsewhere");
    assert.equal((await read(folder, { tokenizer: elsewhere })).tokenizer.folder, elsewhere);
    await refused(
      read(folder),
      ModelError,
      /without has no tokenizer\.json: save the tokenizer there, or name where/,
    );
  });
});

describe("a model that cannot be diagnosed", () => {
  it("is an encoder alone, or no model", async () => {
    const bare = writeTinyTokenizer(writeTinyModel(path.join(setup.folder, "bare"), { withHead: false }));
    await refused(
      read(bare),
      ModelError,
      /bare lacks pre_classifier\.weight, .*; expected a classifier that was trained/,
    );
    const runs = path.join(setup.folder, "runs");
    for (const step of [20, 40]) mkdirSync(path.join(runs, `checkpoint-${step}`), { recursive: true });
    await refused(
      read(runs),
      ModelError,
      /has no config\.json; .* it holds checkpoint-20, checkpoint-40: name one/,
    );
    await refused(
      read(path.join(runs, "checkpoint-20")),
      ModelError,
      /has no config\.json; expected a model's folder/,
    );
  });

  it("has a damaged file", async () => {
    let made = 0;
    for (const [file, content, kind, message] of [
      ["trainer_state.json", "{", ModelError, /trainer_state\.json is no JSON object/],
      ["trainer_state.json", "[]", ModelError, /trainer_state\.json is no JSON object/],
      ["trainer_state.json", '{"log_history": [3]}', ModelError, /has no log_history; expected a list/],
      ["README.md", "---\na: [\n---\n", DataError, /metadata is no YAML/],
      ["tokenizer.json", "{}", ModelError, /tokenizer/],
      ["model.safetensors", "", ModelError, /model\.safetensors/],
    ] as const)
      await refused(read(model(`damaged-${(made += 1)}`, { [file]: content })), kind, message);
    const args = model("damaged-args", {
      "trainer_state.json": '{"log_history": []}',
      "training_args.json": "nothing",
    });
    await refused(read(args), LibError, /training_args\.json is no JSON object/);
  });
});
