"""The requests of the steps, made from the catalogue and the answers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, assert_never
from urllib.parse import quote

from bwtui.domain.answers.answers import Answers, asked_questions, superseded
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.catalog_universal import VOICE_PACKAGE
from bwtui.domain.fields import ROOT_TEXT, Choice, Const, Flag, Part, Ref, Text
from bwtui.domain.platform import Platform
from bwtui.domain.steps import (
    FoundAsActivation,
    FoundAsAssignment,
    FoundAsOrder,
    FoundAsSetting,
    FoundInList,
    FoundOnCampaign,
    Step,
)
from bwtui.domain.values.documents import Element, NotYetKnown, Request
from bwtui.domain.values.phone_numbers import e164
from bwtui.domain.values.secret import Secret


class Known(dict[str, str | tuple[str, ...]]):
    """The values that requests refer to, by name: an id is text, a list of numbers a tuple.

    One that is not known yet is `NotYetKnown`.
    """

    def __missing__(self, name: str) -> NotYetKnown:
        return NotYetKnown(f"{{{name}}}")

    def id(self, name: str) -> str:
        """Return an id; its name in braces if it is not known yet."""
        value = self[name]
        assert isinstance(value, str), f"{name} is a list"
        return value

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that the setup has, ten digits each; empty while none is known."""
        numbers = self.get("numbers", ())
        return () if isinstance(numbers, str) else numbers

    @property
    def package_id(self) -> str:
        """The id of the setup's voice package; empty while none is known, as where only messages are wanted."""
        return self.id(VOICE_PACKAGE.produces) if VOICE_PACKAGE.produces in self else ""


PLATFORM: Final = "platform"
"""The name under which known values hold the platform of the account, if it is not the guide's."""


def is_universal(known: Known) -> bool:
    """Return True if requests go to v2 of the API, which writes numbers as +19195551234."""
    return known.get(PLATFORM) == Platform.UNIVERSAL


def path_of(template: str, known: Known) -> str:
    """Return a path with its names filled in and percent-encoded; unknown names stay in braces.

    Paths of accounts, and of all numbers, are below v2 on the Universal Platform (bandwidth-api 13.2).
    """
    ids = {name: quote(value, safe="") for name, value in known.items() if isinstance(value, str)}
    version = "/v2" if is_universal(known) and template.startswith(("/accounts", "/tns")) else ""
    return version + template.format_map(Known(ids))


def resource_path(step: Step, id_: str, known: Known) -> str:
    """Return the path at which the step's own object or setting is read and changed."""
    path = path_of(step.path, known)
    if not isinstance(step.found_by, FoundInList):
        return path
    return f"{path}/{id_ if isinstance(id_, NotYetKnown) else quote(id_, safe='')}"


def create_request(step: Step, answers: Answers, known: Known) -> Request:
    """Return the request that creates the step's object."""
    return Request(
        operation=step.operation("create"),
        method=step.method,
        path=path_of(step.path, known),
        body=body(step, answers, known),
        at_origin=step.at_origin,
        is_json=step.is_json,
    )


