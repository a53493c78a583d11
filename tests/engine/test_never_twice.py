"""One wanted number is bought once, and one of each is made, however late, in half or in pages the account answers."""

from pathlib import Path

import pytest

from bwtui.exits import Exit
from engine.account import assert_finished, fault
from engine.late import LateDesk, late_desk, live

ORDERS = "/accounts/*/orders"
ORDER = "/accounts/*/orders/*"
NUMBERS = "**/sippeers/*/tns"


async def assert_bought_once(desk: LateDesk) -> None:
    state = await desk.state()
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
        desk = late_desk(tmp_path)
        faults = fault("rewrite", method="GET", path=ORDER, times=times, **how)
        if not located:
            nothing = fault("answer", method="GET", path=NUMBERS, status=204, times=0)
            faults += nothing + fault("answer", method="GET", path=f"{ORDER}/tns", status=204, times=0)
        desk.fail(faults)
        outcomes = [await desk.waits(), await desk.waits()]
        await assert_bought_once(desk)
        assert len((await desk.state())["orders"]) == 1
        if located:
            assert outcomes[-1].exit is Exit.DONE, outcomes[-1].said
        elif not times:
            (order,) = (await desk.state())["orders"]
            assert all(outcome.exit is not Exit.DONE for outcome in outcomes)
            assert all(order["id"] in outcome.said for outcome in outcomes)
        desk.fail("")
        assert (await desk.waits()).exit is Exit.DONE
        await assert_finished(desk)

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
    ],
)
def test_what_takes_effect_after_its_answer_is_made_once_when_tried_again_at_once(
    tmp_path: Path, path: str, late: dict[str, object]
) -> None:
    async def main() -> None:
        desk = late_desk(tmp_path)
        more = {name: value for name, value in late.items() if name != "action"}
        searches = fault("shuffle", path="/accounts/*/availableNumbers")
        desk.fail(fault(str(late["action"]), method="POST", path=path, **more) + searches)
        await desk.waits()
        outcome = await desk.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(desk)

    live(main())


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
        desk = late_desk(tmp_path)
        desk.fail(fault("cut-after", method="POST", path=ORDERS) + listed + fault("shuffle"))
        await desk.waits()
        await desk.waits()
        await assert_bought_once(desk)
        desk.fail("")
        outcome = await desk.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_bought_once(desk)

    live(main())


def test_without_the_role_for_its_numbers_the_rest_is_verified_and_the_number_told(tmp_path: Path) -> None:
    async def main() -> None:
        desk = late_desk(tmp_path)
        desk.fail(fault("answer", method="GET", path=NUMBERS, status=403, times=0))
        outcome = await desk.waits()
        assert outcome.exit is not Exit.DONE
        proven = [event["step"] for event in outcome.events if event["event"] == "verified" and event["ok"]]
        assert len(proven) == 8, outcome.said
        await assert_bought_once(desk)

    live(main())
