"""`bwtui try`: a first message or a first call, sent once, and what became of it."""

import asyncio
import time
from collections.abc import Awaitable, Mapping
from typing import Final, NamedTuple, assert_never

from bwtui.cli.interactive import login_for
from bwtui.cli.interruption import Confirm, Interruption
from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.printing import print_result, tell_problem
from bwtui.cli.session import Session, UsageError, open_session, refuse_other_account, report_errors
from bwtui.cli.style import Line, Mark, hint, marked, warning
from bwtui.credentials import Given
from bwtui.domain.arrival.arrival import Arrival, ArrivalVerdict, for_answers_file
from bwtui.domain.runs.problem import ProblemError, Stopped
from bwtui.domain.runs.setup import BusyError, SaveError
from bwtui.domain.trials.trial import (
    USUAL_TEXT,
    Accepted,
    Attempt,
    Ended,
    Heard,
    Outcome,
    Sending,
    Trial,
    TrialError,
    TrialEvent,
    TrialKind,
    Unclear,
    destination,
)
from bwtui.domain.trials.trial_setup import (
    CannotTryError,
    Wish,
    answering_text,
    arrival_of,
    left_open,
    trial_of,
)
from bwtui.domain.trials.trial_text import event_text, meaning, question
from bwtui.domain.trials.trial_view import WAIT, blocked_by
from bwtui.domain.values.phone_numbers import e164, readable
from bwtui.domain.values.time_text import moment
from bwtui.exits import Exit, exit_for
from bwtui.services import Services

_EXITS: Final = {
    Outcome.DELIVERED: Exit.DONE,
    Outcome.ANSWERED: Exit.DONE,
    Outcome.FAILED: Exit.FAILED,
    Outcome.REFUSED: Exit.FAILED,
    Outcome.NO_WORD: Exit.UNREACHABLE,
    Outcome.NOT_KNOWN: Exit.UNREACHABLE,
    Outcome.STOPPED: Exit.INTERRUPTED,
}


