"""The commands, each put together from what it needs; what asks the API is in `live`."""

import argparse
from collections.abc import Callable, Mapping

from bwtui.output import Output
from bwtui.session import Session, check, in_words, open_session, refuse_foreign


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

    refuse_foreign(session)
    return status(session.answers, session.run, session.output)


def _export(session: Session) -> int:
    """Export what is on the account; what keeps it from being done is said, and told by the exit code as `status` does."""
    from bwtui.export.formats import export_as  # noqa: PLC0415
    from bwtui.headless import tell_open  # noqa: PLC0415

    refuse_foreign(session)
    code = tell_open(session.answers, session.run, session.output)
    session.output.data(export_as(session.options.format, session.answers, session.run).rstrip("\n"))
    return code


def _apply(session: Session) -> int:
    from bwtui.live import apply  # noqa: PLC0415

    return apply(session)


def _verify(session: Session) -> int:
    from bwtui.live import verify  # noqa: PLC0415

    refuse_foreign(session)
    return verify(session)


_WORK: dict[str, Callable[[Session], int]] = {
    "plan": _plan,
    "apply": _apply,
    "status": _status,
    "verify": _verify,
    "export": _export,
}
