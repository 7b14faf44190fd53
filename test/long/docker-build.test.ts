import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { after, describe, it } from "node:test";
import { ROOT } from "../environment/programs";

/** Both images, where there is a Docker daemon; the steps alone are container-steps.test.ts's. */
const hasDocker = spawnSync("docker", ["info"], { stdio: "ignore" }).status === 0;
const skip = !hasDocker
  ? "no Docker daemon"
  : process.env["DEEP"] === "1"
    ? false
    : "only with --deep: it sets up once more";
const IMAGE = `finetune-debug-test-${process.pid}`;
const docker = (...args: string[]) => execFileSync("docker", args, { cwd: ROOT, encoding: "utf8" });

describe("the images", { skip }, () => {
  after(() => {
    spawnSync("docker", ["image", "rm", "--force", IMAGE, `${IMAGE}-seat`], { stdio: "ignore" });
  });

  it("build for a CPU, and execute notebook 2", () => {
    docker("build", "-f", "environment/docker/Dockerfile", "-t", IMAGE, "--build-arg", "DEVICE=cpu", ".");
    docker("run", "--rm", "--init", IMAGE, "npm", "run", "story", "--", "--only", "02");
  });

  it("hold the server that JupyterHub starts", () => {
    docker(
      "build",
      "-f",
      "environment/jupyterhub/Dockerfile",
      "-t",
      `${IMAGE}-seat`,
      "--build-arg",
      `IMAGE=${IMAGE}`,
      ".",
    );
    const python = "build/python/jupyterhub/bin/python";
    assert.match(
      docker("run", "--rm", `${IMAGE}-seat`, python, "-m", "jupyterhub.singleuser", "--version"),
      /^\d/,
    );
  });
});
