import util from "node:util";

// tfjs-node 4.22.0 calls util.isNullOrUndefined, of which Node 22 warns and which Node 23 removed.
const legacy = util as unknown as Record<string, unknown>;
legacy["isNullOrUndefined"] = (value: unknown): boolean => value === null || value === undefined;

// TensorFlow tells on stderr which CPU instructions it was built for; a reader cannot do anything with that.
process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "1";
