"""Orders that change options of numbers: here, which campaign each is on (universal-platform 5.2)."""

from xml.etree.ElementTree import Element

from bwtui.simulator import campaigns
from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse, created
from bwtui.simulator.resources import CampaignChange, OrderError, SipPeer, TnOptionOrder
from bwtui.simulator.simulated_account import SimulatedAccount, last_ten, stamp
from bwtui.simulator.xml import element, leaf, leaves, text, texts

_ACTIONS = {name.lower(): name for name in ("asSpecified", "delete", "systemDefault", "off", "unchanged")}
_REMOVES = frozenset({"delete", "systemDefault", "off"})
_TEXTS = {
    1001: "The number could not be added to the campaign",
    1022: "Telephone number {} is not in a valid format",
    5132: "SMS must be on for telephone number {} to use A2P settings",
    5133: "The location of telephone number {} does not allow A2P settings: A2pLongCode must be DefaultOn or DefaultOff",
    5135: "Action is not valid: {}",
    5139: "Account {} does not have the A2pLongCode feature",
    5145: "SMS is not enabled on the location of telephone number {}",
    12128: "Campaign {} is not in the list of campaigns of the account",
    12189: "Campaign {} was not found",
    12192: "Campaign {} is not active",
    12220: "The campaign was rejected by DCA2",
    12822: "Campaign id {} is malformed",
}
"""The texts of the codes; no source shows the API's own wording for all of them."""


def create(request: ApiRequest) -> ApiResponse:
    """201 with the order as RECEIVED; what can be known at once is refused at once, with 400."""
    submitted = request.document("TnOptionOrder")
    customer_order_id = text(submitted, "CustomerOrderId")
    if customer_order_id is not None and len(customer_order_id) > 40:
        raise ErrorResponse(400, 5001, "CustomerOrderId must have at most 40 characters")
    changes = [_change(request, group) for group in submitted.iterfind("TnOptionGroups/TnOptionGroup")]
    if not changes:
        raise ErrorResponse(400, 1003, "TnOptionGroups is required")
    if refusal := request.account.switches.tn_option_refusal:
        raise _refused(refusal, changes[0].tns[0])
    now, switches = request.account.clock(), request.account.switches
    order = TnOptionOrder(
        id=request.account.new_uuid("tn option"),
        customer_order_id=customer_order_id,
        changes=changes,
        created=now,
        due=now + switches.tn_option_seconds,
        user=request.user,
    )
    request.account.tn_options[order.id] = order
    for tn in order.added:
        number = request.account.numbers[tn]
        number.campaign_status, number.campaign_since = "PROCESSING", now
    request.account.note(f"tn option order {order.id} received")
    body = element("TnOptionOrderResponse", _shown(request, order))
    return created(request.account_url(f"/tnoptions/{order.id}"), body)


def get(request: ApiRequest) -> ApiResponse:
    """200 with a bare `TnOptionOrder`; 404 without a code for an unknown id."""
    order = request.account.tn_options.get(request.ids["tnoption"])
    if order is None:
        raise ErrorResponse(404)
    return ApiResponse(200, _shown(request, order))


def list_all(request: ApiRequest) -> ApiResponse:
    """List orders, with `orderDetails` in full unless a switch says otherwise; parameters that nobody knows are ignored."""
    form = request.account.switches.tn_option_list
    kept = [order for order in request.account.tn_options.values() if _matches(request, order)]
    kind = _shown if request.flag("orderDetails") and form != "summaries" else _summary
    listed = element(
        "TnOptionOrders", leaf("TotalCount", len(kept)), *(kind(request, order) for order in kept)
    )
    return ApiResponse(200, listed if form == "bare" else element("TnOptionOrderReportResponse", listed))


def finish(account: SimulatedAccount, order: TnOptionOrder) -> None:
    """End an order: each number joins or leaves its campaign, unless a switch makes it fail."""
    tns = [tn for change in order.changes for tn in change.tns]
    failing = _failing(account, tns)
    code = account.switches.tn_option_failure
    for change in order.changes:
        for tn in change.tns:
            if tn in failing:
                order.errors.append(OrderError(code, _TEXTS.get(code, "Failed"), tn))
            _settle(account, order, change, tn, failed=tn in failing)
    order.status = "COMPLETE" if not failing else "FAILED" if len(failing) == len(tns) else "PARTIAL"
    order.finished = account.clock()


