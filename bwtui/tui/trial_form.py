"""What a first message or call asks for, as a form reads and writes it."""

from collections.abc import Callable
from typing import Final

from bwtui.domain.answers.validation import Complaint
from bwtui.domain.fields import Choice, Question, Text
from bwtui.domain.trials.trial import TrialError, TrialKind, destination
from bwtui.domain.values.phone_numbers import readable, ten_digits

KIND: Final = "try.kind"
SENDER: Final = "try.from"
PHONE: Final = "try.phone"


def _phone(text: str) -> str | None:
    try:
        destination(text)
    except TrialError as error:
        return str(error)
    return None


def questions(numbers: tuple[str, ...]) -> tuple[tuple[str, Question], ...]:
    """Return the questions; `numbers` are those that it can be sent from."""
    return (
        (KIND, Choice(key="kind", label="Try a", help="A text message or a phone call.", source="bwtui",
                      options=tuple(map(str, TrialKind)), default=TrialKind.MESSAGE)),
        (SENDER, Choice(key="from", label="From", help="The number of this setup that it comes from.", source="bwtui",
                        options=tuple(map(readable, numbers)), default=readable(numbers[0]))),
        (PHONE, Text(key="phone", label="Your phone", help="The number of a phone that you have at hand.", source="bwtui",
                     required=True, form="A US or Canadian number", check=_phone, example="+1 (919) 555-1234")),
    )  # fmt: skip


class TrialAnswers:
    """The answers, and what is to be said about them."""

    def __init__(
        self,
        phone: str,
        numbers: tuple[str, ...],
        on_change: Callable[[], None],
        wrong: "Callable[[TrialAnswers], str]",
    ) -> None:
        """`phone` is the phone to begin with, as it is shown; `wrong` says what is wrong with it, empty if nothing is."""
        self._values = {
            KIND: str(TrialKind.MESSAGE),
            SENDER: readable(numbers[0]),
            PHONE: phone,
        }
        self._on_change = on_change
        self._wrong = wrong
        self._left: set[str] = set()

    @property
    def kind(self) -> TrialKind:
        return TrialKind(self._values[KIND])

    @kind.setter
    def kind(self, kind: TrialKind) -> None:
        self._values[KIND] = str(kind)
        self._on_change()

    @property
    def phone(self) -> str:
        """The phone to send to, as it was typed."""
        return self._values[PHONE]

    @property
    def sender(self) -> str:
        """The number to send from, ten digits."""
        return ten_digits(self._values[SENDER])

    def text(self, key: str) -> str:
        return self._values[key]

    def write(self, key: str, question: Question, value: str) -> None:  # noqa: ARG002 - the interface of forms
        self._values[key] = value
        self._on_change()

    def complaint(self, key: str) -> Complaint | None:
        if key != PHONE:
            return None
        if not self.phone.strip():
            return (
                Complaint(key, "The number of a phone is needed.", is_missing=True)
                if key in self._left
                else None
            )
        wrong = _phone(self.phone) or self._wrong(self)
        return Complaint(key, wrong) if wrong else None

    def left(self, key: str) -> None:
        self._left.add(key)
