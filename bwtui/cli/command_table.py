"""The commands as they are typed: what each is for, its options, and which shared ones it takes."""

import argparse
from collections.abc import Callable
from typing import Final, NamedTuple

from bwtui.cli.argument_types import count, rate, speed, whole_number
from bwtui.cli.options import ROWS_AT_ONCE
from bwtui.cli.shared_options import (
    account_option,
    answers_file_argument,
    json_option,
    linear_option,
    log_option,
    place_options,
)


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
        type=speed,
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
    linear_option(command, default=argparse.SUPPRESS)


def _template(command: argparse.ArgumentParser) -> None:
    form = command.add_mutually_exclusive_group()
    form.add_argument(
        "--example", action="store_true", help="the guide's example, complete and valid as it is"
    )
    form.add_argument("--schema", action="store_true", help="the JSON Schema of such a file, for editors")


def _plan(command: argparse.ArgumentParser) -> None:
    answers_file_argument(command)
    command.add_argument(
        "--live",
        action="store_true",
        help="look at the account and show what would be created, changed, ordered and kept; writes nothing",
    )
    log_option(command)
    json_option(command)


def _apply(command: argparse.ArgumentParser) -> None:
    answers_file_argument(command)
    command.add_argument("--yes", action="store_true", help="agree to what costs money without being asked")
    _for_lists(command)
    log_option(command)
    json_option(command)


_LISTS: Final = """with --each, rows that are done are not looked at again; verify --each does that.
The exit code is 0 if all rows are done and verified. Otherwise it is that of the
rows that are not, if they agree, else 1; or that of a problem which concerns
all rows and ended the work, such as refused credentials."""


def _for_lists(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--at-once",
        type=count,
        metavar="N",
        help=f"with --each: work on so many rows at the same time (default {ROWS_AT_ONCE})",
    )
    command.add_argument(
        "--max-orders",
        type=whole_number,
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
        type=rate,
        metavar="N",
        help="with --each: send at most so many requests a second (default: as many as the account takes)",
    )
    command.add_argument(
        "--results", metavar="FILE.csv", help="with --each: write what became of each row to a file"
    )
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.epilog = _LISTS


def _import(command: argparse.ArgumentParser) -> None:
    command.add_argument("--site", default="", metavar="ID", help="the sub-account, where there are several")
    command.add_argument("--sippeer", default="", metavar="ID", help="the location, where there are several")


def _verify(command: argparse.ArgumentParser) -> None:
    log_option(command)
    json_option(command)


def _export(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("env", "json", "curl", "markdown"), required=True)
    command.add_argument(
        "--out", metavar="FOLDER", help="with --each: write a new file for each row, called by its name"
    )


def _address_options(command: argparse.ArgumentParser, port: int) -> None:
    """Add where a server listens; `port` is the usual one."""
    command.add_argument(
        "--port",
        type=whole_number,
        default=port,
        help=f"the port to listen on; 0 for any free one (default {port})",
    )
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")


def _listen(command: argparse.ArgumentParser) -> None:
    _address_options(command, 8081)
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
        type=whole_number,
        metavar="SECONDS",
        help="how long to wait for news of it (default 30, for a call 60)",
    )
    command.add_argument(
        "--last", action="store_true", help="send nothing: look up what became of the last one"
    )
    command.add_argument(
        "--again",
        action="store_true",
        help="send another one although it may not be known what became of the last",
    )
    command.add_argument("--yes", action="store_true", help="agree to what costs money without being asked")
    json_option(command)


def _teardown(command: argparse.ArgumentParser) -> None:
    command.add_argument("--plan", action="store_true", help="show every request, and change nothing")
    command.add_argument(
        "--release-numbers",
        action="store_true",
        help="release the phone numbers too, which cannot be undone",
    )
    command.add_argument("--yes", action="store_true", help="agree to the removal without being asked")
    json_option(command)


def _report(command: argparse.ArgumentParser) -> None:
    log_option(command, "with the last requests of a file that --log has written")
    command.add_argument("--out", metavar="FILE", help="write it to a new file too, after it was shown")


def _login(command: argparse.ArgumentParser) -> None:
    place_options(command, again=True)
    command.add_argument(
        "--expires",
        metavar="DAY",
        help="the day the secret expires (YYYY-MM-DD); bwtui warns two weeks ahead",
    )
    command.add_argument(
        "--insecure-storage",
        action="store_true",
        help="keep the secret in a file that only you can read, not encrypted, instead of the system keyring",
    )


def _logout(command: argparse.ArgumentParser) -> None:
    account_option(command, "the login to remove, where there are several", again=True)
    command.add_argument("--all", action="store_true", help="remove every login")


def _whoami(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--answers",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="with the answers of a file, as apply takes them",
    )
    json_option(command)


_SCENARIOS: Final = """the last four digits of the number written to or called choose the outcome:
  4432 4476 4720 4770 4773 4774 4780 4781 4795 5229 5620 9902
                        the message fails with this error code
  0486 0408 0603        the call is not answered: busy, timeout, rejected
others are delivered and answered. A phone writes to a number of the account
with POST /_simulator/inbound/message {"from", "to", "text"}, and calls it with
POST /_simulator/inbound/call {"from", "to"}."""


def _simulate(command: argparse.ArgumentParser) -> None:
    _address_options(command, 8080)
    command.add_argument(
        "--latency", type=whole_number, default=0, metavar="MS", help="how long every request takes"
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
    command.add_argument(
        "--user",
        default="demo",
        help="client id and user name (default demo); their secret is BWTUI_SIMULATOR_SECRET, or demo-secret",
    )
    command.add_argument(
        "--seed", type=whole_number, default=0, help="another seed has other numbers to find"
    )
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.epilog = _SCENARIOS


def _completion(command: argparse.ArgumentParser) -> None:
    command.add_argument("shell", choices=("bash", "zsh", "fish", "tcsh"))


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
    "status": Command("show how far the setup is, from its file", json_option, ("setup", "each")),
    "verify": Command(
        "read everything back from the account and compare it", _verify, ("setup", "login", "each")
    ),
    "doctor": Command("find what would stop the setup, or a message", json_option, ("setup", "login")),
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
