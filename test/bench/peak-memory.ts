/** The highest resident memory of a process that takes training steps and does nothing else: `{"model", "batch", "length", "bf16", "steps"}` as JSON. */
import { Steps, type StepParams } from "./step";

const { steps, ...params } = JSON.parse(process.argv[2] ?? "{}") as StepParams & { steps: number };
new Steps(params).run(steps);
// resourceUsage reports kilobytes
console.log(JSON.stringify({ bytes: process.resourceUsage().maxRSS * 1024 }));
