// @ts-check
/**
 * The first program of a job, which knows nothing of this project yet: fetches the archive, unpacks it, and goes on in
 * `environment/jobs/in-job.mjs`, in the same process, so that signals reach it. Its text goes to `node -e`: it must stand by itself.
 */
async function bootstrap() {
  const { spawnSync } = await import("node:child_process");
  const { mkdirSync } = await import("node:fs");
  const path = await import("node:path");
  const { pathToFileURL } = await import("node:url");
  const { HF_ENDPOINT, HF_TOKEN, RUN_REPO, RUN_NAME, RUN_COMMIT, RUN_PROJECT } = process.env;
  if (!RUN_PROJECT) {
    const address = `${HF_ENDPOINT}/datasets/${RUN_REPO}/resolve/${RUN_COMMIT}/${RUN_NAME}/project.tar.gz`;
    const answer = await fetch(address, { headers: { Authorization: `Bearer ${HF_TOKEN}` } });
    if (!answer.ok) throw new Error(`The Hub answered ${answer.status} for the project's archive.`);
    mkdirSync("finetune-debug", { recursive: true });
    const input = Buffer.from(await answer.arrayBuffer());
    const tar = spawnSync("tar", ["-xz", "-C", "finetune-debug"], {
      input,
      stdio: ["pipe", "inherit", "inherit"],
    });
    if (tar.status !== 0) throw new Error("The project's archive could not be unpacked with tar.");
  }
  const program = path.resolve(RUN_PROJECT || "finetune-debug", "environment/jobs/in-job.mjs");
  await import(pathToFileURL(program).href);
}

/** The command of a job. */
export function bootstrapCommand() {
  const failing = "(error) => { console.error(error.message); process.exitCode = 1; }";
  return ["node", "-e", `(${bootstrap.toString()})().catch(${failing})`];
}
