import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearestName } from "../../lib/src/runtime/nearest-name";
import { HELP, parseOptions } from "../../environment/diagnose/options.mjs";

const parse = (line: string) => parseOptions(line.split(" ").filter(Boolean), nearestName);

describe("the command line of diagnose", () => {
  it("says what to look at, how, and where to report", () => {
    const options = parse(
      "--model out --data reviews.csv --test more.csv --text-column comment --labels NEGATIVE,POSITIVE " +
        "--max-length=64 --seed 7 --only label-order,drift --html page.html --json",
    );
    assert.deepEqual(options, {
      ...{ help: false, list: false, model: "out", tokenizer: undefined, newModel: undefined },
      ...{ learningRate: undefined, sources: { data: "reviews.csv", test: "more.csv" } },
      ...{ columns: { textColumn: "comment" }, id2label: { 0: "NEGATIVE", 1: "POSITIVE" } },
      ...{ maxLength: 64, seed: 7, checks: { only: ["label-order", "drift"] } },
      ...{ html: "page.html", markdown: undefined, json: "-" },
    });
    assert.equal(parse("--learning-rate 5e-5 --data a").learningRate, 5e-5);
  });

  it("takes --json with a file, or without one for standard output", () => {
    for (const line of ["--json --data a", "--data a --json", "--json - --data a", "--json=- --data a"])
      assert.deepEqual([parse(line).json, parse(line).sources], ["-", { data: "a" }], line);
    assert.equal(parse("--json out.json --data a").json, "out.json");
    assert.equal(parse("--json=out.json --data a").json, "out.json");
  });

  it("names every option in its help", () => {
    for (const line of HELP.split("\n").filter((text) => text.startsWith("  --")))
      for (const [name] of line.matchAll(/--[a-z-]+/g))
        assert.doesNotThrow(() => {
          try {
            parse(`${name} 3,x --data a`);
          } catch (error) {
            if (/There is no option/.test((error as Error).message)) throw error;
          }
        }, name);
    for (const line of ["--help", "-h"]) assert.ok(parse(line).help);
    assert.ok(parse("--list").list);
  });

  it("refuses what it does not understand, in one line that says what to do", () => {
    for (const [line, message] of [
      ["", /^There is nothing to diagnose: give --model, --data or both \(--help says more\)\.$/],
      ["--seed 3", /nothing to diagnose/],
      ["--modle out", /^There is no option --modle; the nearest is --model\.$/],
      ["--data a --x=3", /There is no option --x/],
      [
        "reviews.csv",
        /^"reviews\.csv" has no option before it: say what it is, such as --data reviews\.csv\.$/,
      ],
      ["--model", /^--model lacks its value/],
      ["--model --data a", /^--model lacks its value/],
      ["--model= --data a", /^--model lacks its value/],
      ["--data a --data b", /^--data was given twice; expected it once\.$/],
      ["--data a --max-length 2", /^--max-length is "2"; expected a whole number of at least 3\.$/],
      ["--data a --max-length 64.5", /--max-length is "64\.5"/],
      ["--data a --seed -1", /--seed is "-1"/],
      ["--data a --seed 1e3", /--seed is "1e3"/],
      [
        "--data a --labels A",
        /^--labels is "A"; expected two or more different names, that of label 0 first\.$/,
      ],
      ["--data a --labels A,a", /two or more different names/],
      ["--data a --labels A,,B", /^--labels is "A,,B"; expected names separated by commas\.$/],
      ["--data a --only x,", /--only is "x,"/],
      ["--data a --learning-rate 3", /--learning-rate is "3"; expected a number such as 5e-5/],
    ] as const)
      assert.throws(() => parse(line), { message }, line);
  });
});
