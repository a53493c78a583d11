"""The promises that are checked after each life and each world: nothing twice, nothing lost, never a false "done"."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Final, NamedTuple

from bwtui.domain.remedies.remedies import row_for
from bwtui.domain.runs.problem import OwnCode
from worlds.account import NAME, Thing, WorldAccount
from worlds.documents import leaves
from worlds.other_people import FALLBACK
from worlds.process import Entry, Lived
from worlds.rewriting import canonical
from worlds.setups_wanted import Fields, Wish
from worlds.views import numbers_of

OBJECTS: Final = {
    "site": ("site", ""),
    "sippeer": ("sippeer", ""),
    "messaging_app": ("application", "Messaging-V2"),
    "voice_app": ("application", "Voice-V2"),
    "voice_package": ("package", ""),
}
"""The kind of each object; a voice package is there on a universal account alone."""


def _create_anew(operation: str, code: OwnCode) -> str:
    """The advice where something of ours is taken for removed, up to its answer: bwtui's own words, so that they stay right."""
    row = row_for(operation, code)
    assert row is not None
    words, answer, _ = row.todo.partition("{give_up}")
    assert words
    assert answer
    return words


CREATE_ANEW: Final = (
    _create_anew("site.read", OwnCode.REMOVED),
    _create_anew("number.look", OwnCode.NUMBERS_GONE),
)


class Fault(NamedTuple):
    """A promise that was broken."""

    invariant: str
    told: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.told}"


def _beside(entry: Entry, wish: Wish) -> bool:
    """Return True if something is bought beside a number that nobody was asked about."""
    return bool(entry.beside) and "number.existing" not in wish.answers


def of_life(
    account: WorldAccount, wish: Wish, lived: Lived, most: int, *, unseen: bool = False
) -> Iterator[Fault]:
    """Yield the faults of one life.

    `most` is how many numbers were ever wanted so far; `unseen` says that somebody has changed something in the App
    which reads show late, so that nobody could know.
    """
    if lived.error:
        yield Fault("ends" if lived.error in ("Stuck", "Endless") else "crash", lived.error)
    if account.universal:
        yield from _of_universal(account, wish, lived, unseen=unseen)
    for entry in lived.log:
        if entry.stopped and entry.writes:
            yield Fault("stopped", f"{entry.method} {entry.path} at {entry.at:.1f} s, after the stop")
        if entry.method == "POST" and entry.path.endswith("/orders"):
            yield from _of_order(entry, most)
            if _beside(entry, wish):
                yield Fault(
                    "beside", f"an order at {entry.at:.1f} s, though {', '.join(entry.beside)} is there"
                )
    yield from _of_account(account, most)
    if any(words in text for words in CREATE_ANEW for text in lived.said) and not _anything_gone(account):
        yield Fault("advice", "something is advised to be created again, though nothing was removed")
    if lived.code == 0 and not unseen:
        yield from (Fault("done", wrong) for wrong in look(account, wish))


def _of_universal(account: WorldAccount, wish: Wish, lived: Lived, *, unseen: bool) -> Iterator[Fault]:
    for entry in lived.log:
        if entry.writes and entry.path.endswith("/origination/settings"):
            yield Fault(
                "platform", f"{entry.method} {entry.path} at {entry.at:.1f} s, on a universal account"
            )
    if account.taken_away and not unseen and wish.answers.get("voice_numbers.existing") != "move":
        yield Fault("colleague", f"{', '.join(account.taken_away)} taken out of another package")


def unasked(account: WorldAccount, asked: AbstractSet[str]) -> Iterator[Fault]:
    """Yield a fault for each service that is active and was never asked for."""
    for number in account.services:
        for service, state in account.serves(number).items():
            if service != "package" and state and service not in asked:
                yield Fault("unasked", f"{service} of {number} is active")


def _anything_gone(account: WorldAccount) -> bool:
    gone = any(thing.ours and not thing.alive for thing in account.things.values())
    return gone or any(entry.owner == "released" for entry in account.numbers.values())


