import {
  createServer,
  STATUS_CODES,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { Server as NetServer, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { LibError } from "../runtime/errors";
import type { ServingLimits } from "./serving-limits";

/** Milliseconds for what is on its way: connections that the system has taken, then requests on open connections. */
const LAST_CALL = 200;

const CLIENT_ERRORS: Readonly<Record<string, readonly [number, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request did not come whole in time."],
  HPE_HEADER_OVERFLOW: [431, "The head of the request is too large."],
};

/** A listener that is open. */
export interface Listening {
  /** The IP address that the host is. */
  address: string;
  port: number;
  /** Lets nobody in any more, and resolves when every request that had come was answered. */
  drain(): Promise<void>;
}

/**
 * Listens, with time limits for clients that send slowly or nothing.
 *
 * @throws LibError if the port is taken, or the address is not this machine's
 */
export async function listen(params: {
  host: string;
  port: number;
  limits: ServingLimits;
  answer: RequestListener;
}): Promise<Listening> {
  const { host, port, limits, answer } = params;
  const server = createServer(
    {
      headersTimeout: limits.headerSeconds * 1000,
      requestTimeout: limits.requestSeconds * 1000,
      connectionsCheckingInterval: 500,
      keepAliveTimeout: 15_000,
    },
    answer,
  );
  server.maxConnections = limits.connections;
  server.on("clientError", refuseClient);
  await new Promise<void>((resolve, reject) => {
    // not once: a connection that cannot be accepted later on is no end of the server
    server.on("error", (cause: NodeJS.ErrnoException) => {
      reject(new LibError(refusedListening(host, port, cause), { cause }));
    });
    server.listen(port, host, resolve);
  });
  const { address, port: opened } = server.address() as AddressInfo;
  return { address, port: opened, drain: () => drain(server) };
}

function refusedListening(host: string, port: number, { code, message }: NodeJS.ErrnoException): string {
  if (code === "EADDRINUSE")
    return `Port ${port} is taken: end the program that listens there, or give another (0 is any that is free).`;
  if (code === "EACCES") return `Port ${port} is not for this user: give one above 1023.`;
  return `The server cannot listen on ${host} (${code ?? message}): give an address of this machine.`;
}

/** Answers what is no request, or one that did not come in time. */
function refuseClient({ code = "" }: NodeJS.ErrnoException, socket: Duplex): void {
  const [status, error] = CLIENT_ERRORS[code] ?? [400, "This is no HTTP request."];
  const body = JSON.stringify({ error });
  // in the middle of an answer it would be taken for a part of it; Node's own handler asks the same
  const { _httpMessage: current } = socket as Duplex & { _httpMessage?: ServerResponse | null };
  if (socket.writable && !current?.headersSent)
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  socket.destroy();
}

async function drain(server: Server): Promise<void> {
  // the system refuses whom it has let in and this process has not heard yet
  await sleep(LAST_CALL);
  // http's own close would cut connections that are idle just now, with a request on its way
  const closed = new Promise<void>((resolve) => {
    NetServer.prototype.close.call(server, () => {
      resolve();
    });
  });
  await Promise.race([closed, sleep(LAST_CALL)]);
  // answers end their connections by now, and so do those without a request
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, 50);
  await closed.finally(() => {
    clearInterval(sweep);
  });
  server.close();
}
