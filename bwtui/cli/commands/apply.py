"""`bwtui apply`: an answers file is carried out."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import NamedTuple

from bwtui.cli.applying import Apply
from bwtui.cli.interactive import login_for, missing_callback_passwords, refused_at_listener
from bwtui.cli.interruption import Interruption
from bwtui.cli.options import ROWS_AT_ONCE, ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.session import (
    Session,
    open_session,
    refuse_invalid_answers,
    report_errors,
)
from bwtui.credentials import Given
from bwtui.exits import Exit
from bwtui.services import Services


class Options(NamedTuple):
    """The options of `bwtui apply`."""

    setup: SetupOptions
    login: Given
    file: str
    yes: bool
    json: bool
    log: str | None
    each: ListOptions
    at_once: int | None
    max_orders: int | None
    share: str | None
    rate: float | None
    results: str | None


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Set the account up; resumes by itself."""
    output = Output(as_json=options.json)
    if options.each.path:
        from bwtui.cli.lists.apply import How, list_apply  # noqa: PLC0415 - only where a list is named

        how = How(
            options.file, options.each, options.at_once or ROWS_AT_ONCE, options.max_orders, bool(options.share),
            options.rate, options.results, options.yes, options.log,
        )  # fmt: skip
        return report_errors(output, lambda: list_apply(options.setup, options.login, environ, output, how))
    return report_errors(
        output, lambda: _apply(open_session(options.setup, environ, output, options.file), options)
    )


def _apply(session: Session, options: Options) -> int:
    refuse_invalid_answers(session)
    session.log_to(options.log)
    why = "Nothing was written: apply would put the URLs back while callbacks are still expected there."
    if refused_at_listener(session, why):
        return Exit.CONFLICT
    login = login_for(session, options.login)
    passwords = missing_callback_passwords(session)
    session.answers = session.answers._replace(secrets={**session.answers.secrets, **passwords})
    with session.working():
        interruption = Interruption(session, agreed=options.yes)

        def work(services: Services) -> Awaitable[Exit]:
            return Apply(
                services,
                session.answers,
                session.run,
                session.output,
                interruption.confirm,
                commands=session.options.commands,
            ).execute()

        return asyncio.run(interruption.until_signal(login, work))
