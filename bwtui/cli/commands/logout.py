"""`bwtui logout`: remove the secret of a saved login, prove that it is gone, and remove the login."""

from collections.abc import Mapping
from typing import NamedTuple

from bwtui.cli.output import Output
from bwtui.cli.saved_login import NoLoginError, named
from bwtui.cli.session import UsageError, report_errors
from bwtui.cli.style import Mark, marked, warning
from bwtui.credentials import Given, says_all
from bwtui.exits import Exit
from bwtui.store.logins import Logins, SavedLogin
from bwtui.store.logins_folder import logins_folder


class Options(NamedTuple):
    """The options of `bwtui logout`."""

    account: str
    all: bool


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Remove the logins; 0 where each secret was read as gone."""
    output = Output()
    return report_errors(output, lambda: _logout(options, environ, output))


def _logout(options: Options, environ: Mapping[str, str], output: Output) -> Exit:
    logins = Logins(logins_folder(environ))
    code = Exit.DONE
    for login in _chosen(options, logins.all()):
        left = logins.remove(login.name)
        if left:
            again = f"bwtui logout --account {login.name}"
            output.say(marked(Mark.FAILED, f"The login {login.name} stays: its secret may still be there."))
            output.say(warning(left), indent=2)
            output.say("Once it can be removed:", command=again, indent=2)
            code = Exit.FAILED
        else:
            output.say(marked(Mark.DONE, f"The login {login.name} and its secret are gone."))
    if says_all(Given(), environ):
        output.say(warning("The environment still names credentials."), indent=2)
    return code


def _chosen(options: Options, there: Mapping[str, SavedLogin]) -> tuple[SavedLogin, ...]:
    """Return the logins to remove. Raises `NoLoginError`, or `UsageError` where it is not said which."""
    if options.account and options.all:
        raise UsageError("--account names one login, and --all means every one: give one of the two.")
    if options.account:
        return (named(options.account, there),)
    if not there:
        raise NoLoginError("There is no login.")
    if len(there) > 1 and not options.all:
        raise UsageError(f"Which login? Give --account, or --all. The logins: {', '.join(there)}.")
    return tuple(there.values())
