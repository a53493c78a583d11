"""A yes that comes late is a yes to what was shown, not to what has become of it meanwhile."""

import io
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from bwtui.api.client import Client, OAuth, token_url_for
from bwtui.cli.applying import Apply
from bwtui.cli.output import Output
from bwtui.connected_services import ConnectedServices
from bwtui.domain.planning.consent import FRESH
from bwtui.domain.runs.setup import Setup
from bwtui.domain.values.secret import Secret
from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from support.in_process import BASE_URL, QUICK, Harness
from support.write_faults import MESSAGING, SITE, assert_finished, elsewhere, fault

OTHERS = fault(
    "answer", method="GET", path="/accounts/*/availableNumbers", status=200,
    body="<SearchResult><ResultCount>1</ResultCount><TelephoneNumberList><TelephoneNumber>9195550000"
    "</TelephoneNumber></TelephoneNumberList></SearchResult>",
)  # fmt: skip
"""The search finds another number."""

Meanwhile = Callable[[], Awaitable[object]]


class Person:
    """Somebody who takes so long for each answer, while something may happen on the account."""

    def __init__(
        self, harness: Harness, answers: list[tuple[float, bool]], meanwhile: Meanwhile | None = None
    ) -> None:
        self.harness = harness
        self.asked: list[str] = []
        self.said = ""
        self._now = 0.0
        self._answers = answers
        self._meanwhile = meanwhile

    async def _answer(self, question: str) -> bool:
        self.asked.append(question)
        seconds, yes = self._answers.pop(0)
        self._now += seconds
        if self._meanwhile and len(self.asked) == 1:
            await self._meanwhile()
        return yes

    async def apply(self) -> Exit:
        harness, out, err = self.harness, io.StringIO(), io.StringIO()
        kept = [
            harness.file.load()
            or Setup(account_id="9900000", base_url=BASE_URL, answers=harness.answers.given)
        ]

        def keep(events: Any) -> None:
            kept[0] = kept[0]._replace(events=(*kept[0].events, *events))
            harness.file.save(kept[0])

        async with Client(
            base_url=BASE_URL, credentials=OAuth("demo", Secret("demo-secret"), token_url_for(BASE_URL)),
            timing=QUICK, transport=httpx.ASGITransport(harness.app),
        ) as client:  # fmt: skip
            services = ConnectedServices(
                client, Pace(settle=0, attempt=0, visible=0, look=0.01, first_poll=0.01, located=0.5), keep
            )
            output = Output(as_json=True, stdout=out, stderr=err)
            work = Apply(
                services, harness.answers, kept[0].run, output, self._answer, clock=lambda: self._now
            )
            code = await work.execute()
        self.said = err.getvalue()
        assert json.loads(out.getvalue().splitlines()[-1])["exit"] == code
        return code


async def looks(harness: Harness) -> int:
    return len([entry for entry in await harness.log() if entry["path"].endswith("/availableNumbers")])


async def test_an_answer_in_time_is_acted_on(harness: Harness) -> None:
    person = Person(harness, [(FRESH - 1, True)])
    assert await person.apply() is Exit.DONE
    assert await looks(harness) == 1


async def test_after_a_late_yes_it_looks_again_and_orders_what_was_agreed_to(harness: Harness) -> None:
    async def another_order_of_the_search() -> None:
        harness.fail(OTHERS)

    person = Person(harness, [(FRESH + 1, True)], another_order_of_the_search)
    assert await person.apply() is Exit.DONE, person.said
    assert await looks(harness) == 2
    assert len(person.asked) == 1
    (number,) = harness.run.numbers
    assert f"({number[:3]}) {number[3:6]}-{number[6:]}" in person.asked[0]
    await assert_finished(harness)


async def test_after_a_late_yes_what_is_there_now_is_not_made_beside_it(harness: Harness) -> None:
    person = Person(
        harness,
        [(FRESH + 1, True)],
        lambda: elsewhere(harness, "POST", "/sites", SITE.format("Somebody else")),
    )
    assert await person.apply() is Exit.CONFLICT, person.said
    assert "The account has changed since you were asked." in person.said
    state = await harness.state()
    assert (len(state["sites"]), len(state["orders"])) == (1, 0)


@pytest.mark.parametrize("second", [True, False])
async def test_where_more_is_to_be_done_now_it_is_shown_and_asked_again(
    harness: Harness, *, second: bool
) -> None:
    assert await Person(harness, [(0, False)]).apply() is Exit.FAILED, "all but the number is made"
    path = f"/applications/{harness.run.outputs['messaging_app_id']}"
    person = Person(
        harness, [(FRESH + 1, True), (1, second)], lambda: elsewhere(harness, "PUT", path, MESSAGING)
    )
    code = await person.apply()
    assert len(person.asked) == 2
    assert "The account has changed since you were asked." in person.said
    assert code is (Exit.DONE if second else Exit.FAILED), person.said
    assert len((await harness.state())["orders"]) == second
