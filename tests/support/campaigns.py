"""bwtui over an account that has a registered 10DLC campaign, and campaign orders whose answers are lost."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from bwtui.domain.answers.answers import Answers
from bwtui.simulator.settings import Platform
from bwtui.simulator.switches import Switches
from support.guide import guide_answers
from support.in_process import ApplyOutcome, Harness
from support.power_cuts import CAMPAIGN

ORDERS: Final = "/api/v2/accounts/9900000/tnoptions"
PATH: Final = "/accounts/*/tnoptions"


class CampaignAccount(Harness):
    """An account whose campaign the answers name."""

    def answers_with_campaign(self, platform: Platform, **answers: str | None) -> Answers:
        chosen = {"account__platform": platform, "campaign__id": CAMPAIGN, **answers}
        return guide_answers("9900000", **chosen)

    def switch(self, **switches: Any) -> None:
        self.account.switches = Switches(**{"tn_option_seconds": 0, **switches})

    async def orders(self) -> list[dict[str, Any]]:
        held: list[dict[str, Any]] = (await self.state())["tn_options"]
        return held

    async def again_after_a_lost_answer(
        self, method: str, action: str, work: Callable[[], Awaitable[ApplyOutcome]]
    ) -> ApplyOutcome:
        """Do the work while an answer about the order is lost, and once more; give what came of the second time."""
        path = PATH if method == "POST" else f"{PATH}/*"
        self.fail(f'[[fault]]\nmethod = "{method}"\npath = "{path}"\naction = "{action}"\n')
        first = await work()
        self.fail("")
        again = await work()
        return replace(again, said=f"{first.said}\n{again.said}")


def each_lost_answer(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Try a test with each way in which the answer to an order, or to a look at it, is lost."""
    for name, ways in (("action", ["cut-before", "cut-after", "cut-reply"]), ("method", ["POST", "GET"])):
        test = pytest.mark.parametrize(name, ways)(test)
    return test
