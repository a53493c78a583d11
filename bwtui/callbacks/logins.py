"""The callback credentials that Bandwidth has to show, compared in constant time (bandwidth-api 9.2)."""

import binascii
import hmac
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from bwtui.domain.callbacks.callback_events import CallbackEvent, MessageEvent, UnknownEvent, VoiceEvent
from bwtui.domain.values.secret import Secret


@dataclass(frozen=True, slots=True)
class CallbackLogin:
    """The user and password of one application."""

    user: str
    password: Secret


@dataclass(frozen=True, slots=True)
class CallbackLogins:
    """The credentials of the setup's two applications; `None` for one without."""

    messages: CallbackLogin | None = None
    calls: CallbackLogin | None = None

    def asked_for(self, event: CallbackEvent) -> tuple[CallbackLogin, ...]:
        """Return the credentials of which one has to come with an event; empty if it needs none."""
        match event:
            case MessageEvent():
                wanted = [self.messages]
            case VoiceEvent():
                wanted = [self.calls]
            case UnknownEvent():
                wanted = [self.messages, self.calls]
        return tuple(login for login in wanted if login)

    def shown(self, header: bytes) -> tuple[CallbackLogin, ...]:
        """Return those of the credentials that an `Authorization` header holds; each is compared in constant time."""
        pair = sha256(_pair(header)).digest()
        known = [login for login in (self.messages, self.calls) if login]
        return tuple([login for login in known if hmac.compare_digest(pair, _digest(login))])


def may_enter(asked: Iterable[CallbackLogin], shown: Iterable[CallbackLogin]) -> bool:
    """Return True if nothing is asked for, or one of what is asked for was shown."""
    wanted = tuple(asked)
    return not wanted or any(login in wanted for login in shown)


def _digest(login: CallbackLogin) -> bytes:
    return sha256(f"{login.user}:{login.password.reveal()}".encode()).digest()


def _pair(header: bytes) -> bytes:
    scheme, _, encoded = header.partition(b" ")
    if scheme.lower() != b"basic":
        return b""
    try:
        return b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
