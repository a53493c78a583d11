"""A value that Bandwidth stores in another spelling is sent once more, reported once, and proven; another value is not."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from support.guide import guide_answers
from support.in_process import ApplyOutcome, Harness
from support.simulated_clock import LateHarness, live, now, wall
from support.write_faults import assert_finished, assert_one_more_run_finishes, elsewhere, fault, read_back

PUT = "PUT /api/accounts/9900000"
KEPT = "Bandwidth keeps City “RALEIGH” as “Raleigh-Durham”"


@dataclass(kw_only=True)
class OwnDesk(Harness):
    """A harness at an account that keeps some values otherwise than they are sent."""

    kept: dict[str, str] = field(default_factory=dict)
    """The stored element by the element that was sent, tags included."""

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
def harness(tmp_path: Path) -> OwnDesk:
    return OwnDesk(folder=tmp_path, kept=city("RALEIGH", "Raleigh-Durham"))


async def somebody_moves(harness: Harness, old: str, new: str) -> None:
    """Another city, set in the App."""
    [site] = (await harness.state())["sites"]
    text = (await elsewhere(harness, "GET", f"/sites/{site['id']}")).text
    body = text[text.index("<Site>") : text.index("</Site>") + len("</Site>")]
    await elsewhere(harness, "PUT", f"/sites/{site['id']}", body.replace(old, new))


async def puts(harness: Harness) -> int:
    return len(
        [write for write in await harness.writes() if write.startswith(PUT) and "products" not in write]
    )


def told(outcome: ApplyOutcome) -> int:
    return outcome.said.count(KEPT)


async def test_a_value_that_is_kept_in_another_way_is_sent_once_more_and_then_proven(
    harness: OwnDesk,
) -> None:
    first = await harness.apply()
    assert first.exit is Exit.FAILED
    assert "City is “Raleigh-Durham”, should be “RALEIGH”" in first.said
    second = await harness.apply()
    assert second.exit is Exit.DONE, second.said
    assert (await puts(harness), told(second)) == (1, 1)
    third = await harness.apply()
    assert third.exit is Exit.DONE
    assert await puts(harness) == 1, "it is not sent again"
    assert KEPT in third.said
    verified = await read_back(harness)
    assert verified.exit is Exit.DONE
    assert KEPT in verified.said
    await assert_finished(harness)


async def test_another_answer_is_sent_again_until_it_is_kept_in_turn(harness: OwnDesk) -> None:
    await harness.apply()
    await harness.apply()
    harness.answers = guide_answers(site__city="CARY", site__description="Another")
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert (await harness.state())["sites"][0]["fields"]["Description"] == "Another"
    assert "Bandwidth keeps" not in outcome.said
    harness.answers = guide_answers()
    assert (await harness.apply()).exit is Exit.FAILED, "what was kept once is sent once more"
    assert (await harness.apply()).exit is Exit.DONE


async def test_a_known_spelling_stays_known_when_something_else_changes(harness: OwnDesk) -> None:
    await harness.apply()
    await harness.apply()
    harness.answers = guide_answers(site__description="Another")
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_one_more_run_finishes(harness)


async def test_a_value_that_somebody_changes_is_changed_back(harness: OwnDesk) -> None:
    await harness.apply()
    await harness.apply()
    await somebody_moves(harness, "Raleigh-Durham", "Cary")
    assert (await read_back(harness)).exit is Exit.FAILED
    await harness.apply()
    assert await puts(harness) == 3, "ours, theirs, and ours again"
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said


async def test_an_answer_that_was_not_taken_is_not_proven_by_what_stood_there_before(
    harness: OwnDesk,
) -> None:
    harness.kept = {}
    await harness.apply()
    harness.kept = city("CARY", "RALEIGH")
    harness.answers = guide_answers(site__city="CARY")
    outcome = await harness.apply()
    assert outcome.exit is Exit.FAILED
    assert "City is “RALEIGH”, should be “CARY”" in outcome.said


async def test_what_somebody_has_set_is_not_taken_for_ours_because_one_change_did_nothing(
    harness: OwnDesk,
) -> None:
    harness.kept = {}
    await harness.apply()
    await somebody_moves(harness, "RALEIGH", "CARY")
    harness.kept = city("RALEIGH", "CARY")
    outcome = await harness.apply()
    assert outcome.exit is Exit.FAILED
    assert "City is “CARY”, should be “RALEIGH”" in outcome.said


async def test_a_difference_that_comes_back_is_corrected_again(harness: OwnDesk) -> None:
    harness.kept = {}
    await harness.apply()
    await somebody_moves(harness, "RALEIGH", "CARY")
    harness.fail(fault("answer", method="PUT", path="/accounts/*/sites/*", status=400))
    assert (await harness.apply()).exit is Exit.FAILED
    assert (await harness.apply()).exit is Exit.DONE
    await somebody_moves(harness, "RALEIGH", "CARY")
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE
    assert "Bandwidth keeps" not in outcome.said
    assert "RALEIGH" in str((await harness.state())["sites"])


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
    harness: OwnDesk, kept: dict[str, str]
) -> None:
    harness.kept = kept
    for _ in range(4):
        outcome = await harness.apply()
        assert outcome.exit is not Exit.DONE
        assert "Bandwidth keeps" not in outcome.said


@pytest.mark.parametrize("status", [200, 202])
async def test_a_change_without_effect_is_not_taken_for_a_spelling_of_what_somebody_has_set(
    harness: OwnDesk, status: int
) -> None:
    harness.kept = {}
    assert (await harness.apply()).exit is Exit.DONE
    await somebody_moves(harness, "RALEIGH", "CARY")
    assert (await read_back(harness)).exit is Exit.FAILED
    harness.fail(fault("answer", method="PUT", path="/accounts/*/sites/*", status=status, times=0))
    for _ in range(3):
        outcome = await harness.apply()
        assert outcome.exit is not Exit.DONE, outcome.said
        assert "Bandwidth keeps" not in outcome.said
    assert (await read_back(harness)).exit is Exit.FAILED


async def test_a_url_that_leads_to_the_same_place_is_proven(harness: OwnDesk) -> None:
    url = "https://yourSecureSite.com/callbacks/init"
    harness.kept = {url: "https://yourSecureSite.com:443//callbacks/%69nit"}
    await harness.apply()
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert f"Bandwidth keeps Call-initiated URL “{url}” as" in outcome.said


def test_a_change_that_shows_late_is_waited_for_and_not_taken_for_kept(tmp_path: Path) -> None:
    async def main() -> None:
        harness = LateHarness(folder=tmp_path)
        await harness.waits()
        await somebody_moves(harness, "RALEIGH", "CARY")
        assert (await read_back(harness)).exit is Exit.FAILED
        harness.fail(fault("lag", path="/accounts/*/sites/*", seconds=30))
        pace = Pace(clock=wall, monotonic=now)
        outcome = await harness.apply(pace=pace)
        assert outcome.exit is Exit.DONE, outcome.said
        assert "Bandwidth keeps" not in outcome.said

    live(main())


def test_a_run_right_after_a_change_waits_for_it_to_show_before_it_says_how_a_value_is_kept(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        harness = LateHarness(folder=tmp_path)
        await harness.waits()
        await somebody_moves(harness, "RALEIGH", "CARY")
        harness.fail(fault("answer", method="PUT", path="/accounts/*/sites/*", status=400))
        assert (await harness.waits()).exit is Exit.FAILED
        harness.fail(fault("lag", path="/accounts/*/sites/*", seconds=30))
        pace, before = Pace(clock=wall, monotonic=now), len(await harness.writes())
        running = asyncio.ensure_future(harness.apply(pace=pace))
        while len(await harness.writes()) == before:  # noqa: ASYNC110 - the account tells nobody
            await asyncio.sleep(0.1)
        pace.stop.set()
        assert (await running).exit is Exit.INTERRUPTED
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        assert "Bandwidth keeps" not in outcome.said
        assert len(await harness.writes()) == before + 1

    live(main())


# --- A slash at the end of a callback URL -----------------------------------------------------------------------

PLACES = {
    "messaging": ("messaging_app__callback_url", "MsgCallbackUrl", "Callback URL"),
    "incoming": ("voice_app__call_initiated_url", "CallInitiatedCallbackUrl", "Call-initiated URL"),
    "status": ("voice_app__call_status_url", "CallStatusCallbackUrl", "Call-status URL"),
}
"""The answer, the element and the label of each callback URL."""
PLAIN, SLASHED = "https://host.example.com/msg", "https://host.example.com/msg/"


def rewriting(element: str, sent: str, kept: str) -> dict[str, str]:
    return {f"<{element}>{sent}</{element}>": f"<{element}>{kept}</{element}>"}


async def url_on_account(harness: Harness, element: str) -> str:
    [found] = [
        application["fields"][element]
        for application in (await harness.state())["applications"]
        if element in application["fields"]
    ]
    return str(found)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("sent", "kept"), [pytest.param(PLAIN, SLASHED, id="added"), pytest.param(SLASHED, PLAIN, id="dropped")]
)
@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut"])
async def test_a_slash_that_the_account_adds_or_drops_is_told_and_proven_in_the_first_run_and_ever_after(
    harness: OwnDesk, place: str, sent: str, kept: str, *, cut: bool
) -> None:
    answer, element, label = PLACES[place]
    harness.answers = guide_answers(**{answer: sent})
    harness.kept = rewriting(element, sent, kept)
    if cut:
        harness.fail(fault("cut-after", method="POST", path="/accounts/*/applications", times=2))
    first = await harness.apply()
    assert first.exit is Exit.DONE, first.said
    assert f"Bandwidth keeps {label} “{sent}” as “{kept}”" in first.said
    before = await harness.writes()
    for again in (await harness.apply(), await read_back(harness)):
        assert again.exit is Exit.DONE, again.said
        assert f"Bandwidth keeps {label} “{sent}” as “{kept}”" in again.said
    assert await harness.writes() == before
    await assert_finished(harness)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("first", "then"), [(PLAIN, SLASHED), (SLASHED, PLAIN)])
@pytest.mark.parametrize("verified", [True, False])
async def test_a_slash_that_is_corrected_in_the_answers_is_corrected_on_the_account(
    harness: OwnDesk, place: str, first: str, then: str, *, verified: bool
) -> None:
    answer, element, _ = PLACES[place]
    harness.kept = {}
    harness.answers = guide_answers(**{answer: first})
    if not verified:
        harness.fail(fault("answer", method="GET", path="/accounts/*/sites/*", status=500, times=0))
    assert ((await harness.apply()).exit is Exit.DONE) is verified
    harness.fail("")
    harness.answers = guide_answers(**{answer: then})
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert "Bandwidth keeps" not in outcome.said
    assert await url_on_account(harness, element) == then


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("ours", "theirs"), [(PLAIN, SLASHED), (SLASHED, PLAIN)])
async def test_a_slash_that_somebody_sets_in_the_app_is_seen_and_corrected(
    harness: OwnDesk, place: str, ours: str, theirs: str
) -> None:
    answer, element, _ = PLACES[place]
    harness.kept = {}
    harness.answers = guide_answers(**{answer: ours})
    await harness.apply()
    await somebody_sets(harness, element, ours, theirs)
    assert (await read_back(harness)).exit is Exit.FAILED
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert await url_on_account(harness, element) == ours


async def somebody_sets(harness: Harness, element: str, old: str, new: str) -> None:
    """Another callback URL, set in the App."""
    for application in harness.account.applications.values():
        for name, value in application.fields.items():
            if value == old and (name == element or "Callback" in name):
                application.fields[name] = new


def test_a_corrected_slash_that_shows_late_is_waited_for_and_not_taken_for_kept(tmp_path: Path) -> None:
    async def main() -> None:
        harness = LateHarness(folder=tmp_path)
        harness.answers = guide_answers(messaging_app__callback_url=SLASHED)
        harness.fail(fault("answer", method="GET", path="/accounts/*/sites/*", status=500, times=0))
        assert (await harness.waits()).exit is not Exit.DONE
        harness.fail(fault("lag", path="/accounts/*/applications/*", seconds=30))
        harness.answers = guide_answers(messaging_app__callback_url=PLAIN)
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        assert "Bandwidth keeps" not in outcome.said
        assert await url_on_account(harness, "MsgCallbackUrl") == PLAIN

    live(main())
