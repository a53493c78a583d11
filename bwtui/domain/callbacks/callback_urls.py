"""The callback URLs of a setup, as they are answered, ready to be tried, and what became of those that were."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bwtui.domain.answers.answers import Answers, superseded, uses_existing, wanted_steps
from bwtui.domain.steps import Step
from bwtui.domain.values.text import counted, single_line

if TYPE_CHECKING:  # start-up time is budgeted
    from bwtui.domain.callbacks.callback_check import CallbackOutcome, CallbackUrl
    from bwtui.domain.values.secret import Secret


def callback_urls(step: Step, answers: Answers) -> "tuple[CallbackUrl, ...]":
    """Return the callback URLs that a step would set, each once; without a password, so that none is sent by mistake."""
    from bwtui.domain.callbacks.callback_check import CallbackUrl  # noqa: PLC0415 - as above

    if uses_existing(step, answers):
        return ()
    parts = step.callback_parts
    left_out = superseded(step, answers)
    user = answers.text(step.key_of("callback_user")) if parts else ""
    is_voice = any(part.answers_calls for part in parts)
    found = {
        url: CallbackUrl(url, part.receives, part.answers_calls, is_voice, user)
        for part in parts
        if part.wire not in left_out and (url := answers.text(step.key_of(part.key)))
    }
    return tuple(found.values())


def password_question(callbacks: "Iterable[CallbackUrl]") -> str:
    """Ask whether the password may be sent; the hosts are those that it would be sent to."""
    hosts = ", ".join(dict.fromkeys(single_line(urlsplit(each.url).netloc) for each in callbacks))
    return (
        f"Send the callback password to {hosts} now, to see whether it is accepted? It is sent nowhere else."
    )


class CheckedCallbacks:
    """The outcomes of the callback URLs that were checked; one that was changed since counts as not checked."""

    def __init__(self) -> None:
        self._outcomes: dict[CallbackUrl, tuple[Secret | None, CallbackOutcome]] = {}

    def keep(self, callback: "CallbackUrl", outcome: "CallbackOutcome") -> None:
        """Keep an outcome in place of an earlier one."""
        self._outcomes[replace(callback, password=None)] = (callback.password, outcome)

    def of_step(self, step: Step, answers: Answers) -> "Iterator[tuple[CallbackUrl, CallbackOutcome | None]]":
        """Yield the callback URLs of a step, each with what became of it; `None` if it was not tried as it is now."""
        for callback in callback_urls(step, answers):
            tried_with, outcome = self._outcomes.get(callback, (None, None))
            is_so = tried_with is None or tried_with == _password(step, answers)
            yield callback, outcome if is_so else None

    def _of_all(self, answers: Answers) -> "Iterator[tuple[CallbackUrl, CallbackOutcome | None]]":
        for step in wanted_steps(answers):
            yield from self.of_step(step, answers)

    def waiting_for_password(self, step: Step, answers: Answers) -> "tuple[CallbackUrl, ...]":
        """Return the callback URLs that asked for credentials, with the password; to be tried only after a yes."""
        from bwtui.domain.callbacks.callback_check import Fine  # noqa: PLC0415 - as above

        password = _password(step, answers)
        return tuple(
            replace(callback, password=password)
            for callback, outcome in self.of_step(step, answers)
            if password and isinstance(outcome, Fine) and outcome.untried
        )

    def untried(self, answers: Answers) -> "tuple[CallbackUrl, ...]":
        """Return the callback URLs that were not tried as they are now."""
        return tuple(callback for callback, outcome in self._of_all(answers) if outcome is None)

    def doubt_about_calls(self, answers: Answers) -> str:
        """Say what is wrong with the URLs that are asked what to do with a call; empty if nothing is known to be."""
        return next(
            (
                single_line(outcome.sentence)
                for callback, outcome in self._of_all(answers)
                if callback.answers_calls and outcome and not outcome.is_fine
            ),
            "",
        )

    def hint(self, answers: Answers, way: str = "") -> str:
        """Say what is doubtful about callback URLs, a line each, and how many were not tried, with the way to it.

        Empty if all are fine.
        """
        untried = {callback.url for callback in self.untried(answers)}
        hints = list(
            dict.fromkeys(
                f"Callback URL: {single_line(outcome.sentence)}"
                for _, outcome in self._of_all(answers)
                if outcome and not outcome.is_fine
            )
        )
        if untried:
            were = "was" if len(untried) == 1 else "were"
            hints.append(f"{counted(len(untried), 'callback URL')} {were} not checked{way and f': {way}'}.")
        return "\n".join(hints)


def _password(step: Step, answers: Answers) -> "Secret | None":
    return answers.secrets.get(step.key_of("callback_password"))
