"""The account's contents as JSON, for tests that check what really happened. Never a secret."""

from typing import Any

from bwtui.simulator import call_states
from bwtui.simulator.resources import Application, Order, PhoneCall, SipPeer, Site
from bwtui.simulator.simulated_account import SimulatedAccount, stamp


def snapshot(account: SimulatedAccount) -> dict[str, Any]:
    sippeers = [_peer(account, peer) for peer in account.peers()]
    return {
        "account": account.settings.account_id,
        "sites": [_site(account, site) for site in account.sites.values()],
        "sippeers": sippeers,
        "applications": [_application(application) for application in account.applications.values()],
        "links": [
            {"sippeer_id": peer.id, "kind": kind, "application_id": linked}
            for peer in account.peers()
            for kind, linked in (("messaging", peer.messaging_app_id), ("voice", peer.voice_app_id))
            if linked is not None
        ],
        "orders": [_order(order) for order in account.orders.values()],
        "disconnects": [
            {"id": order.id, "status": order.status, "numbers": order.tns, "released": order.released}
            for order in account.disconnects.values()
        ],
        "numbers": [
            {
                "tn": number.tn,
                "status": number.status,
                "site_id": number.site_id,
                "sippeer_id": number.peer_id,
                "order_id": number.order_id,
                "voice_package_id": number.package_id,
                "services": number.services,
                "campaign_id": number.campaign_id,
                "campaign_status": number.campaign_status,
            }
            for number in sorted(account.numbers.values(), key=lambda number: number.tn)
        ],
        "voice_packages": [
            {
                "id": package.id,
                **package.settings,
                "numbers": [held.tn for held in account.on_package(package.id)],
            }
            for package in account.packages.values()
        ],
        "activations": [
            {
                "id": order.id,
                "action": order.action,
                "numbers": order.tns,
                "services": order.services,
                "status": order.status,
            }
            for order in account.activations.values()
        ],
        "campaigns": [{"id": held.id, "status": held.status} for held in account.campaigns.values()],
        "tn_options": [
            {
                "id": order.id,
                "customer_order_id": order.customer_order_id,
                "status": order.status,
                "changes": [
                    {"action": change.action, "campaign_id": change.campaign_id, "numbers": change.tns}
                    for change in order.changes
                ],
                "errors": [error.code for error in order.errors],
            }
            for order in account.tn_options.values()
        ],
        "reservations": [{"id": held.id, "tn": held.tn} for held in account.reservations.values()],
        "sold_elsewhere": sorted(account.sold_elsewhere),
        "events": [
            {
                "type": event.body["type"],
                "to": event.body["to"],
                "url": event.url,
                "result": event.result,
                "tries": event.tries,
            }
            for event in account.events
        ],
        "calls": [_call(account, call) for call in account.calls.values()],
    }


def _call(account: SimulatedAccount, call: PhoneCall) -> dict[str, Any]:
    return {
        **call.details,
        "direction": call.direction,
        "state": call_states.state(account, call),
        "cause": call_states.course(account, call).cause,
        "spoken": call.spoken,
        "callbacks": call.callbacks,
    }


def _site(account: SimulatedAccount, site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "name": site.name,
        "fields": site.fields,
        "address": site.address,
        "sippeers": list(site.peers),
        "numbers": len(account.held(site.id)),
    }


def _peer(account: SimulatedAccount, peer: SipPeer) -> dict[str, Any]:
    return {
        "id": peer.id,
        "site_id": peer.site_id,
        "name": peer.name,
        "is_default": peer.is_default,
        "sms": peer.sms,
        "mms": peer.mms,
        "messaging_app_id": peer.messaging_app_id,
        "voice_protocol": peer.voice_protocol,
        "voice_app_id": peer.voice_app_id,
        "numbers": [number.tn for number in account.held(peer.site_id, peer.id)],
    }


def _application(application: Application) -> dict[str, Any]:
    return {
        "id": application.id,
        "service_type": application.service_type,
        "name": application.name,
        "fields": application.fields,
        "callback_types": application.callback_types,
        "users": {name: user for name, (user, _) in application.creds.items()},
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "customer_order_id": order.customer_order_id,
        "status": order.status,
        "site_id": order.site_id,
        "sippeer_id": order.peer_id,
        "requested": order.tns,
        "quantity": order.quantity,
        "completed": order.completed,
        "failed": order.failed,
        "errors": [error.code for error in order.errors],
        "created": stamp(order.created),
    }
