import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { commit, createBranch, uploadFile } from "@huggingface/hub";
import { temporaryFolder } from "../../temporary-folder";
import { assertRefused, file, runningHub, TOKEN, type RunningHub } from "./running-hub";

describe("a pull request on the embedded Hub", () => {
  const folder = temporaryFolder();
  let hub: RunningHub;

  before(async () => {
    hub = await runningHub(folder);
  });
  after(() => hub.close());

  const begin = async (name: string) => {
    await hub.create(name);
    await hub.commit(name, [file("a.txt", "one"), file("b.txt", "one")]);
  };
  const open = async (name: string, operations: unknown[]) => {
    const lines = [
      { key: "header", value: { summary: "a better a", description: "see why" } },
      ...operations,
    ];
    const body = lines.map((line) => JSON.stringify(line)).join("\n");
    const answer = await hub.post(`/api/models/reader/${name}/commit/main?create_pr=1`, body);
    assert.equal(answer.status, 200);
    return (await answer.json()) as { commitOid: string; pullRequestUrl: string };
  };
  const text = async (address: string) => (await hub.get(address)).text();
  const details = async (name: string, num: number) => {
    return (await hub.get(`/api/models/reader/${name}/discussions/${num}?diff=1`)).json() as Promise<{
      status: string;
      title: string;
      filesWithConflicts: string[];
      changes: { base: string; mergeCommitId?: string };
      events: { type: string; data: { latest?: { raw: string }; status?: string } }[];
    }>;
  };

  it("holds a commit that its branch has not, until it is merged", async () => {
    await begin("model");
    const head = await hub.head("model");
    const { commitOid, pullRequestUrl } = await open("model", [file("a.txt", "two")]);
    assert.equal(pullRequestUrl, `${hub.endpoint}/reader/model/discussions/1`);
    assert.equal(await hub.head("model"), head);
    assert.equal(await text("/reader/model/resolve/refs%2Fpr%2F1/a.txt"), "two");
    const refs = (await (await hub.get("/api/models/reader/model/refs?include_prs=1")).json()) as object;
    assert.deepEqual((refs as { pullRequests: unknown }).pullRequests, [
      { name: "1", ref: "refs/pr/1", targetCommit: commitOid },
    ]);
    const opened = await details("model", 1);
    assert.equal(opened.status, "open");
    assert.equal(opened.events[0]?.data.latest?.raw, "see why");
    // the branch goes on meanwhile, elsewhere
    await hub.commit("model", [file("b.txt", "two")]);
    assert.equal((await hub.post("/api/models/reader/model/discussions/1/merge", {})).status, 200);
    assert.equal(await text("/reader/model/resolve/main/a.txt"), "two");
    assert.equal(await text("/reader/model/resolve/main/b.txt"), "two");
    const merged = await details("model", 1);
    assert.equal(merged.status, "merged");
    assert.equal(merged.changes.mergeCommitId, await hub.head("model"));
    const again = await hub.post("/api/models/reader/model/discussions/1/merge", {});
    await assertRefused(again, { status: 400, error: /no open pull request: it is merged/ });
  });

  it("takes more commits, and @huggingface/hub opens one", async () => {
    await begin("more");
    const as = { hubUrl: hub.endpoint, accessToken: TOKEN, repo: "reader/more" };
    const made = await commit({
      ...as,
      title: "by the library",
      operations: [{ operation: "addOrUpdate", path: "c.txt", content: new Blob(["c"]) }],
      isPullRequest: true,
    });
    assert.equal(made?.pullRequestUrl, `${hub.endpoint}/reader/more/discussions/1`);
    await uploadFile({ ...as, file: { path: "d.txt", content: new Blob(["d"]) }, branch: "refs/pr/1" });
    assert.equal(await text("/reader/more/resolve/refs%2Fpr%2F1/c.txt"), "c");
    assert.equal(await text("/reader/more/resolve/refs%2Fpr%2F1/d.txt"), "d");
    assert.equal((await hub.get("/reader/more/resolve/main/c.txt")).status, 404);
  });

  it("is not merged where its branch has changed the same file", async () => {
    await begin("conflict");
    await open("conflict", [file("a.txt", "mine")]);
    await hub.commit("conflict", [file("a.txt", "theirs")]);
    const head = await hub.head("conflict");
    assert.deepEqual((await details("conflict", 1)).filesWithConflicts, ["a.txt"]);
    await assertRefused(await hub.post("/api/models/reader/conflict/discussions/1/merge", {}), {
      status: 409,
      error: /The branch has changed a\.txt since/,
    });
    assert.equal(await hub.head("conflict"), head);
  });

  it("goes to the branch that it was begun from", async () => {
    await begin("branch");
    await createBranch({
      ...{ hubUrl: hub.endpoint, accessToken: TOKEN, repo: "reader/branch", branch: "dev" },
    });
    const lines = [{ key: "header", value: { summary: "for dev" } }, file("a.txt", "dev")];
    await hub.post(
      "/api/models/reader/branch/commit/dev?create_pr=1",
      lines.map((line) => JSON.stringify(line)).join("\n"),
    );
    assert.equal((await details("branch", 1)).changes.base, "refs/heads/dev");
    await hub.post("/api/models/reader/branch/discussions/1/merge", {});
    assert.equal(await text("/reader/branch/resolve/dev/a.txt"), "dev");
    assert.equal(await text("/reader/branch/resolve/main/a.txt"), "one");
  });

  it("is discussed, closed and listed beside discussions", async () => {
    await begin("talk");
    const at = "/api/models/reader/talk/discussions";
    await assertRefused(await hub.post(at, { title: "?" }), { status: 400, error: /three letters/ });
    const asked = await hub.post(at, { title: "a question", description: "why?" });
    assert.equal(((await asked.json()) as { num: number }).num, 1);
    await hub.post(at, { title: "a change", pullRequest: true });
    const said = await hub.post(`${at}/1/comment`, { comment: "because" });
    assert.equal(
      ((await said.json()) as { newMessage: { data: { latest: { raw: string } } } }).newMessage.data.latest
        .raw,
      "because",
    );
    await hub.post(`${at}/1/status`, { status: "closed", comment: "answered" });
    await hub.post(`${at}/1/title`, { title: "an answered question" });
    const one = await details("talk", 1);
    assert.equal(one.status, "closed");
    assert.equal(one.title, "an answered question");
    assert.deepEqual(
      one.events.map(({ type }) => type),
      ["comment", "comment", "comment", "status-change", "title-change"],
    );
    const listed = async (query: string) => {
      const { discussions, count } = (await (await hub.get(`${at}?${query}`)).json()) as {
        discussions: { num: number }[];
        count: number;
      };
      assert.equal(count, discussions.length);
      return discussions.map(({ num }) => num);
    };
    assert.deepEqual(await listed("p=0"), [2, 1]);
    assert.deepEqual(await listed("type=pull_request"), [2]);
    assert.deepEqual(await listed("type=discussion&status=closed"), [1]);
    assert.deepEqual(await listed("status=open"), [2]);
    await assertRefused(await hub.get(`${at}/7`), { status: 404, error: /no discussion number 7/ });
    await assertRefused(await hub.post(`${at}/1/status`, { status: "?" }), {
      status: 400,
      error: /"open" or/,
    });
  });
});
