import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { direction } from "../../../../lib/src/diagnosis/behaviour/direction";
import { findingOf, opinions, OPINION, wordSubject } from "./word-subject";

const test = opinions(200);

/** The words of opinion, but that some of praise are taken for blame, and loud. */
function misled(loud: readonly string[]) {
  const praise = OPINION.praise.filter((word) => !loud.includes(word));
  return { praise, blame: [...OPINION.blame, ...loud], loud };
}

describe("direction", () => {
  it("passes a model that praise lifts and blame lowers", async () => {
    const { verdict, numbers } = await findingOf(direction, { ...wordSubject(), test });
    assert.equal(verdict, "pass");
    assert.deepEqual([numbers?.["praise: wrong way"], numbers?.["blame: wrong way"]], [0, 0]);
  });

  it("warns of a model that one sentence of praise misleads", async () => {
    const { verdict, found, evidence } = await findingOf(direction, {
      ...wordSubject(misled(["loved"])),
      test,
    });
    assert.equal(verdict, "warn");
    assert.match(found, /praise lowers the probability of POSITIVE in 21\.0 %.* blame raises .* in 0\.0 %/u);
    assert.equal(evidence?.length, 2);
  });

  it("fails one that every such sentence misleads", async () => {
    const subject = wordSubject(misled(["loved", "wonderful", "great"]));
    assert.equal((await findingOf(direction, { ...subject, test })).verdict, "fail");
  });

  it("needs no texts of the reader's", async () => {
    assert.equal((await findingOf(direction, wordSubject())).verdict, "pass");
    assert.equal((await findingOf(direction, { ...wordSubject(), maxLength: 3 })).verdict, "pass");
  });
});
