import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { badRequest } from "./refusal";

/**
 * Receives a large file: it gets its name once every byte is there and its sha256 is what was announced.
 *
 * However it ends otherwise (a client that hangs up, a full disk), nothing of it stays.
 *
 * @param params - `incoming`: a folder on the same file system as `file`; `size` in bytes
 * @throws HubRefusal (400) for other bytes than announced
 */
export async function receiveLargeFile(params: {
  body: AsyncIterable<Buffer>;
  incoming: string;
  file: string;
  oid: string;
  size: number;
}): Promise<void> {
  const { body, incoming, file, oid, size } = params;
  const part = path.join(incoming, randomUUID());
  try {
    const received = await write(body, part, size);
    if (received.size !== size)
      throw badRequest(`The large file has ${received.size} bytes; ${size} were announced.`);
    if (received.oid !== oid)
      throw badRequest(`The large file's sha256 is ${received.oid}; ${oid} was announced.`);
    await mkdir(path.dirname(file), { recursive: true });
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

/** Writes at most `limit` bytes, and reads the rest in any case: a client that is still sending would not hear the answer. */
async function write(
  body: AsyncIterable<Buffer>,
  part: string,
  limit: number,
): Promise<{ size: number; oid: string }> {
  const hash = createHash("sha256");
  let size = 0;
  let failure: Error | undefined;
  const handle = await open(part, "wx");
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limit || failure) continue;
      hash.update(chunk);
      await handle.writeFile(chunk).catch((error: unknown) => {
        failure = error as Error;
      });
    }
  } finally {
    await handle.close();
  }
  if (failure) throw failure;
  return { size, oid: hash.digest("hex") };
}
