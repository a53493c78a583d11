"""Commands and exit codes; the only place where things are wired together. Each command imports what it needs."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from bwtui import __version__
from bwtui.exits import MEANING, Exit

ENVIRONMENTS = ("production", "classic", "test")


class Parser(argparse.ArgumentParser):
    """An argument parser that leaves with bwtui's exit code for a wrong command line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how the command is used."""
        self.print_usage(sys.stderr)
        self.exit(Exit.INVALID, f"{self.prog}: {message}\n")


def make_parser() -> Parser:
    """The whole command line."""
    codes = "\n".join(f"  {code.value:>3}  {meaning}" for code, meaning in MEANING.items())
    parser = Parser(
        prog="bwtui",
        description="Set up a Bandwidth account for HTTP Voice and Messaging, and prove that every link is in place.",
        epilog=f"exit codes:\n{codes}\n\nSecrets are taken from the environment (BW_CLIENT_ID and BW_CLIENT_SECRET, or "
        "BW_USERNAME and BW_PASSWORD),\na file, the system keyring or a prompt; never from the command line.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"bwtui {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)

    template = commands.add_parser("template", help="an answers file with comments")
    template.add_argument(
        "--example", action="store_true", help="the guide's example, complete and valid as it is"
    )

    plan = commands.add_parser("plan", help="every request that apply would send, without sending one")
    apply = commands.add_parser("apply", help="do it; resumes by itself")
    for command in (plan, apply):
        command.add_argument("file", metavar="FILE", help="the answers, TOML; - for standard input")
    apply.add_argument("--yes", action="store_true", help="agree to what costs money without being asked")

    status = commands.add_parser("status", help="what the state says")
    verify = commands.add_parser("verify", help="what the API says: read everything back")
    export = commands.add_parser("export", help="hand the result to what comes next")
    export.add_argument("--format", choices=("env", "json", "curl", "markdown"), required=True)

    for command in (plan, apply, status, verify):
        command.add_argument(
            "--json", action="store_true", help="one JSON object a line on stdout, the last is the result"
        )
    for command in (plan, apply, status, verify, export):
        _common(command)
    for command in (apply, verify):
        _credentials(command)

    simulate = commands.add_parser("simulate", help="the built-in simulator alone, for any client")
    simulate.add_argument(
        "--port", type=_whole_number, default=8080, help="0 for any free one (default 8080)"
    )
    simulate.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1")
    simulate.add_argument(
        "--latency", type=_whole_number, default=0, metavar="MS", help="delay of every reply"
    )
    simulate.add_argument("--faults", metavar="FILE", help="scripted failures, TOML")
    simulate.add_argument("--account-id", default="9900000", metavar="ID", help="default 9900000")
    simulate.add_argument("--user", default="demo", help="client id and user name (default demo)")
    simulate.add_argument("--seed", type=_whole_number, default=0, help="which numbers there are to find")

    completion = commands.add_parser("completion", help="a completion script for your shell")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    return parser


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--name", default="default", help="which setup, where you keep several (default: default)"
    )
    command.add_argument("--state-dir", metavar="DIR", help="where state files are kept")
    command.add_argument("--account-id", metavar="ID", help="the Bandwidth account")
    command.add_argument("--environment", choices=ENVIRONMENTS)
    command.add_argument(
        "--base-url", metavar="URL", help="the API's whole prefix, such as https://api.bandwidth.com/api"
    )


def _credentials(command: argparse.ArgumentParser) -> None:
    command.add_argument("--client-id", default="", metavar="ID", help="OAuth2 client")
    command.add_argument(
        "--client-secret-file",
        default="",
        metavar="FILE",
        help="its secret is the first line; - for standard input",
    )
    command.add_argument("--username", default="", metavar="NAME", help="HTTP Basic user (until 2026-12-02)")
    command.add_argument(
        "--password-file",
        default="",
        metavar="FILE",
        help="its password is the first line; - for standard input",
    )


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"“{text}” is no whole number")
    return int(text)


def run(arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """Parse the command line, carry it out, and give the exit code. Errors are told on stderr, without tracebacks."""
    _use_streams_that_always_work()
    parser = make_parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit:
        _give_up_broken_streams()  # help may have been printed to a reader that has left
        raise
    if options.command is None:
        parser.print_help(sys.stderr)
        return Exit.INVALID
    try:
        return _COMMANDS[options.command](options, os.environ if environ is None else environ)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except OSError as error:
        # Whoever read us has left, as `head` does, or there is no room.
        if not isinstance(error, BrokenPipeError):
            with suppress(OSError):
                sys.stderr.write(f"bwtui: {error.strerror or error}\n")
        _give_up_broken_streams()
        return Exit.FAILED


def _give_up_broken_streams() -> None:
    """Keep Python from failing once more, on its way out, at what could not be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _use_streams_that_always_work() -> None:
    """Give streams that were closed (`<&-`) the null device, and let an ASCII locale show `?` for what it cannot."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the process's life
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _template(options: argparse.Namespace, _environ: Mapping[str, str]) -> int:
    from bwtui.store.answers_file import template  # noqa: PLC0415

    sys.stdout.write(template(example=options.example))
    sys.stdout.flush()
    return Exit.DONE


def _on_a_setup(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from bwtui.commands import on_a_setup  # noqa: PLC0415

    return on_a_setup(options, environ)


def _simulate(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from bwtui.simulate import simulate  # noqa: PLC0415

    return simulate(options, environ)


def _completion(options: argparse.Namespace, _environ: Mapping[str, str]) -> int:
    import shtab  # noqa: PLC0415

    sys.stdout.write(shtab.complete(make_parser(), shell=options.shell))
    sys.stdout.flush()
    return Exit.DONE


_COMMANDS: dict[str, Callable[[argparse.Namespace, Mapping[str, str]], int]] = {
    "template": _template,
    "plan": _on_a_setup,
    "apply": _on_a_setup,
    "status": _on_a_setup,
    "verify": _on_a_setup,
    "export": _on_a_setup,
    "simulate": _simulate,
    "completion": _completion,
}
