import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A connection on which a test sends bytes as no proper client would. */
export class RawClient {
  #heard = "";
  /** Resolves when the server has ended the connection. */
  readonly closed: Promise<unknown>;

  private constructor(readonly socket: Socket) {
    socket.on("data", (chunk: Buffer) => (this.#heard += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    // a broken connection is closed too
    this.closed = new Promise((resolve) => socket.once("close", resolve));
  }

  static async open(endpoint: string): Promise<RawClient> {
    const { hostname, port } = new URL(endpoint);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    return new RawClient(socket);
  }

  /** What the server said so far. */
  get heard(): string {
    return this.#heard;
  }

  /** Sends a text, a byte at a time, until the server has had enough. */
  async drip(text: string, milliseconds: number): Promise<void> {
    for (const byte of text) {
      if (this.socket.destroyed || !this.socket.writable) return;
      this.socket.write(byte);
      await sleep(milliseconds);
    }
  }
}

/** A request as bytes. */
export function rawRequest(body: unknown): string {
  const text = JSON.stringify(body);
  return `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
