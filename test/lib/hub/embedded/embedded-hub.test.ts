import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import {
  createBranch,
  createRepo,
  datasetInfo,
  deleteBranch,
  deleteFile,
  downloadFile,
  downloadFileToCacheDir,
  fileDownloadInfo,
  HubApiError,
  listCommits,
  listFiles,
  modelInfo,
  pathsInfo,
  repoExists,
  snapshotDownload,
  uploadFiles,
  whoAmI,
} from "@huggingface/hub";
import { temporaryFolder } from "../../temporary-folder";
import { runningHub, sha256, TOKEN, type RunningHub } from "./running-hub";

const REPO = "reader/a-model";
const CARD = "---\nlicense: apache-2.0\npipeline_tag: text-classification\n---\n# A model\n";
const weights = randomBytes(3_000_017);
const files = new Map<string, Uint8Array>([
  ["README.md", Buffer.from(CARD)],
  ["config.json", Buffer.from('{"id2label": {"0": "NEGATIVE"}}\n')],
  ["empty.txt", new Uint8Array()],
  ["model.safetensors", weights],
  ["nested/a note.txt", Buffer.from("with a space\n")],
]);

function blobs(contents: ReadonlyMap<string, Uint8Array>): { path: string; content: Blob }[] {
  return [...contents].map(([name, bytes]) => ({ path: name, content: new Blob([bytes]) }));
}

async function listed<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const entry of entries) list.push(entry);
  return list;
}