def of_orders(account: WorldAccount, log: list[Entry]) -> Iterator[Fault]:
    """After an order whose outcome is not known, the same numbers come first."""
    orders = [entry for entry in log if entry.method == "POST" and entry.path.endswith("/orders")]
    for before, after in pairwise(orders):
        never_sent = before.outcome == "no connection"
        if never_sent or (before.outcome.isdigit() and (before.outcome == "201" or before.outcome < "500")):
            continue
        asked = set(numbers_of(leaves(before.body)))
        if any(order.status == "FAILED" and set(order.wanted) == asked for order in account.orders.values()):
            continue  # it has been looked up since, so its outcome is known
        lost = {number for number in asked if _not_theirs(account, number)}
        then = set(numbers_of(leaves(after.body)))
        if lost - after.committed and not lost & then:
            told = f"{', '.join(sorted(then))} at {after.at:.1f} s, after {', '.join(sorted(lost))} ({before.outcome})"
            yield Fault("same numbers", told)


def _not_theirs(account: WorldAccount, number: str) -> bool:
    return number not in account.numbers or account.numbers[number].owner == "us"


def _of_order(entry: Entry, most: int) -> Iterator[Fault]:
    wanted = set(numbers_of(leaves(entry.body)))
    if not entry.agreed:
        yield Fault("agreed", f"an order at {entry.at:.1f} s that nobody had said yes to")
    if len(wanted | entry.committed) > most:
        had = ", ".join(sorted(entry.committed)) or "nothing"
        yield Fault(
            "order", f"{', '.join(sorted(wanted))} ordered at {entry.at:.1f} s, beside {had}; {most} wanted"
        )


def _of_account(account: WorldAccount, most: int) -> Iterator[Fault]:
    released = sum(entry.owner == "released" for entry in account.numbers.values())
    if len(account.bought) > most + released:
        yield Fault("money", f"{', '.join(account.bought)} bought, {most} wanted")
    for name, (kind, service) in OBJECTS.items():
        ours = _ours(account, kind, service)
        if len(ours) > 1:
            yield Fault("one of each", f"{name}: {', '.join(thing.id for thing in ours)}")


def _ours(account: WorldAccount, kind: str, service: str = "") -> list[Thing]:
    """Return what we made, without copies that a request delivered twice has made and nothing uses."""
    return [
        thing
        for thing in account.ours(kind)
        if (not service or thing.fields["ServiceType"] == service) and not account.is_spare(thing)
    ]


def untold(account: WorldAccount, wish: Wish, said: str) -> Iterator[Fault]:
    """Yield a fault for each copy that nobody was told of, and for more numbers than are wanted without a word."""
    names = {canonical("", fields.get(NAME[kind], "")) for (kind, _), fields in _wanted(wish)}
    for thing in account.things.values():
        is_copy = thing.ours and thing.alive and account.is_spare(thing)
        if is_copy and canonical("", thing.fields[NAME[thing.kind]]) in names and thing.id not in said:
            yield Fault("untold", f"{thing.kind} {thing.id}, a copy")
    if wish.answers.get("number.existing"):
        return
    peers = {peer.id for peer in _ours(account, "sippeer")}
    here = {number for number, entry in account.numbers.items() if entry.peer in peers}
    if len(here) > (len(wish.numbers) or wish.quantity) and not re.search(r"did not order|asked for", said):
        yield Fault("untold", f"{len(here)} numbers on the location, {wish.quantity} wanted")


def _wanted(wish: Wish) -> Iterator[tuple[tuple[str, str], Fields]]:
    yield from ((place, wish.wanted[name]) for name, place in OBJECTS.items())


def forgotten(account: WorldAccount, outputs: Mapping[str, str], numbers: tuple[str, ...]) -> Iterator[Fault]:
    """Yield a fault for each object that we made and the state does not know."""
    known = {value.casefold() for value in outputs.values()}
    for name, (kind, service) in OBJECTS.items():
        for thing in _ours(account, kind, service):
            if thing.id.casefold() not in known:
                yield Fault("forgotten", f"{name} {thing.id}")
    for number, entry in account.numbers.items():
        if entry.owner == "us" and number not in numbers:
            yield Fault("forgotten", f"number {number}")


def fallbacks(account: WorldAccount) -> list[str]:
    """Return what of ours a colleague has added something to: a fallback URL, or the names of callers."""
    return [
        thing.id
        for thing in (*account.ours("application"), *account.ours("package"))
        if FALLBACK in thing.fields or thing.fields.get("cnam")
    ]


# --- The independent look ---


