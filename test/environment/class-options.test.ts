import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runNode, type Answer } from "./programs";

const open = (args: string[], password: string | undefined = "a-password-of-tests"): Answer =>
  runNode(["environment/jupyterhub.mjs", ...args], { env: { CLASS_PASSWORD: password } });

describe("a class's options", () => {
  it("say what they are, without a password", () => {
    const { status, stdout } = open(["--help"], "");
    assert.equal(status, 0);
    assert.match(stdout, /CLASS_PASSWORD=\.\.\. npm run class/);
  });

  const refused: [string, string[], RegExp, string?][] = [
    ["no password", [], /^CLASS_PASSWORD is missing or too simple; expected at least 8/, ""],
    ["a short one, which is not shown", [], /^CLASS_PASSWORD is missing or too simple/, "sEcret7"],
    ["one that JupyterHub cannot compare", [], /^CLASS_PASSWORD is missing or too simple/, "pässwörter"],
    ["a port without two after it", ["--port", "65535"], /^--port is 65535; expected a whole number/],
    ["no seats", ["--seats", "0"], /^--seats is 0; expected a whole number from 1/],
    [
      "notebooks outside",
      ["--notebooks", "/"],
      /^--notebooks is \/; expected a folder inside the repository/,
    ],
    [
      "notebooks that are not there",
      ["--notebooks", "nowhere"],
      /^--notebooks is nowhere, which is not there/,
    ],
    [
      "notebooks that no image holds",
      ["--docker", "--notebooks", "build"],
      /^--notebooks is build, which no image holds/,
    ],
    ["users' folders outside", ["--folder", ".."], /^--folder is \.\.; expected a folder inside/],
  ];
  for (const [what, args, why, password] of refused)
    it(`refuse ${what}`, () => {
      const { status, stderr, stdout } = open(args, password);
      assert.equal(status, 2);
      assert.match(stderr, why);
      if (password) assert.ok(!`${stdout}${stderr}`.includes(password));
    });
});
