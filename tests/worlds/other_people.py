"""Changes that somebody else makes in the App between two lives."""

from typing import Final

from worlds.account import UNSERVED, Number, WorldAccount

DELETIONS: Final = frozenset({
    "message app removed", "call app removed", "location removed", "site removed", "sms off", "voice unlinked",
    "messaging unlinked", "number released", "package removed", "number off package", "number moved", "inbound off",
})  # fmt: skip
ADDITIONS: Final = frozenset(
    {"number by hand", "fallback added", "caller names", "twin app", "twin site", "twin package"}
)
ON_PACKAGES: Final = frozenset({
    "package removed", "number off package", "number moved", "inbound off", "caller names", "twin package",
})  # fmt: skip
"""Those that only a universal account knows."""
UPGRADE: Final = "unknown answer"
"""Another version of bwtui has written an answer that this one does not know."""


def happens(what: str, account: WorldAccount, now: float) -> None:  # noqa: C901, PLR0912 - one table
    """Change the account as a colleague does; what is not there stays so."""
    account.settle(now)
    match what:
        case "message app removed":
            _remove(account, "application", now, "Messaging-V2")
        case "call app removed":
            _remove(account, "application", now, "Voice-V2")
        case "location removed":
            _remove(account, "sippeer", now)
        case "site removed":
            _remove(account, "sippeer", now)
            _remove(account, "site", now)
        case "sms off":
            _unset(account, ("mms", "link", "sms"), now)
        case "voice unlinked":
            _unset(account, ("voice",), now)
            for package in account.ours("package"):
                package.versions.put(now, {**package.fields, "httpVoiceV2ApplicationId": ""})
        case "messaging unlinked":
            _unset(account, ("link",), now)
        case "number released":
            _release(account, {peer.id for peer in account.ours("sippeer")}, now)
        case "package removed":
            for package in account.ours("package"):
                _move(account, package.id, "", now)
                package.versions.put(now, None)
        case "number off package":
            for package in account.ours("package"):
                _move(account, package.id, "", now)
        case "number moved":
            if packages := account.ours("package"):
                theirs = account.make("package", {"name": "Other line"}, now, ours=False)
                _move(account, packages[0].id, theirs.id, now)
        case "inbound off":
            for number in account.committed():
                account.serve(number, now, {"INBOUND": ""})
        case "caller names":
            for package in account.ours("package"):
                package.versions.put(now, {**package.fields, "cnam": "on"})
        case "twin package":
            account.make("package", {"name": "SETUP TEST VOICE", "description": "Not yours"}, now, ours=False)
        case "number by hand":
            for peer in account.ours("sippeer"):
                number = next(n for n in (f"91955501{i:02}" for i in range(99)) if account.free(n))
                account.numbers[number] = Number("hand", peer.id, now)
        case "fallback added":
            for app in account.ours("application"):
                if app.fields["ServiceType"] == "Voice-V2":
                    app.versions.put(now, {**app.fields, FALLBACK: "https://fallback.example.net/"})
        case "twin app":
            fields = {"ServiceType": "Voice-V2", "AppName": "SETUP TEST VOICE",
                      "CallInitiatedCallbackUrl": "https://theirs.example.net/"}  # fmt: skip
            account.make("application", fields, now, ours=False)
        case "twin site":
            account.make("site", {"Name": "SETUPTEST", "Description": "Not yours"}, now, ours=False)
        case _:
            raise ValueError(what)


FALLBACK: Final = "CallInitiatedFallbackUrl"


def _remove(account: WorldAccount, kind: str, now: float, service: str = "") -> None:
    for thing in account.ours(kind):
        if not service or thing.fields["ServiceType"] == service:
            if kind == "sippeer":
                _release(account, {thing.id}, now)
            if kind == "application":
                _unlink(account, thing.id, now)
            thing.versions.put(now, None)


def _move(account: WorldAccount, package: str, to: str, now: float) -> None:
    for number in account.services:
        if account.serves(number)["package"] == package:
            account.serve(number, now, {"package": to})


def _unlink(account: WorldAccount, app: str, now: float) -> None:
    for package in account.ours("package"):
        if package.fields.get("httpVoiceV2ApplicationId") == app:
            package.versions.put(now, {**package.fields, "httpVoiceV2ApplicationId": ""})
    for (_, kind), versions in account.settings.items():
        if kind in ("link", "voice") and versions.now and app in versions.now.values():
            versions.put(now, None)


def _unset(account: WorldAccount, kinds: tuple[str, ...], now: float) -> None:
    for peer in account.ours("sippeer"):
        for kind in kinds:
            if (versions := account.settings.get((peer.id, kind))) and versions.now:
                versions.put(now, None)


def _release(account: WorldAccount, peers: set[str], now: float) -> None:
    """Give numbers back: somebody else may have them, we paid for them all the same."""
    for number, entry in account.numbers.items():
        if entry.peer in peers:
            account.numbers[number] = Number("released")
            account.serve(number, now, UNSERVED)
