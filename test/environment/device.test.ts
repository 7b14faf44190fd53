import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { Check } from "../../environment/doctor/check.mjs";
import { deviceOfFlags, findGpu } from "../../environment/setup/device.mjs";
import { SetupError } from "../../environment/setup/error.mjs";
import { ROOT, copySetup, fakePath, runNode, temporaryFolder, type Answer } from "./programs";

const PRELOAD = path.join(__dirname, "fake-machine.mjs");
/** What nvidia-smi answers, in its own format. */
const H100 = "echo 'NVIDIA H100 80GB HBM3, 81559'";
const STEPS = ["node-packages", "python", "tensorflow", "binding", "build", "encoder", "reviews"];

/** A PATH with nothing but an nvidia-smi that answers, or without one. */
const withGpu = (script = H100): NodeJS.ProcessEnv => ({
  PATH: fakePath({ "nvidia-smi": script }),
  SETUP_DEVICE: undefined,
});
const withoutGpu = (): NodeJS.ProcessEnv => ({ PATH: fakePath({}), SETUP_DEVICE: undefined });
const linux = JSON.stringify({ platform: "linux", arch: "x64" });

/** The keys of all steps of a copy, in a process of its own, as on a Linux x86_64. */
function keysOf(folder: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const modules = STEPS.map((name) => pathToFileURL(path.join(folder, `environment/setup/${name}.mjs`)).href);
  const code = `
    const modules = await Promise.all(${JSON.stringify(modules)}.map((name) => import(name)));
    const steps = modules.flatMap((module) => Object.values(module)).filter((one) => typeof one.key === "function");
    console.log(JSON.stringify(Object.fromEntries(steps.map((step) => [step.name, step.key()]))));`;
  const answer = runNode(["--import", PRELOAD, "--input-type=module", "-e", code], {
    env: { ...env, FAKE_MACHINE: linux },
  });
  const keys = JSON.parse(answer.stdout) as Record<string, string>;
  assert.deepEqual(Object.keys(keys).sort(), [...STEPS].sort());
  return keys;
}

const changed = (before: Record<string, string>, after: Record<string, string>): string[] =>
  STEPS.filter((name) => before[name] !== after[name]);

/** Set-up in a copy; without npm on the PATH it ends at its first step, after everything was chosen. */
function setUp(
  folder: string,
  params: { flags?: string[]; machine?: object; env?: NodeJS.ProcessEnv },
): Answer {
  const { flags = [], machine = {}, env = {} } = params;
  const fake = { platform: "linux", arch: "x64", freeBytes: 1e11, ...machine };
  return runNode(["--import", PRELOAD, path.join(folder, "environment/setup.mjs"), ...flags], {
    cwd: folder,
    env: {
      ...{ PATH: fakePath({ python3: "echo 3.12.1" }), PYTHON: undefined, SETUP_DEVICE: undefined },
      ...env,
      FAKE_MACHINE: JSON.stringify(fake),
    },
  });
}

