"""The command line: what can be typed, and which command does it. A command is imported when it is run."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from bwtui import __version__
from bwtui.cli.options import AT_ONCE, ListOptions, SetupOptions
from bwtui.cli.parser import COMMAND, Parser
from bwtui.exits import MEANING, Exit

if TYPE_CHECKING:  # start-up time is budgeted
    from bwtui.domain.setup_list import RowRange

WIZARD: Final = "wizard"
"""The module of what is done without a command."""

_Options = TypeVar("_Options")

Container = argparse.ArgumentParser | argparse._ArgumentGroup  # noqa: SLF001 - its type has no public name

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


# --- The commands ----------------------------------------------------------------------------------------------


class Command(NamedTuple):
    """A command as it is typed; what it does is in its module of `bwtui.cli.commands`."""

    help: str
    declare: Callable[[argparse.ArgumentParser], None]
    """Adds the options that it alone has."""
    shared: tuple[str, ...] = ()
    """Those of `SHARED` that it takes, as fields of its `Options`."""


def _demo(command: argparse.ArgumentParser) -> None:
    command.add_argument("--autoplay", action="store_true", help="watch it work by itself")
    command.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="X",
        help="with --autoplay: 2 is twice as fast (default 1)",
    )
    command.add_argument(
        "--platform",
        choices=("legacy", "universal"),
        default=argparse.SUPPRESS,
        help="the kind of simulated account: legacy (default), or on the Universal Platform",
    )
    _linear(command, default=argparse.SUPPRESS)
    command.set_defaults(takes=["linear", "platform"])


def _template(command: argparse.ArgumentParser) -> None:
    form = command.add_mutually_exclusive_group()
    form.add_argument(
        "--example", action="store_true", help="the guide's example, complete and valid as it is"
    )
    form.add_argument("--schema", action="store_true", help="the JSON Schema of such a file, for editors")


def _plan(command: argparse.ArgumentParser) -> None:
    _answers_file(command)
    command.add_argument(
        "--live",
        action="store_true",
        help="look at the account and show what would be created, changed, ordered and kept; writes nothing",
    )
    _log(command)
    _json(command)


def _apply(command: argparse.ArgumentParser) -> None:
    _answers_file(command)
    command.add_argument("--yes", action="store_true", help="agree to what costs money without being asked")
    _for_lists(command)
    _log(command)
    _json(command)


def _for_lists(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--at-once",
        type=_count,
        metavar="N",
        help=f"with --each: work on so many rows at the same time (default {AT_ONCE})",
    )
    command.add_argument(
        "--max-orders",
        type=_whole_number,
        metavar="N",
        help="with --each: let at most so many rows order phone numbers in this run",
    )
    command.add_argument(
        "--share",
        choices=("applications",),
        help="with --each: make the applications once, for all rows of the list",
    )
    command.add_argument(
        "--rate",
        type=_rate,
        metavar="N",
        help="with --each: send at most so many requests a second (default: as many as the account takes)",
    )
    command.add_argument(
        "--results", metavar="FILE.csv", help="with --each: write what became of each row to a file"
    )
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.epilog = _LISTS


def _teardown(command: argparse.ArgumentParser) -> None:
    command.add_argument("--plan", action="store_true", help="show every request, and change nothing")
    command.add_argument(
        "--release-numbers",
        action="store_true",
        help="release the phone numbers too, which cannot be undone",
    )
    command.add_argument("--yes", action="store_true", help="agree to the removal without being asked")
    _json(command)


def _export(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("env", "json", "curl", "markdown"), required=True)
    command.add_argument(
        "--out", metavar="FOLDER", help="with --each: write a new file for each row, called by its name"
    )


def _try(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", choices=("message", "call"), metavar="message|call", help="what to send")
    command.add_argument("--to", default="", metavar="NUMBER", help="the phone to write to or to call")
    command.add_argument(
        "--from",
        dest="sender",
        default="",
        metavar="NUMBER",
        help="one of the setup's numbers (default: the first)",
    )
    command.add_argument("--text", help="what the message says")
    command.add_argument("--say", metavar="TEXT", help="what the running bwtui listen says in the call")
    command.add_argument(
        "--wait",
        type=_whole_number,
        metavar="SECONDS",
        help="how long to wait for news of it (default 30, for a call 60)",
    )
    command.add_argument("--last", action="store_true", help="send nothing: look what became of the last one")
    command.add_argument(
        "--again",
        action="store_true",
        help="send another one although it may not be known what became of the last",
    )
    command.add_argument("--yes", action="store_true", help="agree to what costs money without being asked")
    _json(command)


_LISTS: Final = """with --each, rows that are done are not looked at again; verify --each does that.
The exit code is 0 if all rows are done and verified. Otherwise it is that of the
rows that are not, if they agree, else 1; or that of a problem which concerns
all rows and ended the work, such as refused credentials."""


_SCENARIOS: Final = """the last four digits of the number written to or called choose the outcome:
  4432 4476 4720 4770 4773 4774 4780 4781 4795 5229 5620 9902
                        the message fails with this error code
  0486 0408 0603        the call is not answered: busy, timeout, rejected
