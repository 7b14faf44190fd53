import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import type { TrainerCallback } from "../../../lib/src/training/callbacks";
import { Trainer } from "../../../lib/src/training/trainer";
import type { LogEntry } from "../../../lib/src/training/trainer-state";
import type { TrainingArguments } from "../../../lib/src/training/training-arguments";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
import { tensorCounts } from "./tiny-run";

/** What happened around the steps of a short run in transformers, see test/fixtures/make_flow_fixtures.py. */
interface FixtureFlow {
  args: Partial<TrainingArguments>;
  /** The callbacks' events in order, each with the step: of a run, a prediction and an evaluation. */
  events: string[];
  /** The run's log: step, epoch, and the other keys. */
  log: [number, number, string[]][];
  bestGlobalStep: number | null;
  bestMetric: number | null;
  /** What the evaluation with the prefix "other" returned. */
  evaluateKeys: string[];
}

const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"));
const FIXTURE = path.resolve(__dirname, "../../fixtures/flows.json");
const flows = JSON.parse(readFileSync(FIXTURE, "utf8")) as Record<string, FixtureFlow>;
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** Notes every event with its step. */
class Recorder implements TrainerCallback {
  readonly events: string[] = [];
  #trainer: Trainer | undefined;

  constructor(private readonly cutsEpochs: boolean) {}

  follow(trainer: Trainer): void {
    this.#trainer = trainer;
  }

  readonly #note = (event: string) => (): void => {
    this.events.push(`${event} ${this.#trainer?.state.globalStep ?? 0}`);
  };

  readonly onInitEnd = this.#note("onInitEnd");
  readonly onTrainBegin = this.#note("onTrainBegin");
  readonly onEpochBegin = this.#note("onEpochBegin");
  readonly onStepBegin = this.#note("onStepBegin");
  readonly onLog = this.#note("onLog");
  readonly onEvaluate = this.#note("onEvaluate");
  readonly onPredict = this.#note("onPredict");
  readonly onSave = this.#note("onSave");
  readonly onEpochEnd = this.#note("onEpochEnd");
  readonly onTrainEnd = this.#note("onTrainEnd");

  readonly onStepEnd: Required<TrainerCallback>["onStepEnd"] = ({ state, control }) => {
    this.events.push(`onStepEnd ${state.globalStep}`);
    // the second of three steps of an epoch
    if (this.cutsEpochs && state.globalStep % 2 === 0) control.shouldEpochStop = true;
  };
}

const keysOf = ({ step, epoch, ...rest }: LogEntry): [number, number, string[]] => [
  step,
  epoch,
  Object.keys(rest).sort(),
];

/** Does what the fixture's script does: a run, a prediction, an evaluation. */
async function followed(name: string, { args }: FixtureFlow): Promise<Omit<FixtureFlow, "args">> {
  const model = DistilBertForSequenceClassification.fromFolder(source);
  const scores = [0.5, 0.4, 0.75, 0.75];
  const recorder = new Recorder(name === "epochs cut short");
  const features = tinyFeatures(12);
  let evaluations = 0;
  try {
    const trainer = new Trainer({
      ...{ model, trainDataset: features, evalDataset: features.slice(0, 6), padTokenId: 0 },
      args: { ...args, outputDir: path.join(folder, name) },
      computeMetrics: () => ({ score: scores[evaluations++ % scores.length] ?? NaN }),
      callbacks: [recorder],
    });
    recorder.follow(trainer);
    const { state } = await trainer.train();
    const log = state.logHistory.map(keysOf);
    const { bestGlobalStep, bestMetric } = state;
    await trainer.predict(features);
    const metrics = await trainer.evaluate(undefined, "other");
    const evaluateKeys = Object.keys(metrics).sort();
    return { events: recorder.events, log, bestGlobalStep, bestMetric, evaluateKeys };
  } finally {
    model.dispose();
  }
}

describe("a run's events and log are transformers'", () => {
  for (const [name, flow] of Object.entries(flows))
    it(name, async () => {
      const found = await followed(name, flow);
      assert.deepEqual(found.events, flow.events);
      assert.deepEqual(
        found.log.map(([step, , keys]) => [step, keys]),
        flow.log.map(([step, , keys]) => [step, keys]),
      );
      for (const [index, [, epoch]] of found.log.entries())
        assert.ok(Math.abs(epoch - (flow.log[index]?.[1] ?? NaN)) < 1e-12);
      assert.deepEqual(
        [found.bestGlobalStep, found.bestMetric, found.evaluateKeys],
        [flow.bestGlobalStep, flow.bestMetric, flow.evaluateKeys],
      );
    });

  it("but for the last step: lib logs it where steps are logged, though its number is not due", async () => {
    const args = { perDeviceTrainBatchSize: 4, loggingSteps: 2, saveStrategy: "no", maxSteps: 3 } as const;
    const { log } = await followed("last", { args } as unknown as FixtureFlow);
    assert.deepEqual(
      log.map(([step, , keys]) => [step, keys[0]]),
      [
        [2, "grad_norm"],
        [3, "grad_norm"],
        [3, "train_loss"],
      ],
    );
  });
});
