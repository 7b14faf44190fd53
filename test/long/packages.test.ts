import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import { PYTHON } from "../../environment/setup/paths.mjs";
import { ROOT, temporaryFolder } from "../environment/programs";
import { DOWNLOADS } from "../../lib/src/runtime/repository";
import { writeTinyModel } from "../lib/tiny-model";
import { filesIn } from "./clone";
import {
  documented,
  documentedCommand,
  home,
  inProject,
  installPackages,
  listed,
  project,
  run,
} from "./packed-project";

/** What a workspace's sources become. */
function compiled(workspace: string): string[] {
  return filesIn(path.join(ROOT, workspace, "src"))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .flatMap((name) => [".js", ".d.ts"].map((ending) => `dist/${name.slice(0, -".ts".length)}${ending}`));
}

/** Every file of a folder of the repository. */
const within = (folder: string, prefix: string): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => prefix + path.relative(path.join(ROOT, folder), path.join(entry.parentPath, entry.name)));

before(installPackages);

describe("the packages", () => {
  const always = ["LICENSE", "README.md", "package.json"];

  it("hold what is released, and nothing else", () => {
    const cases = ["behaviour-cases", "imdb", "obvious-cases"].map((name) => `data/${name}.json`);
    const space = ["gradio", "page"].flatMap((name) => within(`lib/src/space/${name}`, `src/space/${name}/`));
    const inLib = [...always, ...cases, ...compiled("lib"), ...space, "src/tracking/tracking_client.py"];
    assert.deepEqual(listed("lib"), inLib.sort());

    const kernel = ["jupyter/kernels/tslab/kernel.json", "tsconfig.cells.json", "types/cells/index.d.ts"];
    const register = within("environment/kernel/register", "register/");
    const inKernel = [...always, ...compiled("environment/kernel"), ...kernel, ...register];
    assert.deepEqual(listed("kernel"), inKernel.sort());

    const setup = [
      "binding",
      "device",
      "error",
      "lock",
      "machine",
      "paths",
      "platforms",
      "progress",
      "python",
    ];
    const steps = [...setup, "run", "run-steps", "step", "tensorflow", "uv"].map(
      (name) => `setup/${name}.mjs`,
    );
    const locks = readdirSync(path.join(ROOT, "environment/python")).filter((name) =>
      /^(tensorflow-.*|uv|ziglang)\.txt$/.test(name),
    );
    const sources = within("environment/tfjs-node/binding", "tfjs-node/binding/");
    const module = ["setup-tensorflow.mjs", "tfjs-node/index.js", "tfjs-node/index.d.ts"];
    const inTensorflow = [
      ...always,
      ...steps,
      ...locks.map((name) => `python/${name}`),
      ...sources,
      ...module,
    ];
    assert.deepEqual(listed("tensorflow"), inTensorflow.sort());
  });

  it("say nothing of this machine, and point to no source map", () => {
    const installed = inProject("node_modules/@finetune-debug");
    for (const { parentPath, name } of readdirSync(installed, {
      recursive: true,
      withFileTypes: true,
    }).filter((entry) => entry.isFile())) {
      const text = readFileSync(path.join(parentPath, name), "utf8");
      assert.ok(!text.includes(ROOT), name);
      assert.ok(!/^\/\/# sourceMappingURL=/m.test(text), name);
    }
  });
});

describe("a project in which they are installed", () => {
  it("is told what to do before TensorFlow is set up", () => {
    const script =
      'import("@finetune-debug/lib").catch((error) => console.log(`${error.name}: ${error.message}`))';
    const told = run([process.execPath, "-e", script]);
    assert.equal(
      told,
      "SetupError: TensorFlow is not set up here: run `npx finetune-debug-setup`, then start this again.\n",
    );
  });

  it("is set up by the documented command, which then finds everything there", () => {
    const command = documentedCommand("npx finetune-debug-setup");
    assert.match(run([...command, "--cpu"]), /TensorFlow.js to TensorFlow: ready/);
    assert.match(run(command), /everything is there/);
    assert.equal(readFileSync(inProject(".finetune-debug/.gitignore"), "utf8"), "*\n");
  });

  it("has one TensorFlow", () => {
    const bindings = filesIn(project).filter((name) => path.basename(name) === "tfjs_binding.node");
    assert.deepEqual(bindings, ["node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node"]);
    const same =
      'const [a, b] = ["", "-gpu"].map((end) => require(`@tensorflow/tfjs-node${end}`)); console.log(a === b, a.version["tfjs-core"])';
    assert.match(run([process.execPath, "-e", same]), /^true 4\.22\.0$/m);
    const danfo =
      'require("danfojs-node"); console.log(Object.keys(require.cache).filter((name) => name.endsWith("binding.node")).length)';
    assert.match(run([process.execPath, "-e", danfo]), /^1$/m);
  });

  it("trains, saves and diagnoses by the README's example", () => {
    const opinions = { good: "A wonderful film with a warm heart", bad: "Dull and far too long" };
    const rows = Array.from({ length: 40 }, (_, index) =>
      Object.entries(opinions).map(([label, text]) => `"${text}, number ${index}.",${label}`),
    );
    writeFileSync(inProject("reviews.csv"), ["text,label", ...rows.flat()].join("\n"));
    writeFileSync(inProject("train.mjs"), documented("js"));
    const encoder = path.join(temporaryFolder(), "encoder");
    writeTinyModel(encoder, { withHead: false, config: { vocabSize: 30_522, maxPositionEmbeddings: 64 } });
    for (const name of ["tokenizer.json", "tokenizer_config.json"])
      copyFileSync(path.join(DOWNLOADS, "encoder", name), path.join(encoder, name));
    const printed = run([process.execPath, "train.mjs", "reviews.csv", encoder]);
    assert.match(printed, /label-balance/);
    assert.match(printed, /! warn: learning-curve|✗ fail/);
    for (const name of ["config.json", "model.safetensors", "tokenizer.json", "checkpoints"])
      assert.ok(existsSync(inProject(`model/${name}`)), name);
  });

  it("does without what only the repository has, and says so", () => {
    const script = `const lib = require("@finetune-debug/lib");
      console.log(lib.obviousCases().first.length);
      try { lib.loadSnippets(); } catch (error) { console.log(error.message); }`;
    const printed = run([process.execPath, "-e", script]);
    assert.match(printed, /^4$/m);
    assert.match(printed, /It comes with the repository of finetune-debug, not with its packages/);
    assert.ok(!printed.includes(project), printed);
  });

  it("is type-checked with strict, however its TypeScript finds modules", () => {
    writeFileSync(
      inProject("use.mts"),
      `import * as lib from "@finetune-debug/lib";
const set: lib.ReviewSet = await lib.loadReviews("reviews.csv");
export const subject: lib.Subject = { train: set };
export const name: string | undefined = set.id2label[0];
// @ts-expect-error a file has a name
await lib.loadReviews(1);
`,
    );
    const typescript = path.join(ROOT, "node_modules/typescript/bin/tsc");
    run([
      "npm",
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--save-dev",
      "@types/node@20.19.43",
    ]);
    for (const [module, resolution] of [
      ["node16", "node16"],
      ["esnext", "bundler"],
    ] as const) {
      const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--types", "node"];
      run([
        ...[process.execPath, typescript, ...options, "--module", module],
        ...["--moduleResolution", resolution, "use.mts"],
      ]);
    }
  });

  it("has a kernel for the Jupyter of a prefix, whose cells import lib", () => {
    const prefix = temporaryFolder();
    run(["npx", "finetune-debug-kernel", "--prefix", prefix]);
    const argv = readFileSync(path.join(prefix, "share/jupyter/kernels/tslab/kernel.json"), "utf8");
    assert.ok(argv.includes(inProject("node_modules/@finetune-debug/kernel/dist/main.js")), argv);
    const jupyter = {
      JUPYTER_PATH: path.join(prefix, "share/jupyter"),
      JUPYTER_CONFIG_DIR: path.join(prefix, "config"),
      JUPYTER_DATA_DIR: path.join(prefix, "data"),
      JUPYTER_RUNTIME_DIR: path.join(prefix, "runtime"),
      IPYTHONDIR: path.join(prefix, "ipython"),
    };
    const cells = [
      'import * as lib from "@finetune-debug/lib";\nconst set = await lib.loadReviews("reviews.csv");\nset.length',
      "const label: number = set.id2label[0];",
      'await lib.loadReviews("none.csv");',
    ];
    const printed = run(
      [PYTHON, path.join(ROOT, "test/environment/run_cells.py"), "tslab", ...cells],
      jupyter,
    );
    const [length, wrong, missing] = JSON.parse(
      printed.split("\n").find((line) => line.startsWith("[")) ?? "",
    ) as {
      outputs: { data?: Record<string, string>; traceback?: string[] }[];
    }[];
    assert.equal(length?.outputs[0]?.data?.["text/plain"], "80", printed);
    assert.match(wrong?.outputs[0]?.traceback?.[0] ?? "", /Type 'string' is not assignable to type 'number'/);
    const trace = missing?.outputs[0]?.traceback ?? [];
    assert.match(trace[0] ?? "", /none\.csv does not exist/);
    assert.ok(!trace.join("\n").includes(project), trace.join("\n"));
  });

  it("left nothing in the home", () => {
    assert.deepEqual(filesIn(home), []);
  });
});
