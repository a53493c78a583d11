"""Switches: answers to what no source settles about the newer API, and ways of the account, in the file of faults.

Most are open questions of universal-platform 10; those after `verified_numbers` say what becomes of messages and calls.

A `[switches]` table beside the `[[fault]]` tables; what is left out keeps its default, given here in brackets:

    fresh                      true: the account starts with one sub-account that has one location (false)
    refusal                    body of 403 on /v2: "empty", or "errors", the JSON envelope ("empty")
    vcp_role                   false: no role for packages in the token, 403 there; a legacy account answers 403 with the role
                               too (unset: the role is in the token)
    activation_role            false: 403 from serviceActivation and its checker (true)
    origination                reply to a write of origination settings on the Universal Platform: "13651", "403", "409", or
                               "ignored", 2xx without effect ("13651")
    strict_search              true: areaCode, city and phoneNumberType without countryCodeA3 are refused with 4010 (false)
    ten_digits                 true: /tns on v2 lists ten digits (false)
    unique_packages            true: the name of another package is refused with 409 (false)
    package_page               rows in a page of packages (25)
    next_links                 false: no link leads to the next page of packages (true)
    referred_application       deletion of an application that a package uses: "refused", with 12107, or "allowed" ("refused")
    ready_after_tries          refusals with VCS-0044 before a new number can be put on a package, or "never" (0)
    ready_after_seconds        seconds for which a new number is refused with VCS-0044 (0)
    release                    the end of an order that releases numbers: "done", "failed", or "claimed": it says COMPLETE, and the
                               numbers stay in service ("done")
    release_status             the status that such an order shows instead of its own (unset)
    unlink                     the form that takes a messaging application off: "text", in place of a child, or "child" ("text")
    remove_action              the action that takes numbers off a package ("REMOVE")
    largest_bulk               most numbers in one bulk change, 0 for any (0)
    voice_page                 rows in a page of voice numbers, unless `limit` says fewer or more (100)
    not_ready                  the checker's third status ("NOT_READY")
    reason_codes               the codes of its reasons, instead of ours ([])
    activation_polls           reads of an activation order that still show it in flight (2)
    activation_seconds         seconds after which it ends, read or not (5)
    activation_outcome         its end: "COMPLETE", "PARTIAL", half of it done, or "FAILED" (by readiness)
    largest_activation         most numbers in one activation order, 0 for any (0)
    outbound_needs_activation  true: calls from a number without OUTBOUND_NATIONAL are refused with 403 (false)
    ageing_blocks_location     true: released numbers keep their location from being deleted, 13555 (false)
    ageing_blocks_sms          true: they keep SMS of their location from being switched off, 13673 (false)
    ageing_is_listed           true: released numbers still show in the list of their location (false)
    campaign                   status of the 10DLC campaign that the account starts with, with its brand, or "none" ("REGISTERED")
    campaign_access            refusal of brands and campaigns with 403, by what is missing: "feature", "import", "direct", "account"
                               or "role" ("allowed")
    campaign_number_reads      false: a single number of 10DLC is 404 although the list shows it (true)
    tn_option_role             false: 403 from tnoptions (true)
    tn_option_strict           true: ten digits in tnoptions are refused with 1022 (false)
    tn_option_list             their list: "report", whole orders below a root of their own, "bare", without that root, or
                               "summaries", never whole orders ("report")
    tn_option_seconds          seconds until an order of tnoptions ends (2)
    tn_option_outcome          its end: "COMPLETE", "PARTIAL", half of it done, or "FAILED" ("COMPLETE")
    tn_option_failure          the code of each number that fails then (12220)
    tn_option_refusal          the code with which every such order is refused at once, 0 for none (0)
    basic_ends                 the day, such as 2026-12-02, from which on Basic is answered 401, UTC by the account's clock (unset)
    invalid_client_status      status of a refused token request, 401 or 400 (401)
    requests_a_second          most requests in a second; more are refused with 429 until the next one, 0 for any number (0)
    token_seconds              seconds for which a token is valid (3600)
    system_wide                true: a token names no account, as for a credential of all accounts (false)
    build_credits              calls that a Build account can pay for; then 402 (unset: any number)
    verified_numbers           the numbers that a Build account may call; others are refused with 403 (unset: any)
    registration               true: only registered numbers can send: a local one on a registered campaign, else 4476; a verified
                               toll-free one, else 4795 (false)
    toll_free                  the verification of every toll-free number: "VERIFIED", "PENDING", "UNVERIFIED", that is refused,
                               "BLOCKED", that is verified but blocked, or "none", never submitted ("none")
    toll_free_role             false: 403 from toll-free verifications (true)
    delivery_seconds           seconds from an accepted message to its outcome (0)
    log_lag_seconds            seconds by which the list of messages lags behind (0)
    sending_events             true: message-sending for MMS before the outcome (false)
    sent_events                true: message-sent before the outcome (false)
    reply                      the text with which the phone answers each message that is delivered (unset: it does not)
    repeats                    times that an event is posted again while it is not answered 2xx; the API itself does so for a day (3)
    repeat_seconds             seconds before the first repetition; each later pause is twice as long (0.2)
    message_timeout            seconds within which an event must be answered (10)
    duplicates                 true: an event that was accepted is posted once more (false)
    empty_first_request        true: the request without credentials, which asks for a challenge, has no body (false)
    call_seconds               seconds that an answered call lasts, if nobody hangs up (1.7)

For example, a number that can be put on a package at the fourth try, on an account whose Basic users are dead:

    [switches]
    ready_after_tries = 3
    basic_ends = 2026-12-02
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from bwtui.simulator.fault_script import FaultsError, read

Refusal = Literal["empty", "errors"]
OriginationWrite = Literal["13651", "403", "409", "ignored"]
ReferredApplication = Literal["refused", "allowed"]
CampaignAccess = Literal["allowed", "feature", "import", "direct", "account", "role"]
CampaignStatus = Literal[
    "REGISTERED", "REGISTERING", "UNREGISTERING", "DECLINED", "EXPIRED", "SUSPENDED", "ERROR", "none"
]
ActivationOutcome = Literal["COMPLETE", "PARTIAL", "FAILED"]
TnOptionList = Literal["report", "bare", "summaries"]
TollFree = Literal["VERIFIED", "PENDING", "UNVERIFIED", "BLOCKED", "none"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Switches:
    """The simulator's answer to each open question; the module says what they mean."""

    fresh: bool = False
    refusal: Refusal = "empty"
    vcp_role: bool | None = None
    activation_role: bool = True
    origination: OriginationWrite = "13651"
    strict_search: bool = False
    ten_digits: bool = False
    unique_packages: bool = False
    package_page: int = 25
    next_links: bool = True
    referred_application: ReferredApplication = "refused"
    ready_after_tries: int | Literal["never"] = 0
    ready_after_seconds: float = 0
    release: Literal["done", "failed", "claimed"] = "done"
    release_status: str | None = None
    unlink: Literal["text", "child"] = "text"
    remove_action: str = "REMOVE"
    largest_bulk: int = 0
    voice_page: int = 100
    not_ready: str = "NOT_READY"
    reason_codes: tuple[str, ...] = ()
    activation_polls: int = 2
    activation_seconds: float = 5
    activation_outcome: ActivationOutcome | None = None
    largest_activation: int = 0
    outbound_needs_activation: bool = False
    ageing_blocks_location: bool = False
    ageing_blocks_sms: bool = False
    ageing_is_listed: bool = False
    campaign: CampaignStatus = "REGISTERED"
    campaign_access: CampaignAccess = "allowed"
    campaign_number_reads: bool = True
    tn_option_role: bool = True
    tn_option_strict: bool = False
    tn_option_list: TnOptionList = "report"
    tn_option_seconds: float = 2
    tn_option_outcome: ActivationOutcome = "COMPLETE"
    tn_option_failure: int = 12220
    tn_option_refusal: int = 0
    basic_ends: date | None = None
    invalid_client_status: int = 401
    requests_a_second: int = 0
    token_seconds: int | None = None
    system_wide: bool = False
    build_credits: int | None = None
    verified_numbers: tuple[str, ...] | None = None
    registration: bool = False
    toll_free: TollFree = "none"
    toll_free_role: bool = True
    delivery_seconds: float = 0
    log_lag_seconds: float = 0
    sending_events: bool = False
    sent_events: bool = False
    reply: str | None = None
    repeats: int = 3
    repeat_seconds: float = 0.2
    message_timeout: float = 10
    duplicates: bool = False
    empty_first_request: bool = False
    call_seconds: float = 1.7


