r"""Progress in the terminal's tab or taskbar, by the sequence that ConEmu began: `OSC 9 ; 4 ; state ; percent ST`.

States and values: https://conemu.github.io/en/AnsiEscapeCodes.html#ConEmu_specific_OSC. Some terminals show any OSC 9 as a
notification, so it is sent only to those that are known to show progress. It ends in `ESC \`: VTE takes nothing else.
"""

import re
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Final, NamedTuple

SWITCH: Final = "BWTUI_PROGRESS"
"""The environment variable that forces progress, with `on` or `1`, or forbids it, with `off` or `0`."""

_FORCED: Final = {"on": True, "1": True, "off": False, "0": False}

_MULTIPLEXERS: Final = ("TMUX", "STY", "ZELLIJ")
"""Inside these the variables of the terminal around them say nothing: what is sent is dropped.

https://github.com/tmux/tmux/issues/4833, https://github.com/zellij-org/zellij/issues/4531
"""


class TaskState(IntEnum):
    """The states of a task, by their numbers in the sequence."""

    NONE = 0
    RUNNING = 1
    FAILED = 2
    PAUSED = 4
    """It waits for a person."""


class Task(NamedTuple):
    """The state of a task, as a terminal shows it."""

    state: TaskState = TaskState.NONE
    percent: int = 0

    @property
    def needs_a_person(self) -> bool:
        """True if it does not go on by itself."""
        return self.state in (TaskState.FAILED, TaskState.PAUSED)

    @property
    def sequence(self) -> str:
        """The output that makes a terminal show it."""
        return f"\x1b]9;4;{self.state:d};{self.percent}\x1b\\"


NO_TASK: Final = Task()


def shows_progress(environ: Mapping[str, str]) -> bool:
    """Return True if the terminal is known to show progress, or if the person says so."""
    forced = _FORCED.get(environ.get(SWITCH, "").lower())
    if forced is not None:
        return forced
    if any(environ.get(name) for name in _MULTIPLEXERS):
        return False
    return any(is_it(environ) for is_it in _KNOWN)


def _is_windows_terminal(environ: Mapping[str, str]) -> bool:
    """Since 1.6: https://github.com/microsoft/terminal/pull/8055."""
    return bool(environ.get("WT_SESSION"))


def _is_conemu(environ: Mapping[str, str]) -> bool:
    return environ.get("ConEmuANSI") == "ON"


def _is_ghostty(environ: Mapping[str, str]) -> bool:
    """Since 1.2, and ignored before: https://ghostty.org/docs/vt/osc/conemu. Only `TERM` goes along over SSH."""
    return environ.get("TERM_PROGRAM") == "ghostty" or environ.get("TERM") == "xterm-ghostty"


def _is_wezterm(environ: Mapping[str, str]) -> bool:
    """Since the builds of February 2025: https://github.com/wezterm/wezterm/issues/6581."""
    return environ.get("TERM_PROGRAM") == "WezTerm" and _number(environ, "TERM_PROGRAM_VERSION") >= 20250210


def _has_the_feature(environ: Mapping[str, str]) -> bool:
    """`P` among the features that iTerm2 names, since 3.6.6: https://iterm2.com/feature-reporting/."""
    return "P" in re.findall(r"[A-Z][a-z]*", environ.get("TERM_FEATURES", ""))


def _is_vte(environ: Mapping[str, str]) -> bool:
    """GNOME Terminal and Ptyxis, since VTE 0.80: https://gitlab.gnome.org/GNOME/vte/-/issues/2845."""
    return _number(environ, "VTE_VERSION") >= 8000


def _is_konsole(environ: Mapping[str, str]) -> bool:
    """Since 26.04: https://invent.kde.org/utilities/konsole/-/merge_requests/1054."""
    return _number(environ, "KONSOLE_VERSION") >= 260400


_KNOWN: Final[tuple[Callable[[Mapping[str, str]], bool], ...]] = (
    _is_windows_terminal, _is_conemu, _is_ghostty, _is_wezterm, _has_the_feature, _is_vte, _is_konsole,
)  # fmt: skip


def _number(environ: Mapping[str, str], name: str) -> int:
    """The number that a variable begins with; 0 if there is none."""
    found = re.match(r"[0-9]+", environ.get(name, ""))
    return int(found[0]) if found else 0
