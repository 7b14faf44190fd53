import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import { seededRandom, type Random } from "../../lib/src/runtime/random";

/** How bad a network is, as shares of all connections. */
export interface Badness {
  /** Connections that break off, somewhere in what is sent or in what comes back. */
  cut: number;
  /** Connections whose first request is answered with 500, and never arrives. */
  refused: number;
}

/** A network on loopback between clients and a server. */
export interface FlakyNetwork {
  readonly endpoint: string;
  /** What happened to connections so far. */
  readonly counts: { connections: number; cut: number; refused: number };
  readonly close: () => Promise<void>;
}

const LARGEST_PIECE = 16e6;
/** A connection that is not cut within its first requests is cut before a later one: else all that last would be the good ones. */
const MOST_REQUESTS = 10;
const REQUEST = /^(GET|HEAD|POST|PUT|DELETE) /;
const ANSWER = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/** Starts a network that passes bytes on to a port of this machine, and breaks some connections at places drawn by the seed. */
export async function startFlakyNetwork(params: {
  port: () => number;
  badness: Badness;
  seed: number;
}): Promise<FlakyNetwork> {
  const { port, badness } = params;
  const random = seededRandom(params.seed);
  const counts = { connections: 0, cut: 0, refused: 0 };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    open.add(client);
    client.on("close", () => open.delete(client));
    client.on("error", () => client.destroy());
    counts.connections += 1;
    const fate = random();
    if (fate < badness.refused) {
      counts.refused += 1;
      client.once("data", () => client.end(ANSWER));
      return;
    }
    const upstream = connect(port(), "127.0.0.1");
    upstream.on("error", () => client.destroy());
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
    const isCut = fate < badness.refused + badness.cut;
    let isOver = false;
    const cut = (): void => {
      if (isOver) return;
      isOver = true;
      counts.cut += 1;
      client.resetAndDestroy();
      upstream.destroy();
    };
    const after = () => (isCut && random() < 0.5 ? somewhere(random) : Infinity);
    passOn({ from: upstream, to: client, after: after(), cut });
    passOn({ from: client, to: upstream, after: after(), cut });
    let left = badness.cut > 0 ? 2 + Math.floor(random() * MOST_REQUESTS) : Infinity;
    client.on("data", (chunk: Buffer) => {
      if (REQUEST.test(chunk.toString("latin1", 0, 7)) && (left -= 1) < 0) cut();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of open) socket.destroy();
      }),
  };
}

/** As often within the first kilobyte as within the last megabytes. */
function somewhere(random: Random): number {
  return Math.floor(LARGEST_PIECE ** random());
}

/** Passes bytes on until there were too many. */
function passOn({
  from,
  to,
  after,
  cut,
}: {
  from: Socket;
  to: Socket;
  after: number;
  cut: () => void;
}): void {
  let passed = 0;
  from.on("data", (chunk: Buffer) => {
    passed += chunk.length;
    if (passed > after) cut();
    // without this a large file would lie in memory
    else if (!to.write(chunk)) {
      from.pause();
      to.once("drain", () => from.resume());
    }
  });
  from.on("end", () => to.end());
}