def load(path: str | Path) -> Switches:
    """Read the switches of a file of faults."""
    return parse(read(path), str(path)) or Switches()


def parse(content: str, source: str = "switches") -> Switches | None:
    """Read switches from TOML text, None if it has no such table; error messages name `source`."""
    try:
        table = tomllib.loads(content).get("switches")
    except tomllib.TOMLDecodeError as problem:
        raise FaultsError(f"{source}: {problem}") from problem
    if table is None:
        return None
    if not isinstance(table, dict):
        raise FaultsError(f"{source}: 'switches' must be written as a [switches] table")
    for key, value in table.items():
        wrong = _check(key, value)
        if wrong is not None:
            raise FaultsError(f"{source}: switches: {wrong}")
    chosen: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    return Switches(**chosen)


_CHOICES: Mapping[str, tuple[object, ...]] = {
    "refusal": get_args(Refusal),
    "origination": get_args(OriginationWrite),
    "referred_application": get_args(ReferredApplication),
    "campaign": get_args(CampaignStatus),
    "campaign_access": get_args(CampaignAccess),
    "tn_option_outcome": get_args(ActivationOutcome),
    "tn_option_list": get_args(TnOptionList),
    "activation_outcome": get_args(ActivationOutcome),
    "invalid_client_status": (401, 400),
    "toll_free": get_args(TollFree),
}
_FLAGS = frozenset({
    "fresh", "vcp_role", "activation_role", "strict_search", "ten_digits", "unique_packages", "next_links",
    "outbound_needs_activation", "ageing_blocks_location", "ageing_blocks_sms", "ageing_is_listed", "system_wide", "registration", "toll_free_role",
    "sending_events", "sent_events", "duplicates", "empty_first_request",
    "campaign_number_reads", "tn_option_role", "tn_option_strict",
})  # fmt: skip
_TEXTS = frozenset({"release_status", "remove_action", "not_ready", "reply"})
_LISTS = frozenset({"reason_codes", "verified_numbers"})
_SECONDS = frozenset({
    "ready_after_seconds", "activation_seconds", "delivery_seconds", "log_lag_seconds", "repeat_seconds",
    "message_timeout", "call_seconds", "tn_option_seconds",
})  # fmt: skip
_AT_LEAST_ONE = frozenset({"package_page", "voice_page"})


