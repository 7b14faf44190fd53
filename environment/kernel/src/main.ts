#!/usr/bin/env node
import { CellWatchers } from "./cell-watchers";
import { Connection } from "./connection";
import { readConnectionFile } from "./connection-file";
import { installDisplayHook } from "./display";
import { reportThrown } from "./error-report";
import { Execution } from "./execution";
import { createInterruptMemory } from "./interrupt-memory";
import { Interruption } from "./interruption";
import { refuseInput } from "./keyboard-input";
import { Kernel } from "./kernel";
import { protectFromExit } from "./lifetime";
import { log } from "./log";
import { MessageCodec } from "./message";
import { SourcePositions } from "./positions";
import { Preparation } from "./preparation";
import { captureProcessOutput } from "./process-output";
import { IoPublisher } from "./publisher";
import { installStackTraces } from "./stack-trace";
import { StalePackages } from "./stale-packages";
import { StrayErrors } from "./stray-errors";
import { Tslab } from "./tslab";

/** Starts the kernel that the connection file describes. */
async function main(connectionFile: string): Promise<void> {
  const info = readConnectionFile(connectionFile);
  const memory = createInterruptMemory();
  const connection = new Connection(info, memory);
  const codec = new MessageCodec(info.key);
  const publisher = new IoPublisher(connection, codec);
  await connection.open();

  const positions = new SourcePositions();
  const tslab = new Tslab((code) => positions.register(code), memory.requested);
  const interruption = new Interruption(memory, () => {
    tslab.interrupt();
  });
  const strayErrors = new StrayErrors({
    show: (error) => {
      publisher.write("stderr", `${reportThrown(error).traceback.join("\n")}\n`);
    },
    endCell: () => {
      interruption.request();
    },
  });
  const watchers = new CellWatchers();
  const execution = new Execution({
    tslab,
    publisher,
    positions,
    strayErrors,
    interruption,
    watchers,
    stalePackages: new StalePackages(),
  });
  const exit = protectFromExit(async () => {
    publisher.flush();
    await connection.close();
    tslab.keepCode();
  });

  installStackTraces(positions);
  installDisplayHook(publisher, tslab);
  interruption.install();
  watchers.install();
  strayErrors.install();
  captureProcessOutput(publisher);
  refuseInput();
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