def look(account: WorldAccount, wish: Wish) -> list[str]:
    """Everything on the account that is not as wanted; a value is right in whatever way it is stored."""
    wrong: list[str] = []
    found: dict[str, Thing] = {}
    for name, (kind, service) in OBJECTS.items():
        if kind == "package" and not account.universal:
            continue
        ours = _ours(account, kind, service)
        if not ours:
            wrong.append(f"{name} is missing")
            continue
        found[name] = ours[-1]
        wrong += _differences(name, wish.wanted[name], _plain(ours[-1].fields))
    if "site" in found and "sippeer" in found:
        wrong += _of_location(account, wish, found)
    return wrong


def _plain(fields: Fields) -> Fields:
    """An application's one URL, user and password, however they are named."""
    plain = dict(fields)
    for name, places in (
        ("Url", ("InboundCallbackUrl", "MsgCallbackUrl", "CallbackUrl")),
        ("UserId", ("CallbackCreds/UserId", "InboundCallbackCreds/UserId")),
        ("Password", ("CallbackCreds/Password", "InboundCallbackCreds/Password")),
    ):
        plain[name] = next((fields[place] for place in places if place in fields), "")
    return plain


def _differences(name: str, wanted: Fields, found: Fields) -> list[str]:
    if suffix := found.get("Address/StreetSuffix"):
        found = {**found, "Address/StreetName": f"{found['Address/StreetName']} {suffix}"}
    return [
        f"{name} {path} is {found.get(path, '')!r}, wanted {text!r}"
        for path, text in wanted.items()
        if _canonical(path, text) != _canonical(path, found.get(path, ""))
    ]


def _canonical(path: str, text: str) -> str:
    return text if path == "Password" else canonical(path, text)


def _of_location(account: WorldAccount, wish: Wish, found: Mapping[str, Thing]) -> list[str]:
    peer = found["sippeer"]
    if peer.parent != found["site"].id:
        return ["the location is of another sub-account"]
    setting = {kind: account.setting(peer.id, kind) for kind in ("sms", "mms", "link", "voice")}
    sms = {path.rpartition("/")[2]: text for path, text in setting["sms"].items()}
    wrong = _differences("sms", wish.wanted["sms"], sms)
    if wish.wanted["mms"] and setting["mms"].get("MmsSettings/Protocol") != "HTTP":
        wrong.append("mms is off")
    apps = {
        name: found[name].id.casefold() if name in found else "?" for name in ("messaging_app", "voice_app")
    }
    if setting["link"].get("HttpMessagingV2AppId", "").casefold() != apps["messaging_app"]:
        wrong.append("messaging is not linked")
    carrier = found["voice_package"].fields if "voice_package" in found else setting["voice"]
    linked = carrier.get(
        "httpVoiceV2ApplicationId" if account.universal else "HttpSettings/HttpVoiceV2AppId", ""
    )
    if linked.casefold() != apps["voice_app"]:
        wrong.append("voice is not linked")
    kept = wish.answers.get("number.existing") == "keep"
    here = {number for number, entry in account.numbers.items() if entry.peer == peer.id}
    if len(here) < wish.quantity and not kept:
        wrong.append(f"{len(here)} numbers on the location, {wish.quantity} wanted")
    wrong += [
        f"{number} is not on the location" for number in wish.numbers if number not in here and not kept
    ]
    if "voice_package" in found and not kept:
        wrong += _of_services(account, wish, found["voice_package"].id, here)
    return wrong


def _of_services(account: WorldAccount, wish: Wish, package: str, here: AbstractSet[str]) -> list[str]:
    """What is not as wanted of the numbers that are ours: the package that they are in, and their services."""
    ours = {number for number in here if account.numbers[number].owner == "us"}
    wanted = [service for service, asked in wish.wanted["activation"].items() if asked]
    served = {
        number
        for number in ours
        if (fields := account.serves(number))["package"] == package and all(fields[each] for each in wanted)
    }
    missing = set(wish.numbers) - served or (ours - served if len(served) < wish.quantity else set())
    return [f"{number} is served as {account.serves(number)}" for number in sorted(missing)]


def once(faults: list[Fault]) -> list[Fault]:
    """Each invariant's first fault."""
    first: dict[str, Fault] = {}
    for fault in faults:
        first.setdefault(fault.invariant, fault)
    return list(first.values())
