const NAME = /^[A-Za-z0-9_][\w./+-]*$/;
const LONGEST = 200;

/** Whether a branch or tag could have this name: git's check-ref-format, and nothing that looks like a commit. */
export function isRefName(name: string): boolean {
  return (
    NAME.test(name) &&
    name.length <= LONGEST &&
    !/\.\.|\/\/|\/\.|\.\/|[./]$|\.lock(\/|$)/.test(name) &&
    !/^[0-9a-f]{40}$/i.test(name) &&
    name !== "HEAD" &&
    !name.startsWith("refs/")
  );
}