class Options(NamedTuple):
    """The options of `bwtui try`."""

    setup: SetupOptions
    login: Given
    what: str
    to: str
    sender: str
    text: str | None
    say: str | None
    wait: int | None
    last: bool
    again: bool
    yes: bool
    json: bool


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Send a message or place a call, once, and tell what became of it."""
    output = Output(as_json=options.json)
    return report_errors(output, lambda: _try(open_session(options.setup, environ, output), options))


def _try(session: Session, options: Options) -> int:
    refuse_other_account(session)
    wish = _wish(options)
    if not options.last:
        try:  # what was mistyped is told before anybody signs in; who answers a call is looked at later
            trial_of(wish, session.answers, session.run, "https://listener.invalid")
        except TrialError as error:
            raise UsageError(str(error)) from error
        except CannotTryError as error:
            return _cannot(session, str(error))
    login = login_for(session, options.login)
    interruption = Interruption(session, agreed=options.yes)

    def work(services: Services) -> Awaitable[Exit]:
        return Try(services, session, options, wish, interruption.confirm).execute()

    return asyncio.run(interruption.until_signal(login, work))


def _wish(options: Options) -> Wish:
    """Return what is to be tried. Raises `UsageError` for options that do not go together."""
    kind = TrialKind(options.what)
    if options.last:
        if options.to or options.again:
            raise UsageError("--last sends nothing: it takes neither --to nor --again.")
    elif not options.to:
        raise UsageError(f"bwtui try {kind} needs --to, the number of a phone of yours: --to +19195551234.")
    if kind is TrialKind.CALL and options.text is not None:
        raise UsageError("bwtui try call takes no --text: --say is what is spoken in a call.")
    if kind is TrialKind.MESSAGE and options.say is not None:
        raise UsageError("bwtui try message takes no --say: --text is what a message says.")
    return Wish(
        kind,
        options.to,
        options.sender,
        USUAL_TEXT if options.text is None else options.text,
        options.say or "",
    )


def _cannot(session: Session, text: str) -> Exit:
    session.output.say(marked(Mark.FAILED, text), indent=2)
    print_result(session.output, "cannot", session.run, session.answers, text=text, exit=int(Exit.CONFLICT))
    return Exit.CONFLICT


class Try:
    """One `bwtui try`: finish the last one, look ahead, ask, send once, follow."""

    def __init__(
        self, services: Services, session: Session, options: Options, wish: Wish, confirm: Confirm | None
    ) -> None:
        """`confirm` asks the person; `None` where nobody can be asked and nobody has said yes."""
        self._services = services
        self._trials = services.trials
        self._session = session
        self._output = session.output
        self._options = options
        self._wish = wish
        self._confirm = confirm
        self._wait = WAIT[wish.kind] if options.wait is None else float(options.wait)
        self._attempt: Attempt | None = None

    async def execute(self) -> Exit:
        """Do it all, and end with a result whatever happens."""
        try:
            return await self._phases()
        except ProblemError as error:
            tell_problem(self._output, error.problem)
            return self._end("failed", exit_for(error.problem.kind), text=error.problem.text)
        except (CannotTryError, BusyError) as error:
            return _cannot(self._session, str(error))
        except SaveError as error:
            self._output.say(str(error))
            self._say_how_to_look_again()
            return self._end("failed", Exit.FAILED, text=str(error))
        except Stopped:
            self._output.say("Stopped. Nothing was sent.")
            return self._end("interrupted", Exit.INTERRUPTED)
        except asyncio.CancelledError:  # asked a second time
            self._output.say("Stopped at once.")
            self._say_how_to_look_again()
            return self._end("interrupted", Exit.INTERRUPTED)

    async def _phases(self) -> Exit:
        last = await asyncio.to_thread(self._trials.last, self._wish.kind)
        account_id = self._session.answers.account_id
        ours = last if last and last.account_id == account_id else None
        if self._options.last:
            return await self._tell_last(ours)
        if left := left_open(last, self._session.answers):
            code = await self._tell_last(left, is_open=True)
            if code is Exit.INTERRUPTED or not self._may_send_another:
                return code
            last = await asyncio.to_thread(self._trials.last, self._wish.kind)
        public_url = await self._trials.public_url() if self._wish.kind is TrialKind.CALL else ""
        trial = trial_of(self._wish, self._session.answers, self._session.run, public_url)
        if blocked := await self._look_ahead(trial):
            return blocked
        if trial.answer_url:
            self._output.say(answering_text(trial, public_url))
        if not await self._may_send(trial):
            return self._end("not sent", Exit.INVALID if self._confirm is None else Exit.FAILED)
        ended = await self._trials.send(trial, self._wait, self._on_event, after=last)
        return self._tell_end(ended)

    @property
    def _may_send_another(self) -> bool:
        """True if a new one may follow one of which nobody knows what became of it: the person is asked, or has said so."""
        return self._options.again or (self._confirm is not None and not self._options.yes)

    async def _tell_last(self, last: Attempt | None, *, is_open: bool = False) -> Exit:
        kind = self._wish.kind
        if last is None:
            self._output.say(f"This setup has sent no {kind} yet.")
            return self._end("not sent", Exit.NOT_FOUND)
        which = f"last {kind}, to {readable(last.to)}, {moment(last.at, time.time())}"
        text = f"It is not known yet what became of the {which}. It" if is_open else f"The {which},"
        self._output.say(f"{text} is looked up; nothing is sent.")
        self._attempt = last
        ended = await self._trials.follow(last, self._wait, self._on_event)
        if not is_open or ended.outcome is Outcome.STOPPED:
            return self._tell_end(ended)
        if self._may_send_another:
            return _EXITS[ended.outcome]
        text = "Nothing new was sent. To send another one all the same, add --again."
        self._output.say(hint(text))
        if last.to == destination(self._options.to):  # a script that runs it again is told how it ended
            return self._tell_end(ended)
        return self._end("not sent", Exit.CONFLICT, text=text)

    async def _look_ahead(self, trial: Trial) -> Exit | None:
        """Read if it will arrive; return the exit code where it certainly will not."""
        arrivals = await self._services.read_arrivals(self._session.answers, self._session.run)
        arrival = arrival_of(trial, for_answers_file(arrivals))
        if arrival is None:
            return None
        self._output.event(
            "preflight", number=e164(arrival.number), service=arrival.service.value,
            verdict=arrival.verdict.value, because=arrival.because, next=arrival.next,
        )  # fmt: skip
        match arrival.verdict:
            case ArrivalVerdict.NO:
                return _cannot(self._session, blocked_by(arrival))
            case ArrivalVerdict.NOT_YET | ArrivalVerdict.UNKNOWN:
                text = " ".join(filter(None, ("It may not arrive.", arrival.because, arrival.next)))
                self._output.say(warning(text), indent=2)
            case ArrivalVerdict.YES:
                self._output.say(marked(Mark.DONE, _fine(arrival)))
            case _:
                assert_never(arrival.verdict)
        return None

    async def _may_send(self, trial: Trial) -> bool:
        asked = question(trial)
        if self._confirm is None:
            text = f"{asked} Nothing was sent. Add --yes to agree to it."
            self._output.say(marked(Mark.COSTS, text), indent=2)
            return False
        agreed = await self._confirm(f"{asked} [y/N] ")
        self._output.event(
            "asked", question=asked, agreed=agreed, by="--yes" if self._options.yes else "person"
        )
        if not agreed:
            self._output.say("Nothing was sent.")
        return agreed

    def _on_event(self, event: TrialEvent) -> None:
        self._attempt = event.attempt
        self._print_for_machines(event)
        self._output.say(_line(event), indent=2)

    def _print_for_machines(self, event: TrialEvent) -> None:
        fields = _attempt_fields(event.attempt)
        match event:
            case Sending():
                self._output.event("sending", **fields)
            case Accepted():
                self._output.event("sent", **fields)
            case Unclear(why=why):
                self._output.event("unclear", **fields, text=why)
            case Heard(source=source, seconds=seconds):
                self._output.event("word", **fields, source=source.value, seconds_since=round(seconds, 3))
            case Ended():
                pass  # which the result tells
            case _:
                assert_never(event)

    def _tell_end(self, ended: Ended) -> Exit:
        code = _EXITS[ended.outcome]
        if code in (Exit.UNREACHABLE, Exit.INTERRUPTED):
            self._say_how_to_look_again()
        return self._end(ended.outcome.value, code, why=ended.why)

    def _say_how_to_look_again(self) -> None:
        if self._attempt:
            command = self._session.options.commands.of("try", self._wish.kind.value, "--last")
            self._output.say("To look again:", command=command)

    def _end(self, status: str, code: Exit, **more: object) -> Exit:
        fields = _attempt_fields(self._attempt) if self._attempt else {}
        print_result(
            self._output, status, self._session.run, self._session.answers,
            kind=self._wish.kind.value, **fields, **more, exit=int(code),
        )  # fmt: skip
        return code


def _fine(arrival: Arrival) -> str:
    what = "messages" if arrival.service.value == "messages" else "calls"
    return f"{readable(arrival.number)}: nothing keeps {what} from arriving."


def _attempt_fields(attempt: Attempt) -> dict[str, object]:
    return {
        "id": attempt.id, "tag": attempt.tag, "from": attempt.sender, "to": attempt.to, "stage": attempt.stage.value,
        "code": attempt.code, "meaning": meaning(attempt), "description": attempt.text,
    }  # fmt: skip


def _line(event: TrialEvent) -> Line:
    return marked(_mark(event), event_text(event))


def _mark(event: TrialEvent) -> Mark:
    match event:
        case Unclear():
            return Mark.OPEN
        case Ended(outcome=Outcome.DELIVERED | Outcome.ANSWERED):
            return Mark.DONE
        case Ended(outcome=Outcome.FAILED | Outcome.REFUSED):
            return Mark.FAILED
        case Ended():
            return Mark.OPEN
        case Sending() | Accepted() | Heard():
            return Mark.RUNNING
        case _:
            assert_never(event)
