// @ts-check

/**
 * Where the reader is, to whom a relative path is meant: npm starts its scripts in the repository.
 * @param {string} script of package.json that runs this program
 */
export function readerFolder(script) {
  const { npm_lifecycle_event: running, INIT_CWD: from } = process.env;
  return running === script && from !== undefined ? from : process.cwd();
}
