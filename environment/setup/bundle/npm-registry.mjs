// @ts-check
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { lockedPackages } from "./npm-packages.mjs";

const TARBALLS = "/-/";

/**
 * Serves a bundle's npm packages to this machine alone. package-lock.json names no address, so npm asks its registry where a tarball
 * lies; a cache would have to be filled under the host's name, and tarballs named in a lock would need a lock of their own. What it
 * says is made from package-lock.json, which npm also holds each tarball to.
 * @param {string} folder of the tarballs
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serveNpmPackages(folder) {
  const packages = lockedPackages();
  const files = new Set(packages.map(({ file }) => file));
  let url = "";
  const server = createServer((request, response) => {
    // npm writes a scope's slash as %2f
    const asked = (request.url ?? "").replace(/%2f/i, "/");
    const file = asked.slice(TARBALLS.length);
    if (asked.startsWith(TARBALLS) && files.has(file)) {
      createReadStream(path.join(folder, file))
        .on("error", () => (response.headersSent ? response.destroy() : response.writeHead(404).end()))
        .pipe(response);
      return;
    }
    const versions = packages.filter(({ name }) => asked === `/${name}`);
    if (versions.length === 0) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(describe(versions, url)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, close };
}

/**
 * What a registry says of a package, as far as npm needs it to install from a lock.
 * @param {import("./npm-packages.mjs").LockedPackage[]} packages versions of one
 * @param {string} url
 */
function describe(packages, url) {
  const versions = packages.map(({ name, version, integrity, file }) => {
    const dist = { integrity, tarball: `${url}${TARBALLS}${file}` };
    return [version, { name, version, dist }];
  });
  return {
    name: packages[0]?.name,
    "dist-tags": { latest: packages[0]?.version },
    versions: /** @type {unknown} */ (Object.fromEntries(versions)),
  };
}
