"""Applications: what each service type needs, refuses and tells back."""

from collections.abc import Callable
from typing import Any

import pytest

CREDS = "<CallbackCreds><UserId>someone</UserId><Password>hush-hush</Password></CallbackCreds>"
URL = "https://example.net/m"


def messaging(inside: str = f"<MsgCallbackUrl>{URL}</MsgCallbackUrl>", name: str = "App") -> str:
    fixed = f"<ServiceType>Messaging-V2</ServiceType><AppName>{name}</AppName>"
    return f"<Application>{fixed}{inside}</Application>"


def voice(inside: str = "", url: str = "https://example.net/v") -> str:
    fixed = "<ServiceType>Voice-V2</ServiceType><AppName>Voice</AppName>"
    return f"<Application>{fixed}<CallInitiatedCallbackUrl>{url}</CallInitiatedCallbackUrl>{inside}</Application>"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<Application><AppName>x</AppName></Application>", "12801"),
        (messaging().replace("Messaging-V2", "Messaging"), "12801"),
        (messaging(name=""), "12806"),
        (messaging(""), "12802"),
        (messaging("<MsgCallbackUrl>nonsense</MsgCallbackUrl>"), "12803"),
        (messaging("<MsgCallbackUrl>ftp://example.net</MsgCallbackUrl>"), "12803"),
        (messaging("<MsgCallbackUrl>https://example.net:99/x</MsgCallbackUrl>"), "12803"),
        (messaging("<MsgCallbackUrl>https://example.net:99999/x</MsgCallbackUrl>"), "12803"),
        (messaging(f"<MsgCallbackUrl>http://example.net</MsgCallbackUrl>{CREDS}"), "12812"),
        (
            messaging(
                "<CallbackUrl>https://a.example</CallbackUrl><MsgCallbackUrl>https://b.example</MsgCallbackUrl>"
            ),
            "12960",
        ),
        (
            messaging(
                "<MsgCallbackUrl>https://a.example</MsgCallbackUrl>"
                "<InboundCallbackUrl>https://b.example</InboundCallbackUrl>"
            ),
            "13065",
        ),
        (
            messaging(
                f"<InboundCallbackUrl>{URL}</InboundCallbackUrl>{CREDS}"
                + CREDS.replace("CallbackCreds", "InboundCallbackCreds")
            ),
            "13066",
        ),
        (
            messaging(
                "<MsgCallbackUrl>https://a.example</MsgCallbackUrl><CallStatusMethod>GET</CallStatusMethod>"
            ),
            "12962",
        ),
        (voice("<MsgCallbackUrl>https://a.example</MsgCallbackUrl>"), "12962"),
        (voice("<RequestedCallbackTypes/>"), "12962"),
        (voice(url=""), "1003"),
        (voice("<CallInitiatedMethod>PUT</CallInitiatedMethod>"), "12961"),
        (voice("<CallStatusMethod>GET</CallStatusMethod>"), "12963"),
        (voice("<CallInitiatedFallbackMethod>GET</CallInitiatedFallbackMethod>"), "13048"),
        (voice("<CallbackTimeout>26</CallbackTimeout>"), "13047"),
        (voice("<CallbackTimeout>soon</CallbackTimeout>"), "13049"),
        (voice("<CallbackCreds><Password>hush-hush</Password></CallbackCreds>"), "12800"),
        (voice("<CallbackCreds><UserId>someone</UserId></CallbackCreds>"), "12977"),
        (voice(CREDS.replace("hush-hush", "short")), "1012"),
        (voice(CREDS.replace("someone", "x" * 64)), "1011"),
    ],
)
async def test_what_is_wrong_is_refused_with_its_own_code(api: Any, body: str, code: str) -> None:
    assert (await api.post("/applications", body)).code == (400, code)
    assert api.account.applications == {}


async def test_a_location_header_names_the_new_application(api: Any) -> None:
    made = await api.post("/applications", messaging())
    assert made.new_id == made.value("ApplicationId")