describe("the embedded Hub and @huggingface/hub", () => {
  const folder = temporaryFolder();
  let hub: RunningHub;
  let as: { hubUrl: string; accessToken: string };

  before(async () => {
    hub = await runningHub(folder);
    as = { hubUrl: hub.endpoint, accessToken: TOKEN };
    const created = await createRepo({ ...as, repo: REPO });
    assert.equal(created.repoUrl, `${hub.endpoint}/${REPO}`);
    await uploadFiles({ ...as, repo: REPO, files: blobs(files), commitTitle: "version 1" });
  });
  after(() => hub.close());

  it("lists what was uploaded, beside the Hub's .gitattributes", async () => {
    const entries = await listed(listFiles({ ...as, repo: REPO, recursive: true, expand: true }));
    const paths = entries.filter(({ type }) => type === "file").map((entry) => entry.path);
    assert.deepEqual(paths.sort(), [".gitattributes", ...files.keys()].sort());
    const large = entries.find((entry) => entry.path === "model.safetensors");
    assert.deepEqual(large?.lfs && { oid: large.lfs.oid, size: large.lfs.size }, {
      oid: sha256(weights),
      size: weights.length,
    });
    assert.equal(
      entries.find((entry) => entry.path === ".gitattributes")?.lastCommit?.title,
      "initial commit",
    );
    assert.equal(large?.lastCommit?.title, "version 1");
  });

  it("lists one folder", async () => {
    const top = await listed(listFiles({ ...as, repo: REPO }));
    assert.deepEqual(top.find((entry) => entry.path === "nested")?.type, "directory");
    assert.ok(!top.some((entry) => entry.path.startsWith("nested/")));
    const nested = await listed(listFiles({ ...as, repo: REPO, path: "nested" }));
    assert.deepEqual(
      nested.map((entry) => entry.path),
      ["nested/a note.txt"],
    );
  });

  it("gives every byte back, into an empty cache", async () => {
    const cacheDir = temporaryFolder();
    for (const [name, bytes] of files) {
      const pulled = await downloadFileToCacheDir({ ...as, repo: REPO, path: name, cacheDir });
      assert.ok(readFileSync(pulled).equals(bytes), name);
    }
  });

  it("gives part of a file", async () => {
    const blob = await downloadFile({ ...as, repo: REPO, path: "model.safetensors" });
    const part = await blob?.slice(1_000_000, 1_000_010).arrayBuffer();
    assert.ok(part && weights.subarray(1_000_000, 1_000_010).equals(new Uint8Array(part)));
  });

  it("says what it knows of a model", async () => {
    const info = await modelInfo({
      ...as,
      name: REPO,
      additionalFields: ["sha", "tags", "cardData", "filePaths"],
    });
    assert.equal(info.name, REPO);
    assert.equal(info.task, "text-classification");
    assert.ok(info.tags.includes("license:apache-2.0"));
    assert.equal(info.cardData?.license, "apache-2.0");
    assert.deepEqual(info.filePaths.sort(), [".gitattributes", ...files.keys()].sort());
    const [newest] = await listed(listCommits({ ...as, repo: REPO }));
    assert.equal(info.sha, newest?.oid);
    assert.equal((await whoAmI(as)).name, "reader");
  });

  it("says what is wrong with a model card", async () => {
    const validate = async (content: string) => {
      const answer = await hub.post("/api/validate-yaml", { content, repoType: "model" });
      return [answer.status, await answer.json()] as [number, Record<string, { message: string }[]>];
    };
    assert.deepEqual(await validate(CARD), [200, { errors: [], warnings: [] }]);
    const [none, without] = await validate("# A model without metadata\n");
    assert.equal(none, 200);
    assert.match(without["warnings"]?.[0]?.message ?? "", /missing yaml metadata/);
    for (const metadata of ["license: [", "- a list"]) {
      const [broken, said] = await validate(`---\n${metadata}\n---\n`);
      assert.equal(broken, 400);
      assert.ok(said["errors"]?.[0]?.message, metadata);
    }
  });

  it("answers for paths, and leaves out those it has not", async () => {
    const found = await pathsInfo({
      ...as,
      repo: REPO,
      paths: ["config.json", "none", "nested"],
      expand: true,
    });
    assert.deepEqual(
      found.map(({ path: name, type, lastCommit }) => [name, type, lastCommit.title]),
      [
        ["config.json", "file", "version 1"],
        ["nested", "directory", "version 1"],
      ],
    );
    assert.equal(await fileDownloadInfo({ ...as, repo: REPO, path: "none" }), null);
    assert.equal(await repoExists({ ...as, repo: REPO }), true);
    assert.equal(await repoExists({ ...as, repo: "reader/none" }), false);
  });

  it("keeps an earlier version under its tag and on its branch", async () => {
    const repo = "reader/versions";
    await createRepo({ ...as, repo });
    const upload = (text: string, branch = "main") => {
      const content = new Blob([text]);
      return uploadFiles({ ...as, repo, branch, files: [{ path: "config.json", content }] });
    };
    await upload("one");
    const tag = { tag: "v1", message: "the first" };
    assert.equal((await hub.post(`/api/models/${repo}/tag/main`, tag)).status, 200);
    await createBranch({ ...as, repo, branch: "feature/one", revision: "v1" });
    await upload("two");
    await upload("three", "feature/one");
    await deleteFile({ ...as, repo, path: "config.json" });

    const textAt = async (revision: string) => {
      return (await downloadFile({ ...as, repo, path: "config.json", revision }))?.text();
    };
    assert.equal(await textAt("v1"), "one");
    assert.equal(await textAt("feature/one"), "three");
    assert.equal(await textAt("main"), undefined);
    const [, second] = await listed(listCommits({ ...as, repo }));
    assert.equal(await textAt(second?.oid ?? ""), "two");
    const refs = (await (await hub.get(`/api/models/${repo}/refs`)).json()) as Record<string, unknown[]>;
    assert.deepEqual(refs["branches"]?.length, 2);
    assert.deepEqual(refs["tags"]?.length, 1);

    await deleteBranch({ ...as, repo, branch: "feature/one" });
    assert.equal((await hub.remove(`/api/models/${repo}/tag/v1`)).status, 200);
    for (const revision of ["v1", "feature/one"])
      await assert.rejects(textAt(revision), /Invalid rev id/, "a ref that was deleted");
    await assert.rejects(deleteBranch({ ...as, repo, branch: "main" }), /default branch cannot be deleted/);
  });

  it("holds data sets beside models of the same name", async () => {
    const repo = { type: "dataset", name: REPO } as const;
    await createRepo({ ...as, repo });
    const rows = randomBytes(100);
    await uploadFiles({ ...as, repo, files: blobs(new Map([["train.parquet", rows]])) });
    const cacheDir = temporaryFolder();
    const folder = await snapshotDownload({ ...as, repo, cacheDir });
    assert.ok(readFileSync(path.join(folder, "train.parquet")).equals(rows));
    assert.equal((await datasetInfo({ ...as, name: REPO })).name, REPO);
    assert.ok(
      !(await listed(listFiles({ ...as, repo: REPO }))).some((entry) => entry.path === "train.parquet"),
    );
  });

  it("shows a private repository to the token alone", async () => {
    const repo = "reader/secret";
    await createRepo({ ...as, repo, visibility: "private" });
    await uploadFiles({ ...as, repo, files: blobs(files) });
    assert.equal((await modelInfo({ ...as, name: repo })).private, true);
    await assert.rejects(modelInfo({ hubUrl: hub.endpoint, name: repo }), (error) => {
      return error instanceof HubApiError && error.statusCode === 401;
    });
    const answer = await fetch(`${hub.endpoint}/${repo}/resolve/main/config.json`);
    assert.equal(answer.status, 401);
  });
});
