"""Takes single members out of a wheel or a tar.gz: extract.py ARCHIVE (MEMBER FILE)...

A member `inner.tar.gz!name` lies in an archive within the archive.
"""

import io
import sys
import tarfile
import zipfile


def read(name, file, member):
    """The bytes of one member of an archive; `name` tells what kind it is."""
    outer, _, inner = member.partition("!")
    if name.endswith((".whl", ".zip")):
        data = zipfile.ZipFile(file).read(outer)
    else:
        data = tarfile.open(fileobj=file).extractfile(outer).read()
    return read(outer, io.BytesIO(data), inner) if inner else data


def main(archive, *pairs):
    for member, target in zip(pairs[::2], pairs[1::2]):
        with open(archive, "rb") as file, open(target, "wb") as out:
            out.write(read(archive, file, member))


if __name__ == "__main__":
    main(*sys.argv[1:])
