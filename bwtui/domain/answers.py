"""What the person answered: typed text with its source, completed with defaults, and checked."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, assert_never
from urllib.parse import urlsplit

from bwtui.domain.catalog import ENVIRONMENTS, QUESTIONS, STEPS
from bwtui.domain.checks import api_prefix, is_https, split_list, ten_digits
from bwtui.domain.fields import Choice, Flag, Question, Text
from bwtui.domain.secret import Secret
from bwtui.domain.steps import Listed, Step
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
        """Whether nobody has answered: it is so unless something else is said."""
        return self in (Source.DEFAULT, Source.BASE)


class Answer(NamedTuple):
    """A value as text (flags are `true` and `false`) and where it came from."""

    value: str
    source: Source


class Complaint(NamedTuple):
    """What is wrong or doubtful about one answer, in words to act on."""

    key: str
    """The question's full name: `site.name`."""
    text: str
    blocks: bool = True
    in_file: str = ""
    """What that means in an answers file, where the text alone does not say so."""
    is_missing: bool = False
    """Nothing was answered, and that is all there is to say: whoever sees the question needs no more than a mark."""

    @property
    def told(self) -> str:
        """The words for somebody who writes answers into a file."""
        return f"{self.text} {self.in_file}".strip()


class Answers(NamedTuple):
    """Answers by full name, defaults not yet filled in; secrets apart, so that they are never saved with the rest."""

    given: Mapping[str, Answer] = MappingProxyType({})
    secrets: Mapping[str, Secret] = MappingProxyType({})

    def answer(self, key: str) -> Answer | None:
        """What was given, else the default, else `None`.

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
        base = self.text("setup.callback_base_url")
        blocks = any(complaint.blocks for complaint in complaints_of("setup.callback_base_url", base))
        return "" if blocks else base

    @property
    def callback_base_url(self) -> str:
        """The public base of the person's server: as answered, else the origin of a callback URL."""
        if base := self.text("setup.callback_base_url"):
            return base
        for key in (
            "messaging_app.callback_url",
            "messaging_app.inbound_url",
            "voice_app.call_initiated_url",
        ):
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
    wishes = {wish for wish in ("messaging", "voice", "number") if answers.flag(f"setup.{wish}")}
    return tuple(step for step in STEPS if wishes.intersection(step.wanted_by))


def is_left_out(step: Step, answers: Answers) -> bool:
    """Whether a step that could be done without is answered to be done without."""
    key = f"{step.key}.enabled"
    return key in QUESTIONS and not answers.flag(key)


def wanted_steps(answers: Answers) -> tuple[Step, ...]:
    """The steps that are to be done, in the order of the guide."""
    return tuple(step for step in wished_steps(answers) if not is_left_out(step, answers))


def uses_existing(step: Step, answers: Answers) -> str:
    """The id of what the person said to use for this step instead of a new one; empty for a new one."""
    return answers.text(f"{step.key}.use") if isinstance(step.found_by, Listed) else ""


def complaints(answers: Answers) -> tuple[Complaint, ...]:
    """Everything that is wrong (`blocks`) or doubtful about the answers, in the order of the catalogue."""
    found = [*_of_values(answers), *_of_missing(answers), *_of_combinations(answers)]
    order = {key: place for place, key in enumerate(QUESTIONS)}
    return tuple(sorted(found, key=lambda complaint: order[complaint.key]))


def complaints_of(key: str, value: str) -> tuple[Complaint, ...]:
    """What is wrong or doubtful about one value alone: what a form says while it is typed."""
    return complaints_of_question(key, QUESTIONS[key], value)


def complaints_of_question(key: str, question: Question, value: str) -> tuple[Complaint, ...]:
    """The same for a question that is not among the answers, such as who signs in."""
    match question:
        case Flag():
            return () if value in ("true", "false") else (Complaint(key, "Yes or no: type true or false."),)
        case Choice():
            if value in question.options:
                return ()
            return (Complaint(key, f"One of {', '.join(question.options)}, exactly so; not “{value}”."),)
        case Text():
            if question.check and (wrong := question.check(value)):
                return (Complaint(key, wrong),)
            doubt = question.warn(value) if question.warn else None
            return (Complaint(key, doubt, blocks=False),) if doubt else ()
        case _:
            assert_never(question)


def _of_values(answers: Answers) -> Iterator[Complaint]:
    for key in QUESTIONS:
        given = answers.given.get(key)
        if given and given.value:
            yield from complaints_of(key, given.value)
    wanted = {step.key for step in wanted_steps(answers)}
    for key, secret in answers.secrets.items():
        if key.partition(".")[0] in wanted:
            yield from complaints_of(key, secret.reveal())


def _of_missing(answers: Answers) -> Iterator[Complaint]:
    if not answers.text("account.account_id"):
        yield Complaint(
            "account.account_id",
            "The account id is needed: the App shows it.",
            in_file="Give --account-id, BW_ACCOUNT_ID or account_id under [account].",
        )
    steps = wanted_steps(answers)
    if not steps:
        yield Complaint(
            "setup.messaging",
            "Nothing is wanted: say yes to messaging, voice or a phone number.",
            in_file="Set messaging, voice or number to true under [setup].",
        )
    for step in steps:
        if uses_existing(step, answers):
            continue
        left_out = superseded(step, answers)
        for question in step.questions:
            wire = question.wire
            if question.required and not answers.text(f"{step.key}.{question.key}") and wire not in left_out:
                yield _ask_for(step, question)


def _ask_for(step: Step, question: Question) -> Complaint:
    sample = question.guide if isinstance(question, Text) else ""
    return Complaint(
        f"{step.key}.{question.key}",
        f"{question.label} is needed{f', such as {sample}' if sample else ''}.",
        in_file=f"Answer {question.key} under [{step.key}].",
        is_missing=True,
    )


