import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { openSafetensors } from "../../../lib/src/model/safetensors";
import { ModelError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";

/** A file with what Python's safetensors makes of it (make_safetensors_fixtures.py): its tensors, or why it refuses. */
interface Judged {
  name: string;
  base64: string;
  tensors?: [name: string, dtype: string, shape: number[]][];
  error?: string;
}

const fixtures = JSON.parse(
  readFileSync(path.join(__dirname, "../../fixtures/safetensors.json"), "utf8"),
) as { reference: Judged[]; more: Judged[] };

/** What the reference's own tests refuse, and what is said of it here. */
const REFUSED: Record<string, RegExp> = {
  test_json_attack: /begins at 0, where 16 was expected \(overlap or hole\)/,
  "test_metadata_incomplete_buffer, extra": /its tensors need 16 bytes of data, and the file has 50/,
  "test_metadata_incomplete_buffer, missing": /its tensors need 16 bytes of data, and the file has 14/,
  test_header_too_large: /its header claims 1844674297419792\d+ bytes, and the file has 84/,
  test_header_too_small: /it has 0 bytes, fewer than the 8 of a header length/,
  test_invalid_header_length: /its header claims 60 bytes, and the file has 8/,
  test_invalid_header_non_utf8: /its header is not JSON in UTF-8/,
  test_invalid_header_not_json: /its header is not JSON in UTF-8 \(expected text at character 1\)/,
  test_invalid_info: /tensor "test" of shape \[2, 2\] needs 16 bytes, its data_offsets give 4/,
  "test_validation_overflow, shape":
    /tensor "test" lacks a shape or data_offsets of whole numbers below 2\^53/,
  "test_validation_overflow, bytes":
    /tensor "test" lacks a shape or data_offsets of whole numbers below 2\^53/,
};

/** What the reference lets pass and we refuse: all but the last is against the format's description. */
const STRICTER: Record<string, RegExp> = {
  "a name twice, the first hidden": /it names tensor "a" twice/,
  "a name twice, once escaped": /it names tensor "a" twice/,
  "a note twice": /its __metadata__ names "a" twice/,
  "a tensor as a list": /tensor "a" lacks a shape or data_offsets/,
  "a type as an object": /tensor "a" is of the unknown type undefined/,
  // nothing is lost: it has no element
  "a length beyond 2^53 beside a 0": /lacks a shape or data_offsets of whole numbers below 2\^53/,
};

const folder = temporaryFolder();
const opened = (base64: string) => {
  const file = path.join(folder, "judged.safetensors");
  writeFileSync(file, Buffer.from(base64, "base64"));
  return openSafetensors(file);
};
const refused = ({ name, base64 }: Judged, message: RegExp) => {
  assert.throws(
    () => opened(base64),
    (error) => {
      assert.ok(error instanceof ModelError, `${name}: ${String(error)}`);
      assert.match(error.message, /^\S+judged\.safetensors is not a usable safetensors file: /, name);
      assert.match(error.message, message, name);
      assert.ok(error.message.length < 400, name);
      return true;
    },
    name,
  );
};
const accepted = ({ name, base64, tensors }: Judged) => {
  const file = opened(base64);
  const found = [...file.tensors].map(([tensor, { dtype, shape }]) => [tensor, dtype, shape] as const);
  file.close();
  assert.deepEqual(
    found.sort(([left], [right]) => (left < right ? -1 : 1)),
    tensors,
    name,
  );
};

describe("a header of the reference implementation's own tests", () => {
  for (const judged of fixtures.reference) {
    const message = REFUSED[judged.name];
    assert.equal(message !== undefined, judged.error !== undefined, judged.name);
    if (message)
      it(`is refused: ${judged.name}`, () => {
        refused(judged, message);
      });
    else
      it(`is read: ${judged.name}`, () => {
        accepted(judged);
      });
  }
});

describe("a header that Python's safetensors", () => {
  const judged = fixtures.more.filter(({ name }) => !(name in STRICTER));

  it("refuses is refused here too", () => {
    const malformed = judged.filter(({ error }) => error !== undefined);
    assert.ok(malformed.length > 70, `${malformed.length} files`);
    for (const one of malformed) refused(one, /Fetch or save it again\.$/);
  });

  it("reads is read here too, to the same names, types and shapes", () => {
    const sound = judged.filter(({ tensors }) => tensors !== undefined);
    assert.ok(sound.length > 30, `${sound.length} files`);
    for (const one of sound) accepted(one);
  });

  it("reads is refused here where the format's description forbids it", () => {
    for (const [name, message] of Object.entries(STRICTER)) {
      const one = fixtures.more.find((file) => file.name === name);
      assert.ok(one?.tensors, name);
      refused(one, message);
    }
  });
});
