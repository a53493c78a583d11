"""The cost of processes: wall time to their end, peak memory and processor time, from `/proc` of Linux."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it, those that are there."""
    yield pid
    for children in _PROC.glob(f"{pid}/task/*/children"):
        try:
            pids = [int(child) for child in children.read_text().split()]
        except OSError:  # it has ended since
            continue
        for child in pids:
            yield from family(child)


def peak_memory(pid: int) -> float:
    """The most that a process has had in memory, with its descendants, in MB of a million bytes."""
    kibibytes = 0
    for member in family(pid):
        try:
            lines = (_PROC / str(member) / "status").read_text().splitlines()
        except OSError:
            continue
        kibibytes += sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return kibibytes * 1024 / 1e6


def processor_seconds(pid: int) -> float:
    """User and system time of a process with its descendants, so far."""
    ticks = 0
    for member in family(pid):
        try:
            fields = (_PROC / str(member) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS


def seconds_to_end(command: Sequence[str], environ: Mapping[str, str]) -> float:
    """Wall time of one process that has to succeed."""
    started = time.perf_counter()
    subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def peak_memory_of(code: str, environ: Mapping[str, str], python: str) -> float:
    """The most that an interpreter has had in memory when it has run the code, in MB."""
    told = f"{code}\nprint(open('/proc/self/status').read())"
    status = subprocess.run([python, "-c", told], env=environ, capture_output=True, text=True, check=True)
    return next(
        int(line.split()[1]) * 1024 / 1e6 for line in status.stdout.splitlines() if line.startswith("VmHWM:")
    )
