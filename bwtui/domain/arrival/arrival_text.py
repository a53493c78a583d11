"""Verdicts on arrival in sentences, those that say the same of several numbers in one."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Final, NamedTuple

from bwtui.domain.arrival.arrival import Arrival, ArrivalVerdict, Service
from bwtui.domain.values.phone_numbers import e164, listed
from bwtui.domain.values.text import capitalised

ARRIVAL_HEADING: Final = "Will it arrive:"

NOT_READ: Final = (
    "US local numbers need a registered 10DLC campaign before they send to US phones, "
    "toll-free numbers their verification."
)
"""Told where nothing was read."""

READING: Final = "Reading whether messages and calls will arrive"

_ABOUT: Final = {Service.MESSAGES: "Messages from", Service.CALLS: "Calls to"}
_SIGNS: Final = {
    ArrivalVerdict.YES: "✓",
    ArrivalVerdict.NOT_YET: "…",
    ArrivalVerdict.NO: "!",
    ArrivalVerdict.UNKNOWN: "?",
}


class ArrivalLine(NamedTuple):
    """One verdict in words, for all numbers that share it."""

    service: Service
    verdict: ArrivalVerdict
    numbers: tuple[str, ...]
    """Ten digits each."""
    told: str
    """The reason, and what to do; empty for a yes."""

    @property
    def sentence(self) -> str:
        """All of it: `Messages from +1 (919) 555-0100: no. It is on no 10DLC campaign. …`."""
        return f"{_ABOUT[self.service]} {listed(self.numbers)}: {self._answer}"

    @property
    def spoken(self) -> str:
        """The same where no heading stands above: `Will messages from +1 (919) 555-0100 arrive: no. …`."""
        return f"Will {_ABOUT[self.service].lower()} {listed(self.numbers)} arrive: {self._answer}"

    @property
    def _answer(self) -> str:
        return f"{self.verdict}. {self.told}".rstrip()


def not_arriving(arrivals: Iterable[Arrival]) -> str:
    """Return what will not arrive as things are, `Messages will not arrive yet`; empty if all that is known will."""
    services = dict.fromkeys(
        each.service for each in arrivals if each.verdict in (ArrivalVerdict.NO, ArrivalVerdict.NOT_YET)
    )
    return f"{capitalised(' and '.join(services))} will not arrive yet" if services else ""


def arrival_lines(arrivals: Iterable[Arrival]) -> tuple[ArrivalLine, ...]:
    """Return the verdicts in words, in their order."""
    numbers: dict[tuple[Service, ArrivalVerdict, str], list[str]] = {}
    for each in arrivals:
        text = " ".join(filter(None, (each.because, each.next)))
        numbers.setdefault((each.service, each.verdict, text), []).append(each.number)
    return tuple(
        ArrivalLine(service, verdict, tuple(found), text)
        for (service, verdict, text), found in numbers.items()
    )


def brief_arrivals(arrivals: Iterable[Arrival]) -> str:
    """Return each verdict on each service, `messages no, calls yes`; both where its numbers differ, `messages yes/no`."""
    verdicts: dict[Service, dict[ArrivalVerdict, None]] = {}
    for each in arrivals:
        verdicts.setdefault(each.service, {})[each.verdict] = None
    return ", ".join(f"{service} {'/'.join(found)}" for service, found in verdicts.items())


def arrival_text(arrivals: Iterable[Arrival]) -> str:
    """Return the verdicts below their heading, a line each with its sign; empty where there are none."""
    lines = [f"{_SIGNS[line.verdict]} {line.sentence}" for line in arrival_lines(arrivals)]
    return "\n".join((ARRIVAL_HEADING, *lines)) if lines else ""


def arrival_fields(arrivals: Iterable[Arrival]) -> list[dict[str, object]]:
    """Return the verdicts for machines."""
    return [asdict(replace(each, number=e164(each.number))) for each in arrivals]