/** What a copy remembers. */
function remembered(folder: string): string | undefined {
  const file = path.join(folder, "environment/.setup/device");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

describe("findGpu", () => {
  it("reads what nvidia-smi answers", () => {
    assert.deepEqual(findGpu(withGpu()), { name: "NVIDIA H100 80GB HBM3", memoryMiB: 81559 });
    assert.equal(findGpu(withGpu(`${H100}\necho 'Another, 100'`))?.name, "NVIDIA H100 80GB HBM3");
  });

  it("finds none where there is no nvidia-smi, no driver, no device, or nothing that it could read", () => {
    assert.equal(findGpu(withoutGpu()), undefined);
    assert.equal(
      findGpu(withGpu("echo 'has failed because it could not reach the driver'; exit 9")),
      undefined,
    );
    assert.equal(findGpu(withGpu("echo 'No devices were found'")), undefined);
    assert.equal(findGpu(withGpu("true")), undefined);
  });
});

describe("deviceOfFlags", () => {
  it("says what was asked for", () => {
    assert.equal(deviceOfFlags([], {}), undefined);
    assert.equal(deviceOfFlags([], { SETUP_DEVICE: "gpu" }), undefined);
    assert.equal(deviceOfFlags(["--gpu"], {}), "gpu");
    assert.equal(deviceOfFlags(["--cpu", "--cpu"], { SETUP_DEVICE: "cpu" }), "cpu");
  });

  it("refuses what it does not know, and two that contradict each other", () => {
    const cases: [string[], NodeJS.ProcessEnv, RegExp][] = [
      [
        ["--tpu"],
        {},
        /^Set-up knows no --tpu: expected --gpu, --cpu, --bundle FILE, --from FILE or nothing\.$/,
      ],
      [["--gpu", "--cpu"], {}, /^Set-up was asked for --gpu and for --cpu: expected one of them\.$/],
      [["--gpu"], { SETUP_DEVICE: "cpu" }, /^Set-up was asked for --gpu and for SETUP_DEVICE=cpu/],
    ];
    for (const [flags, env, message] of cases)
      assert.throws(
        () => deviceOfFlags(flags, env),
        (error) => error instanceof SetupError && message.test(error.message),
      );
  });
});

describe("the chosen device", () => {
  it("changes what TensorFlow and the binding are made of, and nothing else", () => {
    const folder = copySetup();
    const cpu = keysOf(folder, withoutGpu());
    const gpu = keysOf(folder, withGpu());
    assert.deepEqual(changed(cpu, gpu), ["tensorflow", "binding"]);
    assert.deepEqual(changed(gpu, keysOf(folder, { ...withoutGpu(), SETUP_DEVICE: "gpu" })), []);
    assert.deepEqual(changed(cpu, keysOf(folder, { ...withGpu(), SETUP_DEVICE: "cpu" })), []);
  });

  it("is remembered once it was asked for, and SETUP_DEVICE overrides it", () => {
    const folder = copySetup();
    const [cpu, gpu] = [keysOf(folder, withoutGpu()), keysOf(folder, withGpu())];
    assert.match(setUp(folder, { flags: ["--gpu"] }).stderr, /Installing the npm packages failed/);
    assert.equal(remembered(folder), "gpu");
    assert.deepEqual(keysOf(folder, withoutGpu()), gpu);
    assert.deepEqual(keysOf(folder, { ...withoutGpu(), SETUP_DEVICE: "cpu" }), cpu);
    const later = setUp(folder, { machine: { freeBytes: 8e9 } });
    assert.match(later.stderr, /^Set-up stopped\. The disk has 8\.0 GB free and set-up needs 9 GB/);
    setUp(folder, { flags: ["--cpu"] });
    assert.equal(remembered(folder), "cpu");
    assert.deepEqual(keysOf(folder, withGpu()), cpu);
  });

  it("is not remembered where nobody asked, nor where what was asked for is refused", () => {
    const folder = copySetup();
    assert.match(setUp(folder, {}).stderr, /Installing the npm packages failed/);
    assert.match(
      setUp(folder, { env: { SETUP_DEVICE: "gpu" } }).stderr,
      /Installing the npm packages failed/,
    );
    assert.equal(remembered(folder), undefined);
    const cases: [object, RegExp][] = [
      [
        { freeBytes: 8e9 },
        /^Set-up stopped\. The disk has 8\.0 GB free and set-up needs 9 GB.* \(`npm run setup -- --cpu`/,
      ],
      [
        { platform: "darwin", arch: "arm64" },
        /^Set-up stopped\. There is no TensorFlow for a GPU on darwin-arm64/,
      ],
    ];
    for (const [machine, expected] of cases) {
      const { status, stderr } = setUp(folder, { flags: ["--gpu"], machine });
      assert.equal(status, 1);
      assert.match(stderr, expected);
      assert.equal(remembered(folder), undefined);
    }
  });
});

describe("with-setup", () => {
  it("gives the device to set-up, and runs no program on a machine that could not be set up", () => {
    const folder = copySetup();
    const answer = runNode([path.join(folder, "environment/with-setup.mjs"), "doctor.mjs", "--json"], {
      cwd: folder,
      env: { PATH: fakePath({ python3: "echo 3.12.1" }), PYTHON: undefined, SETUP_DEVICE: undefined },
    });
    assert.equal(answer.status, 2);
    assert.match(answer.stderr, /^Set-up stopped\. Installing the npm packages failed/m);
    assert.doesNotMatch(answer.stdout, /checks/);
    assert.equal(remembered(folder), undefined);
    const both = ["lab.mjs", "--gpu", "--cpu"];
    const refused = runNode([path.join(folder, "environment/with-setup.mjs"), ...both], { cwd: folder });
    assert.match(refused.stderr, /^Set-up stopped\. Set-up was asked for --gpu and for --cpu/);
  });
});

describe("the GPU in the doctor's report", () => {
  function gpuLine(folder: string, env: NodeJS.ProcessEnv): Check {
    const { stdout } = runNode(["--import", PRELOAD, path.join(folder, "environment/doctor.mjs"), "--json"], {
      cwd: folder,
      env: { HOME: temporaryFolder(), FAKE_MACHINE: linux, ...env },
    });
    const { checks } = JSON.parse(stdout) as { checks: Check[] };
    const found = checks.find(({ name }) => name === "GPU");
    assert.ok(found);
    return found;
  }

  it("is not missed where there is none, unless it was asked for", () => {
    const folder = copySetup();
    const found = "none (nvidia-smi does not answer)";
    const none = gpuLine(folder, withoutGpu());
    assert.deepEqual([none.ok, none.needed, none.found], [false, false, found]);
    const asked = gpuLine(folder, { ...withoutGpu(), SETUP_DEVICE: "gpu" });
    assert.deepEqual([asked.needed, asked.found, asked.fix], [true, found, "npm run setup -- --cpu"]);
    assert.equal(gpuLine(folder, { ...withoutGpu(), SETUP_DEVICE: "tpu" }).needed, false);
  });

  it("has its name and memory, and the command that puts it to use", () => {
    const folder = copySetup();
    const forcedCpu = gpuLine(folder, { ...withGpu(), SETUP_DEVICE: "cpu" });
    assert.match(forcedCpu.found, /^NVIDIA H100 80GB HBM3, 80 GiB, unused/);
    assert.deepEqual([forcedCpu.needed, forcedCpu.fix], [false, "npm run setup -- --gpu"]);
    const notSetUp = gpuLine(folder, withGpu());
    assert.deepEqual([notSetUp.ok, notSetUp.needed, notSetUp.fix], [false, true, "npm run setup"]);
  });

  it("is not found right where TensorFlow runs on the CPU all the same", () => {
    const cases = {
      // a GPU that no machine has: the variable hides none of those there are
      "4096": "install NVIDIA's driver 525 or newer",
      "-1": 'unset CUDA_VISIBLE_DEVICES ("-1" hides every GPU)',
      "": 'unset CUDA_VISIBLE_DEVICES ("" hides every GPU)',
    };
    for (const [visible, expected] of Object.entries(cases)) {
      const env = { ...withGpu(), SETUP_DEVICE: "gpu", CUDA_VISIBLE_DEVICES: visible };
      const { ok, needed, found, fix } = gpuLine(ROOT, env);
      assert.deepEqual([ok, needed, fix], [false, true, expected]);
      assert.equal(found, "NVIDIA H100 80GB HBM3, 80 GiB, but TensorFlow does not see it");
    }
  });
});
