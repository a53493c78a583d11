"""Variations of all replies: an account that lags, pages, leaves elements out or respells values."""

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from xml.etree.ElementTree import Element

from bwtui.simulator import normalisation, paging
from bwtui.simulator.fault_script import Fault
from bwtui.simulator.history import History
from bwtui.simulator.http import ApiRequest, ApiResponse
from bwtui.simulator.xml import XmlError, element, parse, render

Rule = Callable[[ApiRequest], ApiResponse]

_FROM_THE_INSIDE: Final = ("lag", "unfiltered", "shuffle", "normalise", "pages", "empty-links", "rewrite")
"""The order in which the actions change a reply, whatever their order in the file."""


def varied(rule: Rule, faults: Sequence[Fault], history: History) -> Rule:
    """Return the rule with its replies changed by these faults; a refusal stays as it is."""
    if not faults:
        return rule
    rule = _copying(rule)
    for fault in sorted(faults, key=lambda fault: _FROM_THE_INSIDE.index(fault.action)):
        rule = _varied(rule, fault, history)
    return rule


def _copying(rule: Rule) -> Rule:
    """Copy each reply, since it shares elements with the account, which must not change with it."""

    def answer(request: ApiRequest) -> ApiResponse:
        reply = rule(request)
        return replace(reply, body=copy.deepcopy(reply.body))

    return answer


def _varied(rule: Rule, fault: Fault, history: History) -> Rule:
    def answer(request: ApiRequest) -> ApiResponse:
        match fault.action:
            case "lag":
                return _lagging(rule, request, history, fault.seconds or 0.0)
            case "unfiltered":
                ignored = {name.lower() for name in fault.filters}
                kept = {name: value for name, value in request.query.items() if name not in ignored}
                return rule(replace(request, query=kept))
            case "shuffle":
                request.account.searches += 1
                return rule(replace(request, shuffled=request.account.searches))
            case "normalise":
                return _normalised(rule, request, fault)
            case "pages":
                return paging.paged(rule, request, fault)
            case "empty-links":
                reply = rule(request)
                return ApiResponse(404, element("Links")) if paging.is_empty(reply) else reply
            case "rewrite":
                return _rewritten(rule(request), fault)
            case _:
                raise AssertionError(f"{fault.action} changes no reply")

    return answer


def _lagging(rule: Rule, request: ApiRequest, history: History, seconds: float) -> ApiResponse:
    """Answer a read from the past; let the past refuse any other request, which takes effect in the present."""
    past = history.seen_by(request, seconds)
    if past is None:
        return rule(request)
    asked = rule(replace(request, account=past))
    return asked if _reads(request) else rule(request)


def _reads(request: ApiRequest) -> bool:
    """Return True for a GET, and for the checker, a POST that changes nothing (universal-platform 4)."""
    return request.method == "GET" or request.path.lower().endswith("/serviceactivationchecker")


def _normalised(rule: Rule, request: ApiRequest, fault: Fault) -> ApiResponse:
    if request.method in {"POST", "PUT", "PATCH"}:
        try:
            request = replace(request, body=_respelled(request, fault))
        except (XmlError, ValueError, RecursionError):
            return rule(request)
    reply = rule(request)
    if "ids" not in fault.forms:
        return reply
    if isinstance(reply.body, Element):
        normalisation.capitalise_ids(reply.body)
        return reply
    return replace(reply, body=normalisation.with_capital_ids(reply.body))


def _respelled(request: ApiRequest, fault: Fault) -> bytes:
    if "json" in request.content_type:
        return json.dumps(normalisation.respelled(json.loads(request.body), fault.forms)).encode()
    document = parse(request.body)
    normalisation.respell(document, fault.forms)
    return render(document)


def _rewritten(reply: ApiResponse, fault: Fault) -> ApiResponse:
    body = reply.body
    if not isinstance(body, Element):
        body = _rewritten_json(body, fault)
    else:
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
    return ApiResponse(fault.status or reply.status, body, headers)


def _rewritten_json(value: Any, fault: Fault) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value without the keys to leave out, others emptied to null or renamed, at every depth."""
    if isinstance(value, list):
        return [_rewritten_json(item, fault) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {
        fault.rename.get(key, key): None if key in fault.empty else _rewritten_json(item, fault)
        for key, item in value.items()
        if key not in fault.leave_out
    }
