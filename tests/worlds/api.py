"""The account behind HTTP: which request means what, what befalls it, and when its answer comes."""

from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Final, NamedTuple

from worlds.account import Thing, WorldAccount
from worlds.applications import kept_as
from worlds.documents import JSON, Refused, WorldReply, document, element, leaves, other_root
from worlds.fixed_replies import ACCOUNT, PRODUCTS, TOKEN, TOKEN_FOR_PACKAGES
from worlds.packages import Packages
from worlds.quirks import ROOTS, Quirks
from worlds.rewriting import rewritten
from worlds.services import Services
from worlds.setups_wanted import Fields
from worlds.views import BASE, SETTING, TAG, Views, missing, numbers_of
from worlds.world import Quirk

PREFIX: Final = "/api/accounts/9900000"
SECOND: Final = "/api/v2/accounts/9900000"
"""Where a universal account answers too, and takes more care (universal-platform 2)."""
PACKAGES: Final = "/v2/accounts/9900000"
USUAL: Final = 0.05
"""Seconds that an answer takes."""
NEVER: Final = 1000.0
EPOCH: Final = 1795860000.0
"""The server's clock when a world begins, in November 2026."""
MEANING: Final = (
    ("messaging/features/sms", "sms"),
    ("messaging/features/mms", "mms"),
    ("messaging/applicationSettings", "link"),
    ("origination/settings", "voice"),
)
PAGE: Final = "<!DOCTYPE html><html><title>Sign in to the network</title></html>"


class Outcome(NamedTuple):
    """The result of a request, and the seconds after which it comes."""

    reply: WorldReply | None
    """`None`: the connection is cut."""
    after: float = USUAL
    reached: bool = True
    """True if a connection was made at all."""


class Call(NamedTuple):
    """One request, understood."""

    on: str
    """The operation, such as `site create`."""
    work: Callable[[float], WorldReply]
    """Does it at a moment. Raises `Refused`."""
    root: str
    """Of an error's envelope."""


