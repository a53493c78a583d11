"""One wanted number is bought once, and one of each is made, however late, in half or in pages the account answers."""

import asyncio
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from bwtui.api.client import Timeouts
from bwtui.domain.runs.setup import Setup
from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from bwtui.simulator.settings import Settings
from support.guide import guide_answers
from support.simulated_clock import LateHarness, late_harness, live, now, wall
from support.write_faults import MESSAGING, SITE, VOICE, assert_finished, elsewhere, fault, problems

ORDERS = "/accounts/*/orders"
ORDER = "/accounts/*/orders/*"
NUMBERS = "**/sippeers/*/tns"


async def assert_bought_once(harness: LateHarness) -> None:
    state = await harness.state()
    bought = [number for order in state["orders"] for number in order["completed"]]
    assert len(bought) == 1, bought
    assert len([order for order in state["orders"] if order["completed"]]) == 1


@pytest.mark.parametrize(
    ("how", "times"),
    [
        pytest.param({"leave_out": ["CompletedNumbers"]}, 0, id="missing"),
        pytest.param({"empty": ["CompletedNumbers"]}, 0, id="empty"),
        pytest.param({"rename": {"CompletedNumbers": "Numbers"}}, 0, id="named otherwise"),
        pytest.param({"leave_out": ["CompletedNumbers"]}, 3, id="there from the fourth read on"),
    ],
)
@pytest.mark.parametrize("located", [True, False], ids=["on the location", "nowhere"])
def test_an_order_that_does_not_name_its_numbers_is_followed_by_no_other(
    tmp_path: Path, how: dict[str, object], times: int, *, located: bool
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        faults = fault("rewrite", method="GET", path=ORDER, times=times, **how)
        if not located:
            nothing = fault("answer", method="GET", path=NUMBERS, status=204, times=0)
            faults += nothing + fault("answer", method="GET", path=f"{ORDER}/tns", status=204, times=0)
        harness.fail(faults)
        outcomes = [await harness.waits(), await harness.waits()]
        await assert_bought_once(harness)
        assert len((await harness.state())["orders"]) == 1
        if located:
            assert outcomes[-1].exit is Exit.DONE, outcomes[-1].said
        elif not times:
            (order,) = (await harness.state())["orders"]
            assert all(outcome.exit is not Exit.DONE for outcome in outcomes)
            assert all(order["id"] in outcome.said for outcome in outcomes)
        harness.fail("")
        assert (await harness.waits()).exit is Exit.DONE
        await assert_finished(harness)

    live(main())


@pytest.mark.parametrize(
    "path", [ORDERS, "/accounts/*/sites", "/accounts/*/sites/*/sippeers", "/accounts/*/applications"]
)
@pytest.mark.parametrize(
    "late",
    [
        pytest.param(
            {"action": "answer", "status": 504, "seconds": 12, "effect_after": 16}, id="a gateway gives up"
        ),
        pytest.param({"action": "hang", "effect_after": 40}, id="the client gives up"),
        pytest.param({"action": "hang", "effect_after": 95}, id="the client gave up long ago"),
    ],
)
def test_a_late_effect_happens_once_when_the_run_is_repeated_at_once(
    tmp_path: Path, path: str, late: dict[str, object]
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.account.settings = replace(harness.settings, unique_names=False)
        more = {name: value for name, value in late.items() if name != "action"}
        searches = fault("shuffle", path="/accounts/*/availableNumbers")
        harness.fail(fault(str(late["action"]), method="POST", path=path, **more) + searches)
        await harness.waits()
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await asyncio.sleep(60)  # whatever is still under way has had its effect
        await assert_finished(harness)

    live(main())


def test_a_late_effect_is_waited_for_longer_than_the_client_waits_for_an_answer() -> None:
    pace, client = Pace(), Timeouts()
    assert pace.settle > client.overall, "a gateway gives up first, and the server behind it goes on"
    assert pace.attempt >= client.connect + client.read, (
        "an attempt whose end nobody wrote down may last as long"
    )


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param(fault("lag", path=ORDERS, seconds=15), id="later"),
        pytest.param(
            fault("rewrite", method="GET", path=ORDERS, leave_out=["OrderIdUserIdDate"]), id="no item"
        ),
        pytest.param(fault("normalise", method="*", forms=["ids"]), id="in capitals"),
        *(
            pytest.param(fault("rewrite", method="GET", path=ORDERS, status=status), id=str(status))
            for status in (201, 202, 203, 206)
        ),
    ],
)
def test_an_order_whose_answer_was_lost_is_not_placed_beside_whatever_the_list_shows(
    tmp_path: Path, listed: str
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault("cut-after", method="POST", path=ORDERS) + listed + fault("shuffle"))
        await harness.waits()
        await harness.waits()
        await assert_bought_once(harness)
        harness.fail("")
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_bought_once(harness)

    live(main())


