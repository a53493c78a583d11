"""A world from its beginning to its end: its lives, and then, once the account behaves, one more run that must end well."""

import random
import re
from dataclasses import dataclass, field, replace
from typing import Final

from worlds import judge
from worlds.account import WorldAccount
from worlds.api import Api
from worlds.bwtui_run import UNKNOWN, Disk, StateError, live, says_done
from worlds.judge import Fault
from worlds.other_people import ADDITIONS, DELETIONS, UPGRADE, happens
from worlds.process import Entry, Lived
from worlds.quirks import Quirks
from worlds.setups_wanted import Wish, changed
from worlds.world import Life, Quirk, World

CALM: Final = 120.0
"""Seconds after which everything has taken effect, before the last run."""
MOST_ANSWERS: Final = 5
"""The most times that the person does what a conflict asks for, where there is a question."""


@dataclass(slots=True)
class Trial:
    """The result of a world."""

    world: World
    faults: list[Fault] = field(default_factory=list)
    lives: list[Lived] = field(default_factory=list)

    @property
    def log(self) -> list[Entry]:
        return [entry for lived in self.lives for entry in lived.log]


class _Course:
    """A world while it lasts."""

    def __init__(self, world: World) -> None:
        self.trial = Trial(world)
        self.chance = random.Random(world.seed)
        quirks = Quirks(world.quirks)
        self.api = Api(WorldAccount(quirks, world.seed, universal=world.universal), quirks)
        self.disk = Disk()
        self.wish = Wish()
        self.most = self.wish.quantity
        self.now = 0.0
        self.asked: set[str] = set()
        """The services that were ever wanted."""
        self.touched = False
        """True if somebody has changed something in the App."""
        self.fallbacks: list[str] = []
        self.upgraded = False

    @property
    def account(self) -> WorldAccount:
        return self.api.account

    def prepare(self, life: Life) -> None:
        self.now += life.pause
        for what in life.meanwhile:
            if what == UPGRADE:
                self.disk.add_answer()
                self.upgraded = self.disk.content is not None
            else:
                happens(what, self.account, self.now)
        self.fallbacks = judge.fallbacks(self.account)
        for name in life.answers:
            self.wish = changed(self.wish, name)
        self.most = max(self.most, self.wish.quantity)
        self.asked |= {service for service, asked in self.wish.wanted["activation"].items() if asked}

    def run(self, life: Life) -> Lived:
        lived = live(self.api, self.disk, self.wish, life, self.now, self.chance)
        self.now = lived.ended
        self.account.settle(self.now)
        self.trial.lives.append(lived)
        faults = self.trial.faults
        lags = any(quirk.what == "lag" for quirk in self.trial.world.quirks)
        self.touched = self.touched or bool(life.meanwhile or life.during)
        unseen = lags and self.touched
        faults += judge.of_life(self.account, self.wish, lived, self.most, unseen=unseen)
        faults += judge.unasked(self.account, self.asked)
        kept = self.fallbacks if unseen else judge.fallbacks(self.account)
        faults += [
            Fault("colleague", f"what a colleague had added to {id_} is gone")
            for id_ in self.fallbacks
            if id_ not in kept
        ]
        try:
            self.disk.run()
        except StateError as error:
            faults.append(Fault("state", str(error)))
            return lived
        if self.upgraded and UNKNOWN not in (self.disk.content or b""):
            faults.append(Fault("state", "an answer that this version does not know is lost"))
        if lived.code is not None and says_done(self.disk, self.wish) and not self.removed:
            # No secret is kept to be compared: before a look with the new one, nobody can know that it is another.
            looked = any(event["event"] == "action" for event in lived.events)
            faults += [
                Fault("status", wrong)
                for wrong in judge.look(self.account, self.wish)
                if looked or "Password" not in wrong
            ]
        return lived

    @property
    def removed(self) -> bool:
        return any(DELETIONS.intersection(life.meanwhile + life.during) for life in self.trial.world.lives)

    def finish(self) -> None:
        """One more run, once the world behaves."""
        self.now += CALM
        self.account.settle(self.now)
        self.api.behave(Quirks())
        for order in self.account.orders.values():
            order.final_at = min(order.final_at, self.now)
        for entry in self.account.numbers.values():
            entry.since = min(entry.since, self.now)
        answered: set[tuple[str, str]] = set()
        for _ in range(MOST_ANSWERS):
            lived = self.run(Life())
            if lived.code == 0 or not (may_ask(self.trial.world) or self.must_choose(lived)):
                break
            if not (self.follow(lived, answered) or was_taken(self.trial.world)):
                break
        cannot_be_had = "exact" in {name for life in self.trial.world.lives for name in life.answers} and any(
            entry.owner == "released" for entry in self.account.numbers.values()
        )
        if cannot_be_had:
            return
        if lived.code != 0:
            said = " | ".join(lived.said)[-900:]
            self.trial.faults.append(Fault("ends well", f"exit {lived.code} once the world behaves: {said}"))
            return
        run = self.disk.run()
        self.trial.faults += judge.forgotten(self.account, run.outputs, tuple(run.numbers))
        said = " ".join(text for lived in self.trial.lives for text in lived.said)
        self.trial.faults += judge.untold(self.account, self.wish, said)

    def must_choose(self, lived: Lived) -> bool:
        """Return True if a life asks which of two equal objects is ours, and no answer has told of either.

        One request made both, and the other could as well be a colleague's: only the person can know, and says so once.
        """
        said = " ".join(lived.said)
        known = {id_.casefold() for id_ in self.disk.run().outputs.values()}
        unknown = (pair for pair in self.account.copies() if known.isdisjoint(map(str.casefold, pair)))
        return any("Several objects" in said and all(id_ in said for id_ in pair) for pair in unknown)

    def _mine(self) -> dict[str, str]:
        """The id of our object by step, for somebody who knows it."""
        found = {}
        for name, (kind, service) in judge.OBJECTS.items():
            for thing in self.account.ours(kind):
                if not service or thing.fields["ServiceType"] == service:
                    found[name] = thing.id
        return found

    def follow(self, lived: Lived, answered: set[tuple[str, str]]) -> bool:
        """Answer as the problems that were told advise; whether there was any new advice."""
        ours = {thing.id: thing for thing in self.account.things.values() if thing.ours and thing.alive}
        new = False
        for key, value in advice(lived, self._mine()):
            if (key, value) in answered:
                continue
            answered.add((key, value))
            new = True
            if key.endswith(".use") and value not in ours:
                self.wish = changed(self.wish, ANOTHER_NAME[key])
            else:
                before = self.wish.answers.get(key, "") if key == "number.given_up" else ""
                told = ",".join(filter(None, (before, value)))
                self.wish = replace(self.wish, answers={**self.wish.answers, key: told})
        return new


