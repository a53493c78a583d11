"""A callback URL, tried as Bandwidth would: seven outcomes, a sentence each. They warn, and never block.

`name` stays the same from version to version; scripts may rely on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import ClassVar, Final

from bwtui.domain.values.secret import Secret

MESSAGE_SECONDS: Final = 10
CALL_SECONDS: Final = 15
"""Seconds that Bandwidth waits for an answer (bandwidth-api 9.2, 9.5)."""


@dataclass(frozen=True, slots=True)
class CallbackUrl:
    """A callback URL with what is known of it."""

    url: str
    receives: str
    """The events that are posted there, in words."""
    answers_calls: bool = False
    is_voice: bool = False
    user: str = ""
    """The callback user; empty without callback credentials."""
    password: Secret | None = None
    """Given only if the person has agreed that it is sent to this URL's host."""

    @property
    def seconds(self) -> int:
        """The seconds that an answer may take."""
        return CALL_SECONDS if self.is_voice else MESSAGE_SECONDS

    @property
    def sample(self) -> object:
        """An event as Bandwidth would post it, of nobody's message and nobody's call."""
        return _CALL if self.answers_calls else _ENDED_CALL if self.is_voice else [_MESSAGE]


@dataclass(frozen=True, slots=True)
class Fine:
    """Everything that could be tried is right."""

    name: ClassVar = "callback.fine"
    is_fine: ClassVar = True
    host: str
    untried: bool = False
    """True if the answer to the credentials was not tried."""
    accepted: bool = False
    """True if it has asked for the credentials, and accepted them."""

    @property
    def sentence(self) -> str:
        more = "; its answer to the password was not tried" if self.untried else ""
        more = "; it asks for the callback credentials and accepts them" if self.accepted else more
        return f"{self.host} can be reached and answers as Bandwidth needs it{more}."


@dataclass(frozen=True, slots=True)
class Unresolved:
    """No name server knows the host."""

    name: ClassVar = "callback.resolves"
    is_fine: ClassVar = False
    host: str

    @property
    def sentence(self) -> str:
        return f"No name server knows {self.host}. Correct the URL, or wait until its DNS entry is known."


@dataclass(frozen=True, slots=True)
class NotPublic:
    """The host is on a network of its own."""

    name: ClassVar = "callback.public"
    is_fine: ClassVar = False
    host: str
    address: str

    @property
    def sentence(self) -> str:
        return (
            f"{self.host} is {self.address}, which Bandwidth cannot reach from the internet. Give a public URL, such as "
            "that of a tunnel."
        )


@dataclass(frozen=True, slots=True)
class BadTls:
    """The connection cannot be trusted."""

    name: ClassVar = "callback.tls"
    is_fine: ClassVar = False
    host: str
    because: str

    @property
    def sentence(self) -> str:
        return (
            f"The TLS certificate of {self.host} is not accepted: {self.because}. Give it a valid one, with its whole "
            "chain."
        )


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """No 2xx in time."""

    name: ClassVar = "callback.answers"
    is_fine: ClassVar = False
    host: str
    because: str
    seconds: int

    @property
    def sentence(self) -> str:
        return (
            f"{self.host} did not take a sample event: {self.because}. Bandwidth needs an answer with 2xx within "
            f"{self.seconds} s."
        )


@dataclass(frozen=True, slots=True)
class NoBxml:
    """The answer to a call tells it nothing."""

    name: ClassVar = "callback.bxml"
    is_fine: ClassVar = False
    host: str
    because: str

    @property
    def sentence(self) -> str:
        return (
            f"{self.host} answered a sample call without BXML: {self.because}. Answer with <Response>…</Response>, or the "
            "call ends."
        )


@dataclass(frozen=True, slots=True)
class AsksForNoCredentials:
    """Callback credentials are set, and anybody can post without them; or they are never asked for properly."""

    name: ClassVar = "callback.asks"
    is_fine: ClassVar = False
    host: str
    loses_events: bool = False
    """True if it refuses without a challenge, so that Bandwidth never sends the credentials."""

    @property
    def sentence(self) -> str:
        if self.loses_events:
            return (
                f"{self.host} answers 401 without WWW-Authenticate: Basic, so that Bandwidth never sends the credentials "
                "and each event is lost. Add that header to the 401."
            )
        return (
            f"{self.host} takes events without the callback credentials, so that anybody can post there. Answer 401 with "
            "WWW-Authenticate: Basic first."
        )


CallbackOutcome = Fine | Unresolved | NotPublic | BadTls | NotAnswered | NoBxml | AsksForNoCredentials


def is_certain(outcome: CallbackOutcome) -> bool:
    """Return True if no event can arrive, whoever sends it.

    All else is a doubt: a server may treat Bandwidth otherwise than this machine, by its address or by the event.
    """
    match outcome:
        case Unresolved():
            return True
        case NotPublic():  # a name may have another address on the internet than here
            return outcome.host == "localhost" or _is_address(outcome.host)
        case _:
            return False


def _is_address(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


_TIME: Final = "2024-01-01T00:00:00.000Z"
_MESSAGE: Final[Mapping[str, object]] = {
    "time": _TIME, "type": "message-delivered", "to": "+15555550100", "description": "A sample event of bwtui's check.",
    "message": {
        "id": "bwtui-check", "owner": "+15555550199", "applicationId": "bwtui-check", "time": _TIME, "segmentCount": 1,
        "direction": "out", "to": ["+15555550100"], "from": "+15555550199", "text": "", "tag": "bwtui-check",
    },
}  # fmt: skip
_CALL: Final[Mapping[str, object]] = {
    "eventType": "initiate", "eventTime": _TIME, "accountId": "bwtui-check", "applicationId": "bwtui-check",
    "from": "+15555550100", "to": "+15555550199", "direction": "inbound", "callId": "bwtui-check",
    "callUrl": "", "startTime": _TIME,
}  # fmt: skip
_ENDED_CALL: Final[Mapping[str, object]] = {
    **_CALL, "eventType": "disconnect", "endTime": _TIME, "cause": "hangup",
}  # fmt: skip
