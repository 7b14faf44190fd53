import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { packArchive, readManifest, unpackArchive } from "../../environment/setup/bundle/archive.mjs";
import { readFlags } from "../../environment/setup/bundle/flags.mjs";
import { checkManifest, contentsFor, type Contents } from "../../environment/setup/bundle/manifest.mjs";
import { lockedPackages } from "../../environment/setup/bundle/npm-packages.mjs";
import { serveNpmPackages } from "../../environment/setup/bundle/npm-registry.mjs";
import { checkBundle } from "../../environment/setup/bundle/use.mjs";
import { PYTHON } from "../../environment/setup/paths.mjs";
import { ROOT, copySetup, runNode, sayingLines, temporaryFolder } from "./programs";

const SAID = "a package\n";
// asked for its version with every bundle
process.env["PYTHON"] = PYTHON;

/** A bundle of two small files. */
async function madeBundle(manifest: object = contentsFor({ pythons: ["3.11"] })): Promise<string> {
  const folder = path.join(temporaryFolder(), "content");
  for (const kind of ["npm", "wheels"]) mkdirSync(path.join(folder, kind), { recursive: true });
  writeFileSync(path.join(folder, "npm/one-1.0.0.tgz"), SAID);
  writeFileSync(path.join(folder, "wheels/two-1.0-py3-none-any.whl"), "another\n".repeat(10_000));
  const file = path.join(path.dirname(folder), "class.tar");
  await packArchive({ folder, file, manifest });
  return file;
}

/** A tar with a right manifest of one file, and the members that a line of Python adds. */
function hostileBundle(adding: string, name = "npm/one.tgz"): string {
  const file = path.join(temporaryFolder(), "class.tar");
  const code = `
import hashlib, io, json, sys, tarfile
def plain(name, data=b"x"):
    member = tarfile.TarInfo(name)
    member.size = len(data)
    return member, io.BytesIO(data)
def link(name, target, kind=tarfile.SYMTYPE):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member, None
with tarfile.open(sys.argv[1], "w") as tar:
    files = {sys.argv[2]: {"sha256": hashlib.sha256(b"x").hexdigest(), "bytes": 1}}
    tar.addfile(*plain("manifest.json", json.dumps({"files": files}).encode()))
    ${adding}
`;
  execFileSync(PYTHON, ["-c", code, file, name]);
  return file;
}

