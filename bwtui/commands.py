"""The commands, each put together from what it needs; what asks the API is in `live`."""

import argparse
from collections.abc import Callable, Mapping

from bwtui.domain.answers import wanted_steps
from bwtui.domain.run import RunState, Status
from bwtui.exits import Exit, status_for
from bwtui.output import Output
from bwtui.session import Session, UsageError, check, open_session
from bwtui.store.answers_file import AnswersError
from bwtui.store.state import BadName, Locked, StateError


def on_a_setup(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Carry out one of plan, apply, status, verify and export; tell errors in words."""
    output = Output(as_json=getattr(options, "json", False))
    try:
        return _WORK[options.command](open_session(options, environ, output))
    except AnswersError as error:
        return _refuse(output, Exit.INVALID, "\n".join(error.complaints))
    except (UsageError, BadName) as error:
        return _refuse(output, Exit.INVALID, str(error))
    except Locked as error:
        return _refuse(output, Exit.CONFLICT, str(error))
    except StateError as error:
        return _refuse(output, Exit.FAILED, str(error))
    except KeyboardInterrupt:
        # At a prompt, before anything was sent; while requests are under way `live` has the signals.
        return _refuse(output, Exit.INTERRUPTED, "\nStopped.")


def _refuse(output: Output, code: Exit, told: str) -> Exit:
    output.say(told)
    output.event(
        "result", status=status_for(code), outputs=RunState().result, exit=int(code), text=told.strip()
    )
    return code


def _plan(session: Session) -> int:
    from bwtui.headless import plan  # noqa: PLC0415 - each command imports what it needs

    check(session, without=frozenset({"account.account_id"} - set(session.answers.given)))
    return plan(session.answers, session.run, session.output, session.answers.base_url)


def _status(session: Session) -> int:
    from bwtui.headless import status  # noqa: PLC0415

    return status(session.answers, session.run, session.output)


def _export(session: Session) -> int:
    from bwtui.export import curl, env, json_, markdown  # noqa: PLC0415
    from bwtui.export.result import result_of  # noqa: PLC0415

    write = {"env": env.export, "json": json_.export, "curl": curl.export, "markdown": markdown.export}
    account_id = session.answers.text("account.account_id")
    result = result_of(account_id, session.answers.base_url, session.answers, session.run)
    unfinished = [
        step.title
        for step in wanted_steps(session.answers)
        if session.run.record(step.key).status is not Status.DONE
    ]
    if unfinished:
        session.output.say(f"Not finished yet: {', '.join(unfinished)}. What is there is exported.")
    session.output.data(write[session.options.format](result).rstrip("\n"))
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
