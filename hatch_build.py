"""Writes the man page as the wheel is built, from the command line's own parser, so that no option is described twice."""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_ESCAPED: Final = {"\\": r"\(rs", "-": r"\-", "^": r"\(ha", "~": r"\(ti", "`": r"\(ga"}
"""What roff would take as an instruction, or print as a sign that cannot be pasted into a shell."""


class ManPage(BuildHookInterface[BuilderConfig]):
    """Adds `share/man/man1/bwtui.1` to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's own names
        """Write the page where the wheel takes it from."""
        self._folder = TemporaryDirectory()
        if (
            os.name != "posix"
        ):  # no man reads it there, and bwtui itself, which describes the options, does not run
            return
        page = Path(self._folder.name) / "bwtui.1"
        reference = Path(self.root, "docs", "reference.md").read_text("utf-8")
        sys.path.insert(0, self.root)
        page.write_text("\n".join(man_page(reference)) + "\n", encoding="ascii")
        build_data["shared_data"][str(page)] = "share/man/man1/bwtui.1"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove it: the wheel has its copy."""
        self._folder.cleanup()


def man_page(reference: str) -> Iterator[str]:
    """Yield the lines of the page; the variables come from their table in the reference."""
    import bwtui  # noqa: PLC0415 - from the tree that is built
    from bwtui.cli.main import make_parser  # noqa: PLC0415
    from bwtui.exits import MEANING  # noqa: PLC0415

    parser = make_parser()
    actions = parser._actions  # noqa: SLF001 - as argparse's own help and shtab read them
    (commands,) = (each.choices for each in actions if isinstance(each.choices, Mapping))
    general = {_key(action): action for action in actions if action.option_strings}
    about = (bwtui.__doc__ or "").rstrip(".")
    yield f'.TH BWTUI 1 "" "bwtui {bwtui.__version__}" "User Commands"'
    yield from (".nh", ".ad l")  # an option that is broken over two lines cannot be copied
    yield from (".SH NAME", _text(f"bwtui - {about[0].lower()}{about[1:]}"))
    yield from (".SH SYNOPSIS", *_as_it_stands(re.sub(r"^ +", "", parser.usage or "", flags=re.MULTILINE)))
    yield from (".SH DESCRIPTION", _text(parser.description or ""))
    yield ".SH OPTIONS"
    for action in general.values():
        yield from _described(action)
    yield ".SH COMMANDS"
    for name, command in commands.items():
        yield from _command(name, command, general)
    yield ".SH EXIT STATUS"
    for code, meaning in MEANING.items():
        yield from _entry(str(int(code)), meaning)
    yield from (".SH ENVIRONMENT", _text((parser.epilog or "").rpartition("\n\n")[2]))
    for names, meaning in _variables(reference):
        yield from _entry(_bold(names), meaning)


def _command(
    name: str, command: argparse.ArgumentParser, general: Mapping[tuple[object, ...], argparse.Action]
) -> Iterator[str]:
    """Yield what a command does and its own options in full; those that stand under OPTIONS too, by name."""
    actions = [action for action in command._actions if action.dest != "help"]  # noqa: SLF001
    arguments = [_invocation(action) for action in actions if not action.option_strings]
    yield f".SS {' '.join((_text(name), *arguments))}"
    yield _text(command.description or "")
    for action in actions:
        if _key(action) not in general and (action.option_strings or action.help):
            yield from _described(action)
    if shared := [_bold(action.option_strings[-1]) for action in actions if _key(action) in general]:
        yield from (".PP", f"Also, as under OPTIONS: {', '.join(shared)}.")
    if command.epilog:
        yield from (".PP", *_as_it_stands(command.epilog))


def _key(action: argparse.Action) -> tuple[object, ...]:
    return (*action.option_strings, action.help)


def _invocation(action: argparse.Action) -> str:
    """Return an option with its value, or an argument, as it is typed."""
    choices = "|".join(map(str, action.choices or ()))
    value = str(action.metavar or choices or action.dest.upper())
    takes_value = [] if action.nargs == 0 else [rf"\fI{_text(value)}\fR"]
    return " ".join([*filter(None, [", ".join(map(_bold, action.option_strings))]), *takes_value])


def _described(action: argparse.Action) -> Iterator[str]:
    yield from _entry(_invocation(action), (action.help or "") % vars(action))


def _variables(reference: str) -> list[tuple[str, str]]:
    table = reference.partition("\n## Variables\n")[2].partition("\n## ")[0].replace("`", "")
    return re.findall(r"^\| ([A-Z_, ]+) \| (.+) \|$", table, re.MULTILINE)


def _entry(term: str, text: str) -> Iterator[str]:
    yield from (".TP", term, _text(text))


def _as_it_stands(text: str) -> tuple[str, ...]:
    return ".nf", _text(text), ".fi"


def _bold(text: str) -> str:
    return rf"\fB{_text(text)}\fR"


def _text(text: str) -> str:
    """Return text as roff prints it: a line of it is never an instruction, and all of it is ASCII."""
    signs = (_ESCAPED.get(char, char if char.isascii() else rf"\[u{ord(char):04X}]") for char in text)
    return re.sub(r"^(?=[.'])", r"\\&", "".join(signs), flags=re.MULTILINE)
