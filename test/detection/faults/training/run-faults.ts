import type { Subject, TrainedRun } from "../../../../lib/src/diagnosis/subject";
import { DistilBertForSequenceClassification } from "../../../../lib/src/model/sequence-classification";
import { seededRandom } from "../../../../lib/src/runtime/random";
import type { LogEntry } from "../../../../lib/src/training/trainer-state";
import { faultsOf, type Fault } from "../../fault";
import type { World } from "../../world";
import { drawnShare, exactShare } from "./label-shares";
import { shortRun } from "./short-run";

/** Few enough for 30 steps to go over them seven times. */
const TEXTS = 32;

/** A run of 30 steps at a learning rate. */
async function atRate(world: World, seed: number, learningRate: number): Promise<Subject> {
  const { train } = world.sets(seed, { train: TEXTS / 2, validation: 1, test: 1 });
  const { model, run } = await shortRun({ world, seed, train, args: { learningRate } });
  model.dispose();
  return { train, run, seed };
}

/** The healthy model, trained on for 30 steps with so many texts that it has not seen, and checked on 100 others. */
async function trainedOn(world: World, seed: number, texts: number): Promise<Subject> {
  const { train, validation } = world.sets(seed, { train: texts / 2, validation: 50, test: 1 });
  const { folder } = await world.healthyModel();
  const model = await DistilBertForSequenceClassification.fromPretrained(folder);
  const args = { learningRate: 2e-4, evalOnStart: true };
  const { run } = await shortRun({ world, seed, train, validation, model, args });
  model.dispose();
  return { train, validation, run, seed };
}

const LEARNING_CURVE: readonly Fault[] = [
  ...faultsOf({
    check: "learning-curve",
    kind: "a learning rate that is too high",
    strengths: {
      strong: [0.1, "0.1, for 30 steps"],
      middle: [0.01, "0.01"],
      marginal: [1e-3, "1e-3"],
    },
    make: atRate,
  }),
  ...faultsOf({
    check: "learning-curve",
    kind: "too little training",
    strengths: {
      strong: [1e-7, "a learning rate of 1e-7, for 30 steps"],
      middle: [1e-5, "1e-5"],
      marginal: [6e-5, "6e-5"],
    },
    make: atRate,
  }),
  ...faultsOf({
    check: "learning-curve",
    kind: "30 more steps on few texts, learned by heart",
    strengths: {
      strong: [8, "8 texts"],
      middle: [24, "24 texts"],
      marginal: [96, "96 texts"],
    },
    make: trainedOn,
  }),
];

/** The healthy run, whose checks are done on so many rows: each has as many right as that many draws give it. */
async function checkedOn(world: World, seed: number, rows: number): Promise<Subject> {
  const { run } = await world.healthyModel();
  const { validation } = world.sets(seed, { train: 1, validation: rows / 2, test: 1 });
  const random = seededRandom(seed);
  const redrawn = (share: number): number =>
    Array.from({ length: rows }, () => random() < share).filter(Boolean).length / rows;
  const logHistory = run.logHistory.map((entry): LogEntry => {
    const share = entry["eval_accuracy"];
    return share === undefined ? entry : { ...entry, eval_accuracy: redrawn(share) };
  });
  return { run: { ...run, ...bestOf(logHistory), logHistory }, validation };
}

/** The first of the best, as the Trainer keeps it. */
function bestOf(log: readonly LogEntry[]): Pick<TrainedRun, "bestGlobalStep"> {
  const checks = log.filter((entry) => entry["eval_accuracy"] !== undefined);
  const best = Math.max(...checks.map((entry) => entry["eval_accuracy"] ?? 0));
  return { bestGlobalStep: checks.find((entry) => entry["eval_accuracy"] === best)?.step ?? null };
}

const CHECKPOINT_CHOICE: readonly Fault[] = [
  ...faultsOf({
    check: "checkpoint-choice",
    kind: "a validation set of nearly one label, and as many of it in training",
    strengths: {
      strong: [1, "all 100 rows, and 83 % in training"],
      middle: [0.9, "90 %"],
      marginal: [0.6, "60 %"],
    },
    make: async (world, seed, share) => {
      const sets = world.sets(seed, { train: 240, validation: 100, test: 1 });
      const train = exactShare(sets.train, { share: Math.min(share, 0.83), count: 240, seed });
      const validation = drawnShare(sets.validation, { share, count: 100, seed });
      const args = { learningRate: share === 0.6 ? 3e-4 : 5e-5 };
      const { model, run } = await shortRun({ world, seed, train, validation, args });
      model.dispose();
      return { train, validation, run, seed };
    },
  }),
  ...faultsOf({
    check: "checkpoint-choice",
    kind: "a validation set that is too small",
    strengths: {
      strong: [10, "10 rows"],
      middle: [30, "30 rows"],
      marginal: [50, "50 rows"],
    },
    make: checkedOn,
  }),
];

/** Faults of how a run went. */
export const RUN_FAULTS: readonly Fault[] = [...LEARNING_CURVE, ...CHECKPOINT_CHOICE];
