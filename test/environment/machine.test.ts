import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { SetupError } from "../../environment/setup/error.mjs";
import { checkDisk, checkMachine, describeMachine, findPython } from "../../environment/setup/machine.mjs";
import type { Machine } from "../../environment/setup/machine.mjs";
import { PLATFORMS } from "../../environment/setup/platforms.mjs";
import { ROOT, fakePath } from "./programs";

const GOOD: Machine = {
  ...{ platform: "linux", arch: "x64", node: "20.19.0", glibc: "2.36", freeBytes: 1e11 },
  ...{ device: undefined, hasGpu: false },
};
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
      [{ platform: "darwin" }, /^darwin-x64 is not supported yet/],
      [
        { platform: "darwin", arch: "arm64", device: "gpu" },
        /^There is no TensorFlow for a GPU on darwin-arm64 \(there is on linux-x64\): run `npm run setup -- --cpu`/,
      ],
      [{ arch: "arm64", device: "gpu" }, /^There is no TensorFlow for a GPU on linux-arm64/],
      [{ device: "tpu" }, /^Set-up was asked for the device "tpu": expected gpu or cpu/],
    ];
    for (const [difference, expected] of cases)
      assert.match(
        refusal(() => checkMachine({ ...GOOD, ...difference })),
        expected,
      );
  });
});

describe("the platform of a machine", () => {
  const mac: Partial<Machine> = { platform: "darwin", arch: "arm64", glibc: undefined };
  const cases: [string, Partial<Machine>, string][] = [
    ["Linux x86_64", {}, "linux-x64-cpu"],
    ["the same with a GPU", { hasGpu: true }, "linux-x64-gpu"],
    ["the same with a GPU, and the CPU asked for", { hasGpu: true, device: "cpu" }, "linux-x64-cpu"],
    ["Linux x86_64 without a GPU, and the GPU asked for", { device: "gpu" }, "linux-x64-gpu"],
    ["Linux aarch64", { arch: "arm64" }, "linux-arm64-cpu"],
    ["Linux aarch64 with a GPU that no wheel is for", { arch: "arm64", hasGpu: true }, "linux-arm64-cpu"],
    ["a Mac with Apple silicon", mac, "darwin-arm64-cpu"],
    ["the same with the CPU asked for", { ...mac, device: "cpu" }, "darwin-arm64-cpu"],
  ];
  for (const [what, difference, expected] of cases)
    it(`of ${what} is ${expected}`, () => {
      const { tensorflow, device, libraries } = checkMachine({ ...GOOD, ...difference });
      assert.equal(tensorflow, `tensorflow-${expected}.txt`);
      assert.equal(device, expected.split("-").at(-1));
      assert.ok(libraries.every((name) => name.endsWith(".dylib") === expected.startsWith("darwin")));
    });

  it("has a lock file in which every wheel has one pinned version and one checksum, and nothing else stands", () => {
    for (const { cpu, gpu } of Object.values(PLATFORMS))
      for (const { tensorflow } of gpu ? [cpu, gpu] : [cpu]) {
        const lines = readFileSync(path.join(ROOT, "environment/python", tensorflow), "utf8").split("\n");
        const wheels = lines.filter((line) => line !== "" && !line.startsWith("#"));
        for (const line of wheels)
          assert.match(line, /^[a-z0-9-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}$/, tensorflow);
        assert.match(wheels[0] ?? "", /^tensorflow(-cpu)?==2\.21\.0 /);
        const cuda = wheels.slice(1);
        assert.ok(cuda.every((line) => line.startsWith("nvidia-")));
        assert.equal(cuda.length > 0, tensorflow.endsWith("-gpu.txt"));
      }
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

  it("wants more for a GPU, and says that there is a way with less", () => {
    assert.match(
      refusal(() => {
        checkDisk({ ...GOOD, hasGpu: true, freeBytes: 8.9e9 });
      }),
      /^The disk has 8\.9 GB free and set-up needs 9 GB: .* or do without the GPU \(`npm run setup -- --cpu`, 4 GB\)\.$/,
    );
    checkDisk({ ...GOOD, hasGpu: true, freeBytes: 9e9 });
    checkDisk({ ...GOOD, hasGpu: true, device: "cpu", freeBytes: 4e9 });
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
