"""The account as it looks from outside at one moment: late, in pages, in half."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from worlds.account import NUMBERS, Order, Thing, WorldAccount
from worlds.documents import HEAD, Refused, WorldReply, document, element, render
from worlds.quirks import ROOTS, Quirks
from worlds.setups_wanted import Fields

BASE: Final = "http://127.0.0.1:8080/api/accounts/9900000"
_LISTS: Final = {
    "site": ("SitesResponse", "Sites", "Site"),
    "sippeer": ("TNSipPeersResponse", "SipPeers", "SipPeer"),
    "application": ("ApplicationProvisioningResponse", "ApplicationList", "Application"),
}
ID: Final = {"site": "Id", "sippeer": "PeerId", "application": "ApplicationId"}
TAG: Final = {"site": "Site", "sippeer": "SipPeer", "application": "Application"}
_SECRET: Final = "Password"


class Views:
    """The replies to reads."""

    def __init__(self, account: WorldAccount, quirks: Quirks) -> None:
        self.account = account
        self.quirks = quirks
        self._others: dict[str, str] = {}
        self._others_count = {"site": 0, "application": 0}

    # --- Things ---

    def things(self, kind: str, parent: str, path: str, query: Mapping[str, str], now: float) -> WorldReply:
        then = now - self.quirks.get(f"{kind} list", "lag")
        seen = [
            (thing, fields) for thing in self.account.of(kind, parent) if (fields := thing.versions.at(then))
        ]
        items = [self._listed(thing, fields) for thing, fields in seen]
        if kind in self._others_count:
            items = self._of_others(kind) + items
        root, container, _ = _LISTS[kind]
        return self._list(f"{kind} list", root, container, items, path, query)

    def thing(self, kind: str, parent: str, id_: str, now: float) -> WorldReply:
        then = now - self.quirks.get(f"{kind} read", "lag")
        thing = self.account.things.get(id_.casefold())
        fields = thing.versions.at(then) if thing and (thing.kind, thing.parent) == (kind, parent) else None
        if thing is None or fields is None:
            raise missing(kind, id_)
        return WorldReply(200, document(ROOTS[kind], self.shown(thing, fields)))

    def shown(self, thing: Thing, fields: Fields) -> str:
        """One thing as a reply has it: its id first, no password."""
        shown = {ID[thing.kind]: self._id(thing.id), **fields}
        if thing.kind == "site":
            shown.setdefault("Address/Country", "United States")
            shown = _together(shown, "Address/")
        return element(TAG[thing.kind], {k: v for k, v in shown.items() if not k.endswith(_SECRET)})

    def _listed(self, thing: Thing, fields: Fields) -> str:
        if thing.kind != "site":
            return self.shown(thing, fields)
        short = {"Id": self._id(thing.id), "Name": fields["Name"]}
        return element(
            "Site", {**short, **({"Description": fields["Description"]} if fields.get("Description") else {})}
        )

    def _id(self, id_: str) -> str:
        return id_.upper() if "id case" in self.quirks.rewrites else id_

    def _of_others(self, kind: str) -> list[str]:
        count = int(self.quirks.get(kind, "others", 0))
        if kind not in self._others or self._others_count[kind] != count:
            name, tag = {"site": "Name", "application": "AppName"}[kind], TAG[kind]
            rows = []
            for n in range(count):
                fields = {ID[kind]: f"{7000 + n}", name: f"Other {n}"}
                if kind == "application":
                    fields = {ID[kind]: f"aaaaaaaa-0000-4000-8000-{n:012}", "ServiceType": "Voice-V2", **fields,
                              "CallInitiatedCallbackUrl": "https://elsewhere.example.net/"}  # fmt: skip
                    fields[ID[kind]] = f"aaaaaaaa-0000-4000-8000-{n:012}"
                rows.append(element(tag, fields))
            self._others[kind], self._others_count[kind] = "\n".join(rows), count
        return self._others[kind].split("\n") if count else []

    # --- Settings ---

    def setting(self, peer: str, kind: str, now: float) -> WorldReply:
        then = now - self.quirks.get(f"{kind} read", "lag")
        versions = self.account.settings.get((peer, kind))
        fields = versions.at(then) if versions else None
        if fields is None:
            return self._unset(kind)
        if "id case" in self.quirks.rewrites:
            fields = {path: text.upper() if path.endswith("AppId") else text for path, text in fields.items()}
        return WorldReply(200, document(ROOTS[kind], element(SETTING[kind], fields)))

    def _unset(self, kind: str) -> WorldReply:
        if kind == "link":
            return WorldReply(200, document(ROOTS[kind], "<ApplicationsSettings/>"))
        if kind == "voice" and self.quirks.get("voice read", "unset as", "") == "SIP":
            sip = {"VoiceProtocol": "SIP"}
            return WorldReply(200, document(ROOTS[kind], element(SETTING[kind], sip)))
        return WorldReply(404)

    # --- Numbers ---

    def located(self, peer: str, path: str, query: Mapping[str, str], now: float) -> WorldReply:
        then = now - self.quirks.get("tns list", "lag")
        numbers = [
            n for n, entry in self.account.numbers.items() if entry.peer == peer and entry.since <= then
        ]
        tag = "SipPeerTelephoneNumber"
        short = self.quirks.get("tns list", "ten digits", False)
        told = sorted(number if short else self._tn(number) for number in numbers)
        items = [f"<{tag}><FullNumber>{number}</FullNumber></{tag}>" for number in told]
        return self._list("tns list", ROOTS["tns"], "SipPeerTelephoneNumbers", items, path, query)

    @staticmethod
    def ageing() -> WorldReply:
        """No number is ever released here."""
        count = "<TelephoneNumberCount>0</TelephoneNumberCount>"
        return WorldReply(200, document("TelephoneNumbersResponse", f"{count}<TelephoneNumbers/>"))

    def search(self, query: Mapping[str, str], now: float) -> WorldReply:
        del now
        numbers = [number for number in NUMBERS if self.account.free(number)]
        how = self.quirks.get("search", "shows", "")
        quantity = int(query.get("quantity", "5000"))
        if how in ("shuffled", "other"):
            self.account.chance.shuffle(numbers)
        if how == "other":
            quantity = min(quantity, 8)
        numbers = [] if how == "none" else numbers[: 1 if how == "one" else quantity]
        if not numbers:
            return WorldReply(200, document("SearchResult", ""))
        listed = "".join(f"<TelephoneNumber>{self._tn(number)}</TelephoneNumber>" for number in numbers)
        inner = (
            f"<ResultCount>{len(numbers)}</ResultCount><TelephoneNumberList>{listed}</TelephoneNumberList>"
        )
        return WorldReply(200, f"<SearchResult>{inner}</SearchResult>")

    # --- Orders ---

    def orders(self, path: str, query: Mapping[str, str], now: float) -> WorldReply:
        if "page" not in query or "size" not in query:
            return WorldReply(404)
        then = now - self.quirks.get("order list", "lag")
        ignored = self.quirks.get("order list", "filter ignored", 0)
        asked = query.get("customerorderid", "").casefold()
        seen = [
            order
            for order in self.account.orders.values()
            if order.made_at <= then and (ignored or not asked or order.customer_order_id.casefold() == asked)
        ]
        items = [self._foreign_order(n) for n in range(int(ignored))] + [
            self._order_row(o, now) for o in seen
        ]
        return self._list("order list", "ResponseSelectWrapper", "ListOrderIdUserIdDate", items, path, query)

    def _order_row(self, order: Order, now: float) -> str:
        upper = "id case" in self.quirks.rewrites
        coid = order.customer_order_id.upper() if upper else order.customer_order_id
        return _row(coid, self._id(order.id), _status(order, now), len(order.wanted))

    @staticmethod
    def _foreign_order(n: int) -> str:
        return _row(f"theirs-{n}", f"bbbbbbbb-0000-4000-8000-{n:012}", "COMPLETE", 1)

    def order(self, id_: str, now: float) -> WorldReply:
        order = self._order(id_, now - self.quirks.get("order read", "lag"))
        status = _status(order, now)
        final = now >= order.final_at
        if final:
            order.reads += 1
        got = order.got if final else ()
        numbers = "".join(
            f"<TelephoneNumber><FullNumber>{self._tn(n)}</FullNumber></TelephoneNumber>" for n in got
        )
        parts = [f"<CompletedQuantity>{len(got)}</CompletedQuantity>", "<CreatedByUser>demo</CreatedByUser>"]
        failed = [n for n in order.wanted if n not in order.got] if final else []
        if failed:
            told = [self._tn(number) for number in failed]
            parts.append(f"<ErrorList>{''.join(map(_error, told))}</ErrorList>")
            parts.append(
                f"<FailedNumbers>{''.join(f'<FullNumber>{n}</FullNumber>' for n in told)}</FailedNumbers>"
            )
        parts.append(f"<Order>{self._echo(order)}</Order><OrderStatus>{status}</OrderStatus>")
        parts.append(self._completed(numbers, order.reads) if got else "")
        parts.append(f"<FailedQuantity>{len(failed)}</FailedQuantity>")
        return WorldReply(200, document("OrderResponse", "".join(parts)))

    def _completed(self, numbers: str, reads: int) -> str:
        match self.quirks.get("order", "completed", ""):
            case "missing":
                return ""
            case "empty":
                return "<CompletedNumbers/>"
            case "named":
                return f"<Completed>{numbers.replace('TelephoneNumber', 'Tn').replace('FullNumber', 'Value')}</Completed>"
            case "late" if reads < 4:
                return "<CompletedNumbers/>"
            case _:
                return f"<CompletedNumbers>{numbers}</CompletedNumbers>"

    def order_tns(self, id_: str, now: float) -> WorldReply:
        order = self._order(id_, now - self.quirks.get("order tns", "lag"))
        got = order.got if now >= order.final_at else ()
        if self.quirks.get("order tns", "empty", False):
            got = ()
        listed = "".join(f"<TelephoneNumber>{self._tn(number)}</TelephoneNumber>" for number in got)
        return WorldReply(200, document("TelephoneNumbers", f"<Count>{len(got)}</Count>{listed}"))

    def created(self, order: Order) -> str:
        """The body of the reply to an order that was taken."""
        fields = {"CustomerOrderId": order.customer_order_id, "id": order.id}
        return (
            f"<Order>{render(fields.items())}<ExistingTelephoneNumberOrderType>{self._listed_of(order)}"
            f"</ExistingTelephoneNumberOrderType><SiteId>{order.site}</SiteId></Order><OrderStatus>RECEIVED</OrderStatus>"
        )

    def _echo(self, order: Order) -> str:
        wrapped = self._listed_of(order) if order.got else ""
        fields = {"CustomerOrderId": order.customer_order_id, "OrderCreateDate": "2026-11-20T10:00:00.000Z"}
        existing = f"<ExistingTelephoneNumberOrderType>{wrapped}</ExistingTelephoneNumberOrderType>"
        return f"{render(fields.items())}{existing}<PeerId>{order.peer}</PeerId><SiteId>{order.site}</SiteId>"

    def _listed_of(self, order: Order) -> str:
        listed = (f"<TelephoneNumber>{self._tn(number)}</TelephoneNumber>" for number in order.wanted)
        return f"<TelephoneNumberList>{''.join(listed)}</TelephoneNumberList>"

    def _tn(self, number: str) -> str:
        """A number as the account writes it: a universal one with the code of the country."""
        return f"+1{number}" if self.account.universal else number

    def order_history(self, id_: str, now: float) -> WorldReply:
        order = self._order(id_, now)
        row = f"<OrderHistory><Author>demo</Author><Status>{_status(order, now)}</Status></OrderHistory>"
        return WorldReply(200, document("OrderHistoryWrapper", row))

    def _order(self, id_: str, then: float) -> Order:
        order = self.account.orders.get(id_.casefold())
        if order is None or order.made_at > then:
            raise Refused(404, "", "The resource does not exist")
        return order

    # --- Lists ---

    def _list(self, on: str, root: str, container: str, items: Sequence[str], path: str,  # noqa: PLR0917 - a list is all of that
              query: Mapping[str, str]) -> WorldReply:  # fmt: skip
        """A list as it is told: whole or in pages."""
        get = self.quirks.get
        is_orders = on == "order list"
        total = f"<TotalCount>{len(items)}</TotalCount>"
        if get(on, "total alone", False) and items:
            return WorldReply(200, document(root, f"<{container}>{total}</{container}>"))
        if not items:
            return self._nothing(on, root, container, "<TotalCount>0</TotalCount>" if is_orders else "")
        length, told = get(on, "pages", (0, ""))
        asked = int(query.get("size", "0") or 0)
        size = min(filter(None, (length, asked)), default=len(items)) or len(items)
        if not length and not is_orders and on != "tns list":
            size = len(items)
        page = _page(query.get("page", "1"))
        start = (page - 1) * size
        shown = items[start : start + size]
        more = start + size < len(items)
        links = _links(path, page, size, more=more and told != "total") if is_orders or length else ""
        head = (total if is_orders or (length and told != "links") else "") + links
        if is_orders:
            return WorldReply(200, document(root, f"<{container}>{head}{''.join(shown)}</{container}>"))
        return WorldReply(200, document(root, f"{head}<{container}>{''.join(shown)}</{container}>"))

    def _nothing(self, on: str, root: str, container: str, total: str) -> WorldReply:
        match self.quirks.get(on, "empty as", ""):
            case "404":
                return WorldReply(404, f"{HEAD}<Links/>")
            case "204":
                return WorldReply(204)
            case "no container":
                return WorldReply(200, document(root, ""))
            case _:
                return WorldReply(200, document(root, f"<{container}>{total}</{container}>"))


SETTING: Final = {
    "sms": "SipPeerSmsFeature",
    "mms": "MmsFeature",
    "link": "ApplicationsSettings",
    "voice": "SipPeerOriginationSettings",
}
FIRST_PAGE_OF_ORDERS: Final = "00000000-0000-4000-8000-"


def missing(kind: str, id_: str) -> Refused:
    if kind == "package":
        return Refused(404, "", f"Voice configuration package {id_} not found")
    if kind == "site":
        return Refused(404, "12016", f"Site '{id_}' does not exist")
    if kind == "sippeer":
        return Refused(400, "13563", f"Sip Peer '{id_}' does not exist")
    return Refused(404, "13629", f"Application with id '{id_}' not found")


def _page(text: str) -> int:
    """The so-maniest page: a number, or for orders the id that a link gave."""
    if text.startswith(FIRST_PAGE_OF_ORDERS):
        return int(text.removeprefix(FIRST_PAGE_OF_ORDERS))
    return int(text) if text.isdigit() and int(text) else 1


def _links(path: str, page: int, size: int, *, more: bool) -> str:
    def link(rel: str, where: str) -> str:
        return f'<{rel}>Link=&lt;http://127.0.0.1:8080{path}?page={where}&amp;size={size}&gt;;rel="{rel}";</{rel}>'

    following = f"{FIRST_PAGE_OF_ORDERS}{page + 1:012}" if path.endswith("/orders") else str(page + 1)
    return f"<Links>{link('first', '1')}{link('next', following) if more else ''}</Links>"


def _status(order: Order, now: float) -> str:
    return order.status if now >= order.final_at else order.early


def _row(coid: str, id_: str, status: str, count: int) -> str:
    return element(
        "OrderIdUserIdDate",
        {"CountOfTNs": str(count), "CustomerOrderId": coid, "userId": "demo", "OrderDate": "2026-11-20T10:00:00.000Z",
         "OrderType": "new_number", "orderId": id_, "OrderStatus": status},
    )  # fmt: skip


def _error(number: str) -> str:
    text = "The telephone number is unavailable for ordering"
    return f"<Error><Code>5005</Code><Description>{text}</Description><TelephoneNumber>{number}</TelephoneNumber></Error>"


def _together(fields: Fields, prefix: str) -> Fields:
    """Return the fields with those below one element together at the end."""
    inside = {path: text for path, text in fields.items() if path.startswith(prefix)}
    return {path: text for path, text in fields.items() if path not in inside} | inside


def numbers_of(leaves: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(text[-10:] for path, text in leaves if path.endswith("TelephoneNumberList/TelephoneNumber"))
