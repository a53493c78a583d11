"""Voice packages and the numbers in them, as a universal account has them (universal-platform 3).

Where that leaves something open, a quirk decides.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from worlds.account import UNSERVED, VOICE, Thing, WorldAccount
from worlds.documents import Refused, WorldReply, envelope
from worlds.quirks import Quirks
from worlds.rewriting import rewritten
from worlds.services import Meaning, numbers_in
from worlds.setups_wanted import Fields

Need = Callable[[str, str, str, float, Refused | None], Thing]
"""Returns something that has to be there. Raises `Refused`."""

ORIGIN: Final = "http://127.0.0.1:8080/v2/accounts/9900000"
LONGEST_NAME: Final = 50
FLAGS: Final = {
    "INBOUND": "inboundActivated",
    "OUTBOUND_NATIONAL": "outboundNationalActivated",
    "OUTBOUND_INTERNATIONAL": "outboundInternationalActivated",
}
"""The name in a row of each voice service."""


class Packages:
    """Voice packages, as they are read and written."""

    def __init__(self, account: WorldAccount, quirks: Quirks, need: Need) -> None:
        self.account, self.quirks, self._need = account, quirks, need
        self._additions = 0

    def meaning(
        self, method: str, below: Sequence[str], query: Mapping[str, str], body: bytes
    ) -> Meaning | None:
        """Return what a request below `/v2/accounts/…` means."""
        match method, below:
            case "GET", ["voiceConfigurationPackages"]:
                return "package list", lambda now: self._list(query, now)
            case "POST", ["voiceConfigurationPackages"]:
                return "package create", lambda now: self._create(body, now)
            case "GET", ["voiceConfigurationPackages", id_]:
                return "package read", lambda now: self._read(id_, now)
            case "PATCH", ["voiceConfigurationPackages", id_]:
                return "package put", lambda now: self._change(id_, body, now)
            case "POST", ["voiceConfigurationPackages", id_, "phoneNumbers", "bulk"]:
                return "package add", lambda now: self._add(id_, body, now)
            case "GET", ["phoneNumbers", "voice"]:
                return "voice list", lambda now: self._rows(query, now)
            case _:
                return None

    # --- Packages ---

    def _list(self, query: Mapping[str, str], now: float) -> WorldReply:
        then = now - self.quirks.get("package list", "lag")
        seen = [
            self._shown(package, fields, then)
            for package in self.account.of("package")
            if (fields := package.versions.at(then))
        ]
        count = int(self.quirks.get("package", "others", 0))
        theirs = [
            {**_OTHER, "voiceConfigurationPackageId": _other(n), "name": f"Other {n}"} for n in range(count)
        ]
        items = theirs + seen
        length, told = self.quirks.get("package list", "pages", (0, "both"))
        page, size = int(query.get("page", "1")), length or max(len(items), 1)
        pages = -(-len(items) // size)
        links = [_link("self", page)]
        if page < pages and told != "total":
            links.append(_link("next", page + 1))
        block = {"pageNumber": page, "pageSize": size, "totalElements": len(items), "totalPages": pages}
        return envelope(
            items[(page - 1) * size : page * size], links=links, page=None if told == "links" else block
        )

    def _read(self, id_: str, now: float) -> WorldReply:
        then = now - self.quirks.get("package read", "lag")
        package = self.account.things.get(id_.casefold())
        fields = package.versions.at(then) if package and package.kind == "package" else None
        if package is None or fields is None:
            raise Refused(404, "", f"Voice configuration package {id_} not found")
        return envelope(self._shown(package, fields, then))

    def _shown(self, package: Thing, fields: Fields, then: float) -> dict[str, Any]:
        inside = sum(self.account.serves(n, then)["package"] == package.id for n in self.account.services)
        return {
            **_OTHER,
            "voiceConfigurationPackageId": self._id(package.id),
            "name": fields["name"],
            "description": fields.get("description") or None,
            "cnam": {"enabled": bool(fields.get("cnam"))},
            "httpVoiceV2ApplicationId": self._id(fields.get("httpVoiceV2ApplicationId", "")) or None,
            "phoneNumberCount": inside,
        }

    def _id(self, id_: str) -> str:
        return id_.upper() if "id case" in self.quirks.rewrites else id_

    def _create(self, body: bytes, now: float) -> WorldReply:
        fields = self._sent(body, now)
        if not fields.get("name"):
            raise Refused(400, "", "name must not be blank")
        package = self.account.make("package", fields, now)
        get = self.quirks.get
        shown = {} if get("package create", "no id", False) else self._shown(package, package.fields, now)
        return envelope(shown, status=int(get("package create", "status", 201)))

    def _change(self, id_: str, body: bytes, now: float) -> WorldReply:
        package = self._need("package", id_, "", now, None)
        sent = rewritten(self._sent(body, now), self.quirks.rewrites)
        package.versions.put(now, {**package.fields, **sent})
        return envelope(self._shown(package, package.fields, now))

    def _sent(self, body: bytes, now: float) -> Fields:
        sent = {name: str(value or "") for name, value in json.loads(body).items()}
        if len(sent.get("name", "")) > LONGEST_NAME:
            raise Refused(400, "", f"name must not have more than {LONGEST_NAME} characters")
        if id_ := sent.get("httpVoiceV2ApplicationId"):
            unknown = Refused(400, "", f"Application {id_} not found")
            app = self._need("application", id_, "", now, unknown)
            if app.fields["ServiceType"] != "Voice-V2":
                raise unknown
            sent["httpVoiceV2ApplicationId"] = app.id
        return sent

    # --- The numbers in them ---

    def _add(self, id_: str, body: bytes, now: float) -> WorldReply:
        package = self._need("package", id_, "", now, None)
        sent = json.loads(body)
        if sent.get("action") != "ADD":
            raise Refused(400, "", f"Unknown action {sent.get('action')}")
        numbers = numbers_in(sent)
        if strange := [number for number in numbers if not self._is_had(number)]:
            raise Refused(400, "", f"The phone number +1{strange[0]} is not on the account")
        refused = {number: "VCS-0044" for number in numbers if self._is_fresh(number, now)}
        partial = int(self.quirks.get("package add", "partial", 0))
        if refused and (not partial or len(refused) == len(numbers)):
            raise Refused(400, "VCS-0044", "The phone number is not provisioned yet")
        self._additions += 1
        if code := self.quirks.get(f"package add {self._additions}", "refuses", ""):
            refused.setdefault(numbers[0], code)
        for number in numbers:
            if number not in refused:
                self._put(number, package.id, now)
        if refused:
            told = [_refusal(number, code) for number, code in refused.items()]
            return envelope(None, status=partial or 207, errors=told)
        match self.quirks.get("package add", "says", ""):
            case "envelope":
                return envelope(None)
            case "null":
                return WorldReply(200, "null", {"Content-Type": "application/json"})
            case _:
                return WorldReply(204)

    def _put(self, number: str, package: str, now: float) -> None:
        before = self.account.things.get(self.account.serves(number)["package"].casefold())
        if before and before.id != package and not before.ours:
            self.account.taken_away.append(number)
        self.account.serve(number, now, {"package": package})

    def _is_had(self, number: str) -> bool:
        entry = self.account.numbers.get(number)
        return entry is not None and entry.owner in ("us", "hand")

    def _is_fresh(self, number: str, now: float) -> bool:
        """Return True if a number was ordered too recently to be known here."""
        entry = self.account.numbers[number]
        order = self.account.orders.get(entry.order.casefold())
        alone = self.quirks.get("number", "first alone", False) and order and number != order.got[0]
        return now < entry.since + (0.0 if alone else self.quirks.get("number", "fresh"))

    def _rows(self, query: Mapping[str, str], now: float) -> WorldReply:
        then = now - self.quirks.get("voice list", "lag")
        rows = list(self._voice_rows(query.get("voiceConfigurationPackageId", "").casefold(), then))
        length, _ = self.quirks.get("voice list", "pages", (1000, ""))
        size = min(length, int(query.get("limit", "1000")))
        start = _start(query.get("afterCursor", ""))
        following = f"+{start + size}/=" if start + size < len(rows) else None
        return envelope(rows[start : start + size], page={"afterCursor": following})

    def _voice_rows(self, package: str, then: float) -> Iterator[dict[str, Any]]:
        if not package:
            for n in range(int(self.quirks.get("voice list", "others", 0))):
                yield self._row(f"9845550{n:03}", {**UNSERVED, "package": _other(0)})
        unserved = self.quirks.get("voice list", "shows", "") == "all" and not package
        known = [n for n, entry in self.account.numbers.items() if self._is_had(n) and entry.since <= then]
        for number in known:
            fields = self.account.serves(number, then)
            if unserved or (fields["package"] and package in ("", fields["package"].casefold())):
                yield self._row(number, fields)

    def _row(self, number: str, fields: Fields) -> dict[str, Any]:
        flags = {FLAGS[service]: bool(fields[service]) for service in VOICE}
        match self.quirks.get("voice list", "outbound as", ""):
            case "missing":
                flags = {FLAGS["INBOUND"]: flags[FLAGS["INBOUND"]]}
            case "renamed":
                flags = {
                    name.replace("Activated", "Enabled") if "outbound" in name else name: on
                    for name, on in flags.items()
                }
        return {
            "phoneNumber": f"+1{number}",
            "voiceConfigurationPackageId": self._id(fields["package"]) or None,
            **flags,
        }


_OTHER: Final[dict[str, Any]] = {
    "voiceConfigurationPackageId": "", "accountId": 9900000, "name": "", "description": None, "cnam": {"enabled": False},
    "pindropIntegration": {"enabled": False}, "callVerification": {"enabled": False}, "originationRoutePlan": None,
    "httpVoiceV2ApplicationId": None, "phoneNumberCount": 0,
}  # fmt: skip


def _other(n: int) -> str:
    return f"cccccccc-0000-4000-8000-{n:012}"


def _link(rel: str, page: int) -> dict[str, str]:
    return {"href": f"{ORIGIN}/voiceConfigurationPackages?page={page}", "rel": rel, "method": "GET"}


def _start(cursor: str) -> int:
    """The place that a cursor stands for; one that was sent without its encoding stands for none."""
    if not cursor:
        return 0
    if not (cursor.startswith("+") and cursor.endswith("/=")):
        raise Refused(400, "", "Invalid cursor")
    return int(cursor[1:-2])


def _refusal(number: str, code: str) -> dict[str, str]:
    return {"code": code, "type": "ERROR", "description": f"The phone number +1{number} was not added"}
