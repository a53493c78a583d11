"""Compare `apply` with the dependency graph's critical path, side by side in one run.

    python benchmarks/critical_path.py [--latency 100] [--rounds 10] [--most 1.10]

The path is counted in requests: the token, the account's platform unless the answers say it (which steps there are, and
every path, depend on it), a look at what is there, the steps as the catalogue makes them depend on one another, and the
proof, which can be read only once everything is written. Each costs the latency once. The order's own processing time is left out on both sides: the
simulator finishes orders at once, and they are asked about at once. Ends with 1 where the ratio is above `--most`.
"""

import argparse
import asyncio
import io
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from bwtui.api.client import Client, OAuth, token_url_for
from bwtui.cli.applying import Apply
from bwtui.cli.output import Output
from bwtui.connected_services import ConnectedServices
from bwtui.domain.answers.answers import Answer, Answers, Source, wanted_steps
from bwtui.domain.runs.run_events import Event
from bwtui.domain.runs.setup import Setup
from bwtui.domain.values.secret import Secret
from bwtui.engine.step_order import dependencies
from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.store.answers_file import parse
from bwtui.store.answers_template import template
from bwtui.store.state import StateFile


def example() -> Answers:
    """The guide's example, as `bwtui template --example` prints it."""
    given = parse(template(example=True), "example").given
    return Answers({**given, "account.account_id": Answer("9900000", Source.FLAG)})


def critical_path(answers: Answers) -> list[str]:
    """The longest chain of requests, by name."""
    steps = {step.key: step for step in wanted_steps(answers)}
    chains: dict[str, list[str]] = {}
    for key, before in dependencies(steps.values()).items():
        longest = max((chains[other] for other in before), key=len, default=[])
        chains[key] = [*longest, key, f"{key} status"] if steps[key].paid else [*longest, key]
    platform = [] if answers.platform and answers.platform.is_settled else ["platform"]
    return ["token", *platform, "look", *max(chains.values(), key=len), "prove"]


async def apply_once(answers: Answers, base_url: str, folder: Path) -> float:
    """Seconds that one whole `apply` takes, from the first request to the proof, state file included."""
    file = StateFile(folder)
    kept = [Setup(account_id="9900000", base_url=base_url, answers=answers.given)]
    file.save(kept[0])

    def keep(events: Sequence[Event]) -> None:
        kept[0] = kept[0]._replace(events=(*kept[0].events, *events))
        file.save(kept[0])

    async def agreed(_question: str) -> bool:
        return True

    output = Output(as_json=True, stdout=io.StringIO(), stderr=io.StringIO())
    credentials = OAuth("demo", Secret("demo-secret"), token_url_for(base_url))
    async with Client(base_url=base_url, credentials=credentials) as client:
        services = ConnectedServices(client, Pace(first_poll=0), keep)
        started = time.perf_counter()
        code = await Apply(services, answers, kept[0].run, output, agreed).execute()
        seconds = time.perf_counter() - started
    if code is not Exit.DONE:
        raise RuntimeError(f"apply ended with {code}")
    return seconds


def simulate(latency: int, told: Connection) -> None:
    """Be the other side, in a process of its own, until there is no more to say."""
    with RunningSimulator(Settings(latency_ms=latency, order_seconds=0)) as simulator:
        # The simulator makes its numbers when it is first asked for some; the real service has them.
        next(iter(simulator.account.inventory.find({"areacode": "919"})))
        told.send(simulator.base_url)
        told.recv()


def measure(latency: int) -> float:
    """One round on a fresh account and a fresh state."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=simulate, args=(latency, theirs))
    process.start()
    with tempfile.TemporaryDirectory() as folder:
        seconds = asyncio.run(apply_once(example(), ours.recv(), Path(folder)))
    ours.send("enough")
    process.join()
    return seconds


def main() -> int:
    """Measure, and print both figures and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--latency", type=int, default=100, help="milliseconds for each request")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--most", type=float, default=1.10, help="the ratio that is still good")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    path = critical_path(example())
    bound = len(path) * options.latency / 1000
    times = [measure(options.latency) for _ in range(options.rounds)]
    middle = statistics.median(times)
    ratio = middle / bound
    if options.json:
        print(json.dumps({"path": path, "bound": bound, "median": middle, "times": times, "ratio": ratio}))
    else:
        print(
            f"critical path   {bound:.3f} s   {len(path)} requests of {options.latency} ms: {' > '.join(path)}"
        )
        print(
            f"apply           {middle:.3f} s   median of {options.rounds}, from {min(times):.3f} to {max(times):.3f}"
        )
        print(f"ratio           {ratio:.3f}     at most {options.most}")
    return 0 if ratio <= options.most else 1


if __name__ == "__main__":
    sys.exit(main())
