/** The highest resident memory of a process that takes training steps and does nothing else: `{"model", "batch", "length", "bf16", "steps"}` as JSON. */
import { readFileSync } from "node:fs";
import { Steps, type StepParams } from "./step";

const { steps, ...params } = JSON.parse(process.argv[2] ?? "{}") as StepParams & { steps: number };
new Steps(params).run(steps);
// not resourceUsage: its maxRSS begins with what the parent held when it forked
const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
console.log(JSON.stringify({ bytes: Number(kilobytes) * 1024 }));
