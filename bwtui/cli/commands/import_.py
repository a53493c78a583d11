"""`bwtui import`: the answers file of what is on the account."""

import asyncio
import sys
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from bwtui.cli.interactive import login_for
from bwtui.cli.interruption import TIMES, Interruption
from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.printing import print_problem
from bwtui.cli.session import NoSetupError, Session, UsageError, open_account, report_errors
from bwtui.cli.style import warning
from bwtui.command_line import CommandLine
from bwtui.credentials import Given
from bwtui.domain.account.account import Candidate
from bwtui.domain.answers.answers import ACCOUNT_ID, PLATFORM_KEY, Answer, Answers, Source
from bwtui.domain.catalog import ENVIRONMENTS, LOCATION, parent_of
from bwtui.domain.planning.value_changes import counts_told
from bwtui.domain.platform import AUTO, platform_text
from bwtui.domain.runs.problem import ProblemError, Stopped
from bwtui.domain.steps import Step
from bwtui.domain.values.comparison import is_same
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.values.text import safe, single_line
from bwtui.domain.walk.existing_setup import ExistingSetup
from bwtui.exits import Exit, exit_for
from bwtui.read_setup import list_locations, read_setup
from bwtui.services import Services
from bwtui.store.answers_template import write_commented

MOST_LISTED: Final = 40
"""Most objects of a list that are shown to choose from."""