class Api:
    """The account as it answers."""

    def __init__(self, account: WorldAccount, quirks: Quirks) -> None:
        self.account = account
        self.behave(quirks)

    def behave(self, quirks: Quirks) -> None:
        """Answer like this from now on."""
        self.quirks = quirks
        self.account.rules = quirks
        self.views = Views(self.account, quirks)
        self.packages = Packages(self.account, quirks, self._need)
        self.services = Services(self.account, quirks)

    def handle(self, method: str, path: str, query: Mapping[str, str], body: bytes, now: float) -> Outcome:
        self.account.settle(now)
        call = self._call(method, path, query, body)
        fault = self.quirks.fault(call.on)
        if method == "GET" or call.on in ("token read", "checker read"):
            return self._read(call, fault, now)
        return self._write(call, fault, now)

    # --- What befalls a request ---

    def _read(self, call: Call, fault: Quirk | None, now: float) -> Outcome:  # noqa: C901 - one table
        reply = _done(call, now)
        if fault is None:
            return Outcome(reply)
        value = fault.value
        match fault.what:
            case "5xx":
                return Outcome(WorldReply(value or 500))
            case "cut":
                return Outcome(None)
            case "hang":
                return Outcome(None, NEVER)
            case "429":
                return Outcome(_too_many(value, now))
            case "slow":
                return Outcome(reply, value)
            case "403" | "404":
                return Outcome(WorldReply(int(fault.what)))
            case "error in 200":
                said = Refused(200, "1010", "Something unexpected happened and has been logged")
                return Outcome(said.reply(call.root))
            case "unknown root":
                return Outcome(WorldReply(200, other_root(reply.body)))
            case "empty 200":
                return Outcome(WorldReply(200))
            case "page":
                return Outcome(WorldReply(200, PAGE, {"Content-Type": "text/html"}))
            case _:
                return Outcome(reply._replace(status=value) if reply.status == 200 else reply)

    def _write(  # noqa: C901, PLR0912 - one table
        self, call: Call, fault: Quirk | None, now: float
    ) -> Outcome:
        if fault is None:
            return Outcome(_done(call, now))
        value = fault.value
        match fault.what:
            case "late":
                replied, effective = value
                self.account.later(now + effective, lambda: _forgotten(call, now + effective))
                return Outcome(WorldReply(504), replied)
            case "lost":
                return Outcome(WorldReply(504), value)
            case "cut before":
                return Outcome(None)
            case "cut after":
                _done(call, now)
                return Outcome(None)
            case "no connection":
                return Outcome(None, reached=False)
            case "5xx before":
                return Outcome(WorldReply(value))
            case "5xx after":
                _done(call, now)
                return Outcome(WorldReply(value))
            case "refused after" if value == 429:
                _done(call, now)
                return Outcome(_too_many((1, "Retry-After"), now))
            case "refused after":
                known = set(self.account.things)
                _done(call, now)
                for key in set(self.account.things) - known:
                    made = self.account.things[key]
                    self.account.refused.append((made, now + self.quirks.get(f"{made.kind} list", "lag")))
                return Outcome(WorldReply(value))
            case "429":
                return Outcome(_too_many(value, now))
            case "slow":
                return Outcome(_done(call, now), value)
            case "garbled":
                reply = _done(call, now)
                return Outcome(reply._replace(body=reply.body[: len(reply.body) // 2], headers={}))
            case "page":
                _done(call, now)
                return Outcome(WorldReply(200, PAGE, {"Content-Type": "text/html"}))
            case "twice":
                answered, apart = value
                return self._twice(call, answered, apart, now)
            case _:
                return Outcome(WorldReply(403))

    def _twice(self, call: Call, answered: int, apart: float, now: float) -> Outcome:
        """Carry a request out twice, as a gateway does that sends it again to another machine."""
        known = set(self.account.things)
        first = _done(call, now)
        made = set(self.account.things) - known

        def again(at: float) -> WorldReply:
            known = set(self.account.things)
            reply = _done(call, at)
            copy = set(self.account.things) - known
            if made and copy:
                self.account.delivered_twice.append(
                    (self.account.things[made.pop()].id, self.account.things[copy.pop()].id)
                )
            return reply

        if answered == 1:
            self.account.later(now + apart, lambda: _ignored(again(now + apart)))
            return Outcome(first)
        return Outcome(again(now))

    # --- What a request means ---

    def _call(  # noqa: C901, PLR0912 - one table
        self, method: str, path: str, query: Mapping[str, str], body: bytes
    ) -> Call:
        if path == "/api/v1/oauth2/token":
            return Call("token read", lambda _now: self._token(), "")
        if path in ("/api/tns", "/api/v2/tns") and method == "GET":
            return Call("status list", lambda _now: self.views.ageing(), "TelephoneNumbersResponse")
        if self.account.universal and (call := self._universal(method, path, query, body)):
            return call
        prefix = SECOND if self.account.universal and path.startswith(SECOND) else PREFIX
        views, below = self.views, path.removeprefix(prefix).strip("/").split("/")
        read = method == "GET"
        match below:
            case ["sites"]:
                return self._listed(method, "site", "", path, query, body)
            case ["sites", site]:
                return self._single(method, "site", "", site, body)
            case ["sites", site, "sippeers"]:
                return self._listed(method, "sippeer", self._known(site), path, query, body)
            case ["sites", site, "sippeers", peer]:
                return self._single(method, "sippeer", self._known(site), peer, body)
            case ["sites", site, "sippeers", peer, "tns"] if read:
                return Call("tns list", lambda now: self._located(site, peer, path, query, now), ROOTS["tns"])
            case ["sites", site, "sippeers", peer, "products", *rest]:
                kind = dict(MEANING).get("/".join(rest), "")
                if kind:
                    return self._setting(method, kind, site, peer, body)
            case ["applications"]:
                return self._listed(method, "application", "", path, query, body)
            case ["applications", app]:
                return self._single(method, "application", "", app, body)
            case ["availableNumbers"] if read:
                return Call("search", lambda now: views.search(query, now), ROOTS["search"])
            case ["orders"] if read:
                return Call("order list", lambda now: views.orders(path, query, now), ROOTS["order"])
            case ["orders"] if method == "POST":
                return Call("order create", lambda now: self._order(body, now), ROOTS["order"])
            case ["orders", order] if read:
                return Call("order read", lambda now: views.order(order, now), ROOTS["order"])
            case ["orders", order, "tns"] if read:
                return Call("order tns", lambda now: views.order_tns(order, now), ROOTS["order"])
            case ["orders", order, "history"] if read:
                return Call("order history", lambda now: views.order_history(order, now), ROOTS["order"])
            case ["products"] if read:
                return Call("products", lambda _now: PRODUCTS, "AccountProductsResponse")
            case [""] if read:
                return Call("account", lambda _now: ACCOUNT, "AccountResponse")
            case _:
                pass
        return Call(f"unknown {method} {path}", lambda _now: WorldReply(404), "ErrorResponse")

    def _token(self) -> WorldReply:
        has_role = self.account.universal and not self.quirks.get("token read", "no role", False)
        return TOKEN_FOR_PACKAGES if has_role else TOKEN

    def _universal(self, method: str, path: str, query: Mapping[str, str], body: bytes) -> Call | None:
        """What only a universal account understands."""
        if path.startswith(PACKAGES):
            meaning = self.packages.meaning(method, _below(path, PACKAGES), query, body)
        else:
            meaning = self.services.meaning(method, _below(path, SECOND), body)
        if meaning:
            return Call(*meaning, JSON)
        if path.startswith(SECOND) and "areaCode" in query and "countryCodeA3" not in query:
            return Call(
                "search",
                lambda _now: Refused(400, "4010", "countryCodeA3 is required").reply(ROOTS["search"]),
                "",
            )
        return None

    def _known(self, id_: str) -> str:
        """An id as the account itself writes it."""
        thing = self.account.things.get(id_.casefold())
        return thing.id if thing else id_

    def _listed(  # noqa: PLR0917 - one request, taken apart
        self, method: str, kind: str, parent: str, path: str, query: Mapping[str, str], body: bytes
    ) -> Call:
        if method == "GET":
            return Call(f"{kind} list", lambda now: self._things(kind, parent, path, query, now), ROOTS[kind])
        return Call(f"{kind} create", lambda now: self._create(kind, parent, body, now), ROOTS[kind])

    def _single(self, method: str, kind: str, parent: str, id_: str, body: bytes) -> Call:
        if method == "GET":
            return Call(f"{kind} read", lambda now: self.views.thing(kind, parent, id_, now), ROOTS[kind])
        if method != "PUT":
            return Call(f"{kind} {method.lower()}", lambda _now: WorldReply(405), ROOTS[kind])
        return Call(f"{kind} put", lambda now: self._put(kind, parent, id_, body, now), ROOTS[kind])

    def _setting(self, method: str, kind: str, site: str, peer: str, body: bytes) -> Call:
        if method == "GET":
            return Call(f"{kind} read", lambda now: self._shown_setting(site, peer, kind, now), ROOTS[kind])
        verb = "put" if method == "PUT" else "create"
        return Call(f"{kind} {verb}", lambda now: self._set(verb, kind, site, peer, body, now), ROOTS[kind])

    # --- Reads that need something ---

    def _things(self, kind: str, parent: str, path: str, query: Mapping[str, str], now: float) -> WorldReply:
        if kind == "sippeer":
            self._need("site", parent, "", now)
        return self.views.things(kind, parent, path, query, now)

    def _located(self, site: str, peer: str, path: str, query: Mapping[str, str], now: float) -> WorldReply:
        return self.views.located(self._need("sippeer", peer, self._known(site), now).id, path, query, now)

    def _shown_setting(self, site: str, peer: str, kind: str, now: float) -> WorldReply:
        return self.views.setting(self._need("sippeer", peer, self._known(site), now).id, kind, now)

    def _need(self, kind: str, id_: str, parent: str, now: float, as_: Refused | None = None) -> Thing:
        """Something that has to be there, and long enough."""
        thing = self.account.find(kind, id_, parent)
        if thing is None or now < thing.made_at + self.quirks.get(kind, "needs lag"):
            raise as_ or missing(kind, id_)
        return thing

    # --- Writes ---

    def _create(self, kind: str, parent: str, body: bytes, now: float) -> WorldReply:
        fields = dict(leaves(body))
        if kind == "sippeer":
            self._need("site", parent, "", now)
            if not [peer for peer in self.account.of("sippeer", parent) if peer.alive]:
                if fields.get("IsDefaultPeer", "true") == "false":
                    raise Refused(400, "13522", "IsDefaultPeer cannot be false right now.")
                fields["IsDefaultPeer"] = "true"
        if kind == "application":
            fields = kept_as(fields, {})
        thing = self.account.make(kind, fields, now, parent=parent)
        below = f"sites/{parent}/sippeers" if parent else f"{kind}s"
        inner = self.views.shown(thing, thing.fields)
        where = {} if kind == "application" else {"Location": f"{BASE}/{below}/{thing.id}"}
        return self._created(f"{kind} create", ROOTS[kind], inner, where)

    def _created(self, on: str, root: str, inner: str, where: dict[str, str]) -> WorldReply:
        """Return the reply that says that something was created: all of it, or half."""
        get = self.quirks.get
        if get(on, "no location", False):
            where = {}
        elif where and get(on, "collection location", False):
            where, inner = {"Location": where["Location"].rpartition("/")[0]}, ""
        if get(on, "neither", False):
            where, inner = {}, ""
        body = "" if not inner or get(on, "no id", False) else document(root, inner)
        return WorldReply(int(get(on, "status", 201)), body, where)

    def _put(self, kind: str, parent: str, id_: str, body: bytes, now: float) -> WorldReply:
        thing = self._need(kind, id_, parent, now)
        fields = dict(leaves(body))
        if kind == "application":
            if fields.get("ServiceType") != thing.fields["ServiceType"]:
                raise Refused(400, "12964", "Service Type of Application could not be changed")
            fields = kept_as(fields, thing.fields)
        thing.versions.put(now, rewritten(fields, self.quirks.rewrites))
        return WorldReply(200, document(ROOTS[kind], element(TAG[kind], {})) if kind == "application" else "")

    def _set(  # noqa: PLR0917 - one request, taken apart
        self, verb: str, kind: str, site: str, peer: str, body: bytes, now: float
    ) -> WorldReply:
        location = self._need("sippeer", peer, self._known(site), now).id
        fields = dict(leaves(body))
        if kind == "voice" and self.account.universal:
            raise Refused(400, "13651", "Origination settings are not allowed for this account")
        self._rules_of(kind, location, fields, now)
        before = self.account.setting(location, kind)
        if verb == "create" and before and kind in ("sms", "mms"):
            raise Refused(400, "", "The feature is enabled already")
        if verb == "put" and not before and kind in ("sms", "mms"):
            raise Refused(404, "", "The feature is not enabled")
        self.account.put_setting(location, kind, fields, now)
        if verb == "put":
            return WorldReply(200)
        status = 200 if kind == "voice" else 201
        shown = {**fields, **({"HttpSettings/ProxyPeerId": "569238"} if kind == "sms" else {})}
        shown.pop("HttpSettings", None)
        reply = self._created(f"{kind} create", ROOTS[kind], element(SETTING[kind], shown), {})
        return reply if reply.status != 201 else reply._replace(status=status)

    def _rules_of(self, kind: str, peer: str, fields: Fields, now: float) -> None:
        """Check what a setting needs before it (bandwidth-api 4.5)."""
        lag = self.quirks.get("sms", "needs lag")
        versions = self.account.settings.get((peer, "sms"))
        sms = versions.at(now - lag) if versions else None
        if kind == "mms" and not sms:
            raise Refused(400, "13623", "MMS feature is not allowed without SMS feature enabled")
        if kind == "link":
            if not sms:
                raise Refused(400, "13645", "Please assign SMS or MM4 protocol to HTTP before associating")
            self._application_of("Messaging-V2", fields.get("HttpMessagingV2AppId", ""), now)
        if kind == "voice":
            self._application_of("Voice-V2", fields.get("HttpSettings/HttpVoiceV2AppId", ""), now)

    def _application_of(self, service: str, id_: str, now: float) -> None:
        said = Refused(400, "13629", f"Application with id '{id_}' not found")
        if self._need("application", id_, "", now, said).fields["ServiceType"] != service:
            raise Refused(400, "13648", "Application service type is not allowed.")

    def _order(self, body: bytes, now: float) -> WorldReply:
        told = leaves(body)
        fields = dict(told)
        site, peer = fields.get("SiteId", ""), fields.get("PeerId", "")
        self._need("site", site, "", now, Refused(400, "5016", "The SiteId submitted is invalid."))
        location = self._need(
            "sippeer", peer, self._known(site), now, Refused(400, "5023", "The PeerId is invalid.")
        )
        wanted = numbers_of(told)
        if not wanted:
            raise Refused(500, "", "")
        if len(set(wanted)) < len(wanted):
            raise Refused(400, "5093", "Duplicate numbers")
        order = self.account.order(
            wanted, fields.get("CustomerOrderId", ""), site, location.id, now,
            partial=fields.get("PartialAllowed", "true") == "true",
        )  # fmt: skip
        if self.account.universal and self.quirks.get("activation", "at order", False):
            self.services.activate_messages(order, now)
        where = {"Location": f"{BASE}/orders/{order.id}"}
        return self._created("order create", ROOTS["order"], self.views.created(order), where)


def _below(path: str, prefix: str) -> list[str]:
    return path.removeprefix(prefix).strip("/").split("/")


def _done(call: Call, now: float) -> WorldReply:
    try:
        return call.work(now)
    except Refused as refusal:
        return refusal.reply(call.root)


def _forgotten(call: Call, at: float) -> None:
    """Do what was sent before; nobody hears what came of it."""
    _done(call, at)


def _ignored(_reply: WorldReply) -> None:
    """Nobody hears of the reply."""


def _too_many(value: tuple[float, str], now: float) -> WorldReply:
    seconds, header = value
    headers = {"Connection": "close", "Date": formatdate(EPOCH + now, usegmt=True)}
    if header == "Retry-After":
        headers[header] = f"{seconds:.0f}"
    elif header:
        headers["X-RateLimit-Reset"] = f"{EPOCH + now + seconds:.0f}"
    return WorldReply(429, "", headers)