def superseded(step: Step, answers: Answers) -> frozenset[str]:
    """The wire names that are left out because a more specific question is answered."""
    return frozenset(
        wire
        for question in step.questions
        if isinstance(question, Text) and answers.text(f"{step.key}.{question.key}")
        for wire in question.supersedes
    )


def _of_combinations(answers: Answers) -> Iterator[Complaint]:
    steps = {step.key: step for step in wanted_steps(answers)}
    if "messaging_app" in steps:
        yield from _callbacks(
            steps["messaging_app"], ("callback_url", "inbound_url", "outbound_url"), answers
        )
        only_outbound = answers.text("messaging_app.outbound_url") and not answers.text(
            "messaging_app.inbound_url"
        )
        if only_outbound and not uses_existing(steps["messaging_app"], answers):
            yield Complaint(
                "messaging_app.inbound_url",
                "Needed beside the outbound URL: Bandwidth takes both or one callback URL for all (12802).",
            )
    if "voice_app" in steps:
        yield from _callbacks(steps["voice_app"], ("call_initiated_url", "call_status_url"), answers)
    if "number" in steps:
        yield from _search(answers)
    site_is_used = bool(uses_existing(steps["site"], answers)) if "site" in steps else False
    if "sippeer" in steps and answers.text("sippeer.use") and not site_is_used:
        yield Complaint(
            "site.use",
            "To use an existing location, say which sub-account it belongs to.",
            in_file="Answer use under [site].",
        )
    if not site_is_used and answers.text("sippeer.is_default") == "false":
        yield Complaint(
            "sippeer.is_default",
            "The first location of a sub-account is always its default one, so true is sent (13522).",
            blocks=False,
        )


def _callbacks(step: Step, urls: Iterable[str], answers: Answers) -> Iterator[Complaint]:
    table = step.key
    user, secret = answers.text(f"{table}.callback_user"), answers.secrets.get(f"{table}.callback_password")
    if secret and not user:
        yield Complaint(
            f"{table}.callback_user",
            "A callback password is given but no user: answer callback_user, or take the password away (12800).",
        )
    if not user and not secret:
        return
    left_out = superseded(step, answers)
    for key in urls:
        url = answers.text(f"{table}.{key}")
        if QUESTIONS[f"{table}.{key}"].wire in left_out:
            continue
        if url and not is_https(url) and url.lower().startswith("http://"):
            yield Complaint(
                f"{table}.{key}",
                f"https is required when callback credentials are given: type https://{url[7:]} (12812).",
            )


_ALONE = ("toll_free_vanity", "toll_free_pattern")
_EXCLUSIVE = ("area_code", "npa_nxx", "npa_nxxx")
_WIDENED = ("npa_nxx", "npa_nxxx", "rate_center")
_PLACES = (*_EXCLUSIVE, "city", "rate_center", "state", "zip", "lata", "local_vanity")


def _search(answers: Answers) -> Iterator[Complaint]:
    """What is asked about numbers, taken together."""
    given = {key for key in (*_ALONE, *_PLACES) if answers.text(f"number.{key}")}
    numbers = split_list(answers.text("number.numbers"))
    if not given and not numbers:
        yield Complaint(
            "number.area_code",
            "Say which number: an area code such as 919, or another search.",
            in_file="Answer area_code, another search or numbers under [number].",
        )
    yield from _search_combinations(given)
    if answers.text("number.ends_in") and "local_vanity" not in given:
        yield Complaint(
            "number.ends_in", "It means something only with local_vanity: answer that, or take ends_in away."
        )
    if answers.text("number.local_calling_area") and not given.intersection(_WIDENED):
        yield Complaint(
            "number.local_calling_area",
            "It works with npa_nxx, npa_nxxx or rate_center only: answer one, or take it away.",
        )
    if len(numbers) > 5000:
        yield Complaint("number.numbers", f"At most 5000 numbers for each order; these are {len(numbers)}.")
    dialled = [*filter(None, map(ten_digits, numbers))]
    gone = {ten_digits(each) for each in split_list(answers.text("number.given_up"))} & set(dialled)
    if gone:
        told = f"{', '.join(sorted(gone))} stands under given_up too: take it away in one of the two places."
        yield Complaint("number.numbers", told)
    if len(set(dialled)) < len(dialled):
        yield Complaint("number.numbers", "The same number stands there twice: take one away (5093).")


def _search_combinations(given: set[str]) -> Iterator[Complaint]:
    """The search parameters that Bandwidth takes together (bandwidth-api 6.1)."""
    if len(given.intersection(_ALONE)) > 1 or (given.intersection(_ALONE) and given.intersection(_PLACES)):
        yield Complaint(
            "number.toll_free_pattern",
            "A toll-free search stands alone: take away the other search parameters.",
        )
    if len(given.intersection(_EXCLUSIVE)) > 1:
        yield Complaint(
            "number.area_code", "One of area_code, npa_nxx and npa_nxxx: they exclude each other."
        )
    for key in ("city", "rate_center"):
        if key in given and "state" not in given:
            yield Complaint(
                "number.state", f"A search by {key.replace('_', ' ')} needs the state too, such as NC."
            )
    if "local_vanity" in given and "area_code" not in given:
        yield Complaint(
            "number.area_code", "A local vanity search usually needs an area code beside it.", blocks=False
        )


def missing_secrets(step: Step, answers: Answers) -> tuple[str, ...]:
    """The full names of the secrets that this step will send and that have not been given."""
    return tuple(
        key
        for question in step.questions
        if isinstance(question, Text) and question.secret_from
        for key in (f"{step.key}.{question.key}",)
        if answers.text(f"{step.key}.callback_user") and key not in answers.secrets
    )
