"""The contents of an account that nobody has used yet (universal-platform 1)."""

from bwtui.simulator.rate_centers import PLACES
from bwtui.simulator.resources import Application, Brand, Campaign, SipPeer, Site, TelephoneNumber
from bwtui.simulator.simulated_account import SimulatedAccount


def put_in(account: SimulatedAccount) -> None:
    """Once, put in a Build account's application and number, else a campaign; a sub-account with a location if switched on."""
    if account.begun:
        return
    account.begun = True
    if account.switches.campaign != "none" and account.settings.platform != "build":
        _put_in_campaign(account, account.switches.campaign)
    match account.settings.platform:
        case "build":
            _put_in_number(account, _put_in_location(account))
            _put_in_application(account)
        case "universal" if account.switches.fresh:
            _put_in_location(account)
        case _:
            pass


def _put_in_location(account: SimulatedAccount) -> SipPeer:
    site = Site(id=account.new_number_id(5), fields={"Name": "Default Sub-account"}, address=None)
    account.sites[site.id] = site
    peer = SipPeer(id=account.new_number_id(6), site_id=site.id, name="Default Location", is_default=True)
    site.peers[peer.id] = peer
    return peer


def _put_in_campaign(account: SimulatedAccount, status: str) -> None:
    brand = Brand(
        id="BDEMO01",
        bandwidth_id=account.new_uuid("brand"),
        customer_profile_id=account.new_uuid("customer profile"),
        name="Demo Company",
        status="VERIFIED",
    )
    account.brands[brand.id] = brand
    campaign = Campaign(
        id="CDEMO01", brand_id=brand.id, description="Messages to customers of Demo Company", status=status
    )
    account.campaigns[campaign.id] = campaign


def _put_in_application(account: SimulatedAccount) -> None:
    fields = {
        "AppName": "Build Voice Application",
        "CallInitiatedCallbackUrl": "https://example.com/voice",
        "CallInitiatedMethod": "POST",
    }
    application = Application(id=account.new_uuid("Voice-V2"), service_type="Voice-V2", fields=fields)
    account.applications[application.id] = application


def _put_in_number(account: SimulatedAccount, peer: SipPeer) -> None:
    place = PLACES[0]
    tn = account.inventory.numbers(place)[0]
    account.numbers[tn] = TelephoneNumber(
        tn=tn,
        place=place,
        status="Inservice",
        site_id=peer.site_id,
        peer_id=peer.id,
        order_id=account.new_uuid("order"),
        since=account.clock(),
        services=["voice/INBOUND", "voice/OUTBOUND_NATIONAL"],
    )