def _failing(account: SimulatedAccount, tns: list[str]) -> set[str]:
    match account.switches.tn_option_outcome:
        case "COMPLETE":
            return set()
        case "PARTIAL":
            return set(tns[-max(1, len(tns) // 2) :])
        case "FAILED":
            return set(tns)


def _settle(
    account: SimulatedAccount, order: TnOptionOrder, change: CampaignChange, tn: str, *, failed: bool
) -> None:
    number = account.numbers.get(tn)
    if number is None or number.status != "Inservice":
        return
    number.campaign_since = account.clock()
    if failed:
        number.campaign_status = campaigns.SUCCESS if number.campaign_id else "FAILURE"
        return
    if change.action in _REMOVES:
        number.campaign_id = None
    elif change.action == "asSpecified":
        if number.campaign_id == change.campaign_id:
            order.warnings.append((tn, "The campaign is already enabled for the number"))
        number.campaign_id = change.campaign_id
    else:
        return
    number.campaign_status = campaigns.SUCCESS


# --- Reading an order ------------------------------------------------------------------------------------------


def _change(request: ApiRequest, group: Element) -> CampaignChange:
    action = text(group, "A2pSettings/Action") or "asSpecified"
    if action.lower() not in _ACTIONS:
        raise ErrorResponse(400, 5135, _TEXTS[5135].format(action))
    action = _ACTIONS[action.lower()]
    tns = [_number(request, given) for given in texts(group, "TelephoneNumbers/TelephoneNumber")]
    if not tns:
        raise ErrorResponse(400, 1003, "TelephoneNumbers is required")
    campaign_id = text(group, "A2pSettings/CampaignId")
    if action == "asSpecified":
        _check_campaign(request, campaign_id or "")
        for tn in tns:
            _check_location(request, tn, sms=text(group, "Sms"))
    return CampaignChange(action=action, campaign_id=campaign_id, tns=tns)


def _number(request: ApiRequest, given: str) -> str:
    """Read a number; whether ten digits are taken on v2 is in dispute."""
    tn = last_ten(given)
    if tn is None or (request.account.switches.tn_option_strict and not given.startswith("+1")):
        raise ErrorResponse(400, 1022, _TEXTS[1022].format(given))
    if not any(held.tn == tn for held in request.account.held()):
        raise ErrorResponse(400, 1001, f"Telephone number {given} is not on the account")
    return tn


def _check_campaign(request: ApiRequest, campaign_id: str) -> None:
    if not 1 <= len(campaign_id) <= 64 or not campaign_id.isalnum():
        raise _refused(12822, campaign_id)
    if campaign_id not in request.account.campaigns:
        raise _refused(12189, campaign_id)
    if request.account.campaigns[campaign_id].status != campaigns.REGISTERED:
        raise _refused(12192, campaign_id)


def _check_location(request: ApiRequest, tn: str, *, sms: str | None) -> None:
    """Refuse a number whose location does not let it: SMS first, then its A2pLongCode."""
    if request.account.settings.lacks("A2pLongCode"):
        raise _refused(5139, request.ids["account"])
    peer = _peer_of(request.account, tn)
    if peer is None or peer.sms is None:
        raise _refused(5145, tn)
    if sms is not None and sms.lower() != "on":
        raise _refused(5132, tn)
    if peer.sms.get("A2pLongCode") not in {"DefaultOn", "DefaultOff"}:
        raise _refused(5133, tn)


def _peer_of(account: SimulatedAccount, tn: str) -> SipPeer | None:
    number = account.numbers[tn]
    site = account.sites.get(number.site_id)
    return site.peers.get(number.peer_id) if site else None


def _refused(code: int, about: str) -> ErrorResponse:
    return ErrorResponse(400, code, _TEXTS.get(code, "The order is refused").format(about))


# --- Showing one -----------------------------------------------------------------------------------------------


def _status(account: SimulatedAccount, order: TnOptionOrder) -> str:
    """RECEIVED for the first half of the time, PROCESSING for the second."""
    if order.finished is not None:
        return order.status
    return "RECEIVED" if account.clock() < (order.created + order.due) / 2 else "PROCESSING"


def _shown(request: ApiRequest, order: TnOptionOrder) -> Element:
    errors = [
        element(
            "Error",
            leaf("Code", error.code),
            leaf("Description", error.description),
            leaf("TelephoneNumber", request.number(error.tn or "")),
        )
        for error in order.errors
    ]
    warnings = [
        element("Warning", leaf("TelephoneNumber", request.number(tn)), leaf("Description", text))
        for tn, text in order.warnings
    ]
    return element(
        "TnOptionOrder",
        leaf("OrderCreateDate", stamp(order.created)),
        leaf("AccountId", request.account.settings.account_id),
        leaf("CreatedByUser", order.user),
        leaf("OrderId", order.id),
        leaf("CustomerOrderId", order.customer_order_id),
        leaf("LastModifiedDate", stamp(order.finished or order.created)),
        leaf("ProcessingStatus", _status(request.account, order)),
        element("TnOptionGroups", *(_group(request, change) for change in order.changes)),
        element("ErrorList", *errors),
        element("Warnings", *warnings) if warnings else None,
    )


def _group(request: ApiRequest, change: CampaignChange) -> Element:
    return element(
        "TnOptionGroup",
        element("Sms", "on"),
        element("A2pSettings", leaf("Action", change.action), leaf("CampaignId", change.campaign_id)),
        element("TelephoneNumbers", *leaves("TelephoneNumber", map(request.number, change.tns))),
    )


def _summary(request: ApiRequest, order: TnOptionOrder) -> Element:
    return element(
        "TnOptionOrderSummary",
        leaf("AccountId", request.account.settings.account_id),
        leaf("CountOfTNs", sum(len(change.tns) for change in order.changes)),
        leaf("UserId", order.user),
        leaf("LastModifiedDate", stamp(order.finished or order.created)),
        leaf("OrderDate", stamp(order.created)),
        leaf("OrderType", "tn_option"),
        leaf("OrderStatus", _status(request.account, order)),
        leaf("OrderId", order.id),
    )


def _matches(request: ApiRequest, order: TnOptionOrder) -> bool:
    query = request.query
    tns = [tn for change in order.changes for tn in change.tns]
    return (
        query.get("customerorderid", order.customer_order_id) == order.customer_order_id
        and query.get("status", "").upper() in {"", _status(request.account, order)}
        and ("tn" not in query or last_ten(query["tn"]) in tns)
    )
