"""An argument parser that says what is wrong in words, and which command, option or choice is nearest to what was typed."""

import argparse
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NoReturn

from bwtui.cli.standard_streams import columns_of
from bwtui.exits import Exit

COMMAND: Final = "command"
"""The attribute of the parsed command line that holds its command."""

MAY_BE_EMPTY: Final = frozenset({"text", "say", "expires"})
"""Options whose empty value means something. Any other is probably a variable that is not set, and must not count as left out."""


_SAID_BETTER: Final = {
    "the following arguments are required: FILE": "Which file? bwtui template > setup.toml writes one to fill in."
}
"""Messages of argparse, and those that stand in their place."""


class Parser(argparse.ArgumentParser):
    """An argument parser that leaves with bwtui's exit code for a wrong command line."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - those of argparse
        # Abbreviated, --client-secret-file would take a secret for a path, and show it as one that cannot be read.
        super().__init__(**{"allow_abbrev": False, **options})

    def _get_formatter(self) -> argparse.HelpFormatter:
        """Return what writes the help; argparse asks for it at every option, and would import half a dozen modules to learn the width."""
        make: Callable[..., argparse.HelpFormatter] = self.formatter_class
        return make(prog=self.prog, width=columns_of(sys.stdout) - 2)

    def error(self, message: str) -> NoReturn:
        """Say in a line how the command is used, and last what is wrong."""
        sys.stderr.write(f"usage: {self.prog} {' '.join(('[options]', *self._needed()))}\n")
        self._leave(_SAID_BETTER.get(message, message))

    def _needed(self) -> Iterable[str]:
        """Yield what has to be given, as it is typed."""
        for action in self._actions:
            if action.required:
                name = str(action.metavar or "|".join(action.choices or ()) or action.dest.upper())
                yield " ".join((*action.option_strings[:1], name))

    def refuse(self, message: str) -> NoReturn:
        """Say what is wrong and where help is: what was typed is nearly right."""
        self._leave(f"{message}\n{self.prog} --help shows what there is.")

    def _leave(self, message: str) -> NoReturn:
        from bwtui.cli.output import Output  # noqa: PLC0415 - only where something is wrong

        Output().say(f"{self.prog}: {message}")  # which keeps what was typed from steering the terminal
        self.exit(Exit.INVALID)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, unless an option is not known: argparse itself would first miss what a misspelt option was to say."""
        for word in self._own_options(sys.argv[1:] if args is None else args):
            name = word.partition("=")[0]
            if name not in self._option_string_actions:
                self.refuse(f"there is no option {name}.{self._did_you_mean_option(name)}")
        return super().parse_known_args(args, namespace)

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """Parse all of it, or say what was not expected."""
        parsed, rest = self.parse_known_args(args, namespace)
        if rest:
            self.refuse(f"unexpected argument: {' '.join(rest)}")
        return parsed

    def command(self, name: str) -> "Parser":
        """Return the parser of a command."""
        return self._commands()[name]

    def takes(self, name: str) -> bool:
        """Return True if there is an option or argument that this attribute of the parsed command line holds."""
        return any(action.dest == name for action in self._actions)

    def _own_options(self, words: Sequence[str]) -> Iterable[str]:
        """Yield what looks like a long option, up to a command, which has options of its own, or `--`."""
        commands = self._commands()
        for word in words:
            if word == "--" or word in commands:
                return
            if word.startswith("--"):
                yield word

    def _commands(self) -> dict[str, "Parser"]:
        return {
            name: command
            for action in self._actions
            if action.dest == COMMAND and isinstance(action.choices, dict)
            for name, command in action.choices.items()
        }

    def _did_you_mean_option(self, typed: str) -> str:
        return did_you_mean(
            typed, [option for option in self._option_string_actions if option.startswith("--")]
        )

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Refuse an empty value, and what is none of the choices: the nearest one and all others are named."""
        name = "/".join(action.option_strings) or action.dest
        if value == "" and action.dest not in MAY_BE_EMPTY:
            self.refuse(f"{name} is empty: give it a value, or leave it out.")
        if action.choices is None or value in action.choices:
            return
        typed, choices = str(value), list(map(str, action.choices))
        near = did_you_mean(typed, choices)
        if action.dest != COMMAND:
            self.refuse(f"{name} cannot be “{typed}”.{near} The choices: {', '.join(choices)}.")
        if typed.endswith(".toml"):
            near = f" Did you mean {shlex.join((self.prog, 'apply', typed))}?"
        near = near or self._did_you_mean_option(typed)
        self.refuse(f"there is no command “{typed}”.{near} The commands: {', '.join(choices)}.")


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """Return the question whether the nearest of the known words is meant, after a blank; empty if none is near."""
    near = nearest(typed, known)
    return f" Did you mean {near}?" if near else ""


def nearest(typed: str, known: Iterable[str]) -> str:
    """Return the known word that is most like the typed one, or that it begins; empty if none is near."""
    import difflib  # noqa: PLC0415 - only where something is misspelt

    words = {word.casefold(): word for word in known}
    folded = typed.casefold()
    near = difflib.get_close_matches(folded, words, n=1, cutoff=0.6)
    begun = [word for word in words if folded and word.lstrip("-").startswith(folded.lstrip("-"))]
    return words[near[0]] if near else words[begun[0]] if len(begun) == 1 else ""
