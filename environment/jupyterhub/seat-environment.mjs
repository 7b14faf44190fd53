// @ts-check
/** `seat-environment.mjs FOLDER`: prints, as JSON, the environment of a seat's server, whose settings and results lie in FOLDER. */
import path from "node:path";
import { jupyterEnvironment } from "../jupyter-environment.mjs";
import { ROOT } from "../setup/paths.mjs";

const folder = path.resolve(process.argv[2] ?? "");
const jupyter = path.join(folder, ".jupyter");
const environment = jupyterEnvironment({
  JUPYTER_CONFIG_PATH: path.join(ROOT, "environment/lab-config"),
  JUPYTER_CONFIG_DIR: path.join(jupyter, "config"),
  JUPYTER_DATA_DIR: path.join(jupyter, "data"),
  JUPYTER_RUNTIME_DIR: path.join(jupyter, "runtime"),
  IPYTHONDIR: path.join(jupyter, "ipython"),
  STORY_BUILD: path.join(folder, "build"),
});
process.stdout.write(JSON.stringify(environment));
