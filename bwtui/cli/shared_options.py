"""The options that several commands share: declared, refused where a command has none, and handed over in their types."""

import argparse
from collections.abc import Sequence
from typing import Final, TypeVar

from bwtui.cli.argument_types import row_range
from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.parser import Parser

_Options = TypeVar("_Options")

Container = argparse.ArgumentParser | argparse._ArgumentGroup  # noqa: SLF001 - its type has no public name

# The catalogue, which has these two as well, is not imported for a parser: it takes longer than many a command.
ENVIRONMENTS = ("production", "classic", "test")
PLATFORMS = ("auto", "legacy", "universal")
PLACE = ("account_id", "environment", "base_url")
COMMON = ("name", "state_dir", *PLACE, "platform")
CREDENTIALS = ("client_id", "client_secret_file", "username", "password_file", "account")
LISTED = ("each", "rows")
SHARED: Final = {"setup": COMMON, "login": CREDENTIALS, "each": LISTED}
"""The options that several commands share, by the field of `Options` that holds them."""

_FOR_LISTS: Final = ("rows", "out", "at_once", "max_orders", "share", "rate", "results")
"""Options that have a meaning with `--each` only."""


def common_options(command: Container, *, again: bool = False) -> None:
    """Add the options that name the setup and the account. They stand before or behind a command; the later one counts.

    `again` leaves out the defaults: a command's own would undo what was said before it.
    """
    _option(
        command,
        "--name",
        "which setup, where you keep several (default: default)",
        again=again,
        default="default",
    )
    _option(command, "--state-dir", "where state files are kept", again=again, metavar="DIR")
    place_options(command, again=again)
    _option(
        command, "--platform", "how the account does voice (default: auto, found out)", again=again, choices=PLATFORMS
    )  # fmt: skip


def place_options(command: Container, *, again: bool) -> None:
    """Add the options that name the account and where it is."""
    _option(command, "--account-id", "the Bandwidth account", again=again, metavar="ID")
    _option(command, "--environment", "where the account is", again=again, choices=ENVIRONMENTS)
    _option(
        command, "--base-url", "the API's address, such as https://api.bandwidth.com/api; a host alone is enough",
        again=again, metavar="URL",
    )  # fmt: skip


def list_options(command: argparse.ArgumentParser) -> None:
    """Add the options that name a list, and rows of it."""
    command.add_argument(
        "--each", default="", metavar="LIST.csv", help="do it for each row of a list; - for standard input"
    )
    command.add_argument(
        "--rows",
        type=row_range,
        metavar="1-500",
        help="with --each: for these rows alone, such as 3 or 501-",
    )


def credential_options(command: Container, *, again: bool = False) -> None:
    """Add the options that say where the credentials are; for `again` see `common_options`."""
    secret, password = (
        f"its {word} is the first line; - for standard input" for word in ("secret", "password")
    )
    _option(command, "--client-id", "OAuth2 client", again=again, default="", metavar="ID")
    _option(command, "--client-secret-file", secret, again=again, default="", metavar="FILE")
    _option(
        command,
        "--username",
        "HTTP Basic user, for a server that takes one",
        again=again,
        default="",
        metavar="NAME",
    )
    _option(command, "--password-file", password, again=again, default="", metavar="FILE")
    account_option(command, "use a saved login (default: the last one)", again=again)


def account_option(command: Container, help: str, *, again: bool) -> None:  # noqa: A002 - argparse's own name
    """Add the option that names a saved login."""
    _option(command, "--account", help, again=again, default="", metavar="NAME")


def _option(
    command: Container,
    name: str,
    help: str,  # noqa: A002 - argparse's own name
    *,
    again: bool,
    default: str | None = None,
    metavar: str | None = None,
    choices: Sequence[str] | None = None,
) -> None:
    command.add_argument(
        name, help=help, default=argparse.SUPPRESS if again else default, metavar=metavar, choices=choices
    )


def answers_file_argument(command: argparse.ArgumentParser) -> None:
    """Add the answers file, which has to be given."""
    command.add_argument("file", metavar="FILE", help="the answers, TOML; - for standard input")


def linear_option(command: Container, *, default: bool | str) -> None:
    """Add the choice of plain questions in place of screens."""
    command.add_argument(
        "--linear",
        action="store_true",
        default=default,
        help="as plain questions and answers, for screen readers, serial consoles and logs",
    )


def log_option(
    command: argparse.ArgumentParser,
    help: str = "append what is sent and answered to a file, secrets masked",  # noqa: A002 - argparse's own name
) -> None:
    """Add the log of requests, for a command that sends some."""
    command.add_argument("--log", metavar="FILE", default=argparse.SUPPRESS, help=help)


def json_option(command: argparse.ArgumentParser) -> None:
    """Add the choice of JSON in place of text."""
    command.add_argument(
        "--json", action="store_true", help="one JSON object a line on stdout, the last is the result"
    )


def refuse_what_is_not_for(options: argparse.Namespace, parser: Parser) -> None:
    """Refuse an option that stands before a command which has no such option."""
    if options.command:
        command = parser.command(options.command)
        for name in (*COMMON, *CREDENTIALS, "answers", "linear", "log"):
            if not command.takes(name) and getattr(options, name) != parser.get_default(name):
                parser.refuse(f"{options.command} takes no --{name.replace('_', '-')}.")
    if getattr(options, "each", None) == "":
        for name in _FOR_LISTS:
            if getattr(options, name, None) is not None:
                parser.refuse(f"--{name.replace('_', '-')} needs --each LIST.csv.")


def typed_options(kind: type[_Options], parsed: argparse.Namespace) -> _Options:
    """Hand the parsed options to a command in its own type: the fields in `SHARED` hold those that several share."""
    fields: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
    typed = {name: getattr(parsed, name) for name in fields if name not in SHARED}
    if "login" in fields:
        from bwtui.credentials import Given  # noqa: PLC0415 - the simulator's command knows nothing of logins

        typed["login"] = Given(**{name: getattr(parsed, name) for name in CREDENTIALS})
    if "setup" in fields:
        common = {name: getattr(parsed, name) for name in COMMON}
        typed["setup"] = SetupOptions(**common, login=typed.get("login"))
    if "each" in fields:
        typed["each"] = ListOptions(parsed.each, parsed.rows)
    return kind(**typed)
