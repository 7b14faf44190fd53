"""The requirements of a universal lock for one Python of this platform: requirements_for.py LOCK 3.12.0

pip asks the markers of a lock about the Python that runs it, also where it downloads for another one.
"""

import sys

from pip._vendor.packaging.markers import Marker


def applies(marker, version):
    environment = {"python_version": version.rpartition(".")[0], "python_full_version": version}
    return not marker or Marker(marker).evaluate(environment)


def main(lock, version):
    wanted = True
    with open(lock, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if line.lstrip().startswith("#"):
                continue
            requirement, _, marker = line.partition(";")
            # what is indented are the hashes of the requirement above
            if not line.startswith(" "):
                wanted = applies(marker.strip(" \\"), version)
            if wanted:
                print(f"{requirement.rstrip()} \\" if marker else line)


if __name__ == "__main__":
    main(*sys.argv[1:])
