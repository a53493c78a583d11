"""What Bandwidth keeps in a way of its own is sent once more, said once, and proven; what leads elsewhere never is."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from support.guide import guide_answers
from support.in_process import Desk, Outcome
from support.simulated_clock import LateDesk, live, now, wall
from support.write_faults import assert_finished, assert_one_more_run_finishes, elsewhere, fault, read_back

PUT = "PUT /api/accounts/9900000"
KEPT = "Bandwidth keeps City “RALEIGH” as “Raleigh-Durham”"


@dataclass(kw_only=True)
class OwnDesk(Desk):
    """A desk at an account that keeps some values otherwise than they are sent."""

    kept: dict[str, str] = field(default_factory=dict)
    """What it keeps, by what it is sent, tags included."""

    def line(self) -> httpx.AsyncBaseTransport:
        return _Rewriting(super().line(), self.kept)


@dataclass
class _Rewriting(httpx.AsyncBaseTransport):
    inner: httpx.AsyncBaseTransport
    kept: dict[str, str]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = (await request.aread()).decode()
        for sent, kept in self.kept.items():
            body = body.replace(sent, kept)
        headers = {name: value for name, value in request.headers.items() if name != "content-length"}
        rewritten = httpx.Request(request.method, request.url, headers=headers, content=body.encode())
        return await self.inner.handle_async_request(rewritten)


def city(sent: str, kept: str) -> dict[str, str]:
    return {f"<City>{sent}</City>": f"<City>{kept}</City>"}


@pytest.fixture
def desk(tmp_path: Path) -> OwnDesk:
    return OwnDesk(folder=tmp_path, kept=city("RALEIGH", "Raleigh-Durham"))


async def somebody_moves(desk: Desk, old: str, new: str) -> None:
    """Another city, set in the App."""
    [site] = (await desk.state())["sites"]
    text = (await elsewhere(desk, "GET", f"/sites/{site['id']}")).text
    body = text[text.index("<Site>") : text.index("</Site>") + len("</Site>")]
    await elsewhere(desk, "PUT", f"/sites/{site['id']}", body.replace(old, new))


async def puts(desk: Desk) -> int:
    return len([write for write in await desk.writes() if write.startswith(PUT) and "products" not in write])


def told(outcome: Outcome) -> int:
    return outcome.said.count(KEPT)


async def test_a_value_that_is_kept_in_another_way_is_sent_once_more_and_then_proven(desk: OwnDesk) -> None:
    first = await desk.apply()
    assert first.exit is Exit.FAILED
    assert "City is “Raleigh-Durham”, should be “RALEIGH”" in first.said
    second = await desk.apply()
    assert second.exit is Exit.DONE, second.said
    assert (await puts(desk), told(second)) == (1, 1)
    third = await desk.apply()
    assert third.exit is Exit.DONE
    assert await puts(desk) == 1, "it is not sent again"
    assert KEPT in third.said
    verified = await read_back(desk)
    assert verified.exit is Exit.DONE
    assert KEPT in verified.said
    await assert_finished(desk)


async def test_another_answer_is_sent_again_until_it_is_kept_in_turn(desk: OwnDesk) -> None:
    await desk.apply()
    await desk.apply()
    desk.answers = guide_answers(site__city="CARY", site__description="Another")
    outcome = await desk.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert (await desk.state())["sites"][0]["fields"]["Description"] == "Another"
    assert "Bandwidth keeps" not in outcome.said
    desk.answers = guide_answers()
    assert (await desk.apply()).exit is Exit.FAILED, "what was kept once is sent once more"
    assert (await desk.apply()).exit is Exit.DONE


async def test_what_is_kept_stays_known_when_something_else_is_changed(desk: OwnDesk) -> None:
    await desk.apply()
    await desk.apply()
    desk.answers = guide_answers(site__description="Another")
    outcome = await desk.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_one_more_run_finishes(desk)


async def test_a_value_that_somebody_changes_is_changed_back(desk: OwnDesk) -> None:
    await desk.apply()
    await desk.apply()
    await somebody_moves(desk, "Raleigh-Durham", "Cary")
    assert (await read_back(desk)).exit is Exit.FAILED
    await desk.apply()
    assert await puts(desk) == 3, "ours, theirs, and ours again"
    outcome = await desk.apply()
    assert outcome.exit is Exit.DONE, outcome.said


async def test_an_answer_that_was_not_taken_is_not_proven_by_what_stood_there_before(desk: OwnDesk) -> None:
    desk.kept = {}
    await desk.apply()
    desk.kept = city("CARY", "RALEIGH")
    desk.answers = guide_answers(site__city="CARY")
    outcome = await desk.apply()
    assert outcome.exit is Exit.FAILED
    assert "City is “RALEIGH”, should be “CARY”" in outcome.said


async def test_what_somebody_has_set_is_not_taken_for_ours_because_one_change_did_nothing(
    desk: OwnDesk,
) -> None:
    desk.kept = {}
    await desk.apply()
    await somebody_moves(desk, "RALEIGH", "CARY")
    desk.kept = city("RALEIGH", "CARY")
    outcome = await desk.apply()
    assert outcome.exit is Exit.FAILED
    assert "City is “CARY”, should be “RALEIGH”" in outcome.said


async def test_what_a_change_has_mended_is_mended_again_when_somebody_repeats_it(desk: OwnDesk) -> None:
    desk.kept = {}
    await desk.apply()
    await somebody_moves(desk, "RALEIGH", "CARY")
    desk.fail(fault("answer", method="PUT", path="/accounts/*/sites/*", status=400))
    assert (await desk.apply()).exit is Exit.FAILED
    assert (await desk.apply()).exit is Exit.DONE
    await somebody_moves(desk, "RALEIGH", "CARY")
    outcome = await desk.apply()
    assert outcome.exit is Exit.DONE
    assert "Bandwidth keeps" not in outcome.said
    assert "RALEIGH" in str((await desk.state())["sites"])


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param({"https://yourSecureSite.com/callbacks/init": "https://other.example/init"}, id="host"),
        pytest.param(
            {"https://yourSecureSite.com/callbacks/init": "https://yourSecureSite.com/x"}, id="path"
        ),
        pytest.param({"<UserId>Your-User-id": "<UserId>Somebody"}, id="callback user"),
        pytest.param({"<AddressType>Billing": "<AddressType>Service"}, id="one of a few words"),
        pytest.param({"<CustomerName>BW</CustomerName>": ""}, id="not shown"),
        pytest.param({"<Zone5>true": "<Zone5>false"}, id="yes or no"),
    ],
)
async def test_what_means_something_else_stays_a_failure_however_often_it_is_sent(
    desk: OwnDesk, kept: dict[str, str]
) -> None:
    desk.kept = kept
    for _ in range(4):
        outcome = await desk.apply()
        assert outcome.exit is not Exit.DONE
        assert "Bandwidth keeps" not in outcome.said


async def test_a_url_that_leads_to_the_same_place_is_proven(desk: OwnDesk) -> None:
    url = "https://yourSecureSite.com/callbacks/init"
    desk.kept = {url: "https://yourSecureSite.com:443//callbacks/%69nit"}
    await desk.apply()
    outcome = await desk.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert f"Bandwidth keeps Call-initiated URL “{url}” as" in outcome.said


def test_a_change_that_shows_late_is_waited_for_and_not_taken_for_kept(tmp_path: Path) -> None:
    async def main() -> None:
        desk = LateDesk(folder=tmp_path)
        await desk.waits()
        await somebody_moves(desk, "RALEIGH", "CARY")
        assert (await read_back(desk)).exit is Exit.FAILED
        desk.fail(fault("lag", path="/accounts/*/sites/*", seconds=30))
        pace = Pace(clock=wall, monotonic=now)
        outcome = await desk.apply(pace=pace)
        assert outcome.exit is Exit.DONE, outcome.said
        assert "Bandwidth keeps" not in outcome.said

    live(main())


def test_a_run_right_after_a_change_waits_for_it_to_show_before_it_says_how_a_value_is_kept(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        desk = LateDesk(folder=tmp_path)
        await desk.waits()
        await somebody_moves(desk, "RALEIGH", "CARY")
        desk.fail(fault("answer", method="PUT", path="/accounts/*/sites/*", status=400))
        assert (await desk.waits()).exit is Exit.FAILED
        desk.fail(fault("lag", path="/accounts/*/sites/*", seconds=30))
        pace, before = Pace(clock=wall, monotonic=now), len(await desk.writes())
        running = asyncio.ensure_future(desk.apply(pace=pace))
        while len(await desk.writes()) == before:  # noqa: ASYNC110 - the account tells nobody
            await asyncio.sleep(0.1)
        pace.stop.set()
        assert (await running).exit is Exit.INTERRUPTED
        outcome = await desk.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        assert "Bandwidth keeps" not in outcome.said
        assert len(await desk.writes()) == before + 1

    live(main())