others are delivered and answered. A phone writes to a number of the account
with POST /_simulator/inbound/message {"from", "to", "text"}, and calls it with
POST /_simulator/inbound/call {"from", "to"}."""


def _import(command: argparse.ArgumentParser) -> None:
    command.add_argument("--site", default="", metavar="ID", help="the sub-account, where there are several")
    command.add_argument("--sippeer", default="", metavar="ID", help="the location, where there are several")


def _simulate(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--port",
        type=_whole_number,
        default=8080,
        help="the port to listen on; 0 for any free one (default 8080)",
    )
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    command.add_argument(
        "--latency", type=_whole_number, default=0, metavar="MS", help="how long every request takes"
    )
    command.add_argument(
        "--platform",
        choices=("legacy", "universal", "build"),
        default=argparse.SUPPRESS,
        help="the kind of account: legacy (default), on the Universal Platform, or a Build trial",
    )
    command.add_argument("--faults", metavar="FILE", help="failures to act out, and switches, TOML")
    command.add_argument("--save", metavar="FILE", help="keep the account in a file, and continue with it")
    command.add_argument(
        "--tunnel", metavar="URL", help="bring callbacks for any host to this URL, as a tunnel would"
    )
    command.add_argument(
        "--account-id",
        default=argparse.SUPPRESS,
        metavar="ID",
        help="the account that it has (default 9900000)",
    )
    command.set_defaults(takes=["account_id", "platform"])
    command.add_argument(
        "--user",
        default="demo",
        help="client id and user name (default demo); their secret is BWTUI_SIMULATOR_SECRET, or demo-secret",
    )
    command.add_argument(
        "--seed", type=_whole_number, default=0, help="another seed has other numbers to find"
    )
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.epilog = _SCENARIOS


def _listen(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--port",
        type=_whole_number,
        default=8081,
        help="the port to listen on; 0 for any free one (default 8081)",
    )
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    command.add_argument("--say", metavar="TEXT", help="the sentence that a call is answered with")
    command.add_argument(
        "--echo",
        action="store_true",
        help="answer each incoming message with its own text, which costs money",
    )
    command.add_argument(
        "--public-url",
        metavar="URL",
        help="point the applications' callback URLs at this URL, a tunnel to here, and put the old ones back at the end",
    )
    command.add_argument(
        "--restore", action="store_true", help="put the old callback URLs back after a crash, and end"
    )
    command.add_argument(
        "--yes", action="store_true", help="agree to the change of the callback URLs without being asked"
    )
    command.add_argument(
        "--json", action="store_true", help="one JSON object a line on stdout, one for each event"
    )


def _report(command: argparse.ArgumentParser) -> None:
    _log(command, "with the last requests of a file that --log has written")
    command.add_argument("--out", metavar="FILE", help="write it to a new file too, after it was shown")


def _login(command: argparse.ArgumentParser) -> None:
    _place(command, again=True)
    command.set_defaults(takes=[*command.get_default("takes"), *PLACE])
    command.add_argument(
        "--expires",
        metavar="DAY",
        help="the last day of the secret, such as 2026-12-31; it is named days before",
    )
    command.add_argument(
        "--insecure-storage",
        action="store_true",
        help="keep the secret in a file that only you can read, not encrypted, instead of the system keyring",
    )


def _logout(command: argparse.ArgumentParser) -> None:
    _account(command, "the login to remove, where there are several", again=True)
    command.set_defaults(takes=["account"])
    command.add_argument("--all", action="store_true", help="remove every login")


def _whoami(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--answers",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="with the answers of a file, as apply takes them",
    )
    command.set_defaults(takes=[*command.get_default("takes"), "answers"])
    _json(command)


def _completion(command: argparse.ArgumentParser) -> None:
    command.add_argument("shell", choices=("bash", "zsh", "fish", "tcsh"))


def _answers_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="the answers, TOML; - for standard input")


def _linear(command: Container, *, default: bool | str) -> None:
    command.add_argument(
        "--linear",
        action="store_true",
        default=default,
        help="as plain questions and answers, for screen readers, serial consoles and logs",
    )


def _log(
    command: argparse.ArgumentParser,
    help: str = "append what is sent and answered to a file, secrets masked",  # noqa: A002 - argparse's own name
) -> None:
    command.add_argument("--log", metavar="FILE", default=argparse.SUPPRESS, help=help)
    command.set_defaults(takes=[*command.get_default("takes"), "log"])


def _verify(command: argparse.ArgumentParser) -> None:
    _log(command)
    _json(command)


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--json", action="store_true", help="one JSON object a line on stdout, the last is the result"
    )


COMMANDS: Final = {
    "demo": Command("try the wizard on a simulated account; nothing is saved", _demo),
    "template": Command("print an answers file to fill in", _template),
    "plan": Command(
        "print every request that apply would send, or with --live how the account differs",
        _plan,
        ("setup", "login"),
    ),
    "apply": Command(
        "carry out an answers file; run it again to continue", _apply, ("setup", "login", "each")
    ),
    "import": Command("print the answers file of what is on the account", _import, ("setup", "login")),
    "status": Command("show how far the setup is, from its file", _json, ("setup", "each")),
    "verify": Command(
        "read everything back from the account and compare it", _verify, ("setup", "login", "each")
    ),
    "doctor": Command("find what would stop the setup, or a message", _json, ("setup", "login")),
    "export": Command(
        "print ids and numbers as env, JSON, curl commands or Markdown", _export, ("setup", "each")
    ),
    "listen": Command(
        "receive callbacks on this machine and show them as they come", _listen, ("setup", "login")
    ),
    "try": Command(
        "send a first message or place a first call, and see what became of it", _try, ("setup", "login")
    ),
    "teardown": Command(
        "remove exactly what this setup has made; run it again to continue",
        _teardown,
        ("setup", "login", "each"),
    ),
    "report": Command(
        "gather what a bug report needs, without secrets and phone numbers", _report, ("setup",)
    ),
    "login": Command("check credentials, and save them under a name", _login, ("login",)),
    "logout": Command("remove a saved login and its secret", _logout),
    "whoami": Command(
        "show who signs in to which account, and where each value comes from", _whoami, ("setup", "login")
    ),
    "simulate": Command("run the simulated account alone, for any client", _simulate),
    "completion": Command("print a completion script for your shell", _completion),
}
"""Each is a module of `bwtui.cli.commands`."""


# --- The command line ------------------------------------------------------------------------------------------


def make_parser() -> Parser:
    """The whole command line."""
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
    _linear(general, default=False)
    _common(general)
    _credentials(general)
    for name, entry in COMMANDS.items():
        about = f"{entry.help[0].upper()}{entry.help[1:]}."
        command = commands.add_parser(name, help=entry.help, description=about)
        command.set_defaults(takes=[option for field in entry.shared for option in SHARED[field]])
        entry.declare(command)
        if "setup" in entry.shared:
            _common(command, again=True)
        if "login" in entry.shared:
            _credentials(command, again=True)
        if "each" in entry.shared:
            _each(command)
    return parser


def _common(command: Container, *, again: bool = False) -> None:
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
    _place(command, again=again)
    _option(
        command, "--platform", "how the account does voice (default: auto, found out)", again=again, choices=PLATFORMS
    )  # fmt: skip


def _place(command: Container, *, again: bool) -> None:
    """Add the options that name the account and where it is."""
    _option(command, "--account-id", "the Bandwidth account", again=again, metavar="ID")
    _option(command, "--environment", "where the account is", again=again, choices=ENVIRONMENTS)
    _option(
        command, "--base-url", "the API's address, such as https://api.bandwidth.com/api; a host alone is enough",
        again=again, metavar="URL",
    )  # fmt: skip


def _each(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--each", default="", metavar="LIST.csv", help="do it for each row of a list; - for standard input"
    )
    command.add_argument(
        "--rows",
        type=_row_range,
        metavar="1-500",
        help="with --each: for these rows alone, such as 3 or 501-",
    )


def _credentials(command: Container, *, again: bool = False) -> None:
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
    _account(command, "use a saved login (default: the last one)", again=again)


def _account(command: Container, help: str, *, again: bool) -> None:  # noqa: A002 - argparse's own name
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


def _refuse_what_is_not_for(options: argparse.Namespace, parser: Parser) -> None:
    """Refuse an option that stands before a command which has no such option."""
    for name in (*COMMON, *CREDENTIALS, "answers", "linear", "log") if options.command else ():
        if name not in options.takes and getattr(options, name) != parser.get_default(name):
            parser.refuse(f"{options.command} takes no --{name.replace('_', '-')}.")
    if getattr(options, "each", None) == "":
        for name in _FOR_LISTS:
            if getattr(options, name, None) is not None:
                parser.refuse(f"--{name.replace('_', '-')} needs --each LIST.csv.")


def _typed(kind: type[_Options], parsed: argparse.Namespace) -> _Options:
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


def _speed(text: str) -> float:
    return _above_zero(text, "a speed: 2 is twice as fast, 0.5 half as fast")


def _rate(text: str) -> float:
    return _above_zero(text, "a rate: 5 is five requests a second")


def _above_zero(text: str, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"“{text}” is not {what}")
    return number


def _row_range(text: str) -> "RowRange":
    from bwtui.domain.setup_list import row_range  # noqa: PLC0415 - only where rows are named

    try:
        return row_range(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _count(text: str) -> int:
    count = _whole_number(text)
    if not count:
        raise argparse.ArgumentTypeError("0 is too few: 1 is one after another")
    return count


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number")
    return int(text)


def run(arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """Parse the command line, run the command, and return its exit code. Errors go to stderr, without tracebacks."""
    _use_streams_that_always_work()
    _keep_the_owners_rights()
    parser = make_parser()
    try:
        options = parser.parse_args(arguments)
        _refuse_what_is_not_for(options, parser)
    except SystemExit:
        _give_up_broken_streams()  # help may have been printed to a reader that has left
        raise
    command = import_module(module_of(options.command or WIZARD))
    try:
        return int(command.run(_typed(command.Options, options), os.environ if environ is None else environ))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except OSError as error:
        # Whoever read us has left, as `head` does, or there is no room.
        if not isinstance(error, BrokenPipeError):
            with suppress(OSError):
                sys.stderr.write(f"bwtui: {error.strerror or error}\n")
        _give_up_broken_streams()
        return Exit.FAILED


def module_of(command: str) -> str:
    """Return the module of a command; one that Python has as a word of its own has `_` behind it."""
    return f"bwtui.cli.commands.{command}{'_' if iskeyword(command) else ''}"


def _give_up_broken_streams() -> None:
    """Keep Python from failing once more, on its way out, at what could not be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _keep_the_owners_rights() -> None:
    """Let what is made be of use to its owner whatever the umask: into a folder of mode 0 nothing can be written."""
    os.umask(os.umask(0o077) & 0o077)


def _use_streams_that_always_work() -> None:
    """Give streams that were closed (`<&-`) the null device, and let an ASCII locale show `?` for what it cannot."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the process's life
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
