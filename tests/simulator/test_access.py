"""Prefixes, credentials, tokens, accounts and roles."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("prefix", ["/api", "/api/v1", "/v1.0", "/api/v2"])
async def test_the_same_account_is_reached_under_every_prefix(api: Any, prefix: str) -> None:
    await api.site("Everywhere")
    api.prefix = prefix
    assert (await api.get("/sites")).values("Name") == ["Everywhere"]
    made = await api.post("/sites", "<Site><Name>x</Name></Site>")
    assert made.status == (201 if prefix == "/api/v2" else 400)


async def test_location_headers_keep_the_prefix_of_the_request(api: Any, bodies: dict[str, str]) -> None:
    api.prefix = "/v1.0"
    made = await api.post("/sites", f"<Site><Name>x</Name>{bodies['address']}</Site>")
    assert made.headers["location"].startswith("http://simulator/v1.0/accounts/9900000/sites/")


async def test_the_bare_base_url_answers_anybody_with_nothing(api: Any) -> None:
    for url in ("/api", "/api/", "/v1.0", "/api/v2"):
        reply = await api.client.get(url, auth=None)
        assert (reply.status_code, reply.content) == (200, b"")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Basic " + base64.b64encode(b"demo:wrong").decode(),
        "Basic " + base64.b64encode(b"Demo:demo-secret").decode(),
        "Basic %%%",
        "Bearer made-up",
        "Digest x",
    ],
)
async def test_bad_credentials_are_refused_without_a_word(api: Any, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    reply = await api.client.get("/api/accounts/9900000", auth=None, headers=headers)
    assert (reply.status_code, reply.content) == (401, b"")
    assert reply.headers["www-authenticate"].startswith("Basic ")


async def test_a_token_opens_the_account_until_it_ends(open_client: Callable[..., Any]) -> None:
    api = open_client(token_seconds=600)
    reply = await api.client.post(
        "/api/v1/oauth2/token",
        content="grant_type=client_credentials",
        headers=FORM,
        auth=("demo", "demo-secret"),
    )
    token = reply.json()
    assert (reply.status_code, token["expires_in"], token["token_type"]) == (200, 600, "bearer")
    bearer = {"authorization": f"Bearer {token['access_token']}"}
    assert (await api.client.get("/api/accounts/9900000", auth=None, headers=bearer)).status_code == 200
    api.clock.advance(601)
    assert (await api.client.get("/api/accounts/9900000", auth=None, headers=bearer)).status_code == 401


async def test_a_token_is_a_jwt_that_names_accounts_and_roles(api: Any) -> None:
    reply = await api.client.post(
        "/api/v1/oauth2/token", content="grant_type=client_credentials", headers=FORM
    )
    header, claims, signature = reply.json()["access_token"].split(".")
    decoded = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert decoded["accounts"] == ["9900000"]
    assert decoded["roles"]
    assert json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["typ"] == "JWT"
    assert signature


async def test_a_token_is_refused_to_a_wrong_secret_and_to_another_grant(api: Any) -> None:
    url = "/api/v1/oauth2/token"
    wrong = await api.client.post(
        url, content="grant_type=client_credentials", headers=FORM, auth=("demo", "x")
    )
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    other = await api.client.post(url, content="grant_type=password", headers=FORM)
    assert (other.status_code, other.json()["error"]) == (400, "unsupported_grant_type")


async def test_an_unknown_account_is_404_and_a_foreign_one_403_both_empty(
    open_client: Callable[..., Any],
) -> None:
    api = open_client(foreign_accounts={"9900001"})
    unknown = await api.client.get("/api/accounts/123/sites")
    foreign = await api.client.get("/api/accounts/9900001/sites")
    assert (unknown.status_code, unknown.content) == (404, b"")
    assert (foreign.status_code, foreign.content) == (403, b"")


async def test_a_user_without_roles_reads_a_few_lists_and_nothing_else(
    open_client: Callable[..., Any],
) -> None:
    api = open_client(has_roles=False)
    assert (await api.get("/orders?page=1&size=10")).status == 200
    assert (await api.get("/subscriptions")).status == 200
    refused = await api.get("/sites")
    assert (refused.status, refused.text) == (403, "")
    assert (await api.post("/sites", "<Site/>")).status == 403


async def test_unknown_paths_and_methods_are_empty(api: Any) -> None:
    nowhere = await api.get("/nothing/here")
    assert (nowhere.status, nowhere.text) == (404, "")
    wrong = await api.ask("PATCH", "/sites")
    assert (wrong.status, wrong.text) == (405, "")


async def test_the_account_tells_its_products(open_client: Callable[..., Any]) -> None:
    api = open_client(missing_products={"mms", "Termination"})
    reply = await api.get("/products")
    assert "SMS" in reply.values("Feature")
    assert "MMS" not in reply.values("Feature")
    assert "Termination" not in reply.values("Product/Name")
    # A product without features has no Features element.
    bare = [found for found in reply.xml.iter("Product") if found.findtext("Name") == "CallerName"]
    assert bare[0].find("Features") is None


async def test_the_account_describes_itself(api: Any) -> None:
    reply = await api.get("")
    assert (reply.status, reply.value("AccountId"), reply.value("City")) == (200, "9900000", "RALEIGH")
    assert reply.values("Tier") == ["0", "1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    "body",
    [
        "<Site><Name>",
        "not xml",
        "",
        "<Wrong/>",
        '<!DOCTYPE Site [<!ENTITY x "y">]><Site><Name>&x;</Name></Site>',
        '<!DOCTYPE Site SYSTEM "file:///etc/passwd"><Site/>',
    ],
)
async def test_what_is_no_proper_document_is_a_bad_request(api: Any, body: str) -> None:
    assert (await api.post("/sites", body)).code == (400, "1019")


async def test_the_newer_cli_of_bandwidth_gets_through_its_quickstart(api: Any) -> None:
    """As it was observed: version two, no address, ids from bodies, one number, the account's list as proof."""
    api.prefix = "/api/v2"
    body = "<Site><Description>made by a CLI</Description><Name>Quickstart Sub-account</Name></Site>"
    site = (await api.post("/sites", body)).value("Id")
    peer = "<SipPeer><IsDefaultPeer>true</IsDefaultPeer><PeerName>Quickstart Location</PeerName></SipPeer>"
    location = (await api.post(f"/sites/{site}/sippeers", peer)).value("PeerId")
    assert location in api.account.sites[site].peers
    await api.voice_app()
    (number,) = await api.numbers("areaCode=919", 1)
    order = await api.order(site, number, more=f"<PeerId>{location}</PeerId>")
    assert order.value("Order/id")
    api.clock.advance(1)
    listed = await api.get("//tns?accountId=9900000&status=Inservice&page=1&size=2500")
    assert listed.values("FullNumber") == [number]
    assert number.startswith("+1919")
