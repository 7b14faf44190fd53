import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import { optionalPython } from "../../environment/setup/optional-python.mjs";
import { dockerfile } from "../environment/dockerfile";
import { ROOT } from "../environment/programs";
import { withoutStory } from "./clone";
import { runPython } from "./python-environment";
import { PASSWORD } from "./running-class";

/** What cannot run here, a class in containers and in a cluster, read as JupyterHub and YAML read it. */
const FOLDER = path.join(ROOT, "environment/jupyterhub");
const read = (file: string) => readFileSync(path.join(FOLDER, file), "utf8");
type Configuration = Record<string, Record<string, unknown>>;
interface Values {
  hub: { config: Configuration };
  singleuser: {
    cmd: string[];
    extraEnv: Record<string, string>;
    memory: { limit: string };
    cpu: { limit: number };
    storage: { homeMountPath: string };
  };
}

describe("the configurations of a class", () => {
  let shown: { local: Configuration; docker: Configuration; values: Values };
  before(async () => {
    const program = path.join(__dirname, "class_configurations.py");
    const files = ["jupyterhub_config.py", "docker_config.py", "values.yaml"];
    shown = JSON.parse(
      await runPython({
        python: await optionalPython("jupyterhub"),
        args: [program, ...files.map((file) => path.join(FOLDER, file))],
        env: { ...withoutStory(), CLASS_PASSWORD: PASSWORD, CLASS_IP: undefined },
      }),
    ) as typeof shown;
  });

  it("listens on loopback unless told otherwise, and keeps no secret", () => {
    const { JupyterHub, ConfigurableHTTPProxy } = shown.local;
    assert.equal(JupyterHub?.["bind_url"], "http://127.0.0.1:8000");
    assert.match(String(ConfigurableHTTPProxy?.["api_url"]), /^http:\/\/127\.0\.0\.1:/);
    assert.equal(JupyterHub["db_url"], "sqlite://");
    assert.ok(JupyterHub["cookie_secret"]);
  });

  it("asks in containers for the same password, in a seat of its own", () => {
    const { JupyterHub, SharedPasswordAuthenticator, DockerSpawner, Spawner } = shown.docker;
    assert.equal(JupyterHub?.["authenticator_class"], "shared-password");
    assert.equal(JupyterHub["spawner_class"], "docker");
    assert.equal(SharedPasswordAuthenticator?.["user_password"], PASSWORD);
    const { SEAT_FOLDER } = Spawner?.["environment"] as Record<string, string>;
    assert.deepEqual(DockerSpawner?.["volumes"], { "class-{username}": SEAT_FOLDER });
  });

  it("gives a seat the same command, folder and limits in a container, in a cluster and in the image", () => {
    const { hub, singleuser } = shown.values;
    const { Authenticator, JupyterHub, DockerSpawner } = shown.docker;
    assert.equal(hub.config["JupyterHub"]?.["authenticator_class"], JupyterHub?.["authenticator_class"]);
    assert.deepEqual(hub.config["Authenticator"], Authenticator);
    assert.deepEqual(singleuser.cmd, DockerSpawner?.["cmd"]);
    assert.equal(singleuser.memory.limit, DockerSpawner?.["mem_limit"]);
    assert.equal(singleuser.cpu.limit, DockerSpawner?.["cpu_limit"]);
    assert.equal(singleuser.storage.homeMountPath, singleuser.extraEnv["SEAT_FOLDER"]);
    const { instructions } = dockerfile(read("Dockerfile"));
    const of = (name: string) => instructions.find((one) => one.name === name)?.text ?? "";
    assert.equal(of("ENV"), `SEAT_FOLDER=${singleuser.storage.homeMountPath}`);
    const work = "/home/node/finetune-debug";
    assert.deepEqual(
      (JSON.parse(of("CMD")) as string[]).map((part) => path.join(work, part)),
      singleuser.cmd,
    );
  });

  it("has JupyterLab and all that is shared at the versions of the main lock", () => {
    const versions = (file: string) =>
      [
        ...readFileSync(path.join(ROOT, "environment/python", file), "utf8").matchAll(/^[a-z0-9._-]+==\S+/gm),
      ].map(String);
    const own = new Set(versions("jupyterhub.txt"));
    assert.deepEqual(
      versions("requirements.txt").filter((one) => !own.has(one)),
      [],
    );
  });
});
