"""The programs that are measured: how each is started, and the keys to the point of measurement."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import NUMBER, SIPPEER, SITE
from bwtui.domain.fields import Choice, Flag, Text
from bwtui.domain.walk.walk import APPLY, REVIEW, TITLES, WELCOME, walk


@dataclass(frozen=True, slots=True)
class Press:
    """A key, and what is seen when it has done its work; without that, any change will do."""

    key: str
    shows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program that is used in a terminal."""

    name: str
    command: str | tuple[str, ...]
    ready: str
    """The text on the screen once it can be used."""
    to_field: tuple[Press, ...] = ()
    """The way from the first screen to a field that text can be typed into."""
    next_field: Press = Press("tab")
    next_screen: Press | None = None
    """From the form to the next screen."""
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """The command line, word by word."""
        return tuple(shlex.split(self.command)) if isinstance(self.command, str) else self.command


# --- The wizard's screens and keys: all that is known of them here ---------------------------------------------

START: Final = "[ Start ]"
"""On the first screen, if nothing was begun."""


def _to(place: str) -> Press:
    return Press("ctrl+n", f"bwtui  {TITLES[place]} ")


def _through(last: str) -> tuple[Press, ...]:
    """Return the way from the first screen to another, place by place, with the connection tested; all is answered."""
    places = walk(Answers({}))
    way = [_to(place) for place in places[places.index(WELCOME) + 1 : places.index(last) + 1]]
    return (way[0], Press("enter", "Connected to"), *way[1:])


TO_SUB_ACCOUNT: Final = (Press("ctrl+g"), *map(Press, "sub-account"), Press("enter", "Step 1 of"))
"""From anywhere, without a connection."""
LOCATION: Final = Press("ctrl+n", "Default location")

WIZARD: Final = Program(
    name="bwtui",
    command="bwtui",
    ready=START,
    to_field=(*TO_SUB_ACCOUNT, *(Press("tab"),) * 2),
    next_screen=LOCATION,
)
STOCK: Final = replace(WIZARD, name="bwtui, stock driver", environ={"BWTUI_DRIVER": "stock"})
DEMO: Final = Program(name="bwtui demo", command="bwtui demo", ready=WIZARD.ready)

TO_APPLY: Final = (
    *_through(REVIEW)[:-1],
    Press("ctrl+n", "Nothing was written yet"),
    Press("ctrl+n", "costs money. "),
)
"""From the first screen, where everything is answered, to the last question before everything is sent."""
APPLYING: Final = replace(_to(APPLY), key="y")
APPLIED: Final = "Everything was read back"

TO_NUMBERS: Final = (*_through(NUMBER.key), *(Press("shift+tab"),) * 2)
"""From the first screen to the area code that numbers are searched by."""
SEARCH: Final = Press("ctrl+f", "Searching")
ALL_FOUND: Final = "5000 found"
TO_FILTER: Final = Press("shift+tab")

# --- The same fields in three libraries ------------------------------------------------------------------------

FIELDS: Final = tuple(part.label for part in SITE.body if isinstance(part, Text | Choice | Flag))[:18]
NEXT_FIELDS: Final = tuple(part.label for part in SIPPEER.body if isinstance(part, Text | Choice | Flag))


def _form(name: str, file: str) -> Program:
    return Program(
        name=name,
        command=("python", str(Path(__file__).parent / "forms" / file), *FIELDS, "--", *NEXT_FIELDS),
        ready=FIELDS[-1],
        next_screen=Press("ctrl+n", NEXT_FIELDS[-1]),
    )


TEXTUAL: Final = _form("Textual form", "textual_form.py")
URWID: Final = _form("urwid form", "urwid_form.py")
PROMPT_TOOLKIT: Final = _form("prompt_toolkit form", "prompt_toolkit_form.py")

# --- What needs no screen --------------------------------------------------------------------------------------

BARE: Final = "python -c pass"
IMPORT_TEXTUAL: Final = "python -c 'import textual.app'"
YARDSTICKS: Final = {BARE: "pass", IMPORT_TEXTUAL: "import textual.app"}

ANSWERS: Final = "setup.toml"
LIGHT: Final = ("--version", "--help", "template", f"plan {ANSWERS}", "status")
"""Commands of bwtui that need neither a screen nor the network."""
HEAVY: Final = ("textual", "httpx", "bwtui.simulator")
"""Packages that these commands must not import."""
