"""A simulator that keeps its account in a file goes on where it ended; what it cannot go on with it leaves alone."""

import json
import stat
from pathlib import Path

import httpx
import pytest

from bwtui.simulator.app import create_app
from bwtui.simulator.persistence import AccountFile, AccountFileError
from bwtui.simulator.settings import Settings
from bwtui.simulator.simulated_account import SimulatedAccount
from bwtui.simulator.snapshot import snapshot
from support.in_process import Harness
from support.write_faults import assert_finished

SETTINGS = Settings(order_seconds=0, password="a-password-of-its-own")


async def filled(folder: Path) -> tuple[AccountFile, SimulatedAccount]:
    """A world in which the guide's example was carried out, saved as it went."""
    harness = Harness(folder=folder)
    saved = AccountFile(folder / "account.json")
    harness.app = create_app(harness.settings, harness.account, saved)
    await harness.apply()
    await assert_finished(harness)
    return saved, harness.account


async def test_what_was_saved_is_there_again(tmp_path: Path) -> None:
    saved, world = await filled(tmp_path)
    again = AccountFile(saved.path).load(SETTINGS)
    assert snapshot(again) == snapshot(world)
    assert again.orders.keys() == world.orders.keys()
    assert list(again.numbers.values()) == list(world.numbers.values())
    assert again.tokens == {}


async def test_ids_of_a_later_life_are_new_ones(tmp_path: Path) -> None:
    saved, world = await filled(tmp_path)
    again = saved.load(SETTINGS)
    saved.save(again)
    third = saved.load(SETTINGS)
    dealt = {one.new_uuid() for one in (SimulatedAccount(SETTINGS), again, third)}
    assert len(dealt) == 3
    assert dealt.isdisjoint([*world.applications, *world.orders])


async def test_the_file_holds_no_secret_and_nobody_else_reads_it(tmp_path: Path) -> None:
    saved, world = await filled(tmp_path)
    for application in world.applications.values():
        application.creds["CallbackCreds"] = ("someone", "hush-hush")
    saved.save(world)
    content = saved.path.read_text("utf-8")
    assert "someone" in content
    assert not [word for word in ("hush-hush", "demo-secret", *world.tokens) if word in content]
    assert stat.S_IMODE(saved.path.stat().st_mode) == 0o600


def test_what_stands_beside_the_file_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / ".account.json.tmp"
    theirs.write_text("keep me")
    saved = AccountFile(tmp_path / "account.json")
    saved.save(SimulatedAccount(SETTINGS))
    assert theirs.read_text() == "keep me"
    assert {path.name for path in tmp_path.iterdir()} == {theirs.name, saved.path.name}


async def test_a_reply_comes_after_what_it_tells_of_is_on_disk(tmp_path: Path) -> None:
    saved = AccountFile(tmp_path / "account.json")
    app = create_app(SETTINGS, SimulatedAccount(SETTINGS), saved)
    base = "http://127.0.0.1:8080/api/accounts/9900000"
    auth = ("demo", "a-password-of-its-own")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base, auth=auth) as client:
        reply = await client.post(
            "/subscriptions", content="<Subscription><OrderType>orders</OrderType></Subscription>"
        )
    assert reply.headers["location"].rpartition("/")[2] in saved.path.read_text("utf-8")


def test_a_file_of_an_earlier_release_is_continued(tmp_path: Path) -> None:
    """Calls, events and messages had fewer fields then."""
    saved = AccountFile(tmp_path / "account.json")
    saved.save(SimulatedAccount(SETTINGS))
    content = json.loads(saved.path.read_bytes())
    details = {
        "applicationId": "a",
        "accountId": "9900000",
        "callId": "c-1",
        "to": "+19195550100",
        "from": "+1",
    }
    content["calls"] = {"c-1": {"id": "c-1", "details": details, "created": 1.0, "hung_up": None}}
    content["messages"] = {"m/0": {"messageStatus": "DELIVERED", "receiveTime": "2026-11-01T00:00:00.000Z"}}
    content["events"] = [{"url": None, "body": {"type": "x", "to": "+1"}, "result": "no callback URL"}]
    saved.path.write_text(json.dumps(content), "utf-8")
    (told,) = snapshot(saved.load(SETTINGS))["calls"]
    assert (told["state"], told["cause"]) == ("disconnected", "hangup")


def test_where_there_is_no_file_the_world_is_new(tmp_path: Path) -> None:
    assert not AccountFile(tmp_path / "account.json").load(SETTINGS).sites


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"version": 2}',
        '{"version": 1, "account": "1"}',
        "[" * 100_000,
        "\udcff",
    ],
)
def test_a_file_that_is_not_a_saved_account_is_reported_and_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "account.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(AccountFileError, match="holds no simulated account"):
        AccountFile(path).load(SETTINGS)
    assert path.read_bytes() == content.encode("utf-8", "surrogateescape")


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(AccountFileError, match="cannot be read"):
        AccountFile(tmp_path).load(SETTINGS)