describe("a bundle", () => {
  it("comes out as it went in, and says nothing of the machine that packed it", async () => {
    const file = await madeBundle();
    const folder = temporaryFolder();
    await unpackArchive({ file, folder });
    assert.equal(readFileSync(path.join(folder, "npm/one-1.0.0.tgz"), "utf8"), SAID);
    assert.deepEqual(readdirSync(folder).sort(), ["npm", "wheels"]);
    const found = (await readManifest(file)) as Contents;
    assert.deepEqual({ ...contentsFor({ pythons: ["3.11"] }), files: null }, { ...found, files: null });
    const bytes = readFileSync(file);
    const { username } = os.userInfo();
    // a machine may be called linux
    const own = JSON.stringify(contentsFor({ pythons: ["3.11"] }));
    for (const trace of [ROOT, path.dirname(file), os.hostname(), `\0${username}\0`, "://"])
      assert.ok(own.includes(trace) || !bytes.includes(trace), trace);
  });

  it("is refused where it was tampered with or cut off", async () => {
    const tampered = await madeBundle();
    const bytes = readFileSync(tampered);
    const wheel = bytes.indexOf("wheels/two", bytes.indexOf(SAID));
    bytes.write("A package", bytes.indexOf(SAID));
    writeFileSync(tampered, bytes);
    const cut = await madeBundle();
    truncateSync(cut, bytes.length - 40_000);
    const short = await madeBundle();
    truncateSync(short, wheel);
    const text = path.join(temporaryFolder(), "class.tar");
    writeFileSync(text, "no tar\n".repeat(1_000));
    const cases: [string, RegExp][] = [
      [tampered, /class\.tar holds 'npm\/one-1\.0\.0\.tgz' with the checksum \w{12}\.\.\., expected \w{12}/],
      [cut, /is cut off or no bundle .*: expected the whole tar; copy the bundle again/],
      [short, /lacks 'wheels\/two-1\.0-py3-none-any\.whl' .*: it is cut off; copy the bundle again/],
      [text, /is cut off or no bundle/],
      [hostileBundle("pass", "npm/one.tgz"), /lacks 'npm\/one\.tgz'/],
    ];
    for (const [file, message] of cases)
      await assert.rejects(unpackArchive({ file, folder: temporaryFolder() }), message);
  });

  it("is refused where a member would lie elsewhere, is a link, or is not in the manifest", async () => {
    const cases: [string, string, RegExp][] = [
      [
        'tar.addfile(*plain("npm/../../out.tgz"))',
        "npm/../../out.tgz",
        /expected names in npm\/ and wheels\//,
      ],
      ['tar.addfile(*plain("../out.tgz"))', "../out.tgz", /holds '\.\.\/out\.tgz': expected names/],
      ['tar.addfile(*plain("/tmp/out.tgz"))', "/tmp/out.tgz", /holds '\/tmp\/out\.tgz': expected names/],
      ['tar.addfile(*link("npm/one.tgz", "/etc/hosts"))', "npm/one.tgz", /a link or no file/],
      ['tar.addfile(*link("npm", "..")); tar.addfile(*plain("npm/one.tgz"))', "npm/one.tgz", /a link or no/],
      ['tar.addfile(*link("npm/one.tgz", "x", tarfile.LNKTYPE))', "npm/one.tgz", /a link or no file/],
      ['tar.addfile(*plain("npm/other.tgz"))', "npm/one.tgz", /that its manifest does not name/],
      ['[tar.addfile(*plain("npm/one.tgz")) for _ in "12"]', "npm/one.tgz", /does not name, or names once/],
    ];
    for (const [adding, name, message] of cases) {
      const above = temporaryFolder();
      const folder = path.join(above, "a/b");
      mkdirSync(folder, { recursive: true });
      await assert.rejects(unpackArchive({ file: hostileBundle(adding, name), folder }), message, adding);
      assert.deepEqual([readdirSync(above), readdirSync(path.join(above, "a"))], [["a"], ["b"]]);
    }
  });
});

