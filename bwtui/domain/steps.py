"""The types by which a step of the setup is described."""

import re
from functools import cached_property
from typing import NamedTuple

from bwtui.domain.fields import Choice, Flag, Part, Question, Ref, Text
from bwtui.domain.platform import Platform
from bwtui.domain.roles import AppRole


class FoundInList(NamedTuple):
    """An object that is found again in a list, by its identifying elements: look there before creating it."""

    root: str
    """The root element of the list."""
    items: str
    """The path of the items below the list's root: `Sites/Site`."""
    id: str
    """The item's own id element."""
    matched_by: tuple[str, ...]
    """The wire names whose values must all be equal for an item to be the same object."""
    change: str = "PUT"
    """The HTTP method that changes the object."""
    is_unique: bool = False
    """True if the API is documented to refuse a second object of the same values."""


class FoundAsSetting(NamedTuple):
    """A setting that exists once and is read at the path where it is written, so that repeating is harmless."""

    present: str
    """The element that has a value once the setting is made."""
    change: str
    """The HTTP method that changes the setting once it is made."""


class FoundAsOrder(NamedTuple):
    """An order: found again by the CustomerOrderId that was on disk before it was sent."""

    listed_at: str
    """The path of the list of orders."""
    root: str
    """The root element of the list."""
    listed_as: str
    """The path of the orders below that root, as in `a/b`."""
    id: str
    """The element of an order that holds its id."""
    matched_by: str
    """The element that holds the CustomerOrderId."""


class FoundAsAssignment(NamedTuple):
    """The numbers of a voice package: read back number by number, so that repeating is harmless."""

    listed_at: str
    """The path of the list of the account's voice numbers, with the package and the services of each."""


class FoundAsActivation(NamedTuple):
    """The services of the numbers: read back number by number, so that repeating is harmless."""

    listed_at: str
    """The path of the list of the account's voice numbers, with the package and the services of each."""
    checked_at: str
    """The path that says which services each number has or could have; it changes nothing."""


class FoundOnCampaign(NamedTuple):
    """The campaign of the numbers: read back number by number, and ordered with a CustomerOrderId that was on disk before.

    Unlike a number order it may be repeated for a number without harm; unlike an assignment it takes minutes to hours.
    """

    numbers_at: str
    """The path of the list of the account's numbers, with the campaign of each."""
    campaigns_at: str
    """The path of the account's campaigns."""


FoundBy = (
    FoundInList | FoundAsSetting | FoundAsOrder | FoundAsAssignment | FoundAsActivation | FoundOnCampaign
)


class NeededSetting(NamedTuple):
    """A setting of another step without which this one is refused."""

    answer: str
    """The full name of the question for it."""
    any_of: tuple[str, ...]
    """The values that will do."""
    otherwise: str
    """The value to set where none of them is set, unless the person answers otherwise."""


class Deleted(NamedTuple):
    """Undone by DELETE at its own path, after which it can no longer be read there."""


class WrittenBack(NamedTuple):
    """Undone by writing another document at the path of its request, as a link is taken off."""

    method: str
    body: tuple[Part, ...]
    otherwise: tuple[Part, ...] = ()
    """The body to send if this one is refused, where sources disagree; empty where they do not."""


class ReleasedByOrder(NamedTuple):
    """Numbers that are released by an order of its own, found again by its CustomerOrderId. It cannot be undone."""

    path: str
    root: str
    """The root element of the request."""
    body: tuple[Part, ...]
    listed_root: str
    """The root element of the list of such orders."""
    listed_as: str
    id: str
    matched_by: str
    released: str
    """The element of a reply that holds the numbers that were released."""
    in_service_at: str
    """The path that says whether the account still has a number."""
    location_at: str
    """The path that says which location has a number."""


class OrderedBack(NamedTuple):
    """Undone by another order at the path of its request, found again by its CustomerOrderId as that one is."""

    body: tuple[Part, ...]


Undo = Deleted | WrittenBack | ReleasedByOrder | OrderedBack


class AnyOf(NamedTuple):
    """At least one of these questions has to be answered."""

    keys: tuple[str, ...]
    at: str
    """The question at which the complaint is shown."""
    text: str
    in_file: str = ""
    """Added to `text` for the author of an answers file."""


class AtMostOne(NamedTuple):
    """At most one of these questions may be answered, and none of `others` beside it."""

    keys: tuple[str, ...]
    at: str
    text: str
    others: tuple[str, ...] = ()
    in_file: str = ""


class Needs(NamedTuple):
    """A question that has a meaning only if one of `any_of` is answered too."""

    key: str
    any_of: tuple[str, ...]
    at: str
    text: str
    blocks: bool = True
    in_file: str = ""


Rule = AnyOf | AtMostOne | Needs


