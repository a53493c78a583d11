"""Ways of an account that change what it replies: it lags, pages, answers in half or writes values its own way."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

from bwtui.simulator import normalisation, paging
from bwtui.simulator.fault_script import Fault
from bwtui.simulator.history import History
from bwtui.simulator.http import Call, Reply
from bwtui.simulator.xml import MarkupError, element, parse, render

Rule = Callable[[Call], Reply]

_FROM_THE_INSIDE: Final = ("lag", "unfiltered", "shuffle", "normalise", "pages", "empty-links", "rewrite")
"""In which order they change a reply, whatever their order in the file."""


def varied(rule: Rule, faults: Sequence[Fault], history: History) -> Rule:
    """The rule as these faults make it answer; a refusal stays as it is."""
    if not faults:
        return rule
    rule = _copying(rule)
    for fault in sorted(faults, key=lambda fault: _FROM_THE_INSIDE.index(fault.action)):
        rule = _varied(rule, fault, history)
    return rule


def _copying(rule: Rule) -> Rule:
    """Replies show elements that the account keeps: what changes a reply must not change these."""

    def answer(call: Call) -> Reply:
        reply = rule(call)
        return replace(reply, body=copy.deepcopy(reply.body))

    return answer


def _varied(rule: Rule, fault: Fault, history: History) -> Rule:
    def answer(call: Call) -> Reply:
        match fault.action:
            case "lag":
                return _lagging(rule, call, history, fault.seconds or 0.0)
            case "unfiltered":
                ignored = {name.lower() for name in fault.filters}
                kept = {name: value for name, value in call.query.items() if name not in ignored}
                return rule(replace(call, query=kept))
            case "shuffle":
                call.world.searches += 1
                return rule(replace(call, shuffled=call.world.searches))
            case "normalise":
                return _normalised(rule, call, fault)
            case "pages":
                return paging.paged(rule, call, fault)
            case "empty-links":
                reply = rule(call)
                return Reply(404, element("Links")) if paging.is_empty(reply) else reply
            case "rewrite":
                return _rewritten(rule(call), fault)
            case _:
                raise AssertionError(f"{fault.action} changes no reply")

    return answer


def _lagging(rule: Rule, call: Call, history: History, seconds: float) -> Reply:
    """As it was so long ago; what changes something is refused by the past, and takes effect in the present."""
    past = history.seen_by(call, seconds)
    if past is None:
        return rule(call)
    asked = rule(replace(call, world=past))
    return asked if call.method == "GET" else rule(call)


def _normalised(rule: Rule, call: Call, fault: Fault) -> Reply:
    if call.method in {"POST", "PUT", "PATCH"}:
        try:
            document = parse(call.body)
        except MarkupError:
            return rule(call)
        normalisation.respell(document, fault.forms)
        call = replace(call, body=render(document))
    reply = rule(call)
    if "ids" not in fault.forms:
        return reply
    if isinstance(reply.body, Element):
        normalisation.capitalise_ids(reply.body)
    return reply


def _rewritten(reply: Reply, fault: Fault) -> Reply:
    body = reply.body
    if isinstance(body, Element):
        for parent in list(body.iter()):
            for child in [child for child in parent if child.tag in fault.leave_out]:
                parent.remove(child)
        for found in list(body.iter()):
            if found.tag in fault.empty:
                found.text = None
                for child in list(found):
                    found.remove(child)
            found.tag = fault.rename.get(found.tag, found.tag)
    headers = dict(reply.headers)
    if (
        fault.location is not None
        and (url := headers.pop("Location", None))
        and fault.location == "collection"
    ):
        headers["Location"] = url.rpartition("/")[0]
    return Reply(fault.status or reply.status, body, headers)
