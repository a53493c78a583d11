"""Every wait says why and for how long, and can be left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bwtui.services import Services
from bwtui.tui.places import DONE, REVIEW
from bwtui.tui.wait_status import WaitStatus
from bwtui.tui.workflow import Phase
from support.apply_screen import connected, say_yes
from support.wizard_pilot import WizardHarness

REASON = "Sub-account: a request that was cut off may still take effect"


class SlowWizardHarness:
    """Makes one service of a harness wait as the engine does, until the person leaves or `let_go` is set."""

    def __init__(self, harness: WizardHarness, service: str) -> None:
        self.let_go = asyncio.Event()
        self.stopped = False
        self.is_on = False
        connect = harness._connect

        @asynccontextmanager
        async def slowly(login: Any, answers: Any, on_exchange: Any, on_wait: Any) -> AsyncIterator[Services]:
            async with connect(login, answers, on_exchange, on_wait) as services:
                real, stop_services = getattr(services, service), services.stop

                async def wait(*arguments: Any) -> Any:
                    if self.is_on:
                        on_wait("site.look", 115.0, REASON)
                        await self.let_go.wait()
                    return await real(*arguments)

                def stop() -> None:
                    self.stopped = True
                    self.let_go.set()
                    stop_services()

                for name, slow in (("stop", stop), (service, wait)):
                    setattr(services, name, slow)
                yield services

        harness._connect = slowly  # type: ignore[method-assign]


@pytest.mark.parametrize("phase", [Phase.LOOKING, Phase.ACTING, Phase.PROVING], ids=lambda each: each.name)
async def test_why_it_waits_and_for_how_long_is_told_and_one_may_leave(
    harness: WizardHarness, phase: Phase
) -> None:
    service = {Phase.LOOKING: "survey", Phase.ACTING: "provision", Phase.PROVING: "verify"}[phase]
    slow = SlowWizardHarness(harness, service)
    async with connected(harness) as wizard:
        match phase:
            case Phase.LOOKING:
                await wizard.go("site")
                slow.is_on = True
                wizard.send("ctrl+g", *REVIEW, "enter")
            case Phase.ACTING:
                slow.is_on = True
                wizard.send("ctrl+n")
                await wizard.until(lambda: wizard.says("This costs money"))
                wizard.send("y")
            case _:
                await say_yes(wizard)
                assert wizard.place == DONE
                slow.is_on = True
                wizard.send("v")
        await wizard.until(lambda: wizard.workflow.phase is phase, phase.name)
        await wizard.until(lambda: wizard.says(f"waiting 115 s: {REASON}"), "why it waits")
        assert wizard.keys["Leave"] in ("ctrl+c", "l")
        wizard.send("ctrl+c")
        await wizard.until(
            lambda: wizard.says("Continue later with") or wizard.says("Leave?"), "the question"
        )
        wizard.send("y")
        await wizard.until(lambda: slow.stopped, "that it stops")
        await wizard.until(lambda: wizard.app.return_value is not None, "the end")


def test_a_wait_with_looks_in_between_is_told_until_it_is_over() -> None:
    now = [0.0]
    waits = WaitStatus(lambda: now[0])
    waits.begin("number.list", 115, "an order may still be placed")
    now[0] = 15
    waits.heard("number.list")
    assert waits.told == "waiting 100 s: an order may still be placed"
    now[0] = 115
    assert waits.told == ""


def test_the_longest_of_several_waits_is_told_and_each_ends_with_its_step() -> None:
    waits = WaitStatus(lambda: 0.0)
    waits.begin("site.look", 20, "short")
    waits.begin("voice_app.look", 40, "long")
    assert waits.told == "waiting 40 s: long"
    waits.over("voice_app")
    assert waits.told == "waiting 20 s: short"
    waits.clear()
    assert waits.told == ""
