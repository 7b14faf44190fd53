import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SetupError } from "../../environment/setup/error.mjs";
import { checkDisk, checkMachine, describeMachine, findPython } from "../../environment/setup/machine.mjs";
import type { Machine } from "../../environment/setup/machine.mjs";
import { ROOT, fakePath } from "./programs";

const GOOD: Machine = { platform: "linux", arch: "x64", node: "20.19.0", glibc: "2.36", freeBytes: 1e11 };
const saysVersion = (version: string): string => `echo ${version}`;

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof SetupError, String(error));
    assert.ok(!error.message.includes("\n"), "one line");
    return error.message;
  }
  assert.fail("was not refused");
}

describe("checkMachine", () => {
  it("takes this machine, and tells what to install on it", () => {
    assert.match(checkMachine(describeMachine(ROOT)).tensorflow, /^tensorflow-.*\.txt$/);
    assert.equal(checkMachine(GOOD).tensorflow, "tensorflow-linux-x64-cpu.txt");
    for (const node of ["20.20.2", "22.0.0", "24.1.0", "100.0.0"]) checkMachine({ ...GOOD, node });
  });

  it("refuses each machine that cannot run this, and says what was found and what to do", () => {
    const cases: [Partial<Machine>, RegExp][] = [
      [{ node: "20.18.3" }, /^Node 20\.18\.3 is too old: install Node 20\.19 or newer/],
      [{ node: "18.20.0" }, /^Node 18\.20\.0 is too old/],
      [{ platform: "win32" }, /Windows .* WSL2/],
      [{ glibc: undefined }, /musl .* glibc/],
      [{ platform: "freebsd" }, /^freebsd-x64 is not supported yet \(supported: .*linux-x64/],
      [{ arch: "riscv64" }, /^linux-riscv64 is not supported yet/],
    ];
    for (const [difference, expected] of cases)
      assert.match(
        refusal(() => checkMachine({ ...GOOD, ...difference })),
        expected,
      );
  });
});

describe("checkDisk", () => {
  it("refuses a disk that set-up would fill", () => {
    assert.match(
      refusal(() => {
        checkDisk({ ...GOOD, freeBytes: 1.26e9 });
      }),
      /^The disk has 1\.3 GB free and set-up needs 4 GB/,
    );
    checkDisk({ ...GOOD, freeBytes: 4e9 });
  });
});

describe("findPython", () => {
  it("refuses one that is too old, and says which it was", () => {
    const bin = fakePath({ python3: saysVersion("3.8.10") });
    assert.match(
      refusal(() => findPython({ PATH: bin })),
      /^No Python 3\.10 or newer was found: python3 is 3\.8\.10\./,
    );
  });

  it("goes on to a newer one under another name", () => {
    const bin = fakePath({ python3: saysVersion("3.9.2"), "python3.12": saysVersion("3.12.1") });
    assert.deepEqual(findPython({ PATH: bin }), { command: "python3.12", version: "3.12.1" });
  });

  it("takes the one that PYTHON names, and no other", () => {
    const bin = fakePath({ python3: saysVersion("3.12.1"), mine: saysVersion("3.7.0") });
    assert.match(
      refusal(() => findPython({ PATH: bin, PYTHON: "mine" })),
      /mine is 3\.7\.0/,
    );
    assert.equal(findPython({ PATH: bin, PYTHON: "python3" }).version, "3.12.1");
  });

  it("refuses a machine without Python, and one whose Python is broken", () => {
    assert.match(
      refusal(() => findPython({ PATH: fakePath({}) })),
      /none \(tried python3,/,
    );
    assert.match(
      refusal(() => findPython({ PATH: fakePath({ python3: "exit 1" }) })),
      /none \(tried/,
    );
  });
});