def may_ask(world: World) -> bool:
    """Return True if the world holds something that the person has to decide."""
    touched = DELETIONS | ADDITIONS
    return was_taken(world) or any(
        touched.intersection(life.meanwhile + life.during) or (life.answers and n)
        for n, life in enumerate(world.lives)
    )


def was_taken(world: World) -> bool:
    """Return True if somebody else was faster, so that other numbers are ordered by another run, or only when told so."""
    return any(
        quirk.on.startswith("order") and quirk.what in ("taken", "fails", "refused as")
        for quirk in world.quirks
    )


ANOTHER_NAME: Final = {
    "site.use": "other site",
    "sippeer.use": "other location",
    "messaging_app.use": "other app",
    "voice_app.use": "other call app",
    "voice_package.use": "other package",
}
"""Rather than using what is somebody else's."""
_ADVISED: Final = re.compile(r'(?:\[(\w+)\][^"\[]*?)?\b(\w+) = "?([\w,-]+)"?(?:[^\[.;]*?\[(\w+)\])?')


_WHICH: Final = re.compile(r"answer use under \[(\w+)\]")


def advice(lived: Lived, mine: dict[str, str]) -> list[tuple[str, str]]:
    """Return the answers that the problems of a life suggest: `existing = "change" under [sms]`; the first of several ways."""
    found: dict[str, str] = {}
    for event in lived.events:
        for step, text in _problem_texts(event):
            for before, key, value, after in _ADVISED.findall(text):
                found.setdefault(f"{after or before or step}.{key}", value)
            for table in _WHICH.findall(text):
                if table in mine:
                    found.setdefault(f"{table}.use", mine[table])
    return list(found.items())


def _problem_texts(event: dict[str, object]) -> list[tuple[str, str]]:
    problem = event.get("problem")
    if not isinstance(problem, dict):
        return []
    step = str(problem.get("operation", "")).partition(".")[0]
    return [(step, str(problem[name])) for name in ("text", "todo") if problem.get(name)]


EASY: Final = 5.0
"""Seconds of lag that nobody should notice."""


AWAITED: Final = 90.0
"""Seconds for which one run waits for a fresh number, and for an activation (universal-platform 3.3)."""


def _is_easy(quirk: Quirk) -> bool:
    if (quirk.on, quirk.what) in (("number", "fresh"), ("activation", "takes")):
        return bool(quirk.value <= AWAITED)
    if quirk.what == "refuses":
        return bool(quirk.value == "VCS-0044")
    return quirk.what in ("lag", "needs lag") and quirk.value <= EASY


def easy(course: _Course) -> list[Fault]:
    """Return the faults of a world in which hardly anything is wrong."""
    world = course.trial.world
    if (told := _converges(course)) is not None:
        return told
    if any(life != Life() for life in world.lives) or len(course.trial.lives) < len(world.lives):
        return []
    lived = course.trial.lives[0]
    if all(_is_easy(quirk) for quirk in world.quirks):
        if lived.code == 0:
            return []
        return [Fault("patience", f"exit {lived.code} for a little lag: {' | '.join(lived.said)[-600:]}")]
    if world.quirks == (Quirk("tns list", "403"),):
        proven = sum(event["event"] == "verified" and bool(event.get("ok")) for event in lived.events)
        return (
            []
            if proven >= 8
            else [Fault("role", f"{proven} of 9 steps are proven, where only a role is missing")]
        )
    return []


def _converges(course: _Course) -> list[Fault] | None:
    """Check that the third run changes nothing if values are only written another way; `None` in other worlds."""
    world = course.trial.world
    if (
        len(world.lives) < 3
        or any(life != Life() for life in world.lives)
        or len(course.trial.lives) < len(world.lives)
    ):
        return None
    if not world.quirks or any(quirk.on != "rewrite" for quirk in world.quirks):
        return None
    lived = course.trial.lives[len(world.lives) - 1]
    if lived.code == 0 and not any(entry.writes for entry in lived.log):
        return []
    return [
        Fault("converges", f"exit {lived.code}, changed again and again: {' | '.join(lived.said)[-600:]}")
    ]


def run_world(world: World) -> Trial:
    """Let a world happen; its faults are the first of each invariant."""
    course = _Course(world)
    for life in world.lives:
        course.prepare(life)
        course.run(life)
        if any(fault.invariant in ("money", "crash", "state", "ends") for fault in course.trial.faults):
            break
    else:
        course.finish()
    course.trial.faults += easy(course)
    if not course.removed and not any(life.answers for life in world.lives[1:]):
        course.trial.faults += judge.of_orders(course.account, course.trial.log)
    course.trial.faults = judge.once(course.trial.faults)
    return course.trial
