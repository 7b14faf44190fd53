/**
 * Ctrl-C reaches every process of a terminal: the server's then waits for the answers of this one, which ends with its channel.
 * Imported before TensorFlow, so that it holds while that loads.
 */
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
process.on("disconnect", () => process.exit(0));
