// @ts-check
/** The benchmarks' one runner: `npm run bench -- kernel`, and `npm run bench` to see which there are. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const BENCH = path.dirname(fileURLToPath(import.meta.url));
/** @type {Readonly<Record<string, string>>} */
const BENCHMARKS = {
  kernel: "how long our kernel and others need to start, for a trivial cell and for cells that use lib",
  training: "steps, an epoch and memory beside PyTorch and transformers' Trainer [--rounds N] [--only ROW]",
  tokenization: "25,000 reviews beside Rust's tokenizers; needs IMDB_DIR [--rounds N]",
  inference:
    "2,000 reviews beside transformers' pipeline and ONNX Runtime; needs IMDB_DIR [--rounds N] [--only ROW]",
  serving:
    "requests a second of npm run serve: texts that share passes, one text a pass, one client [--rounds N] [--seconds N] [--clients N]",
  seat: "what a seat of a class needs under JupyterHub: memory and CPU seconds of notebooks 1 and 2, five at once [--only 02]",
  quality:
    "accuracy on 2,000 reviews after 2,000, beside transformers' Trainer; needs IMDB_DIR [--seeds 1,2,3], about half an hour",
};

const [name = "", ...args] = process.argv.slice(2);
if (name in BENCHMARKS) {
  const file = path.join(BENCH, `${name}.ts`);
  process.exitCode =
    spawnSync(process.execPath, ["--import", "tsx", file, ...args], { stdio: "inherit" }).status ?? 1;
} else {
  console.log("usage: npm run bench -- NAME");
  for (const [known, what] of Object.entries(BENCHMARKS)) console.log(`  ${known.padEnd(14)}${what}`);
  process.exitCode = name === "" ? 0 : 2;
}
