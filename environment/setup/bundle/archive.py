"""A bundle of set-up's downloads: one tar of plain files, of which the first is a manifest with the sha256 of each other.

archive.py pack FOLDER FILE MANIFEST   the files of FOLDER into FILE, with what MANIFEST (JSON) says besides
archive.py manifest FILE               prints the manifest
archive.py unpack FILE FOLDER          the files into FOLDER, each checked

A bundle that is refused ends with status 3 and one line that says why.
"""

import hashlib
import io
import json
import os
import re
import sys
import tarfile

MANIFEST = "manifest.json"
MANIFEST_BYTES = 1 << 20
#: folder and file, no way out of the folder that it is unpacked into
NAME = re.compile(r"(npm|wheels)/[A-Za-z0-9_][^/\\\x00]*")
CHUNK = 1 << 20
AGAIN = "copy the bundle again, or ask who made it"


class Refused(Exception):
    """The line says what was found, what was expected and what to do."""


def sha256(file, copy=None):
    """The checksum of what is left in a file, which goes into another one on the way."""
    found = hashlib.sha256()
    while chunk := file.read(CHUNK):
        found.update(chunk)
        if copy:
            copy.write(chunk)
    return found.hexdigest()


def describe(path):
    with open(path, "rb") as file:
        return {"sha256": sha256(file), "bytes": os.path.getsize(path)}


def pack(folder, target, given):
    names = sorted(
        f"{kind}/{name}" for kind in os.listdir(folder) for name in os.listdir(os.path.join(folder, kind))
    )
    files = {name: describe(os.path.join(folder, name)) for name in names}
    manifest = json.dumps({**json.loads(given), "files": files}, indent=1).encode()
    # members of our own making: no user, no time and no place of this machine
    with tarfile.open(target, "w") as tar:
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(manifest)
        tar.addfile(member, io.BytesIO(manifest))
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = files[name]["bytes"]
            with open(os.path.join(folder, name), "rb") as file:
                tar.addfile(member, file)


def read_manifest(tar):
    first = tar.next()
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > MANIFEST_BYTES:
        raise Refused("begins with no manifest: expected a file that `npm run setup -- --bundle` made")
    try:
        manifest = json.loads(tar.extractfile(first).read())
        files = manifest["files"].items()
        if all(isinstance(entry["sha256"], str) and entry["bytes"] >= 0 for _, entry in files):
            return manifest
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise Refused(f"has a manifest that cannot be read: expected one that `--bundle` wrote; {AGAIN}")


def check(member, expected):
    if not member.isreg():
        raise Refused(f"holds {member.name!r}, a link or no file: expected plain files alone; {AGAIN}")
    if not NAME.fullmatch(member.name):
        raise Refused(f"holds {member.name!r}: expected names in npm/ and wheels/ alone; {AGAIN}")
    if expected is None:
        raise Refused(f"holds {member.name!r} that its manifest does not name, or names once; {AGAIN}")


def unpack(file, folder):
    with tarfile.open(file, "r:") as tar:
        awaited = dict(read_manifest(tar)["files"])
        while member := tar.next():
            expected = awaited.pop(member.name, None)
            check(member, expected)
            target = os.path.join(folder, member.name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "xb") as copy:
                found = sha256(tar.extractfile(member), copy)
            if found != expected["sha256"]:
                raise Refused(
                    f"holds {member.name!r} with the checksum {found[:12]}...,"
                    f" expected {expected['sha256'][:12]}...: {AGAIN}"
                )
    if awaited:
        raise Refused(f"lacks {min(awaited)!r} and so {len(awaited)} of its files: it is cut off; {AGAIN}")


def main(command, *args):
    if command == "pack":
        pack(*args)
    elif command == "unpack":
        unpack(*args)
    else:
        with tarfile.open(*args, "r:") as tar:
            print(json.dumps(read_manifest(tar)))


def refuse(args, why):
    # only what is read can be refused, and its file is named after the command
    print(f"The bundle {os.path.basename(args[1])} {why}.")
    sys.exit(3)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Refused as refused:
        refuse(sys.argv[1:], refused)
    except tarfile.TarError as error:
        refuse(sys.argv[1:], f"is cut off or no bundle ({error}): expected the whole tar; {AGAIN}")
