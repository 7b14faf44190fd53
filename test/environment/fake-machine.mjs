// @ts-check
/** Loaded before a program (node --import): lets it find the machine that FAKE_MACHINE describes instead of this one. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** @typedef {{ node?: string, platform?: string, arch?: string, musl?: boolean, freeBytes?: number }} FakeMachine */

const fake = /** @type {FakeMachine} */ (JSON.parse(process.env["FAKE_MACHINE"] ?? "{}"));
const put = (/** @type {object} */ target, /** @type {string} */ name, /** @type {unknown} */ value) =>
  Object.defineProperty(target, name, { value, configurable: true });

if (fake.node) put(process, "versions", { ...process.versions, node: fake.node });
if (fake.platform) put(process, "platform", fake.platform);
if (fake.arch) put(process, "arch", fake.arch);
if (fake.musl) put(process.report, "getReport", () => ({ header: {} }));
if (fake.freeBytes !== undefined) {
  put(fs, "statfsSync", () => ({ bavail: fake.freeBytes, bsize: 1 }));
  syncBuiltinESMExports();
}
