const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** A moment as transformers names run folders, less the host's name: `Nov26_20-21-30`. */
export function timeStamp(now: Date = new Date()): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("-");
  return `${MONTHS[now.getMonth()] ?? ""}${two(now.getDate())}_${time}`;
}
