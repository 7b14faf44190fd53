import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** Where `wandb sync` sends runs, and what it sent. */
export interface WandbEndpoint {
  url: string;
  /** Lines of the history, by the run's id. */
  history: Map<string, Record<string, unknown>[]>;
  close: () => Promise<void>;
}

/** The part of W&B's server that `wandb sync` speaks to, on loopback: it takes every run, and keeps its history. */
export async function startWandbEndpoint(): Promise<WandbEndpoint> {
  const history: WandbEndpoint["history"] = new Map();
  const server = createServer((request, response) => {
    const answered = bodyOf(request).then((body) => {
      const answer = request.url === "/graphql" ? graphql(JSON.parse(body) as Query) : {};
      const [, run] = /\/([^/]+)\/file_stream$/.exec(request.url ?? "") ?? [];
      if (run !== undefined) keep(history, run, JSON.parse(body) as Stream);
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    });
    // a sender that is gone, or sends what this does not know, learns it by its connection
    answered.catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    history,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Query {
  query: string;
  variables: { name?: string; files?: string[] };
}

interface Stream {
  files?: Record<string, { offset: number; content: string[] }>;
}

function graphql({ query, variables }: Query): unknown {
  if (query.includes("upsertBucket")) {
    const project = { id: "p", name: "huggingface", entity: { id: "e", name: "reader" } };
    const bucket = {
      id: "b",
      name: variables.name,
      displayName: "run",
      config: "{}",
      historyLineCount: 0,
      project,
    };
    return { data: { upsertBucket: { bucket, inserted: true } } };
  }
  if (query.includes("createRunFiles")) {
    const files = (variables.files ?? []).map((name) => ({ name, uploadUrl: "" }));
    return { data: { createRunFiles: { runID: "b", uploadHeaders: [], files } } };
  }
  return { data: {} };
}

function keep(history: WandbEndpoint["history"], run: string, { files = {} }: Stream): void {
  const { offset = 0, content = [] } = files["wandb-history.jsonl"] ?? {};
  const lines = history.get(run) ?? [];
  lines.splice(offset, content.length, ...content.map((line) => JSON.parse(line) as Record<string, unknown>));
  history.set(run, lines);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString();
}
