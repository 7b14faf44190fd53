import { cell, request, signed, header, type Malformed } from "./signed";
import type { Random } from "./random";

/** What must never run: what it is sent in, is not signed, or not with this signature. */
const NEVER = "runs.unsigned += 1";
const HUGE = Buffer.alloc(10 << 20, "x");

/** Frames of random bytes. */
export function noise(random: Random): Malformed {
  const frames = Array.from({ length: 1 + random.below(8) }, () => random.bytes(random.below(200)));
  return random.below(2) === 0
    ? { what: "noise", frames }
    : { what: "noise behind a delimiter", frames: [Buffer.from("<IDS|MSG>"), ...frames] };
}

/** A signed message of which a part is missing. */
export function cut(random: Random, key: string): Malformed {
  const frames = cell(key, NEVER);
  const at = 1 + random.below(5);
  switch (random.pick(["after", "before", "within"])) {
    case "after":
      return { what: `cut after ${at} frames`, frames: frames.slice(0, at) };
    case "before":
      return { what: `without its first ${at} frames`, frames: frames.slice(at) };
    case "within":
      return {
        what: `cut within frame ${at}`,
        frames: frames.with(at, (frames[at] ?? HUGE).subarray(0, -1)),
      };
  }
}

/** A message with a signature that is none, or that of another message. */
export function forged(random: Random, key: string): Malformed {
  const frames = cell(key, NEVER);
  const signature = (frames[1] ?? HUGE).toString();
  const forgery = random.pick([
    Buffer.alloc(0),
    Buffer.from("0".repeat(64)),
    Buffer.from(signature.slice(0, random.below(64))),
    Buffer.from(`${signature}0`),
    Buffer.from(` ${signature.slice(1)}`),
    Buffer.from(cell(key, "")[1] ?? HUGE),
    Buffer.alloc(64, "é"),
    Buffer.alloc(64),
    random.bytes(64),
  ]);
  return { what: `signed ${JSON.stringify(forgery.toString())}`, frames: frames.with(1, forgery) };
}

/** A signed message, twice: only the first may run. */
export function replay(_random: Random, key: string): Malformed {
  return { what: "a replay", channel: "shell", frames: cell(key, "runs.replayed += 1"), twice: true };
}

/** A healthy request from an odd name, with odd routing frames before it and buffers after it. */
export function addressed(random: Random, key: string): Malformed {
  const some = (length: number): Buffer[] =>
    Array.from({ length: random.below(4) }, () => random.bytes(random.pick([0, 1, length])));
  const [routes, buffers] = [some(10_000), some(50)];
  // ZeroMQ keeps names that begin with a zero for itself
  const stranger = Buffer.concat([Buffer.from("x"), random.bytes(random.below(254))]);
  return {
    what: `${routes.length} routes, ${buffers.length} buffers, from ${stranger.toString("hex")}`,
    stranger,
    frames: [...routes, ...request(key, "kernel_info_request", {}), ...buffers],
  };
}

/** Whatever it is, nobody should listen there for more than a beat. */
export function elsewhere(random: Random, key: string): Malformed {
  const channel = random.pick(["stdin", "hb"]);
  const frames = random.pick([
    cell(key, NEVER),
    [random.bytes(random.below(3))],
    [random.bytes(9), random.bytes(9)],
    [Buffer.alloc(0), random.bytes(9), Buffer.alloc(0)],
  ]);
  return { what: `${frames.length} frames`, channel, stranger: random.bytes(0), frames };
}

/** Bytes that are not ZeroMQ's, or not for long. */
export function noZeroMq(random: Random): Malformed {
  const signature = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0];
  const greeting = Buffer.concat([Buffer.from(signature), Buffer.from("NULL"), Buffer.alloc(48)]);
  // a frame that claims to be 2^63 - 1 bytes long
  const claim = Buffer.from([2, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
  const bytes = random.pick([
    random.bytes(random.below(300)),
    Buffer.from("GET / HTTP/1.1\r\n\r\n"),
    greeting.subarray(0, random.below(64)),
    Buffer.concat([greeting, claim]),
    Buffer.concat([greeting, random.bytes(100)]),
  ]);
  const channel = random.pick(["shell", "control", "stdin", "hb", "iopub"]);
  return { what: `the bytes ${bytes.toString("hex").slice(0, 200)}`, channel, raw: true, frames: [bytes] };
}

/** 10 MB where a few bytes belong. */
export function huge(random: Random, key: string): Malformed {
  const stranger = Buffer.alloc(0);
  if (random.below(7) === 0) {
    const big = JSON.stringify({ ...header("kernel_info_request"), big: HUGE.toString() });
    return { what: "a signed header of 10 MB", stranger, frames: signed(key, [big, "{}", "{}", "{}"]) };
  }
  const at = random.below(6);
  const channel = random.pick(["shell", "control", "stdin"]);
  return { what: `10 MB in frame ${at}`, channel, stranger, frames: cell(key, NEVER).with(at, HUGE) };
}

/** 1,000 frames where six belong. */
export function many(random: Random, key: string): Malformed {
  const frames = Array.from({ length: 1000 }, () => random.bytes(random.below(3)));
  if (random.below(2) === 0) return { what: "1,000 frames", frames };
  const buffered = [...request(key, "kernel_info_request", {}), ...frames];
  return { what: "1,000 buffers", stranger: Buffer.alloc(0), frames: buffered };
}
