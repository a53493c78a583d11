"""`bwtui teardown`: remove what a setup has made."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import NamedTuple

from bwtui.cli.interactive import login_for, refused_at_listener
from bwtui.cli.interruption import Interruption
from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.removing import NOTHING_CHANGED, Teardown, nothing_left
from bwtui.cli.session import (
    Session,
    open_session,
    refuse_other_account,
    report_errors,
    tell_redirected,
)
from bwtui.cli.style import Mark
from bwtui.credentials import Given
from bwtui.exits import Exit
from bwtui.services import Services


class Options(NamedTuple):
    """The options of `bwtui teardown`."""

    setup: SetupOptions
    login: Given
    plan: bool
    release_numbers: bool
    yes: bool
    json: bool
    each: ListOptions


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Remove what the setup has made; run it again to continue."""
    output = Output(as_json=options.json)
    if options.each.path and options.plan:
        from bwtui.cli.lists.teardown_plan import list_teardown_plan  # noqa: PLC0415 - only where a list is named

        return report_errors(
            output,
            lambda: list_teardown_plan(
                options.setup, options.login, environ, output, options.each, release=options.release_numbers
            ),
        )
    if options.each.path:
        from bwtui.cli.lists.teardown import list_teardown  # noqa: PLC0415 - only where a list is named

        return report_errors(
            output,
            lambda: list_teardown(
                options.setup, options.login, environ, output, options.each,
                release=options.release_numbers, yes=options.yes,
            ),
        )  # fmt: skip
    return report_errors(output, lambda: _teardown(open_session(options.setup, environ, output), options))


def _teardown(session: Session, options: Options) -> int:
    refuse_other_account(session)
    if not any(record.is_ours for record in session.run.steps.values()):
        return nothing_left(session.output, session.run, session.answers)
    if options.plan:
        tell_redirected(session)
    elif refused_at_listener(
        session, "Nothing was removed: the applications would stay, as if changed by others."
    ):
        return Exit.CONFLICT
    login = login_for(session, options.login)
    interruption = Interruption(session, agreed=options.yes, mark=Mark.OPEN)

    def work(services: Services) -> Awaitable[Exit]:
        command = Teardown(
            services,
            session.answers,
            session.run,
            session.output,
            interruption.confirm,
            word=None if options.yes else interruption.word,
            release=options.release_numbers,
            commands=session.options.commands,
        )
        return _show(command, session.output) if options.plan else command.execute()

    if options.plan:
        return asyncio.run(interruption.until_signal(login, work))
    with session.working():
        return asyncio.run(interruption.until_signal(login, work))


async def _show(command: Teardown, output: Output) -> Exit:
    code = await command.show()
    output.say(NOTHING_CHANGED)
    return code