class Options(NamedTuple):
    """The options of `bwtui import`."""

    setup: SetupOptions
    login: Given
    site: str
    sippeer: str


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Print the file; nothing is written, neither to the account nor to disk."""
    output = Output()
    return report_errors(output, lambda: _import(open_account(options.setup, environ, output), options))


def _import(session: Session, options: Options) -> int:
    login = login_for(session, options.login)
    interruption = Interruption(session)

    def work(services: Services) -> Awaitable[Exit]:
        return Import(services, session, options, interruption if sys.stdin.isatty() else None).execute()

    return asyncio.run(interruption.until_signal(login, work))


class Import:
    """One `bwtui import`: choose, read, print."""

    def __init__(
        self, services: Services, session: Session, options: Options, asking: Interruption | None
    ) -> None:
        """`asking` asks which object where there are several; `None` where nobody can be asked."""
        self._services = services
        self._answers = session.answers
        self._output = session.output
        self._options = options
        self._asking = asking

    async def execute(self) -> Exit:
        """Do it all."""
        try:
            return await self._phases()
        except ProblemError as error:
            self._output.status("")
            print_problem(self._output, error.problem)
            return exit_for(error.problem.kind)
        except Stopped:
            self._output.status("")
            self._output.say("Stopped before everything was read.")
            return Exit.INTERRUPTED

    async def _phases(self) -> Exit:
        self._output.status("Looking at the account")
        found = await self._services.find_platform(self._answers)
        answers = self._answers.on(found)
        site_step = parent_of(LOCATION)
        assert site_step, "a location belongs to a sub-account"
        sites = await self._services.list_candidates(site_step, answers)
        site = await self._choose(site_step, sites, self._options.site, "--site")
        locations = await list_locations(self._services, answers, site.id)
        location = await self._choose(LOCATION, locations, self._options.sippeer, "--sippeer")
        self._output.status("Reading what is there")
        existing = await read_setup(self._services, answers, site.id, location.id)
        self._output.status("")
        if not found.platform.is_settled:
            self._output.say(warning(platform_text(found)))
        self._print(existing, site, location)
        return Exit.DONE

    async def _choose(self, step: Step, there: Sequence[Candidate], wanted: str, flag: str) -> Candidate:
        """Return the object that is named, else the only one, else the one that the person chooses.

        Raises:
            NoSetupError: there is none, or not that one.
            UsageError: there are several, and nobody can be asked.
        """
        kind = step.title.lower()
        named = [each for each in there if is_same(each.id, wanted)] if wanted else there
        if len(named) == 1:
            return named[0]
        self._output.status("")
        if wanted:
            raise NoSetupError(f"There is no {kind} {single_line(wanted)}. {_there(step, there)}")
        if not there:
            raise NoSetupError(f"There is no {kind} yet, so there is nothing to import.")
        if not self._asking:
            raise UsageError(f"There are several: say which one with {flag}. {_there(step, there)}")
        return await self._ask(step, there, self._asking)

    async def _ask(self, step: Step, there: Sequence[Candidate], asking: Interruption) -> Candidate:
        """Ask which one; its number in the list or its id is taken."""
        kind = step.title.lower()
        for count, each in enumerate(there[:MOST_LISTED], 1):
            self._output.say(f"{count:>3}  {_named(each)}", indent=5)
        if len(there) > MOST_LISTED:
            self._output.say(f"     and {len(there) - MOST_LISTED} more, by their ids")
        for _ in range(TIMES):
            typed = await asking.word(f"Which {kind}? Its number or its ID: ")
            chosen = [each for each in there if typed and is_same(each.id, typed)]
            if not chosen and typed.isascii() and typed.isdigit() and 0 < int(typed[:9]) <= len(there):
                chosen = [there[int(typed) - 1]]
            if chosen:
                return chosen[0]
        raise UsageError(f"No {kind} was chosen.")

    def _print(self, existing: ExistingSetup, site: Candidate, location: Candidate) -> None:
        """Print the file to standard output, and what it amounts to beside it."""
        commands = self._options.setup.commands
        head = _head(existing, site, location, commands)
        read = {key: each for key, each in existing.answers.given.items() if not key.startswith("account.")}
        answers = Answers({**_account(self._answers), **read})
        self._output.data(write_commented(answers, head, existing.notes).rstrip("\n"))
        numbers = f" with {listed(existing.numbers)}" if existing.numbers else ", without numbers"
        self._output.say(f"Read: sub-account {_named(site)}, location {_named(location)}{numbers}.")
        for text in _not_kept(existing):
            self._output.say(warning(text), indent=2)
        if any(existing.notes.values()):
            self._output.say("What no answer can say is in its comments.")
        self._output.say(
            "To see how the account differs from it:", command=commands.of("plan", "FILE", "--live")
        )


def _there(step: Step, there: Sequence[Candidate]) -> str:
    """List the objects to choose from."""
    if not there:
        return f"There is no {step.title.lower()} at all."
    more = f"\n  and {len(there) - MOST_LISTED} more" if len(there) > MOST_LISTED else ""
    listed_ = "\n".join(f"  {_named(each)}" for each in there[:MOST_LISTED])
    return f"There is:\n{listed_}{more}" if len(there) == 1 else f"There are:\n{listed_}{more}"


def _named(candidate: Candidate) -> str:
    return f"{single_line(candidate.id)} “{single_line(candidate.name)}”"


def _account(answers: Answers) -> dict[str, Answer]:
    """Return the answers that say which account it is; its platform, only if the person said it."""
    is_chosen = answers.chosen_platform != AUTO
    kept = (ACCOUNT_ID, *((PLATFORM_KEY,) if is_chosen else ()))
    given = {key: each for key, each in answers.given.items() if key in kept}
    environment = next((name for name, url in ENVIRONMENTS.items() if url == answers.base_url), "")
    key, value = (
        ("account.environment", environment) if environment else ("account.base_url", answers.base_url)
    )
    return {**given, key: Answer(value, Source.ACCOUNT)}


def _head(
    existing: ExistingSetup, site: Candidate, location: Candidate, commands: CommandLine
) -> Iterator[str]:
    yield f"What is on the account: sub-account {_named(site)}, location {_named(location)}."
    yield f"How the account differs from this file: {commands.of('plan', 'FILE', '--live')}"
    yield (
        "For another one like it, take out the lines with use and change the names, and give another --name. "
        "An application whose use stays is shared."
    )
    yield "Passwords cannot be read back and are never in this file: they come from the environment or are asked for."
    yield from _not_kept(existing)


def _not_kept(existing: ExistingSetup) -> Iterator[str]:
    """Say what would not be kept as it is, if anything."""
    if existing.plan.is_proof:
        return
    yield f"These answers cannot say all that is there: plan --live finds {counts_told(existing.plan)}."
    for action in existing.plan.not_proven:
        yield f"{action.step.title}: {action.word}. {safe(action.reason)}".rstrip()
