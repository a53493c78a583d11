"""Schedules of deaths: who is killed, at which moment, how often; and what must be true in the end."""

import json
import os
import random
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

from bwtui.simulator.settings import Platform
from bwtui.store.answers_template import template
from support.guide import TESTS
from support.write_faults import what_is_wrong

BY_ITSELF: Final = ("disk", "before request", "in reply", "after reply")
"""Moments of bwtui's own: each write, fsync and rename, before it sends, with half a reply and a whole one in hand."""
BY_THE_SIMULATOR: Final = ("received", "carried out", "replying")
"""Moments of a request on the other side: before its effect, after it, within the reply."""
VICTIMS: Final = (("client",), ("simulator",), ("client", "simulator"))
STRIKES: Final = tuple(
    (moment, victims)
    for moment in (*BY_THE_SIMULATOR, "saving")
    for victims in (VICTIMS if moment != "saving" else VICTIMS[1:])
)
"""Each moment with who dies at it; in the middle of saving, always the simulator."""

POINTS: Final = {"disk": 80, "saving": 20}
"""Roughly how many moments of a kind a run has, for chance to choose from; of the others, one for each request."""
REQUESTS: Final = 27


@dataclass(frozen=True)
class BwtuiCrash:
    """The point at which a life of bwtui ends."""

    failure: str
    at: int


@dataclass(frozen=True)
class SimulatorCrash:
    """A strike of the simulator's side: where, and at whom; counted from the strike before, or the life's beginning."""

    moment: str
    at: int
    victims: tuple[str, ...]


@dataclass(frozen=True)
class Schedule:
    """The deaths of one story, in their order on each side."""

    client: tuple[BwtuiCrash, ...] = ()
    strikes: tuple[SimulatorCrash, ...] = ()


def by_chance(seed: str) -> Schedule:
    """Two to six deaths on either side or both at once; the same seed gives the same schedule."""
    chance = random.Random(seed)
    cuts, strikes = [], []
    for _ in range(chance.randint(2, 6)):
        if chance.random() < 0.5:
            kind = chance.choice(BY_ITSELF)
            cuts.append(BwtuiCrash(kind, chance.randint(1, POINTS.get(kind, REQUESTS))))
        else:
            moment, victims = chance.choice(STRIKES)
            strikes.append(SimulatorCrash(moment, chance.randint(1, POINTS.get(moment, REQUESTS)), victims))
    return Schedule(tuple(cuts), tuple(strikes))


@dataclass(frozen=True)
class ScheduleResult:
    """The result of a schedule."""

    deaths: list[str]
    runs: int
    said: str
    wrong: list[str]


class SchedulePlayer:
    """The process that plays schedules."""

    def __init__(self) -> None:
        environ = {**os.environ, "PYTHONPATH": str(TESTS)}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("crash_runner.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )

    def play(
        self, schedule: Schedule, folder: Path, *, careless: bool = False, platform: Platform = "legacy"
    ) -> ScheduleResult:
        """Play a schedule in a folder of its own; tell everything that is not as it must be."""
        folder.mkdir()
        answers = template(example=True).replace('# platform = "auto"', f'platform = "{platform}"')
        (folder / "setup.toml").write_text(answers, encoding="utf-8")
        environ = {
            "BW_ACCOUNT_ID": "9900000", "BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret", "HOME": str(folder),
        }  # fmt: skip
        job = {
            "folder": str(folder),
            "environ": environ,
            "careless": careless,
            "platform": platform,
            **asdict(schedule),
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the process that plays schedules has ended"
        told = json.loads(line)
        wrong = what_is_wrong(told["state"], platform) + _what_is_lost(folder, told["state"])
        if told["exit"] != 0:
            wrong.append(f"exit {told['exit']} after {told['runs']} runs")
        if "Traceback" in told["said"] or wrong:
            wrong.append(told["said"][-1500:])
        return ScheduleResult(
            told["deaths"], told["runs"], told["said"], [f"{schedule}: {trouble}" for trouble in wrong]
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def _what_is_lost(folder: Path, state: dict[str, Any]) -> list[str]:
    """Describe the objects on the account that the state file does not know, or knows by other ids."""
    kept = json.loads((folder / "state" / "default.json").read_text("utf-8"))
    outputs: dict[str, str] = {}
    orders = {event["customer_order_id"] for event in kept["events"] if event.get("customer_order_id")}
    for event in kept["events"]:
        outputs |= event.get("outputs", {})
    held = {
        "site_id": [site["id"] for site in state["sites"]],
        "sippeer_id": [peer["id"] for peer in state["sippeers"]],
        "order_id": [order["id"] for order in state["orders"]],
        "numbers": [number["tn"] for number in state["numbers"]],
    }
    if state["voice_packages"]:
        held["voice_package_id"] = [package["id"] for package in state["voice_packages"]]
    wrong = [
        f"{name} is {ids}, not {outputs.get(name)}"
        for name, ids in held.items()
        if ids != [outputs.get(name)]
    ]
    unknown = [order["id"] for order in state["orders"] if order["customer_order_id"] not in orders]
    return wrong + [f"order {order} was never written down" for order in unknown]
