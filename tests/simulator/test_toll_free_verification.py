"""The verification of toll-free numbers, as it can be read."""

from collections.abc import Callable
from typing import Any

import pytest

from bwtui.simulator.switches import Switches

Open = Callable[..., Any]


async def toll_free(open_client: Open, **switches: Any) -> tuple[Any, str]:
    api = open_client(switches=Switches(**switches))
    site = await api.site()
    await api.peer(site)
    (number,) = await api.numbers("tollFreeWildCardPattern=888")
    await api.order(site, number)
    api.clock.advance(1)
    api.prefix = "/api/v2"
    return api, f"/phoneNumbers/%2B1{number}/tollFreeVerification"


@pytest.mark.parametrize(
    ("chosen", "status", "denied", "blocked"),
    [
        ("VERIFIED", "VERIFIED", False, False),
        ("PENDING", "PENDING", False, False),
        ("UNVERIFIED", "UNVERIFIED", True, False),
        ("BLOCKED", "VERIFIED", False, True),
    ],
)
async def test_a_verification_is_read(
    open_client: Open, chosen: str, status: str, *, denied: bool, blocked: bool
) -> None:
    api, path = await toll_free(open_client, toll_free=chosen)
    read = await api.get(path)
    assert read.status == 200
    assert (read.body["status"], read.body["blocked"]) == (status, blocked)
    assert bool(read.body["denialStatusCode"]) is denied
    assert bool(read.body["blockedReason"]) is blocked
    assert read.body["phoneNumber"].startswith("+1888")
    assert read.body["submission"]["businessAddress"]["url"]
    assert {
        "internalTicketNumber", "declineReasonDescription", "additionalDenialReasons", "resubmitAllowed",
        "createdDateTime", "modifiedDateTime", "cvToken",
    } <= read.body.keys()  # fmt: skip


async def test_what_was_never_submitted_is_not_found_and_a_role_is_needed(open_client: Open) -> None:
    api, path = await toll_free(open_client)
    assert (await api.get(path)).status == 404
    await api.faults('[switches]\ntoll_free = "VERIFIED"')
    assert (await api.get(path)).status == 200
    assert (await api.get("/phoneNumbers/%2B19195550100/tollFreeVerification")).status == 404
    assert "2FA" in (await api.get("//tollFreeVerification/useCases")).body
    await api.faults('[switches]\ntoll_free = "VERIFIED"\ntoll_free_role = false')
    assert (await api.get(path)).status == 403
    assert (await api.get("//tollFreeVerification/useCases")).status == 403


async def test_its_path_can_fail_and_is_logged_like_any_other(open_client: Open) -> None:
    api, path = await toll_free(open_client, toll_free="VERIFIED")
    await api.faults(
        '[[fault]]\npath = "/accounts/*/phoneNumbers/*/tollFreeVerification"\naction = "answer"\nstatus = 429'
    )
    assert (await api.get(path)).status == 429
    assert (await api.log())[-1]["fault"] == "answer"
