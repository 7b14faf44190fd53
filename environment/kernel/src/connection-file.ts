import { readFileSync } from "node:fs";
import { isRecord } from "./records";

/** What a connection file says: where to listen, and the key that signs messages. */
export interface ConnectionInfo {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly ports: Readonly<Record<ChannelName, number>>;
}

/** The five channels of a Jupyter kernel. */
export type ChannelName = "shell" | "control" | "stdin" | "iopub" | "hb";

/** Reads the connection file that the client wrote before it started the kernel. */
export function readConnectionFile(path: string): ConnectionInfo {
  const read: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isRecord(read)) throw new Error(`${path} is not a connection file`);
  const text = (name: string, fallback: string): string => {
    const value = read[name] ?? fallback;
    if (typeof value !== "string") throw new Error(`${path}: "${name}" must be a string`);
    return value;
  };
  const port = (channel: ChannelName): number => {
    const value = read[`${channel}_port`];
    if (typeof value !== "number") throw new Error(`${path}: "${channel}_port" must be a number`);
    return value;
  };
  const key = text("key", "");
  if (key !== "" && text("signature_scheme", "hmac-sha256") !== "hmac-sha256") {
    throw new Error(`${path}: only messages signed with hmac-sha256 are understood`);
  }
  const ports = {
    shell: port("shell"),
    control: port("control"),
    stdin: port("stdin"),
    iopub: port("iopub"),
    hb: port("hb"),
  };
  return { transport: text("transport", "tcp"), ip: text("ip", "127.0.0.1"), key, ports };
}

/** Where a channel's socket is bound, in zeromq's notation. */
export function socketAddress({ transport, ip, ports }: ConnectionInfo, channel: ChannelName): string {
  return `${transport}://${ip}${transport === "ipc" ? "-" : ":"}${ports[channel]}`;
}