def change_request(
    step: Step,
    answers: Answers,
    known: Known,
    kept: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Request:
    """Return the request that changes an existing object or setting to the answers; it always sends all of it.

    `kept` has the object's other values, by wire name; they are sent back so that the change does not remove them.
    """
    return Request(
        operation=step.operation("update"),
        method=step.found_by.change if isinstance(step.found_by, FoundAsSetting | FoundInList) else "PUT",
        path=resource_path(step, known.id(step.produces), known),
        body=body(step, answers, known, kept=kept),
        at_origin=step.at_origin,
        is_json=step.is_json,
    )


def account_request(known: Known) -> Request:
    """Return the request that reads the account; it fails if the account id is wrong."""
    return Request(operation="account.read", method="GET", path=path_of("/accounts/{account_id}", known))


def products_request(known: Known) -> Request:
    """Return the request for the account's products and their features."""
    return Request(
        operation="products.read", method="GET", path=path_of("/accounts/{account_id}/products", known)
    )


def list_request(step: Step, known: Known) -> Request:
    """Return the request for the list that would contain the step's object."""
    return _read(step, "list", path_of(step.path, known))


def read_request(step: Step, id_: str, known: Known) -> Request:
    """Return the request for the step's own object by its id, or for its setting."""
    return _read(step, "read", resource_path(step, id_, known))


def _read(step: Step, verb: str, path: str) -> Request:
    return Request(
        operation=step.operation(verb),
        method="GET",
        path=path,
        at_origin=step.at_origin,
        is_json=step.is_json,
    )


def platform_request(known: Known) -> Request:
    """Return the request for the account's voice packages, which only the Universal Platform has (bandwidth-api 13.1)."""
    return list_request(VOICE_PACKAGE, known)._replace(operation="platform.read")


def voice_numbers_request(
    step: Step, found_by: FoundAsAssignment | FoundAsActivation, package_id: str, known: Known
) -> Request:
    """Return the request for the account's voice numbers, those of one package if its id is given (bandwidth-api 13.3)."""
    query = (("voiceConfigurationPackageId", package_id),) if package_id else ()
    return Request(
        operation=step.operation("read"),
        method="GET",
        path=path_of(found_by.listed_at, known),
        query=(*query, ("limit", "1000")),
        at_origin=True,
        is_json=True,
    )


def check_request(step: Step, found_by: FoundAsActivation, numbers: tuple[str, ...], known: Known) -> Request:
    """Return the request that asks which services the numbers have or could have (bandwidth-api 13.4).

    Without a number it shows the place of those that are not known yet.
    """
    written = tuple(map(e164, numbers)) or (NotYetKnown("{numbers}"),)
    document = Element("data", tuple(Element("phoneNumbers[]", number) for number in written))
    return Request(
        operation=step.operation("check"),
        method="POST",
        path=path_of(found_by.checked_at, known),
        body=document,
        is_json=True,
        only_looks=True,
    )


def campaign_request(step: Step, found_by: FoundOnCampaign, campaign_id: str, known: Known) -> Request:
    """Return the request for one campaign and its status (bandwidth-api 13.7)."""
    path = f"{path_of(found_by.campaigns_at, known)}/{quote(campaign_id, safe='')}"
    return _read(step, "read", path)._replace(is_json=True)


def campaigns_request(step: Step, found_by: FoundOnCampaign, known: Known) -> Request:
    """Return the request for the campaigns that are approved; the server may ignore the filter (bandwidth-api 13.7)."""
    query = (("status[eq]", REGISTERED), *_FIRST_ROWS)
    return _read(step, "list", path_of(found_by.campaigns_at, known))._replace(query=query, is_json=True)


def campaign_numbers_request(step: Step, found_by: FoundOnCampaign, known: Known) -> Request:
    """Return the request for the account's numbers with the campaign of each; a 404 for one alone proves nothing."""
    request = _read(step, "read", path_of(found_by.numbers_at, known))
    return request._replace(query=_FIRST_ROWS, is_json=True)


REGISTERED: Final = "REGISTERED"
"""The status of a campaign that numbers can join, and whose numbers may send (bandwidth-api 13.7)."""
_FIRST_ROWS: Final = (("limit", "100"), ("offset", "0"))


def campaign_order_look_up(step: Step, customer_order_id: str, known: Known) -> Request:
    """Return the request for the orders of number options with a CustomerOrderId (bandwidth-api 13.7)."""
    query = (("customerOrderId", customer_order_id), ("orderDetails", "true"))
    return _read(step, "list", path_of(step.path, known))._replace(query=query)


def campaign_order_request(step: Step, order_id: str, known: Known) -> Request:
    """Return the request for one order of number options: its status, and the errors of its numbers."""
    return _read(step, "watch", f"{path_of(step.path, known)}/{quote(order_id, safe='')}")


def activation_order_request(step: Step, order_id: str, known: Known) -> Request:
    """Return the request for the status of an activation that was ordered (bandwidth-api 13.4)."""
    path = f"{path_of(step.path, known)}/{quote(order_id, safe='')}"
    return Request(operation=step.operation("watch"), method="GET", path=path, is_json=True)


def order_look_up(ordered: FoundAsOrder, customer_order_id: str, known: Known) -> Request:
    """Return the request for the orders with a CustomerOrderId; page and size are mandatory (7.7)."""
    query = (("page", "1"), ("size", "300"), ("customerOrderId", customer_order_id))
    return Request(
        operation=PAID_STEP.operation("list"),
        method="GET",
        path=path_of(ordered.listed_at, known),
        query=query,
    )


def order_request(order_id: str, known: Known) -> Request:
    """Return the request for one order: its status and its numbers."""
    path = path_of("/accounts/{account_id}/orders/{order_id}", Known(known, order_id=order_id))
    return Request(operation=PAID_STEP.operation("read"), method="GET", path=path)


def order_numbers_request(order_id: str, known: Known) -> Request:
    """Return the request for the list of an order's numbers (7.6)."""
    path = path_of("/accounts/{account_id}/orders/{order_id}/tns", Known(known, order_id=order_id))
    return Request(operation=PAID_STEP.operation("tns"), method="GET", path=path)


def located_request(known: Known) -> Request:
    """Return the request for the numbers on the location; without page and size the server answers 303 (8)."""
    path = path_of("/accounts/{account_id}/sites/{site_id}/sippeers/{sippeer_id}/tns", known)
    return Request(
        operation=PAID_STEP.operation("located"),
        method="GET",
        path=path,
        query=(("page", "1"), ("size", "5000")),
    )


def ageing_request(known: Known) -> Request:
    """Return the request for the account's numbers that are being released; a location's list shows them too (7.8, 8)."""
    account = ("accountId", known.id("account_id"))
    return Request(
        operation=PAID_STEP.operation("ageing"),
        method="GET",
        path=path_of("/tns", known),
        query=(account, ("status", "Aging"), ("page", "1"), ("size", "2500")),
    )


def search_request(step: Step, answers: Answers, quantity: int, known: Known) -> Request:
    """Return the search for available numbers, with their details."""
    query = tuple(
        (question.wire, answers.text(step.key_of(question.key)))
        for question in asked_questions(step, answers)
        if question in step.query and answers.text(step.key_of(question.key))
    )
    return Request(
        operation=PAID_STEP.operation("search"),
        method="GET",
        path=path_of("/accounts/{account_id}/availableNumbers", known),
        query=(*query, ("quantity", str(quantity)), ("enableTNDetail", "true")),
    )


def body(
    step: Step,
    answers: Answers,
    known: Known,
    *,
    defaults: bool = True,
    kept: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Element:
    """Return the step's document: elements in the order of the catalogue, then the kept ones.

    Without `defaults` it holds only what was really answered, to compare with an existing object that is used.
    """
    tree: dict[str, object] = {}
    left_out = superseded(step, answers)
    for part in step.body:
        if part.wire in left_out:
            continue
        for value in _values(step, part, answers, known, defaults=defaults):
            _place(tree, part.wire.split("/"), value)
    for wire, values in kept.items():
        for value in values:
            _place(tree, wire.split("/"), value)
    return Element(step.root, _elements(tree))


def fixed_document(root: str, parts: tuple[Part, ...], path: str, known: Known) -> Element:
    """Return a document of constants and known values, for which nothing is asked, to be sent to a path."""
    tree: dict[str, object] = {}
    for part in parts:
        for value in _known_values(part, known, in_e164=_in_e164(path, known)):
            if part.wire == ROOT_TEXT:
                return Element(root, value)
            _place(tree, part.wire.split("/"), value)
    return Element(root, _elements(tree))


def _in_e164(path: str, known: Known) -> bool:
    """Return True if numbers are written as +19195551234 there, as v2 of the API does."""
    return is_universal(known) or path.startswith("/v2")


def _known_values(part: Part, known: Known, *, in_e164: bool) -> tuple[str, ...]:
    match part:
        case Const(value=value):
            return (value,)
        case Ref(output=output):
            referred = known[output]
            if isinstance(referred, str):
                return (referred,)
            return tuple(map(e164, referred)) if in_e164 else referred
        case _:
            raise AssertionError("nothing is asked for such a document")


def _values(
    step: Step, part: Part, answers: Answers, known: Known, *, defaults: bool
) -> tuple[str | Secret, ...]:
    match part:
        case Const() | Ref():
            return _known_values(part, known, in_e164=_in_e164(step.path, known))
        case Text() | Choice() | Flag():
            key = step.key_of(part.key)
            if not part.wire:
                return ()
            if isinstance(part, Text) and part.is_secret:
                return _secret(key, step, answers)
            if isinstance(part, Flag) and part.sends:
                return (part.sends,) if part in asked_questions(step, answers) and answers.flag(key) else ()
            answer = answers.answer(key)
            if answer is None or not answer.value or (answer.source.is_default and not defaults):
                return ()
            return (answer.value,)
        case _:
            assert_never(part)


def _secret(key: str, step: Step, answers: Answers) -> tuple[Secret, ...]:
    if not answers.text(step.key_of("callback_user")):
        return ()
    return (answers.secrets.get(key, Secret("")),)


def _place(tree: dict[str, object], path: list[str], value: str | Secret) -> None:
    *parents, tag = path
    for parent in parents:
        branch = tree.setdefault(parent, {})
        assert isinstance(branch, dict), "an element has either text or children"
        tree = branch
    same = tree.setdefault(tag, [])
    assert isinstance(same, list), "an element has either text or children"
    same.append(value)


def _elements(tree: dict[str, object]) -> tuple[Element, ...]:
    found: list[Element] = []
    for tag, content in tree.items():
        if isinstance(content, dict):
            found.append(Element(tag, _elements(content)))
        elif isinstance(content, list):
            found += [Element(tag, value) for value in content]
    return tuple(found)
