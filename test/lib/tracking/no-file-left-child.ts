/** A process that opens files until the system gives it no more, then starts a client; says what that threw, and its failures. */
import { closeSync, openSync } from "node:fs";
import { ClientProcess } from "../../../lib/src/tracking/client-process";

const failures: string[] = [];
const opened: number[] = [];
let said = "nothing";
try {
  for (;;) opened.push(openSync("/dev/null", "r"));
} catch {
  // none is left
}
try {
  new ClientProcess({
    ...{ python: "sh", program: "x", client: "x", folder: "." },
    onFailure: (reason) => void failures.push(reason),
  });
} catch (error) {
  said = (error as Error).message;
}
for (const descriptor of opened) closeSync(descriptor);
setTimeout(() => {
  console.log(`${said}\n${JSON.stringify(failures)}`);
}, 50);
