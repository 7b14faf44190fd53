import { PROTOCOL_VERSION, type Content } from "./message";

/** The version of this kernel, as clients show it. */
const KERNEL_VERSION = "0.1.0";

/** Answers `kernel_info_request`: who we are, and how a client should treat our language. */
export function kernelInfo(typescriptVersion: string): Content {
  return {
    // nbval reads the status and fails every cell without it
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "tslab",
    implementation_version: KERNEL_VERSION,
    language_info: {
      name: "typescript",
      version: typescriptVersion,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      // a string: of an object JupyterLab 4 makes JavaScript
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `TypeScript ${typescriptVersion} on Node ${process.versions.node}, by tslab's converter`,
    help_links: [{ text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/" }],
    debugger: false,
  };
}