ERRORS = "<Error><Code>5005</Code><Description>unavailable for ordering</Description></Error>"
COPY = "0a1b2c3d-0000-4000-8000-000000000000"
"""The id of the copy that bwtui is told of."""

REFUSED_AT_ONCE = fault(
    "answer", method="POST", path=ORDERS, status=400, effect=True, content_type="application/xml",
    body=f"<OrderResponse><ErrorList>{ERRORS}</ErrorList></OrderResponse>",
)  # fmt: skip
REFUSED_AFTERWARDS = (
    fault("answer", method="POST", path=ORDERS, status=201, effect=True, content_type="application/xml",
          body=f"<OrderResponse><Order><id>{COPY}</id></Order><OrderStatus>RECEIVED</OrderStatus></OrderResponse>")
    + fault("answer", method="GET", path=f"/accounts/*/orders/{COPY}", status=200, times=0, content_type="application/xml",
            body=f"<OrderResponse><OrderStatus>FAILED</OrderStatus><ErrorList>{ERRORS}</ErrorList></OrderResponse>")
)  # fmt: skip


@pytest.mark.parametrize(
    "refused",
    [pytest.param(REFUSED_AT_ONCE, id="at once"), pytest.param(REFUSED_AFTERWARDS, id="afterwards")],
)
@pytest.mark.parametrize("lag", [0, 15])
@pytest.mark.parametrize("replaced", ["true", "false"])
def test_an_order_that_was_delivered_twice_and_told_by_the_copy_that_was_refused_is_not_replaced(
    tmp_path: Path, refused: str, lag: int, replaced: str
) -> None:
    async def main() -> None:
        harness = LateHarness(folder=tmp_path, settings=Settings(order_seconds=20))
        harness.answers = guide_answers(number__replace_taken=replaced)
        lists = fault("lag", path=ORDERS, seconds=lag) if lag else ""
        harness.fail(refused + lists + fault("shuffle", path="/accounts/*/availableNumbers"))
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_bought_once(harness)

    live(main())


@pytest.mark.parametrize("status", ["CANCELLED", "COMPLETE WITH ERRORS"])
def test_an_order_with_a_status_that_no_source_names_is_neither_read_for_ever_nor_replaced(
    tmp_path: Path, status: str
) -> None:
    async def main() -> None:
        harness = LateHarness(folder=tmp_path, settings=Settings(order_seconds=7200))
        said = f"<OrderResponse><OrderStatus>{status}</OrderStatus></OrderResponse>"
        harness.fail(fault("answer", method="GET", path=f"{ORDERS}/*", status=200, body=said, times=0))
        for _ in range(2):
            outcome = await harness.waits()
            assert outcome.exit is Exit.CONFLICT, outcome.said
            assert status in outcome.said
            assert "given_up" in outcome.said
        assert len((await harness.state())["orders"]) == 1

    live(main())


