export { describeRuntime } from "./runtime/tensorflow";