async def test_urls_apart_are_told_back_apart(api: Any) -> None:
    made = await api.post(
        "/applications",
        messaging(
            f"<InboundCallbackUrl>{URL}/in</InboundCallbackUrl><OutboundCallbackUrl>{URL}/out</OutboundCallbackUrl>"
        ),
    )
    assert (made.value("InboundCallbackUrl"), made.value("OutboundCallbackUrl")) == (
        f"{URL}/in",
        f"{URL}/out",
    )
    assert made.value("MsgCallbackUrl") is None


async def test_the_older_url_sent_beside_the_newer_one_is_tolerated(api: Any) -> None:
    both = f"<CallbackUrl>{URL}</CallbackUrl><MsgCallbackUrl>{URL}</MsgCallbackUrl>"
    assert (await api.post("/applications", messaging(both))).status == 201


async def test_passwords_never_come_back(api: Any) -> None:
    made = await api.post("/applications", voice(CREDS))
    assert made.value("CallbackCreds/UserId") == "someone"
    for path in ("/applications", f"/applications/{made.new_id}", "///_simulator/state", "///_simulator/log"):
        assert "hush-hush" not in (await api.get(path)).text


async def test_no_application_one_and_many_are_listed(api: Any) -> None:
    empty = await api.get("/applications")
    assert empty.xml.find("ApplicationList") is not None
    await api.messaging_app("One")
    await api.voice_app("Two")
    assert (await api.get("/applications")).values("AppName") == ["One", "Two"]


async def test_two_messaging_applications_cannot_share_a_name_and_two_of_voice_can(
    api: Any, open_client: Callable[..., Any]
) -> None:
    await api.messaging_app("App")
    assert (await api.post("/applications", messaging())).code == (409, "1015")
    await api.voice_app("App")
    await api.voice_app("App")
    lax = open_client(unique_names=False)
    await lax.messaging_app("App")
    assert (await lax.post("/applications", messaging())).status == 201


async def test_an_unknown_application_is_not_found(api: Any) -> None:
    for path in ("/applications/none", "/applications/none/associatedsippeers"):
        assert (await api.get(path)).code == (404, "13629")


async def test_put_replaces_everything_and_needs_name_and_type(api: Any) -> None:
    path = f"/applications/{await api.messaging_app()}"
    assert (await api.put(path, "<Application><AppName>x</AppName></Application>")).code == (400, "12801")
    assert (await api.put(path, voice())).code == (400, "12964")
    changed = await api.put(path, messaging("<MsgCallbackUrl>https://new.example</MsgCallbackUrl>", "New"))
    assert (changed.status, changed.value("AppName")) == (200, "New")
    assert (await api.get(path)).value("InboundCallbackUrl") == "https://new.example"


async def test_patch_changes_a_part_and_remove_clears_it(api: Any) -> None:
    made = await api.post(
        "/applications", voice("<CallStatusCallbackUrl>https://example.net/s</CallStatusCallbackUrl>" + CREDS)
    )
    path = f"/applications/{made.new_id}"
    renamed = await api.ask("PATCH", path, "<Application><AppName>New</AppName></Application>")
    assert (renamed.value("AppName"), renamed.value("CallStatusMethod")) == ("New", "POST")
    assert renamed.value("CallbackCreds/UserId") == "someone"
    clear = "<Application><CallStatusCallbackUrl>remove</CallStatusCallbackUrl></Application>"
    cleared = await api.ask("PATCH", path, clear)
    assert (cleared.status, cleared.value("CallStatusCallbackUrl")) == (200, None)
    assert api.account.applications[made.new_id].creds["CallbackCreds"] == ("someone", "hush-hush")


async def test_patching_one_url_of_a_messaging_application_keeps_the_other(api: Any) -> None:
    path = f"/applications/{await api.messaging_app(url='https://old.example')}"
    patch = "<Application><InboundCallbackUrl>https://in.example</InboundCallbackUrl></Application>"
    changed = await api.ask("PATCH", path, patch)
    assert changed.value("InboundCallbackUrl") == "https://in.example"
    assert changed.value("OutboundCallbackUrl") == "https://old.example"


async def test_an_account_without_http_messaging_gets_no_messaging_application(
    open_client: Callable[..., Any],
) -> None:
    api = open_client(missing_products={"HTTPV2"})
    assert (await api.post("/applications", messaging())).code == (400, "12130")