def test_numbers_of_another_search_are_not_ordered_for_an_order_whose_answer_was_lost(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault("cut-before", method="POST", path=ORDERS))
        assert (await harness.waits()).exit is not Exit.DONE
        harness.answers = guide_answers(number__area_code="984")
        outcome = await harness.waits()
        assert outcome.exit is Exit.CONFLICT, outcome.said
        assert "given_up" in outcome.said
        assert not (await harness.state())["orders"]
        (order,) = harness.run.orders
        harness.answers = guide_answers(number__area_code="984", number__given_up=order.customer_order_id)
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        assert all(number.startswith("984") for number in harness.run.numbers)

    live(main())


def test_without_the_role_for_its_numbers_the_rest_is_verified_and_the_number_told(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault("answer", method="GET", path=NUMBERS, status=403, times=0))
        outcome = await harness.waits()
        assert outcome.exit is not Exit.DONE
        proven = [event["step"] for event in outcome.events if event["event"] == "verified" and event["ok"]]
        assert len(proven) == 8, outcome.said
        assert "a role that may list the numbers of a location" in outcome.said
        assert "order numbers" not in outcome.said, "that role these credentials have: they ordered"
        await assert_bought_once(harness)

    live(main())


@pytest.mark.parametrize("total", [True, False])
def test_an_order_on_the_second_page_of_a_list_that_ignores_its_filter_is_found(
    tmp_path: Path, *, total: bool
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        unfiltered = fault("unfiltered", path=ORDERS, filters=["customerOrderId"])
        pages = fault("pages", path=ORDERS, size=1, total=total)
        harness.fail(fault("cut-after", method="POST", path=ORDERS) + unfiltered + pages + fault("shuffle"))
        await harness.waits()
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_bought_once(harness)

    live(main())


@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize(
    "lost",
    [
        pytest.param("", id="told of"),
        pytest.param(
            fault("cut-after", method="POST", path=ORDERS) + fault("lag", path=ORDERS, seconds=15),
            id="not told of",
        ),
    ],
)
def test_numbers_in_several_pages_of_their_location_are_all_found(
    tmp_path: Path, lost: str, *, total: bool
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.answers = guide_answers(number__quantity="3")
        pages = fault("pages", path=NUMBERS, size=1, total=total)
        harness.fail(lost + pages + fault("shuffle", path="/accounts/*/availableNumbers"))
        await harness.waits()
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness, quantity=3)

    live(main())


def test_one_of_three_hundred_sub_accounts_is_found_on_its_page(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        for number in range(300):
            body = SITE.format("Not ours").replace("SetupTest", f"Other {number}")
            await elsewhere(harness, "POST", "/sites", body)
        pages = fault("pages", path="/accounts/*/sites", size=100)
        harness.fail(fault("cut-after", method="POST", path="/accounts/*/sites") + pages)
        await harness.waits()
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        assert [site["name"] for site in (await harness.state())["sites"]].count("SetupTest") == 1

    live(main())


@pytest.mark.parametrize("kind", [MESSAGING, VOICE], ids=["messaging", "voice"])
def test_one_of_three_hundred_applications_is_found_on_its_page(tmp_path: Path, kind: str) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        name, nth = ("Production Server", 1) if kind == MESSAGING else ("Setup Test Voice", 2)
        for number in range(300):
            await elsewhere(harness, "POST", "/applications", kind.replace(name, f"Other {number}"))
        pages = fault("pages", path="/accounts/*/applications", size=100)
        harness.fail(fault("cut-after", method="POST", path="/accounts/*/applications", nth=nth) + pages)
        await harness.waits()
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        names = [application["name"] for application in (await harness.state())["applications"]]
        assert len(names) == 302
        assert (names.count("Production Server"), names.count("Setup Test Voice")) == (1, 1)

    live(main())


NAMES = {"two blanks": "A  B", "decomposed": "Cafe\u0301", "no break": "A\u00a0B"}
"""Names that the API may store in another form, which is the usual one."""


@pytest.mark.parametrize(
    ("step", "name"),
    [
        pytest.param(step, name, id=f"{step}, {how}")
        for step in ("site", "messaging_app", "voice_app")
        for how, name in NAMES.items()
        if (step, how) != ("site", "decomposed")  # a sub-account takes no accents
    ],
)
def test_a_name_that_somebody_has_in_its_usual_form_is_a_conflict_before_anything_is_written(
    tmp_path: Path, step: str, name: str
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.answers = guide_answers("9900000", **{f"{step}__name": name})
        path, body, old = {
            "site": ("/sites", SITE.format("Not ours"), "SetupTest"),
            "messaging_app": ("/applications", MESSAGING, "Production Server"),
            "voice_app": ("/applications", VOICE, "Setup Test Voice"),
        }[step]
        usual = " ".join(unicodedata.normalize("NFC", name).split())
        await elsewhere(harness, "POST", path, body.replace(old, usual))
        before = await harness.writes()
        outcome = await harness.waits()
        assert outcome.exit is Exit.CONFLICT, outcome.said
        assert problems(outcome).keys() == {f"{step}.look"}
        assert 'answer use = "' in outcome.said
        assert await harness.writes() == before

    live(main())


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_that_is_kept_in_its_usual_form_is_found_again(tmp_path: Path, name: str) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.answers = guide_answers(messaging_app__name=name)
        kept = fault("normalise", forms=["blanks", "nfc"])
        harness.fail(fault("cut-after", method="POST", path="/accounts/*/applications") + kept)
        await harness.waits()
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        assert len((await harness.state())["applications"]) == 2

    live(main())


def test_with_a_state_from_before_the_order_the_number_in_sight_is_asked_about(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        await harness.waits()
        setup = harness.file.load()
        assert isinstance(setup, Setup)
        before = tuple(event for event in setup.events if getattr(event, "step", "") != "number")
        harness.file.save(setup._replace(events=before))
        outcome = await harness.waits()
        assert outcome.exit is Exit.CONFLICT
        assert 'existing = "keep"' in outcome.said
        await assert_bought_once(harness)
        harness.answers = guide_answers(number__existing="keep")
        assert (await harness.waits()).exit is Exit.DONE
        await assert_bought_once(harness)

    live(main())


def test_a_number_that_somebody_put_on_our_location_is_asked_about_and_not_bought_beside(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        await harness.waits(yes=False)
        [site], [location] = (await harness.state())["sites"], (await harness.state())["sippeers"]
        number = harness.account.search({"areacode": "984"}, 1)[0][0]
        body = (
            f"<Order><SiteId>{site['id']}</SiteId><PeerId>{location['id']}</PeerId>"
            "<ExistingTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>"
            f"{number}</TelephoneNumber></TelephoneNumberList></ExistingTelephoneNumberOrderType></Order>"
        )
        await elsewhere(harness, "POST", "/orders", body)
        outcome = await harness.waits()
        assert outcome.exit is Exit.CONFLICT, outcome.said
        assert number[-4:] in outcome.said
        assert 'existing = "keep"' in outcome.said
        await assert_bought_once(harness)
        harness.answers = guide_answers(number__existing="keep")
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        assert harness.run.numbers == (number,)
        await assert_bought_once(harness)

    live(main())


def test_an_order_that_was_refused_for_now_is_not_sent_after_the_person_has_left(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        refusal = {"status": 429, "headers": {"Retry-After": "8"}}
        harness.fail(fault("answer", method="POST", path=ORDERS, **refusal))
        pace = Pace(clock=wall, monotonic=now)
        running = asyncio.ensure_future(harness.apply(pace=pace))
        while "POST /api/accounts/9900000/orders" not in await harness.writes():  # noqa: ASYNC110 - the account tells nobody
            await asyncio.sleep(0.1)
        await asyncio.sleep(2)
        pace.stop.set()
        await asyncio.wait([running])
        await asyncio.sleep(60)
        assert (await harness.state())["orders"] == []
        assert (await harness.writes()).count("POST /api/accounts/9900000/orders") == 1

    live(main())


def test_a_new_object_that_cannot_be_read_yet_is_looked_at_again(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault("lag", path="/accounts/*/**", seconds=2))
        outcome = await harness.waits()
        assert "given_up" not in outcome.said
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)

    live(main())
