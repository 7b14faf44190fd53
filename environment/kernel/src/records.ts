/** Whether a value is an object whose fields can be read by name. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The field of a message's content if it is a string, otherwise the empty string. */
export function textField(content: Record<string, unknown>, name: string): string {
  const value = content[name];
  return typeof value === "string" ? value : "";
}

/** The field of a message's content if it is a number, otherwise 0. */
export function numberField(content: Record<string, unknown>, name: string): number {
  const value = content[name];
  return typeof value === "number" ? value : 0;
}
