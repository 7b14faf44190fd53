import assert from "node:assert/strict";
import { appendFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";
import type { LoggedPrediction } from "../../../lib/src/serving/logged-prediction";
import { readRequestLog } from "../../../lib/src/serving/read-request-log";
import { RequestLog } from "../../../lib/src/serving/request-log";
import { temporaryFolder } from "../../environment/programs";
import { onSmallDisk } from "../small-disk";
import { until } from "../until";

const folder = temporaryFolder();

function prediction(text: string): LoggedPrediction {
  return {
    ...{ time: "2026-01-31T12:00:00.000Z", requestId: "1", model: "reader/sentiment@3f2a", text, tokens: 5 },
    ...{ label: "POSITIVE", scores: { NEGATIVE: 0.25, POSITIVE: 0.75 }, milliseconds: 12.5 },
  };
}

/** A log of those texts. */
async function written(file: string, texts: string[]): Promise<string> {
  const log = await RequestLog.open(file);
  for (const text of texts) log.append([prediction(text)]);
  await log.close();
  return file;
}

describe("a request log", () => {
  it("holds what was appended, whatever is in the texts, for its owner's eyes", async () => {
    const texts = ["A gem.", 'two\nlines, "quoted"', "naïve 🎬", "\u2028\ud800"];
    const file = await written(path.join(folder, "log.jsonl"), texts);
    assert.deepEqual(await readRequestLog(file), { predictions: texts.map(prediction), halfLines: 0 });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await written(file, ["Again."]);
    assert.equal((await readRequestLog(file)).predictions.length, 5);
  });

  it("loses the last line that a killed server left half written: counted when read, taken away by the next server", async () => {
    const file = await written(path.join(folder, "killed.jsonl"), ["One.", "Two."]);
    const half = JSON.stringify(prediction("Three."));
    for (const length of [1, 5, 40, half.length - 1]) {
      appendFileSync(file, half.slice(0, length));
      const { predictions, halfLines } = await readRequestLog(file);
      assert.deepEqual([predictions.length, halfLines], [2, 1]);
      await written(file, []);
      assert.deepEqual(await readRequestLog(file), { predictions, halfLines: 0 });
    }
    const alone = path.join(folder, "first.jsonl");
    writeFileSync(alone, half.slice(0, 30));
    assert.deepEqual(await readRequestLog(alone), { predictions: [], halfLines: 1 });
    await written(alone, ["One."]);
    assert.equal((await readRequestLog(alone)).predictions.length, 1);
  });

  it("is opened again behind a half line of a long text, and another", async () => {
    const long = "long ".repeat(600_000);
    const file = await written(path.join(folder, "long.jsonl"), [long]);
    appendFileSync(file, JSON.stringify(prediction(long)).slice(0, -1));
    await written(file, ["One."]);
    assert.deepEqual(
      (await readRequestLog(file)).predictions.map(({ text }) => text.length),
      [long.length, 4],
    );
  });

  it("with a broken line says which, what was found and what was expected", async () => {
    const good = JSON.stringify(prediction("One."));
    const file = path.join(folder, "broken.jsonl");
    for (const [broken, expected] of [
      ["{", /^Line 2 of .*broken\.jsonl is no prediction: it is not JSON \(it begins with "\{"\)\. Expected/],
      ["", /^Line 2 of .* it is not JSON/],
      ["[]", /^Line 2 of .* it is no JSON object/],
      [good.replace('"tokens":5', '"tokens":"5"'), /its tokens is "5"; expected a number/],
      [good.replace('"label":"POSITIVE",', ""), /its label is missing; expected a text/],
      [good.replace("2026-01-31T12", "yesterday"), /its time is "yesterday.*expected a time such as/],
      [good.replace("0.75", '"much"'), /its scores is .*; expected an object of numbers/],
    ] as const) {
      // in the middle, or the last but whole: both are no half-written line
      for (const rest of [`${good}\n`, ""]) {
        writeFileSync(file, `${good}\n${broken}\n${rest}`);
        await assert.rejects(
          readRequestLog(file),
          (error: Error) => error instanceof DataError && expected.test(error.message),
        );
      }
    }
    await assert.rejects(readRequestLog(path.join(folder, "none")), /none cannot be read \(ENOENT\)/);
    const empty = path.join(folder, "empty.jsonl");
    writeFileSync(empty, "");
    assert.deepEqual(await readRequestLog(empty), { predictions: [], halfLines: 0 });
  });

  it("is never made of another file, nor where nobody may write", async () => {
    const notes = path.join(folder, "notes.txt");
    for (const content of ["Dear diary", "Dear diary\nToday", '{"a":1}\n']) {
      writeFileSync(notes, content);
      await assert.rejects(
        RequestLog.open(notes),
        (error: Error) =>
          error instanceof ArgumentError && /holds something else than a request log/.test(error.message),
      );
      assert.equal(readFileSync(notes, "utf8"), content);
    }
    await assert.rejects(RequestLog.open(folder), /cannot be written to \(EISDIR\)/);
    await assert.rejects(RequestLog.open(path.join(folder, "no/such")), /cannot be written to \(ENOENT\)/);
  });

  it("on a full disk loses lines, says so once, counts them, and goes on with whole lines when there is room", async (context) => {
    await onSmallDisk(context, 64, async (disk) => {
      const file = path.join(disk, "log.jsonl");
      const troubles: string[] = [];
      const log = await RequestLog.open(file, (message) => troubles.push(message));
      log.append([prediction("Kept.")]);
      await until(() => readFileSync(file, "utf8").endsWith("\n"));
      const filler = path.join(disk, "filler");
      try {
        writeFileSync(filler, Buffer.alloc(1024 * 1024));
      } catch {
        // that is the point
      }
      for (let turn = 0; turn < 3; turn += 1) {
        log.append(Array.from({ length: 50 }, () => prediction("Lost: ".repeat(50))));
        await until(() => log.lost === 50 * (turn + 1));
      }
      assert.equal(troubles.length, 1);
      assert.match(
        troubles[0] ?? "",
        /log\.jsonl cannot be written to \(ENOSPC\): lines are lost until it can/,
      );
      writeFileSync(filler, "");
      log.append([prediction("Kept too.")]);
      await log.close();
      assert.match(troubles[1] ?? "", /takes lines again/);
      const { predictions, halfLines } = await readRequestLog(file);
      assert.deepEqual([predictions.map(({ text }) => text), halfLines], [["Kept.", "Kept too."], 0]);
    });
  });
});
