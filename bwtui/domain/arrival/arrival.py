"""Will it arrive? The verdict on messages and calls of a phone number, from what was read (universal-platform 5.1).

What could not be read makes a verdict unknown, and never a no. What is certain counts first: a number without a campaign
gets no messages through, whatever else could not be read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

from bwtui.domain.arrival.campaign_words import join_in_file, join_in_wizard
from bwtui.domain.callbacks.redirect_text import AtListener
from bwtui.domain.catalog import CAMPAIGN, MESSAGING_LINK, SMS, VOICE_APP, VOICE_LINK
from bwtui.domain.catalog_universal import ACTIVATION, VOICE_NUMBERS, VOICE_PACKAGE
from bwtui.domain.planning.actions import Plan, Verdict
from bwtui.domain.planning.requests import REGISTERED
from bwtui.domain.values.text import safe


class ArrivalVerdict(StrEnum):
    """The answer to: will it arrive? What could not be read is unknown, and never becomes a no."""

    YES = "yes"
    NOT_YET = "not yet"
    NO = "no"
    UNKNOWN = "unknown"


class Service(StrEnum):
    """A service of a phone number."""

    MESSAGES = "messages"
    CALLS = "calls"


@dataclass(frozen=True, slots=True)
class Arrival:
    """The verdict on one service of a phone number."""

    number: str
    """Ten digits."""
    service: Service
    verdict: ArrivalVerdict
    because: str = ""
    """A sentence; empty for a yes."""
    next: str = ""
    """A sentence on what to do, and where; empty for a yes."""
    campaigns: tuple[str, ...] = ()
    """The registered campaigns of the account, one of which is to be chosen; none where there is another way, or none."""


def for_answers_file(arrivals: Iterable[Arrival]) -> tuple[Arrival, ...]:
    """Return the verdicts for who writes an answers file: what to do is a line of it, not a step of the wizard."""
    return tuple(
        replace(each, next=join_in_file(each.campaigns)) if each.campaigns else each for each in arrivals
    )


def as_answered(arrivals: Iterable[Arrival], pointed: AtListener | None) -> tuple[Arrival, ...]:
    """Return the verdicts where callback URLs may point at a listener: if it has ended, nobody answers a call."""
    if pointed is None or not pointed.is_dead:
        return tuple(arrivals)
    because = (
        f"Nobody answers them: the callback URLs point at {pointed.public_url}, where bwtui listen has ended."
    )
    way = f"Put the old ones back: {pointed.restore}"
    return tuple(
        replace(each, verdict=ArrivalVerdict.NO, because=because, next=way)
        if each.service is Service.CALLS and each.verdict is not ArrivalVerdict.NO
        else each
        for each in arrivals
    )


def as_checked(arrivals: Iterable[Arrival], doubt: str) -> tuple[Arrival, ...]:
    """Return the verdicts where the URL that is asked what to do with a call was tried; `doubt` is empty if all was well.

    That is no certain *no*: a server may treat Bandwidth otherwise than this machine.
    """
    return tuple(
        replace(each, verdict=ArrivalVerdict.UNKNOWN, because=doubt)
        if doubt and each.service is Service.CALLS and each.verdict is ArrivalVerdict.YES
        else each
        for each in arrivals
    )


class Lost(NamedTuple):
    """The numbers that are not in service on the location of the setup, ten digits each."""

    gone: tuple[str, ...] = ()
    """Numbers that are not there."""
    ageing: tuple[str, ...] = ()
    """Numbers that are being released."""


def lost_by(plan: Plan) -> Lost | None:
    """Return the numbers that are lost, as reading everything back has shown; `None` if that could not be read."""
    kept = next((action for action in plan if action.step.paid and action.verdict is Verdict.KEEP), None)
    if kept is None or (kept.unproven and not (kept.gone or kept.ageing)):
        return None
    return Lost(kept.gone, kept.ageing)


def as_lost(arrivals: Iterable[Arrival], lost: "Lost | Unread") -> tuple[Arrival, ...]:
    """Return the verdicts where some numbers are lost, or where nobody knows whether they are."""
    return tuple(_as_lost(each, lost) for each in arrivals)


def _as_lost(arrival: Arrival, lost: "Lost | Unread") -> Arrival:
    match lost:
        case Unread(reason=reason, next=next_) if arrival.verdict is ArrivalVerdict.YES:
            return replace(arrival, verdict=ArrivalVerdict.UNKNOWN, because=reason, next=next_)
        case Lost(ageing=ageing) if arrival.number in ageing:
            because = "It is being released (Aging): somebody has disconnected it."
            return replace(
                arrival, verdict=ArrivalVerdict.NO, because=because, next="Find out in the App who has."
            )
        case Lost(gone=gone) if arrival.number in gone:
            because = "It is not on the location of this setup."
            return replace(
                arrival, verdict=ArrivalVerdict.NO, because=because, next="Look for it in the App."
            )
        case _:
            return arrival


# --- What was read ---------------------------------------------------------------------------------------------


class Unread(NamedTuple):
    """Something that could not be read."""

    reason: str
    """A sentence."""
    next: str = "Verify again later."


class SmsSettings(NamedTuple):
    """The SMS settings of the location."""

    is_on: bool
    a2p: str = ""
    """A2pLongCode as the location has it; empty where it does not say."""
    toll_free: str = ""
    """`true`, `false`, or empty where the location does not say."""


class CampaignOrder(NamedTuple):
    """The last order that is to change the campaign of a number; neither where there is none."""

    is_under_way: bool = False
    error: str = ""
    """The reason of its failure for this number."""


class Registration(NamedTuple):
    """The 10DLC campaign of a local number."""

    status: str = ""
    """SUCCESS, PROCESSING or FAILURE; empty if a list that is certainly whole does not have the number."""
    campaign_id: str = ""
    campaign_status: str | Unread = ""
    order: CampaignOrder | Unread = CampaignOrder()
    joinable: tuple[str, ...] = ()
    """The registered campaigns of the account, as far as they were read."""


class Verification(NamedTuple):
    """The verification of a toll-free number."""

    status: str
    """VERIFIED, UNVERIFIED or PENDING; empty if none was ever submitted."""
    reason: str = ""
    """The reason of a refusal."""
    is_blocked: bool = False
    blocked_reason: str = ""


class MessageFacts(NamedTuple):
    """All that decides about the messages of one number."""

    number: str
    sms: SmsSettings | Unread
    linked: str | Unread
    """The messaging application that the location is linked to; empty if there is none."""
    wanted: str
    """The messaging application of this setup; empty while it is not known."""
    registered: Registration | Verification | Unread
    """The campaign of a local number, the verification of a toll-free one."""
    campaign: str = ""
    """The campaign of this setup; empty if its answers name none."""


class VoiceRow(NamedTuple):
    """A number as the list of voice numbers has it; without a package if the list does not have it."""

    package_id: str = ""
    inbound: str = ""
    """`true`, `false`, or empty where the row does not say."""


class CallFacts(NamedTuple):
    """All that decides about the calls to one number."""

    number: str
    row: VoiceRow | Unread | None
    """`None` on the legacy platform, where the location carries the application."""
    protocol: str | Unread
    """The voice protocol of the location; `HTTP` on the Universal Platform, where it has no say."""
    application: str | Unread
    """The voice application that answers; empty if there is none."""
    wanted: str
    """The voice application of this setup; empty while it is not known."""
    url: str | Unread
    """The call-initiated URL of the application."""


# --- The rules -------------------------------------------------------------------------------------------------

_CAMPAIGN_ENDED: Final = frozenset({"UNREGISTERING", "DECLINED", "EXPIRED", "SUSPENDED", "ERROR"})
"""The statuses of a campaign that carries no messages (universal-platform 5.1)."""

_BY_HAND = "in the Bandwidth App, or by the API (POST tnoptions)"
_JOIN: Final = (
    f"Put it on a registered campaign: with the step {CAMPAIGN.title} of this setup, or {_BY_HAND}."
)
_SUBMIT: Final = "in the Bandwidth App, or by the API ({method} tollFreeVerification)."
_AGAIN: Final = "Apply this setup again: the step {} sets it right."


class _Doubt(NamedTuple):
    verdict: ArrivalVerdict
    because: str
    next: str
    campaigns: tuple[str, ...] = ()


_GRAVITY: Final = (ArrivalVerdict.NO, ArrivalVerdict.NOT_YET, ArrivalVerdict.UNKNOWN)
"""The verdicts, the most certain trouble first."""


def messages_arrive(facts: MessageFacts) -> Arrival:
    """Decide about the messages of a number."""
    doubts = (_of_sms(facts), _of_link(facts.linked, facts.wanted), _of_registration(facts))
    return _verdict(facts.number, Service.MESSAGES, doubts)


def calls_arrive(facts: CallFacts) -> Arrival:
    """Decide about the calls to a number."""
    doubts = (_of_row(facts.row), _of_protocol(facts.protocol), _of_application(facts), _of_url(facts))
    return _verdict(facts.number, Service.CALLS, doubts)


def unknown(number: str, service: Service, unread: Unread) -> Arrival:
    """Return the verdict where nothing could be read."""
    return Arrival(number, service, ArrivalVerdict.UNKNOWN, unread.reason, unread.next)


def _verdict(number: str, service: Service, doubts: tuple[_Doubt | None, ...]) -> Arrival:
    for verdict in _GRAVITY:
        for doubt in doubts:
            if doubt and doubt.verdict is verdict:
                return Arrival(number, service, verdict, doubt.because, doubt.next, doubt.campaigns)
    return Arrival(number, service, ArrivalVerdict.YES)


def _unread(unread: Unread) -> _Doubt:
    return _Doubt(ArrivalVerdict.UNKNOWN, unread.reason, unread.next)


def _of_sms(facts: MessageFacts) -> _Doubt | None:
    sms = facts.sms
    if isinstance(sms, Unread):
        return _unread(sms)
    again = _AGAIN.format(SMS.title)
    if not sms.is_on:
        return _Doubt(ArrivalVerdict.NO, "SMS is off at its location.", again)
    if isinstance(facts.registered, Verification) and sms.toll_free == "false":
        return _Doubt(ArrivalVerdict.NO, "SMS of toll-free numbers is off at its location.", again)
    if isinstance(facts.registered, Registration) and sms.a2p.casefold() == "off":
        because = "Its location switches business texting off (A2pLongCode is OFF), whatever campaign a number is on."
        return _Doubt(
            ArrivalVerdict.UNKNOWN, because, f"Set it to DefaultOn: {SMS.title}, Business texting (A2P)."
        )
    return None


def _of_link(linked: str | Unread, wanted: str) -> _Doubt | None:
    if isinstance(linked, Unread):
        return _unread(linked)
    again = _AGAIN.format(MESSAGING_LINK.title)
    if not linked:
        because = "No messaging application is linked to its location: messages are accepted and then lost."
        return _Doubt(ArrivalVerdict.NO, because, again)
    if wanted and linked.casefold() != wanted.casefold():
        because = f"Its location is linked to another messaging application, {safe(linked)}."
        return _Doubt(ArrivalVerdict.NO, because, again)
    return None


def _of_registration(facts: MessageFacts) -> _Doubt | None:
    match facts.registered:
        case Unread():
            return _unread(facts.registered)
        case Verification():
            return _of_verification(facts.registered)
        case Registration():
            return _of_campaign(facts.registered, facts.campaign)


def _of_campaign(found: Registration, wanted: str) -> _Doubt | None:
    if found.status == "SUCCESS" and found.campaign_id:
        return _of_campaign_status(found.campaign_id, found.campaign_status)
    order = found.order
    if found.status == "PROCESSING" or (isinstance(order, CampaignOrder) and order.is_under_way):
        because = "It is being put on a 10DLC campaign."
        return _Doubt(ArrivalVerdict.NOT_YET, because, "This takes minutes to hours: verify again later.")
    if found.status == "FAILURE":
        error = f": {safe(order.error)}" if isinstance(order, CampaignOrder) and order.error else ""
        return _Doubt(ArrivalVerdict.NO, f"Putting it on a 10DLC campaign failed{error.rstrip('.')}.", _JOIN)
    if found.status not in ("", "SUCCESS"):
        because = (
            f"Its 10DLC status is {safe(found.status)}, and nobody says whether messages arrive with that."
        )
        return _Doubt(ArrivalVerdict.UNKNOWN, because, "Look at the number in the Bandwidth App.")
    if isinstance(order, Unread):
        because = (
            f"It is on no 10DLC campaign, and whether it is being put on one is not known. {order.reason}"
        )
        return _Doubt(ArrivalVerdict.UNKNOWN, because, order.next)
    because = "It is on no 10DLC campaign: US carriers refuse its messages (4476)."
    if wanted:
        return _Doubt(ArrivalVerdict.NO, because, _AGAIN.format(CAMPAIGN.title))
    if found.joinable:
        return _Doubt(ArrivalVerdict.NO, because, join_in_wizard(found.joinable), found.joinable)
    return _Doubt(ArrivalVerdict.NO, because, _JOIN)


def _of_campaign_status(campaign_id: str, status: str | Unread) -> _Doubt | None:
    if isinstance(status, Unread):
        return _unread(status)
    named = f"Its 10DLC campaign {safe(campaign_id)}"
    match status.upper():
        case registered if registered == REGISTERED:
            return None
        case "REGISTERING":
            return _Doubt(ArrivalVerdict.NOT_YET, f"{named} is being registered.", "Verify again later.")
        case "":
            return _Doubt(ArrivalVerdict.UNKNOWN, f"{named} does not say its status.", "Verify again later.")
        case other if other in _CAMPAIGN_ENDED:
            because = f"{named} is {other}, not {REGISTERED}: US carriers refuse its messages."
            return _Doubt(ArrivalVerdict.NO, because, f"See to the campaign in the Bandwidth App. {_JOIN}")
        case other:
            because = f"{named} is {safe(other)}, which bwtui does not know."
            return _Doubt(ArrivalVerdict.UNKNOWN, because, "See to the campaign in the Bandwidth App.")


def _of_verification(found: Verification) -> _Doubt | None:
    reason = f": {safe(found.reason).rstrip('.')}" if found.reason else ""
    if found.is_blocked:
        why = f": {safe(found.blocked_reason).rstrip('.')}" if found.blocked_reason else ""
        return _Doubt(
            ArrivalVerdict.NO,
            f"Bandwidth has blocked it for messages{why}.",
            "Ask Bandwidth support to unblock it.",
        )
    match found.status:
        case "VERIFIED":
            return None
        case "":
            because = "Its toll-free verification was never submitted: its messages are refused (4795)."
            return _Doubt(ArrivalVerdict.NO, because, f"Submit it {_SUBMIT.format(method='POST')}")
        case "PENDING":
            because = (
                "Its toll-free verification is under review; until then its messages are refused (4795)."
            )
            return _Doubt(
                ArrivalVerdict.NOT_YET,
                because,
                "A review takes up to about 5 business days: verify again later.",
            )
        case "UNVERIFIED":
            because = f"Its toll-free verification {'was refused' if reason else 'is UNVERIFIED'}{reason}."
            return _Doubt(
                ArrivalVerdict.NO, because, f"Correct it and submit it again {_SUBMIT.format(method='PUT')}"
            )
        case other:
            because = f"The status of its toll-free verification is {safe(other)}, which only Bandwidth can explain."
            return _Doubt(ArrivalVerdict.UNKNOWN, because, "Look at the number in the Bandwidth App.")


def _of_row(row: VoiceRow | Unread | None) -> _Doubt | None:
    if row is None:
        return None
    if isinstance(row, Unread):
        return _unread(row)
    if not row.package_id:
        return _Doubt(ArrivalVerdict.NO, "It is in no voice package.", _AGAIN.format(VOICE_NUMBERS.title))
    if row.inbound == "false":
        return _Doubt(
            ArrivalVerdict.NO, "Incoming calls are not activated for it.", _AGAIN.format(ACTIVATION.title)
        )
    if row.inbound != "true":
        because = "Bandwidth does not say whether incoming calls are activated for it."
        return _Doubt(ArrivalVerdict.UNKNOWN, because, "Call it once.")
    return None


def _of_protocol(protocol: str | Unread) -> _Doubt | None:
    if isinstance(protocol, Unread):
        return _unread(protocol)
    if protocol.upper() != "HTTP":
        text = f"set to {safe(protocol)}" if protocol else "not set"
        return _Doubt(
            ArrivalVerdict.NO,
            f"Voice of its location is {text}, not to HTTP.",
            _AGAIN.format(VOICE_LINK.title),
        )
    return None


def _of_application(facts: CallFacts) -> _Doubt | None:
    if isinstance(facts.application, Unread):
        return _unread(facts.application)
    carrier, step = (
        ("Its location", VOICE_LINK) if facts.row is None else ("Its voice package", VOICE_PACKAGE)
    )
    again = _AGAIN.format(step.title)
    if not facts.application:
        return _Doubt(ArrivalVerdict.NO, f"{carrier} has no voice application.", again)
    if facts.wanted and facts.application.casefold() != facts.wanted.casefold():
        because = f"{carrier} has another voice application, {safe(facts.application)}."
        return _Doubt(ArrivalVerdict.NO, because, again)
    return None


def _of_url(facts: CallFacts) -> _Doubt | None:
    if isinstance(facts.url, Unread):
        return _unread(facts.url)
    if not facts.url:
        because = "Its voice application has no call-initiated URL, so nobody says what to do with a call."
        return _Doubt(ArrivalVerdict.NO, because, _AGAIN.format(VOICE_APP.title))
    return None


# --- Refusals of 10DLC and verification ------------------------------------------------------------------------

_SUPPORT: Final = "Ask Bandwidth support to switch it on."
_ROLE: Final = "Give the credentials the role {} in the Bandwidth App, Account > API Credentials."
_REFUSALS: Final = (
    ("not enabled for the registration center", "The account lacks the feature Registration Center.", _SUPPORT),
    ("import customer is not enabled", "The account does not import campaigns; it may register its own.", "Look at the number's campaign in the Bandwidth App."),
    ("direct customer is not enabled", "The account does not register its own campaigns; it may import them.", "Look at the number's campaign in the Bandwidth App."),
    ("is not enabled on account", "The account lacks campaign management.", _SUPPORT),
    ("does not have access rights", "The credentials lack the role Campaign Management.", _ROLE.format("Campaign Management")),
)  # fmt: skip
"""The words by which a refusal with 403 is told apart, to be looked for in this order (universal-platform 5.1)."""


def campaigns_refused(text: str) -> Unread:
    """Return what a 403 of the campaigns means, by its words."""
    folded = text.casefold()
    for words, reason, todo in _REFUSALS:
        if words in folded:
            return Unread(f"10DLC campaigns cannot be read. {reason}", todo)
    return Unread(f"10DLC campaigns cannot be read: {safe(text)}", _ROLE.format("Campaign Management"))


def verification_refused(text: str) -> Unread:
    """Return what a 403 of the toll-free verifications means."""
    reason = f"Its toll-free verification cannot be read: {safe(text)}"
    return Unread(reason, _ROLE.format("TFV"))
