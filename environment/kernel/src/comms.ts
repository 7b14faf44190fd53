import type { Content, Request } from "./message";
import type { IoPublisher } from "./publisher";

/** Answers what clients say of comms, the channels that widgets talk through: this kernel offers none. */
export function commHandlers(
  publisher: IoPublisher,
): [string, (content: Content, request: Request) => Content | undefined][] {
  return [
    ["comm_info_request", () => ({ status: "ok", comms: {} })],
    [
      "comm_open",
      ({ comm_id }, request) => {
        // the protocol: whoever knows no such target closes at once, so that the other side does not wait
        publisher.publish("comm_close", { comm_id, data: {} }, request);
        return undefined;
      },
    ],
    ["comm_msg", () => undefined],
    ["comm_close", () => undefined],
  ];
}
