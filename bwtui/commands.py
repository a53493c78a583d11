"""The commands, each put together from what it needs; what asks the API is in `live`."""

import argparse
from collections.abc import Callable, Mapping

from bwtui.domain.answers import wanted_steps
from bwtui.domain.run import Status
from bwtui.exits import Exit
from bwtui.output import Output
from bwtui.session import Session, check, in_words, open_session


def on_a_setup(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Carry out one of plan, apply, status, verify and export; tell errors in words."""
    output = Output(as_json=getattr(options, "json", False))
    return in_words(output, lambda: _WORK[options.command](open_session(options, environ, output)))


def _plan(session: Session) -> int:
    from bwtui.headless import plan  # noqa: PLC0415 - each command imports what it needs

    check(session, without=frozenset({"account.account_id"} - set(session.answers.given)))
    return plan(session.answers, session.run, session.output, session.answers.base_url)


def _status(session: Session) -> int:
    from bwtui.headless import status  # noqa: PLC0415

    return status(session.answers, session.run, session.output)


def _export(session: Session) -> int:
    from bwtui.export.formats import export_as  # noqa: PLC0415

    unfinished = [
        step.title
        for step in wanted_steps(session.answers)
        if session.run.record(step.key).status is not Status.DONE
    ]
    if unfinished:
        session.output.say(f"Not finished yet: {', '.join(unfinished)}. What is there is exported.")
    session.output.data(export_as(session.options.format, session.answers, session.run).rstrip("\n"))
    return Exit.DONE


def _apply(session: Session) -> int:
    from bwtui.live import apply  # noqa: PLC0415

    return apply(session)


def _verify(session: Session) -> int:
    from bwtui.live import verify  # noqa: PLC0415

    return verify(session)


_WORK: dict[str, Callable[[Session], int]] = {
    "plan": _plan,
    "apply": _apply,
    "status": _status,
    "verify": _verify,
    "export": _export,
}
