import { LibError } from "../runtime/errors";

/** A function that cannot be recorded: it depends on something that a graph cannot hold. */
export class RecordingError extends LibError {}