def _check(key: str, value: Any) -> str | None:  # noqa: ANN401 - whatever the file held
    """Return what is wrong with a switch, or None."""
    known = [field.name for field in fields(Switches)]
    if key not in known:
        return f"unknown key {key!r}; known are {', '.join(known)}"
    if key in _CHOICES:
        wanted, right = "one of " + ", ".join(map(str, _CHOICES[key])), value in _CHOICES[key]
    elif key in _FLAGS:
        wanted, right = "true or false", isinstance(value, bool)
    elif key in _TEXTS:
        wanted, right = "a text", isinstance(value, str) and value != ""
    elif key in _LISTS:
        wanted, right = (
            "a list of texts",
            isinstance(value, list) and all(isinstance(code, str) for code in value),
        )
    elif key == "basic_ends":
        wanted, right = "a date such as 2026-12-02", type(value) is date
    else:
        wanted, right = _number(key, value)
    return None if right else f"{key} must be {wanted}, not {value!r}"


def _number(key: str, value: Any) -> tuple[str, bool]:  # noqa: ANN401
    """Return what a number must be, and True if the value is that."""
    least = 1 if key in _AT_LEAST_ONE else 0
    kinds = (int, float) if key in _SECONDS else (int,)
    right = isinstance(value, kinds) and not isinstance(value, bool) and value >= least
    if key == "ready_after_tries":
        return "a whole number or 'never'", right or value == "never"
    return f"a {'' if key in _SECONDS else 'whole '}number of at least {least}", right
