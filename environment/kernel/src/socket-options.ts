/**
 * For a socket that sends. zeromq.js lets one send run at a time on a socket and turns asynchronous after 512 of them, so
 * whoever does not wait loses messages, and a synchronous cell cannot wait. Without a high-water mark a socket always takes a
 * message, and with a timeout of 0 zeromq.js takes it at once, however many went before: nothing is dropped, nothing needs
 * a queue of ours. `linger` is how long the process may wait at its end for the last messages to leave, in milliseconds.
 */
export const SENDING = { sendHighWaterMark: 0, sendTimeout: 0, linger: 1000 } as const;

/** For a socket that also receives. */
export const TALKING = { ...SENDING, receiveHighWaterMark: 0 } as const;
