#!/usr/bin/env node
import { Connection, readConnectionFile } from "./connection";
import { installDisplayHook } from "./display";
import { reportThrown } from "./error-report";
import { Execution } from "./execution";
import { Interruption } from "./interruption";
import { Kernel } from "./kernel";
import { exitWithParent, protectFromExit } from "./lifetime";
import { log } from "./log";
import { MessageCodec } from "./message";
import { SourcePositions } from "./positions";
import { Preparation } from "./preparation";
import { captureProcessOutput } from "./process-output";
import { IoPublisher } from "./publisher";
import { installStackTraces } from "./stack-trace";
import { StrayErrors } from "./stray-errors";
import { Tslab } from "./tslab";

/** Starts the kernel that the connection file describes. */
async function main(connectionFile: string): Promise<void> {
  const info = readConnectionFile(connectionFile);
  const connection = new Connection(info);
  const codec = new MessageCodec(info.key);
  const publisher = new IoPublisher(connection, codec);
  await connection.open();

  const positions = new SourcePositions();
  const tslab = new Tslab((code) => positions.register(code));
  const strayErrors = new StrayErrors((error) => {
    publisher.write("stderr", `${reportThrown(error).traceback.join("\n")}\n`);
  });
  const interruption = new Interruption(() => {
    tslab.interrupt();
  });
  const execution = new Execution({ tslab, publisher, positions, strayErrors, interruption });
  const exit = protectFromExit(() => {
    publisher.flush();
    connection.close();
    tslab.keepCode();
  });
  exitWithParent();

  installStackTraces(positions);
  installDisplayHook(publisher, tslab);
  interruption.install();
  strayErrors.install();
  captureProcessOutput(publisher);
  const preparation = new Preparation(tslab.preparation());
  new Kernel({ connection, codec, publisher, tslab, execution, interruption, preparation, exit }).start();
}

const [connectionFile] = process.argv.slice(2);
if (connectionFile === undefined) {
  log("usage: node dist/main.js CONNECTION_FILE (Jupyter starts it so; see README.md)");
  process.exitCode = 2;
} else {
  main(connectionFile).catch((error: unknown) => {
    log("the kernel could not start:", error);
    process.exit(1);
  });
}
