const NAME = /^([A-Za-z0-9_][\w.-]{0,95}\/)?[A-Za-z0-9_][\w.-]{0,95}$/;

/** Whether a repository on a Hub could have this name (huggingface_hub's utils/_validators.py). */
export function isRepoName(name: string): boolean {
  const [last = ""] = name.split("/").slice(-1);
  const ends = name.split("/").every((part) => !/[.-]$/.test(part));
  return NAME.test(name) && ends && !/--|\.\./.test(name) && !last.endsWith(".git");
}
