"""What the processes of one seat use, read from Linux's /proc about once a second: those whose environment names the user."""

import os
import threading
from pathlib import Path

MEGABYTE = 1024 * 1024
TICKS = os.sysconf("SC_CLK_TCK")


def processes_of(name: str) -> list[Path]:
    wanted = f"JUPYTERHUB_USER={name}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(folder)
        except OSError:
            continue
    return found


def kilobytes(file: Path, field: str) -> int:
    for line in file.read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1])
    return 0


class SeatUsage:
    """Peaks of the seat's sums, in bytes: `rss` counts pages that seats share in full, `pss` by their share; CPU seconds are summed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rss = self.pss = self.processes = 0
        self.cpu: dict[str, float] = {}
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self) -> "SeatUsage":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()
        self.look()

    def watch(self) -> None:
        while not self.ended.wait(1):
            self.look()

    def look(self) -> None:
        rss = pss = 0
        folders = processes_of(self.name)
        for folder in folders:
            try:
                rss += 1024 * kilobytes(folder / "status", "VmRSS:")
                pss += 1024 * kilobytes(folder / "smaps_rollup", "Pss:")
                times = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                self.cpu[folder.name] = (int(times[11]) + int(times[12])) / TICKS
            except OSError:
                continue
        self.rss, self.pss = max(self.rss, rss), max(self.pss, pss)
        self.processes = max(self.processes, len(folders))

    def peaks(self) -> dict:
        return {"rss": self.rss, "pss": self.pss, "cpuSeconds": sum(self.cpu.values()), "processes": self.processes}
