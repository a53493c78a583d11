"""The command line: what was typed is parsed, and the module of its command is imported and run."""

import argparse
import os
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Final

from bwtui import __version__
from bwtui.cli.command_table import COMMANDS
from bwtui.cli.parser import COMMAND, Parser
from bwtui.cli.shared_options import (
    common_options,
    credential_options,
    linear_option,
    list_options,
    refuse_what_is_not_for,
    typed_options,
)
from bwtui.cli.standard_streams import (
    give_up_broken_streams,
    keep_the_owners_rights,
    use_streams_that_always_work,
)
from bwtui.exits import MEANING, Exit

WIZARD: Final = "wizard"
"""The module of what is done without a command."""


def make_parser(typed: Sequence[str] | None = None) -> Parser:
    """The whole command line; if it is known what was typed, without the commands and options that are not part of it."""
    codes = "\n".join(f"  {code.value:>3}  {meaning}" for code, meaning in MEANING.items())
    parser = Parser(
        prog="bwtui",
        usage="bwtui [options]          start the wizard, or continue where you left off\n"
        "       bwtui COMMAND [options]  do without the wizard",
        description="bwtui alone starts or continues the wizard, which asks step by step. It sets up\n"
        "a Bandwidth account for HTTP Voice and Messaging, and proves that every link is\n"
        "in place. All that it does can be done by the commands, too.",
        epilog=f"exit codes:\n{codes}\n\nSecrets are taken from the environment (BW_CLIENT_ID and BW_CLIENT_SECRET, or\n"
        "BW_USERNAME and BW_PASSWORD), a file, bwtui login, the system keyring or a\nprompt; never from the command line.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    commands = parser.add_subparsers(
        dest=COMMAND, title="commands", metavar="COMMAND", parser_class=Parser, prog=parser.prog
    )
    general = parser.add_argument_group("options")
    general.add_argument("-h", "--help", action="help", help="show this help and exit")
    general.add_argument(
        "--version", action="version", version=f"bwtui {__version__}", help="show the version and exit"
    )
    general.add_argument("--answers", metavar="FILE", help="begin with the answers of a file, TOML")
    general.add_argument(
        "--log", metavar="FILE", help="append what is sent and answered to a file, secrets masked"
    )
    linear_option(general, default=False)
    common_options(general)
    credential_options(general)
    for name in _commands_in(typed):
        entry = COMMANDS[name]
        about = f"{entry.help[0].upper()}{entry.help[1:]}."
        command = commands.add_parser(name, help=entry.help, description=about)
        if typed is not None and name not in typed:
            continue
        entry.declare(command)
        if "setup" in entry.shared:
            common_options(command, again=True)
        if "login" in entry.shared:
            credential_options(command, again=True)
        if "each" in entry.shared:
            list_options(command)
    return parser


def _commands_in(typed: Sequence[str] | None) -> Iterable[str]:
    """Yield the commands that what was typed can be about: that of the first word, none without a word, else all."""
    if typed is None or (typed and typed[0] not in COMMANDS):
        return COMMANDS
    return typed[:1]


def run(arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """Parse the command line, run the command, and return its exit code. Whatever goes wrong is told in words on stderr."""
    use_streams_that_always_work()
    keep_the_owners_rights()
    parser = make_parser(arguments)
    try:
        options = parser.parse_args(arguments)
        refuse_what_is_not_for(options, parser)
    except SystemExit:
        give_up_broken_streams()  # help may have been printed to a reader that has left
        raise
    command = import_module(module_of(options.command or WIZARD))
    typed = typed_options(command.Options, options)
    try:
        return int(command.run(typed, os.environ if environ is None else environ))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told in words
        return _failed(error, typed)


def _failed(error: Exception, options: object) -> Exit:
    from bwtui.cli.failure import USUAL_OPTIONS, tell_bug, tell_system_error  # noqa: PLC0415 - only where it fails

    as_json = getattr(options, "json", False)
    if isinstance(error, OSError):
        return tell_system_error(error, as_json=as_json)
    return tell_bug(error, getattr(options, "setup", USUAL_OPTIONS), as_json=as_json)


def module_of(command: str) -> str:
    """Return the module of a command; one that Python has as a word of its own has `_` behind it."""
    return f"bwtui.cli.commands.{command}{'_' if iskeyword(command) else ''}"
