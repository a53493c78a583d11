"""How long commands take that need no network, as multiples of `python -c pass`, interleaved in one run.

    python benchmarks/start.py [--rounds 20] [--most 8]

Ends with 1 where a command takes more than `--most` times as long as the bare interpreter.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bwtui.domain.setup import Setup
from bwtui.store.answers_file import parse
from bwtui.store.answers_template import template
from bwtui.store.state import StateFile

BARE = "python -c pass"


def commands(folder: Path) -> dict[str, list[str]]:
    """What is measured, by name."""
    answers = folder / "setup.toml"
    answers.write_text(template(example=True), encoding="utf-8")
    given = parse(template(example=True), "example").given
    StateFile(folder).save(
        Setup(account_id="9900000", base_url="https://api.bandwidth.com/api", answers=given)
    )
    bwtui = [sys.executable, "-m", "bwtui"]
    return {
        BARE: [sys.executable, "-c", "pass"],
        "bwtui --version": [*bwtui, "--version"],
        "bwtui --help": [*bwtui, "--help"],
        "bwtui template": [*bwtui, "template"],
        "bwtui plan": [*bwtui, "plan", str(answers)],
        "bwtui status": [*bwtui, "status"],
    }


def seconds_of(command: list[str], environ: dict[str, str]) -> float:
    """Wall time of one process."""
    started = time.perf_counter()
    subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def main() -> int:
    """Measure every command in turn, round after round, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--most", type=float, default=8.0, help="the ratio that is still good")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "BWTUI_STATE_DIR": folder, "BW_ACCOUNT_ID": "9900000"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # bytecode is kept, as where bwtui is installed
        measured = commands(Path(folder))
        times: dict[str, list[float]] = {name: [] for name in measured}
        for command in measured.values():
            seconds_of(command, environ)
        for _ in range(options.rounds):
            for name, command in measured.items():
                times[name].append(seconds_of(command, environ))
    bare = statistics.median(times[BARE])
    worst = 0.0
    for name, taken in times.items():
        middle = statistics.median(taken)
        worst = max(worst, middle / bare)
        spread = f"{min(taken) * 1000:.0f} to {max(taken) * 1000:.0f}"
        print(f"{name:<18}{middle * 1000:6.0f} ms   {middle / bare:5.1f} x   {spread} ms")
    return 0 if worst <= options.most else 1


if __name__ == "__main__":
    sys.exit(main())
