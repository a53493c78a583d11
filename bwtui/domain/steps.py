"""The parts that a step of the setup is described by."""

from string import Formatter
from typing import NamedTuple

from bwtui.domain.fields import Choice, Flag, Part, Question, Ref, Text


class Listed(NamedTuple):
    """Found again in a list, by what identifies it: look there before creating."""

    root: str
    """The root element of the list."""
    items: str
    """Where the list's items stand below its root: `Sites/Site`."""
    id: str
    """The item's own id element."""
    matched_by: tuple[str, ...]
    """The wire names that must all be equal for it to be the same object."""


class Setting(NamedTuple):
    """A setting that exists once, read where it is written: looking and repeating are harmless."""

    present: str
    """The element that is filled once the setting is made."""
    change: str
    """The method that changes it where it is made already."""


class Ordered(NamedTuple):
    """An order: found again by the CustomerOrderId that was on disk before it was sent."""

    listed_at: str
    root: str
    """The root element of the list."""
    listed_as: str
    id: str
    matched_by: str


FoundBy = Listed | Setting | Ordered


class AnyOf(NamedTuple):
    """At least one of these questions has to be answered."""

    keys: tuple[str, ...]
    at: str
    """The question that is complained about."""
    text: str
    in_file: str = ""
    """What that means in an answers file."""


class AtMostOne(NamedTuple):
    """At most one of these questions may be answered, and none of `others` beside it."""

    keys: tuple[str, ...]
    at: str
    text: str
    others: tuple[str, ...] = ()


class Needs(NamedTuple):
    """A question that means something only where one of `any_of` is answered too."""

    key: str
    any_of: tuple[str, ...]
    at: str
    text: str
    blocks: bool = True


Rule = AnyOf | AtMostOne | Needs


class Step(NamedTuple):
    """One step of the guide: what it asks, what it sends, what it needs and gives, how it is found again."""

    key: str
    """Its name in code and its table in the answers file."""
    title: str
    """The App's word for it."""
    api_word: str
    """The API's word for it."""
    explanation: str
    wanted_by: tuple[str, ...]
    """The wishes of `[setup]` that need it: any one is enough."""
    method: str
    path: str
    """Below the base URL; `{site_id}` names what an earlier step produced."""
    root: str
    """The root element of the request, and of the object in replies."""
    body: tuple[Part, ...]
    """In the order in which the elements are sent."""
    found_by: FoundBy
    query: tuple[Question, ...] = ()
    """Search parameters, where the step searches first."""
    own: tuple[Question, ...] = ()
    """What is asked about bwtui's own conduct and never sent."""
    produces: str = ""
    """The output that holds the new object's id."""
    exported_as: str = ""
    """The environment variable by which programs are told that id; empty where none needs it."""
    keeps: tuple[str, ...] = ()
    """Elements that are not asked about and that may be set in the App: a change sends them back as they were read."""
    after: tuple[str, ...] = ()
    """Order that the data does not show."""
    paid: bool = False
    feature: str = ""
    """The feature that the account must have for it, as its products name it; empty where none is known."""
    role: str = ""
    """What the credentials must be allowed: the end of "a role that may …"."""
    in_doubt: str = ""
    """What may have happened all the same when its request got no answer: "the sub-account was created"."""
    not_done: str = ""
    """What did not happen when its request was refused, as a sentence."""
    aliases: tuple[str, ...] = ()
    """Other words that people give its table in an answers file: the right one is named to them."""
    rules: tuple[Rule, ...] = ()
    """Which of its answers go together."""
    nothing_found: str = ""
    """What to say and do where its search finds nothing."""

    def key_of(self, question: str) -> str:
        """The full name of one of its questions: `site.name`."""
        return f"{self.key}.{question}"

    def operation(self, verb: str) -> str:
        """Name one of its requests, for problems and the log: `site.create`."""
        return f"{self.key}.{verb}"

    def has(self, question: str) -> bool:
        """Say whether it asks this question."""
        return any(asked.key == question for asked in self.questions)

    @property
    def is_listed(self) -> bool:
        """True where it makes an object that is found again in a list, so that an existing one can be used instead."""
        return isinstance(self.found_by, Listed)

    @property
    def is_repeatable(self) -> bool:
        """True where sending its request a second time changes nothing."""
        return self.method == "PUT"

    @property
    def left_out_by(self) -> str:
        """The full name of the flag by which it is left out; empty where it cannot be."""
        return self.key_of("enabled") if self.has("enabled") else ""

    @property
    def questions(self) -> tuple[Question, ...]:
        """Everything that is asked, in the order of asking."""
        asked = tuple(part for part in self.body if isinstance(part, Text | Choice | Flag))
        return self.query + asked + self.own

    @property
    def needs(self) -> frozenset[str]:
        """The outputs of earlier steps that its request names."""
        in_path = {name for _, name, _, _ in Formatter().parse(self.path) if name}
        return frozenset(in_path | {part.output for part in self.body if isinstance(part, Ref)})
