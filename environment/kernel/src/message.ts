import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { isRecord } from "./records";

/** The version of the Jupyter messaging protocol that this kernel speaks. */
export const PROTOCOL_VERSION = "5.4";

/** The body of a message: whatever its type prescribes. */
export type Content = Record<string, unknown>;

/** The frames of one message on the wire. */
export type Frames = (Buffer | string)[];

/** A message that a client sent, its signature already checked. */
export interface Request {
  /** The routing frames of zeromq: a reply must carry the same ones. */
  readonly identities: readonly Buffer[];
  /** The type, such as `execute_request`. */
  readonly type: string;
  /** The header as it came, in JSON: it is echoed as `parent_header` of all that the request causes. */
  readonly header: string;
  readonly content: Content;
}

/** What divides zeromq's routing frames from Jupyter's own. */
const DELIMITER = Buffer.from("<IDS|MSG>");
/** Headers are some hundred bytes long, and each is echoed in every message that its request causes. */
const LARGEST_HEADER = 16_384;
/** How many signatures of the past are kept, to refuse a message that is sent twice. */
const REMEMBERED_SIGNATURES = 65_536;

/** Translates between frames on the wire and messages; signs what leaves, checks what comes. */
export class MessageCodec {
  readonly #key: string;
  readonly #session = randomUUID();
  readonly #seen = new Set<string>();

  constructor(key: string) {
    this.#key = key;
  }

  /**
   * Reads one message.
   *
   * @throws when the message is cut, badly signed, replayed or not JSON
   */
  decode(frames: readonly Buffer[]): Request {
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    const [signature, ...body] = frames.slice(at + 1);
    const [header, parent, metadata, content] = body;
    if (at < 0 || !signature || !header || !parent || !metadata || !content) {
      throw new Error("message is cut short");
    }
    this.#check(signature.toString(), [header, parent, metadata, content]);
    if (header.length > LARGEST_HEADER) throw new Error(`message with a header of ${header.length} bytes`);
    const head: unknown = JSON.parse(header.toString());
    const main: unknown = JSON.parse(content.toString());
    if (!isRecord(head) || typeof head["msg_type"] !== "string" || !isRecord(main)) {
      throw new Error("message without a type or a content");
    }
    return {
      identities: frames.slice(0, at),
      type: head["msg_type"],
      header: header.toString(),
      content: main,
    };
  }

  /** Writes one message. A reply is routed back to its parent's sender, a publication is sent under a topic. */
  encode(
    type: string,
    content: Content,
    parent: Request | undefined,
    route: readonly (Buffer | string)[],
  ): Frames {
    const header = {
      msg_id: randomUUID(),
      session: this.#session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type: type,
      version: PROTOCOL_VERSION,
    };
    const body = [JSON.stringify(header), parent?.header ?? "{}", "{}", JSON.stringify(content)];
    return [...route, DELIMITER, this.#sign(body), ...body];
  }

  #sign(parts: readonly (Buffer | string)[]): string {
    // an empty key in the connection file means that nobody signs
    if (this.#key === "") return "";
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  #check(signature: string, parts: readonly Buffer[]): void {
    if (this.#key === "") return;
    const given = Buffer.from(signature);
    const wanted = Buffer.from(this.#sign(parts));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw new Error("message with a wrong signature");
    }
    if (this.#seen.has(signature)) throw new Error("message sent twice");
    this.#seen.add(signature);
    if (this.#seen.size > REMEMBERED_SIGNATURES) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
  }
}