class _Step(NamedTuple):
    """The facts of a step, as the catalogue gives them."""

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
    """The path below the base URL; `{site_id}` names an output of an earlier step."""
    root: str
    """The root element of the request, and of the object in replies."""
    body: tuple[Part, ...]
    """The parts of the request's document, in the order in which the elements are sent."""
    found_by: FoundBy
    verb: str = "create"
    """The word for doing it for the first time, in at most eight letters."""
    query: tuple[Question, ...] = ()
    """Search parameters, if the step searches first."""
    own: tuple[Question, ...] = ()
    """Questions about bwtui's own conduct; their answers are never sent."""
    produces: str = ""
    """The name of the output that holds the new object's id."""
    exported_as: str = ""
    """The environment variable by which programs are told that id; empty if none needs it."""
    keeps: tuple[str, ...] = ()
    """Elements without a question that may be set in the App; a change sends them back as they were read."""
    after: tuple[str, ...] = ()
    """Keys of steps that must come first although the request needs none of their outputs."""
    undo: Undo | None = None
    """The way to undo it; `None` if there is none to know, or if it goes along with the numbers."""
    undone_after: tuple[str, ...] = ()
    """Keys of steps that must be undone first although they need nothing of this one."""
    platform: Platform | None = None
    """The only platform on which the step exists; `None` if it is the same on all."""
    at_origin: bool = False
    """True if the path is below the origin itself, not below the base URL."""
    is_json: bool = False
    """True if its document is JSON; the names of its elements are then those of JSON's members."""
    on_trial: bool = False
    """True if a trial account can do it."""
    on_screen: bool = True
    """False if it has no screen of its own: it follows from other steps."""
    paid: bool = False
    feature: str = ""
    """The feature that the account must have for the step, as its products name it; empty if none is known."""
    role: str = ""
    """The permission that the credentials need: the end of "a role that may …"."""
    app_role: AppRole | None = None
    """The role that the credentials need; `None` if none is known."""
    in_doubt: str = ""
    """The possible effect if its request got no answer: "the sub-account was created"."""
    not_done: str = ""
    """A sentence on what did not happen if its request was refused."""
    aliases: tuple[str, ...] = ()
    """Wrong but likely names of its table in an answers file; the error names the right one."""
    rules: tuple[Rule, ...] = ()
    """Rules on answers that need or exclude each other."""
    needed_settings: tuple[NeededSetting, ...] = ()
    """Settings of other steps that its request needs."""
    nothing_found: str = ""
    """The message, with advice, if its search finds nothing."""


class Step(_Step):
    """One step of the guide: its questions, its request, what it needs and produces, how it is found again.

    It is what it is: two steps are never the same, and what follows from its facts is worked out once.
    """

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__

    def key_of(self, question: str) -> str:
        """Return the full name of one of its questions: `site.name`."""
        return f"{self.key}.{question}"

    def operation(self, verb: str) -> str:
        """Return the name of one of its requests, for problems and the log: `site.create`."""
        return f"{self.key}.{verb}"

    @property
    def other_name(self) -> str:
        """The API's word for it where that is another; empty for one that only says more: `MMS feature`."""
        return "" if self.api_word.startswith(self.title) else self.api_word

    @property
    def full_title(self) -> str:
        """Its title, with the API's word where that is another: `Location (SIP peer)`."""
        return f"{self.title} ({self.other_name})" if self.other_name else self.title

    def has(self, question: str) -> bool:
        """Return True if the step asks this question."""
        return any(asked.key == question for asked in self.questions)

    def label_of(self, wire: str) -> str:
        """Return what the screens call an element; the wire name itself if nothing has it."""
        labels = {part.wire: part.label for part in (*self.questions, *self.body)}
        return labels.get(wire) or wire

    @property
    def is_listed(self) -> bool:
        """True if the step's object is found again in a list, so that an existing one can be used instead."""
        return isinstance(self.found_by, FoundInList)

    @property
    def names_numbers(self) -> bool:
        """True if its request names the phone numbers, so that there is nothing to do without any."""
        return "numbers" in self.needs

    @property
    def goes_with_numbers(self) -> bool:
        """True if releasing the numbers undoes it."""
        return isinstance(self.found_by, FoundAsActivation)

    @property
    def is_repeatable(self) -> bool:
        """True if sending its request a second time changes nothing."""
        return self.method == "PUT"

    @property
    def chosen_by(self) -> str:
        """The question for the id of one that is on the account already; empty if none can be chosen."""
        if isinstance(self.found_by, FoundOnCampaign):
            return "id"
        return "use" if self.is_listed else ""

    @cached_property
    def left_out_by(self) -> str:
        """The full name of the answer that leaves the step out, a no or an id that is empty; empty if none can."""
        return next((self.key_of(key) for key in ("enabled", "id") if self.has(key)), "")

    @property
    def left_out_answer(self) -> str:
        """The answer that leaves the step out."""
        return "false" if self.has("enabled") else ""

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions of the step, in the order of asking."""
        asked = tuple(part for part in self.body if isinstance(part, Text | Choice | Flag))
        return self.query + asked + self.own

    @cached_property
    def callback_parts(self) -> tuple[Text, ...]:
        """The questions for callback URLs; none for a step that is no application."""
        return tuple(part for part in self.body if isinstance(part, Text) and part.receives)

    @cached_property
    def needs(self) -> frozenset[str]:
        """The outputs of earlier steps that its request names."""
        return self.needs_in_path | {part.output for part in self.body if isinstance(part, Ref)}

    @cached_property
    def needs_in_path(self) -> frozenset[str]:
        """The outputs of earlier steps below which its object is, so that it goes with them."""
        return frozenset(re.findall(r"\{(\w+)\}", self.path))
