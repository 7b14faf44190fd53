/** One instruction of a Dockerfile, its continued lines joined, without comments. */
export interface Instruction {
  /** In capitals, such as `RUN`. */
  name: string;
  text: string;
}

/** A Dockerfile, as far as the tests look at one. */
export function dockerfile(text: string): {
  instructions: Instruction[];
  /** Build arguments with their defaults. */
  args: Record<string, string>;
  /** Names of the stages. */
  stages: string[];
} {
  const lines = text.split("\n").filter((line) => !/^\s*#/.test(line));
  const joined = lines.join("\n").replaceAll(/\s*\\\n\s*/g, " ");
  const instructions = [...joined.matchAll(/^([A-Z]+)\s+(.*)$/gm)].map(([, name = "", rest = ""]) => ({
    name,
    text: rest,
  }));
  const of = (name: string) => instructions.filter((one) => one.name === name);
  return {
    instructions,
    args: Object.fromEntries(of("ARG").map((one) => one.text.split("=", 2) as [string, string])),
    stages: of("FROM").flatMap((one) => / AS (\S+)$/.exec(one.text)?.[1] ?? []),
  };
}

/**
 * Whether a path is left out of what an image is built from; only what this .dockerignore uses of the format: names, `*` within one
 * part, and `**` followed by a slash at the beginning.
 */
export function ignoredByDocker(text: string): (file: string) => boolean {
  const rules = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const patterns = rules.map((rule) => {
    const [prefix, name] = rule.startsWith("**/") ? ["(.*/)?", rule.slice(3)] : ["", rule];
    const escaped = name.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
    // what lies in an ignored folder is ignored
    return new RegExp(`^${prefix}${escaped}(/|$)`);
  });
  return (file) => patterns.some((pattern) => pattern.test(file));
}
