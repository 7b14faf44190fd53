// @ts-check

/**
 * Shows a step as it runs: in a terminal one line that counts, otherwise a line at its start and its end.
 * @param {string} title
 * @param {number} expected seconds that it takes on two cores
 * @param {NodeJS.WriteStream} [stream]
 */
export function showStep(title, expected, stream = process.stdout) {
  const started = Date.now();
  let doing = "";
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const draw = () => {
    const left = Math.max(0, expected - seconds());
    const eta = left > 0 ? `about ${left} s left` : "a little longer than usual";
    stream.write(`\r\x1b[K${title}${doing && `: ${doing}`} (${seconds()} s, ${eta})`);
  };
  const timer = stream.isTTY ? setInterval(draw, 500) : undefined;
  if (!stream.isTTY) stream.write(`${title} ...\n`);
  const end = (/** @type {string} */ word) => {
    clearInterval(timer);
    stream.write(`${stream.isTTY ? "\r\x1b[K" : ""}${title}: ${word} (${seconds()} s)\n`);
  };
  return {
    say: (/** @type {string} */ what) => {
      doing = what;
      if (!stream.isTTY) stream.write(`    ${what}\n`);
    },
    done: () => {
      end("ready");
    },
    failed: () => {
      end("failed");
    },
  };
}
