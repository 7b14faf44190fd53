import { spawn } from "node:child_process";
import { once } from "node:events";
import type { HubCall } from "./hub-call";
import { badRequest, HubRefusal } from "./refusal";
import type { HubRepository } from "./repository";
import { pageRoutes, type Route } from "./router";

/** `git clone`, `git fetch` and `git ls-remote`, answered by git itself. */
export const GIT_ROUTES: Route[] = [
  ...pageRoutes("GET", "/info/refs", (call) => serve(call, "/info/refs")),
  ...pageRoutes("POST", "/git-upload-pack", (call) => serve(call, "/git-upload-pack")),
  ...pageRoutes("POST", "/git-receive-pack", refusePush),
];

async function serve(call: HubCall, service: string): Promise<void> {
  const { request, query } = call.params;
  if (query.get("service") === "git-receive-pack") refusePush();
  if (request.method === "GET" && query.get("service") !== "git-upload-pack")
    throw badRequest("git's older protocol is not spoken here: use git 1.6.6 or later.");
  await backend(call, readable(call), service);
}

/** git gives a password only to whoever asks for one in its own words. */
function readable(call: HubCall): HubRepository {
  try {
    return call.readableRepository();
  } catch (error) {
    if (!(error instanceof HubRefusal) || error.params.status !== 401) throw error;
    const headers = { "WWW-Authenticate": 'Basic realm="the token is the password", charset="UTF-8"' };
    throw new HubRefusal(error.message, { ...error.params, headers });
  }
}

function refusePush(): never {
  throw new HubRefusal(
    "The embedded Hub takes no git push: upload with huggingface_hub or lib's pushToHub.",
    {
      status: 403,
    },
  );
}

/** Lets `git http-backend` answer (CGI, RFC 3875), which reads the repository and writes nothing. */
async function backend(call: HubCall, repository: HubRepository, service: string): Promise<void> {
  const { request, response, query } = call.params;
  const child = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      PATH: process.env["PATH"],
      GIT_HTTP_EXPORT_ALL: "1",
      ...{ GIT_PROJECT_ROOT: repository.gitdir, PATH_INFO: service, QUERY_STRING: query.toString() },
      REQUEST_METHOD: request.method === "HEAD" ? "GET" : request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      // the folder may be another user's, and no configuration of this machine shall count
      ...{ GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_COUNT: "1" },
      ...{ GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" },
    },
  });
  const failed = once(child, "error").then(([error]: NodeJS.ErrnoException[]) => {
    throw error?.code === "ENOENT"
      ? new HubRefusal("git is not installed where the embedded Hub runs: download the files instead.", {
          status: 501,
        })
      : (error ?? new Error("git http-backend failed"));
  });
  response.once("close", () => child.kill());
  // git may have said all before it has read all
  child.stdin.on("error", () => undefined);
  request.pipe(child.stdin);
  await Promise.race([failed, passOn(child.stdout, call)]);
}

/** Reads the head that CGI answers with, and passes the rest on. */
async function passOn(output: NodeJS.ReadableStream, { params: { response } }: HubCall): Promise<void> {
  let head = Buffer.alloc(0);
  for await (const chunk of output as AsyncIterable<Buffer>) {
    if (response.headersSent) {
      if (!response.write(chunk)) await once(response, "drain");
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const lines = head.toString("latin1", 0, end).split("\r\n");
    const headers = lines.map((line): [string, string] => {
      const [name = "", ...value] = line.split(":");
      return [name, value.join(":").trim()];
    });
    const status = Number.parseInt(new Map(headers).get("Status") ?? "200", 10);
    response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== "Status")));
    response.write(head.subarray(end + 4));
  }
  if (!response.headersSent) throw new Error("git http-backend said nothing");
  response.end();
}
