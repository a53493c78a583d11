"""The log and the state: everything that happened, and never a secret."""

from collections.abc import Callable
from typing import Any

SECRETS = ("demo-secret", "hush-hush", "ZGVtbzpkZW1vLXNlY3JldA")


async def test_every_request_is_logged_with_its_effect(api: Any) -> None:
    site = await api.site()
    await api.get("/sites?summary=true")
    await api.get("/sites/1")
    created, listed, missing = await api.log()
    assert [entry["n"] for entry in (created, listed, missing)] == [1, 2, 3]
    assert (created["method"], created["path"], created["status"]) == (
        "POST",
        "/api/accounts/9900000/sites",
        201,
    )
    assert created["effect"] == [f"site {site} created"]
    assert "<Name>Office</Name>" in created["body"]
    assert (listed["query"], listed["effect"], listed["fault"]) == ("summary=true", [], None)
    assert missing["status"] == 404


async def test_the_log_says_how_somebody_came_in_but_not_with_what(api: Any) -> None:
    await api.get("/sites")
    token = await api.client.post(
        "/api/v1/oauth2/token",
        content="grant_type=client_credentials&client_secret=demo-secret",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    bearer = token.json()["access_token"]
    await api.client.get("/api/accounts/9900000", auth=None, headers={"authorization": f"Bearer {bearer}"})
    basic, form, with_token = await api.log()
    assert basic["headers"]["authorization"] == "Basic ***"
    assert form["body"] == "grant_type=client_credentials&client_secret=***"
    assert with_token["headers"]["authorization"] == "Bearer ***"
    assert bearer not in (await api.client.get("/_simulator/log")).text


async def test_no_secret_is_in_the_log_or_the_state(api: Any) -> None:
    creds = "<CallbackCreds><UserId>someone</UserId><Password>hush-hush</Password></CallbackCreds>"
    inside = "<ServiceType>Messaging-V2</ServiceType><AppName>x</AppName><MsgCallbackUrl>https://a.example</MsgCallbackUrl>"
    await api.post("/applications", f"<Application>{inside}{creds}</Application>")
    await api.post("/sites", "<Site><Name>demo-secret</Name></Site>")
    await api.get("/sites?password=demo-secret")
    await api.post(
        "//users/9900000/messages",
        '{"text": "x", "password": "hush-hush"}',
        headers={"content-type": "application/json"},
    )
    for path in ("/_simulator/log", "/_simulator/state"):
        text = (await api.client.get(path)).text
        assert [secret for secret in SECRETS if secret in text] == []
    assert "someone" in (await api.client.get("/_simulator/state")).text


async def test_settings_do_not_print_their_secrets(open_client: Callable[..., Any]) -> None:
    api = open_client(client_secret="canary-1", password="canary-2")
    assert "canary" not in repr(api.settings)


async def test_the_state_tells_the_whole_account(api: Any, bodies: dict[str, str]) -> None:
    site = await api.site()
    path = await api.peer(site)
    peer = path.rpartition("/")[2]
    await api.post(f"{path}/products/messaging/features/sms", bodies["sms"])
    await api.post(f"{path}/products/messaging/features/mms", bodies["mms"])
    messaging, voice = await api.messaging_app(), await api.voice_app()
    await api.link_messaging(path, messaging)
    await api.link_voice(path, voice)
    (number,) = await api.buy(site)

    state = await api.state()
    assert state["account"] == "9900000"
    assert [held["name"] for held in state["sites"]] == ["Office"]
    (held,) = state["sippeers"]
    assert (held["sms"]["Protocol"], held["mms"], held["is_default"]) == ("HTTP", "HTTP", True)
    assert (held["messaging_app_id"], held["voice_app_id"], held["numbers"]) == (messaging, voice, [number])
    assert state["links"] == [
        {"sippeer_id": peer, "kind": "messaging", "application_id": messaging},
        {"sippeer_id": peer, "kind": "voice", "application_id": voice},
    ]
    assert [order["status"] for order in state["orders"]] == ["COMPLETE"]
    assert {app["service_type"] for app in state["applications"]} == {"Messaging-V2", "Voice-V2"}


async def test_the_log_can_be_cleared_and_does_not_log_itself(api: Any) -> None:
    await api.get("/sites")
    await api.state()
    assert len(await api.log()) == 1
    await api.delete("///_simulator/log")
    assert await api.log() == []


async def test_odd_bytes_do_no_harm(api: Any) -> None:
    reply = await api.client.get("/api/accounts/9900000/sites/%01%3Cx%3E")
    assert reply.status_code == 404
    assert "12016" in reply.text
    await api.client.post("/api/accounts/9900000/sites", content=b"\xff\xfe\x00")
    assert len(await api.log()) == 2
