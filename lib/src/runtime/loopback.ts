/** Whether a `Host` header, or a URL's host, names this machine: 127.0.0.0/8, localhost or [::1], with or without a port. */
export function isLoopbackHost(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?$/i.test(host);
}

/** Whether an `Origin` header is that of a page that this machine serves under such a name. */
export function isLoopbackOrigin(origin: string): boolean {
  const [, host] = /^https?:\/\/(.*)$/.exec(origin) ?? [];
  return host !== undefined && isLoopbackHost(host);
}

/** Whether an IP address that a socket listens on is reached from this machine alone. */
export function isLoopbackAddress(address: string): boolean {
  return /^((::ffff:)?127(\.\d{1,3}){3}|::1)$/i.test(address);
}
