"""The answers that a person gave: typed text with its source, completed with defaults."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, assert_never
from urllib.parse import urlsplit

from bwtui.domain.catalog import CALLBACK_BASE, CALLBACK_URLS, ENVIRONMENTS, QUESTIONS, STEPS, WISHES
from bwtui.domain.checks import api_prefix
from bwtui.domain.fields import Choice, Flag, Question, Text
from bwtui.domain.secret import Secret
from bwtui.domain.steps import Step
from bwtui.domain.text import visible


class Source(StrEnum):
    """Where a value came from, strongest first."""

    TYPED = "typed"
    FLAG = "flag"
    ENVIRONMENT = "environment"
    FILE = "answers file"
    STATE = "state"
    EXAMPLE = "the guide's example"
    RECOMMENDED = "recommended by Bandwidth"
    ACCOUNT = "the account's own"
    SUGGESTED = "suggested"
    BASE = "from the server base URL"
    DEFAULT = "default"
    RULE = "Bandwidth's rule"

    @property
    def is_default(self) -> bool:
        """True where nobody has answered."""
        return self in (Source.DEFAULT, Source.BASE)


class Answer(NamedTuple):
    """A value as text (flags are `true` and `false`) and where it came from."""

    value: str
    source: Source


class Answers(NamedTuple):
    """Answers by full name, defaults not yet filled in; secrets apart, so that they are never saved with the rest."""

    given: Mapping[str, Answer] = MappingProxyType({})
    secrets: Mapping[str, Secret] = MappingProxyType({})

    def answer(self, key: str) -> Answer | None:
        """Return the given answer, else the default, else `None`.

        An empty answer takes the default of a text away that would be sent; anywhere else it is none.
        """
        question = QUESTIONS[key]
        given = self.given.get(key)
        if given and (given.value or (isinstance(question, Text) and question.wire)):
            return given
        default = _default(question)
        if "{" in default:
            base = self._sound_callback_base_url.rstrip("/")
            return Answer(default.format(setup=_Dots(base)), Source.BASE) if base else None
        return Answer(default, Source.DEFAULT) if default else None

    def text(self, key: str) -> str:
        """The value, given or default; empty where there is none."""
        answer = self.answer(key)
        return answer.value if answer else ""

    def flag(self, key: str) -> bool:
        """A yes-or-no answer."""
        return self.text(key) == "true"

    def over(self, weaker: Mapping[str, Answer]) -> "Answers":
        """These answers where there are any, the weaker ones elsewhere."""
        return Answers({**weaker, **self.given}, self.secrets)

    @property
    def base_url(self) -> str:
        """The prefix of the API; the more strongly sourced of `account.base_url` and `account.environment`."""
        url, environment = self.given.get("account.base_url"), self.answer("account.environment")
        if url and url.value and (not environment or _strength(url.source) <= _strength(environment.source)):
            return api_prefix(url.value)
        return ENVIRONMENTS[environment.value if environment else "production"]

    @property
    def _sound_callback_base_url(self) -> str:
        """The answered base if it can be one: nothing is made of one that is wrong."""
        base, question = self.text(CALLBACK_BASE), QUESTIONS[CALLBACK_BASE]
        assert isinstance(question, Text)
        assert question.check
        return "" if question.check(base) else base

    @property
    def callback_base_url(self) -> str:
        """The public base of the person's server: as answered, else the origin of a callback URL."""
        if base := self.text(CALLBACK_BASE):
            return base
        for key in CALLBACK_URLS:
            if url := self.text(key):
                parts = urlsplit(url)
                return f"{parts.scheme}://{parts.netloc}"
        return ""


class _Dots(NamedTuple):
    callback_base_url: str


def _strength(source: Source) -> int:
    return list(Source).index(source)


def _default(question: Question) -> str:
    match question:
        case Flag(default=None):
            return ""
        case Flag(default=default):
            return str(default).lower()
        case Text() | Choice():
            return question.default
        case _:
            assert_never(question)


def as_meant(key: str, value: str) -> str:
    """An answer as it is checked, kept and sent, from however it was typed, pasted or written into a file."""
    question, value = QUESTIONS[key], visible(value)
    match question:
        case Text(meant=meant):
            return meant(value) if meant and value else value
        case Choice(options=options):
            return next((option for option in options if option.casefold() == value.casefold()), value)
        case Flag():
            return value.casefold()
        case _:
            assert_never(question)


def wished_steps(answers: Answers) -> tuple[Step, ...]:
    """The steps that belong to the wishes, in the order of the guide, left out or not."""
    wishes = {wish for wish in WISHES if answers.flag(f"setup.{wish}")}
    return tuple(step for step in STEPS if wishes.intersection(step.wanted_by))


def is_left_out(step: Step, answers: Answers) -> bool:
    """Say whether an optional step was answered to be left out."""
    return bool(step.left_out_by) and not answers.flag(step.left_out_by)


def wanted_steps(answers: Answers) -> tuple[Step, ...]:
    """The steps that are to be done, in the order of the guide."""
    return tuple(step for step in wished_steps(answers) if not is_left_out(step, answers))


def uses_existing(step: Step, answers: Answers) -> str:
    """The id of what the person said to use for this step instead of a new one; empty for a new one."""
    return answers.text(step.key_of("use")) if step.is_listed else ""


def superseded(step: Step, answers: Answers) -> frozenset[str]:
    """The wire names that are left out because a more specific question is answered."""
    return frozenset(
        wire
        for question in step.questions
        if isinstance(question, Text) and answers.text(step.key_of(question.key))
        for wire in question.supersedes
    )


def missing_secrets(step: Step, answers: Answers) -> tuple[str, ...]:
    """The full names of the secrets that this step will send and that have not been given."""
    return tuple(
        key
        for question in step.questions
        if isinstance(question, Text) and question.is_secret
        for key in (step.key_of(question.key),)
        if answers.text(step.key_of(question.goes_with)) and key not in answers.secrets
    )