describe("a bundle's manifest", () => {
  it("is refused for another machine or another state of the project, in one line each", () => {
    const right = { ...contentsFor({ pythons: ["3.11", "3.12"] }), files: {} };
    const check = (found: object, python = "3.12.1"): void => {
      checkManifest({ name: "class.tar", bytes: 10, found: { ...right, ...found }, python });
    };
    check({});
    const other = right.device === "gpu" ? "cpu" : "gpu";
    const locks = { ...right.locks, "package-lock.json": "0" };
    const cases: [object, RegExp][] = [
      [{ format: 2 }, /class\.tar has the format 2, expected 1: make it with this version/],
      [{ format: undefined }, /has the format none/],
      [{ platform: "sunos-x64" }, /is for sunos-x64 and this machine is \S+: make one on such a machine/],
      [{ device: other }, new RegExp(`set-up would take the .PU here: add --${other}, or take a bundle`)],
      [
        { version: "0.0.1" },
        /is of version 0\.0\.1 of this project and this folder is .*check that version out/,
      ],
      [{ locks }, /packed for another package-lock\.json than this folder's: check out the commit/],
      [{ locks: {} }, /packed for another package-lock\.json/],
      [{ platform: "\u001b[2Jx" }, /is for \?\?2Jx and this machine/],
      [{ pythons: "3.12 or any" }, /has a manifest that cannot be read: copy it again/],
      [{ files: null }, /has a manifest that cannot be read/],
      [
        { pythons: ["3.10"] },
        /wheels for Python 3\.10 and this machine's is 3\.12: set PYTHON .* --python 3\.12/,
      ],
      [
        { files: { a: { sha256: "", bytes: 11 } } },
        /has 10 bytes and its files alone 11: it is cut off, copy/,
      ],
    ];
    for (const [found, message] of cases)
      assert.throws(() => {
        check(found);
      }, message);
  });

  it("is looked at before anything is touched", async () => {
    const copy = copySetup();
    const file = await madeBundle({ ...contentsFor({ pythons: ["3.11"] }), platform: "sunos-x64" });
    const answer = runNode(["environment/setup.mjs", "--from", file], { cwd: copy });
    assert.equal(answer.status, 1);
    assert.equal(sayingLines(answer.stdout + answer.stderr).length, 1, answer.stdout + answer.stderr);
    assert.match(answer.stderr, /^Set-up stopped\. The bundle class\.tar is for sunos-x64/);
    await assert.rejects(checkBundle(`${file}.no`), /There is no file class\.tar\.no: expected one/);
    assert.ok(!existsSync(path.join(copy, ".venv")));
    assert.deepEqual(readdirSync(path.join(copy, "environment/.setup")), ["setup.log"]);
  });
});

describe("the flags of set-up", () => {
  it("name a bundle beside the device", () => {
    const flags = readFlags(["--gpu", "--bundle", "/a/class.tar", "--python", "3.10,3.12"], {});
    const expected = { device: "gpu", bundle: "/a/class.tar", from: undefined, pythons: ["3.10", "3.12"] };
    assert.deepEqual(flags, expected);
    assert.equal(readFlags(["--from=class.tar"], {}).from, path.resolve("class.tar"));
    assert.deepEqual(Object.values(readFlags([], {})).filter(Boolean), []);
  });

  it("are refused where they cannot be meant", () => {
    const cases: [string[], RegExp][] = [
      [["--bundle"], /--bundle was given no file: expected --bundle FILE/],
      [["--from", "--cpu"], /--from was given no file/],
      [["--bundle", "a", "--from", "b"], /asked for --bundle and for --from/],
      [["--python", "3.12"], /expected --bundle FILE beside it/],
      [["--bundle", "a", "--python", "3.9"], /--python was given "3\.9": expected versions from 3\.10/],
      [["--frmo", "a"], /Set-up knows no --frmo/],
      [["--constructor"], /Set-up knows no --constructor/],
    ];
    for (const [args, message] of cases) assert.throws(() => readFlags(args, {}), message);
  });
});

describe("a bundle's npm packages", () => {
  it("are those of the lock for this platform, each with a file of its own", () => {
    const packages = lockedPackages();
    assert.equal(new Set(packages.map(({ file }) => file)).size, packages.length);
    const platforms = packages.filter(({ name }) => name.startsWith("@esbuild/"));
    assert.deepEqual(
      platforms.map(({ name }) => name),
      [`@esbuild/${process.platform}-${process.arch}`],
    );
  });

  it("are served by what the lock says, and nothing beside them", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "secret"), "no");
    const some = lockedPackages().find(({ name }) => name.startsWith("@"));
    assert.ok(some);
    writeFileSync(path.join(folder, some.file), SAID);
    const { url, close } = await serveNpmPackages(folder);
    try {
      const answer = (await (await fetch(`${url}/${some.name.replace("/", "%2f")}`)).json()) as {
        versions: Record<string, { dist: { tarball: string; integrity: string } } | undefined>;
      };
      const dist = answer.versions[some.version]?.dist;
      assert.equal(dist?.integrity, some.integrity);
      assert.equal(await (await fetch(dist.tarball)).text(), SAID);
      for (const missing of ["no-such", "-/secret", "-/..%2fsecret", "-/%"])
        assert.equal((await fetch(`${url}/${missing}`)).status, 404, missing);
    } finally {
      close();
    }
  });

  it("come with wheels for each Python of the class, by the lock's markers", () => {
    const lock = path.join(temporaryFolder(), "lock.txt");
    const lines = [
      "# a comment",
      "a==1 ; python_full_version < '3.11' \\",
      "    --hash=sha256:aa",
      "a==2 ; python_full_version >= '3.11' \\",
      "    --hash=sha256:bb",
      "    # via c",
      "b==1 ; sys_platform == 'win32' \\",
      "    --hash=sha256:cc",
      "c==1 \\",
      "    --hash=sha256:dd",
    ];
    writeFileSync(lock, lines.join("\n"));
    const program = path.join(ROOT, "environment/setup/bundle/requirements_for.py");
    const of = (version: string): string =>
      execFileSync(PYTHON, [program, lock, version], { encoding: "utf8" }).replaceAll(/[\s\\]+/g, " ");
    assert.equal(of("3.10.99"), "a==1 --hash=sha256:aa c==1 --hash=sha256:dd ");
    assert.equal(of("3.12.0"), "a==2 --hash=sha256:bb c==1 --hash=sha256:dd ");
  });
});
