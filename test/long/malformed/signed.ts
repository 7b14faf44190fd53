import { createHmac } from "node:crypto";

/** The channels of a kernel. */
export type Channel = "shell" | "control" | "stdin" | "hb" | "iopub";

/** Something that a client should not send. */
export interface Malformed {
  /** What is wrong with it, for the message of a failure. */
  what: string;
  /** Shell or control where it does not matter. */
  channel?: Channel;
  frames: Buffer[];
  /** Sent by a client that bears this name, if any, instead of by the one that looks after the kernel. */
  stranger?: Buffer;
  /** The bytes go to the port as they are, without ZeroMQ. */
  raw?: boolean;
  /** Sent twice. */
  twice?: boolean;
}

let count = 0;

/** A header like that of any client, with a number of its own. */
export function header(type: unknown): Record<string, unknown> {
  count += 1;
  const sender = { session: "fuzz", username: "fuzz", date: "2026-01-01T00:00:00Z" };
  return { msg_id: `fuzz-${count}`, ...sender, msg_type: type, version: "5.4" };
}

/** The frames of a message whose four parts (header, parent, metadata, content) need not be what they should. */
export function signed(key: string, parts: readonly (string | Buffer)[]): Buffer[] {
  const frames = parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part));
  const hmac = createHmac("sha256", key);
  for (const frame of frames) hmac.update(frame);
  return [Buffer.from("<IDS|MSG>"), Buffer.from(hmac.digest("hex")), ...frames];
}

/** The frames of a request. */
export function request(key: string, type: unknown, content: unknown): Buffer[] {
  return signed(key, [JSON.stringify(header(type)), "{}", "{}", JSON.stringify(content)]);
}

/** The frames of a request to run code. */
export function cell(key: string, code: string): Buffer[] {
  return request(key, "execute_request", { code, silent: false });
}
