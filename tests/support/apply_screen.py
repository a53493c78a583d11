"""Helpers for the tests of Review, Apply and Done: the way there, and the checks at the end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from starlette.types import Receive, Scope, Send

from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import STEPS
from bwtui.tui.places import APPLY, CONNECT, DONE, REVIEW
from bwtui.tui.screens.dialogs import ConfirmCost
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, ShownWizard, WizardHarness
from support.write_faults import assert_finished

EVERYTHING: Final = guide_answers()
SECRETS: Final = Answers({}, EVERYTHING.secrets)
"""For a wizard that is started again: what is kept has the answers, and secrets are asked again."""
ORDERS: Final = "POST /api/accounts/9900000/orders"


@asynccontextmanager
async def connected(
    harness: WizardHarness,
    answers: Answers = EVERYTHING,
    *,
    at: str = REVIEW,
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[ShownWizard]:
    """The wizard connected, with these answers besides those that are kept, on a screen."""
    harness.login, harness.on_disk = LOGIN, True
    async with harness.show(answers=answers, at=CONNECT, size=size) as show:
        await show.press("enter")
        assert show.workflow.is_connected, show.text
        await show.go(at)
        yield show


async def to_the_actions(show: ShownWizard) -> None:
    """Go to the first action that Review lists."""
    while show.focused != "actions":
        await show.press("up")
    await show.press("home")


# --- Saying yes --------------------------------------------------------------------------------------------------


async def say_yes(show: ShownWizard, *, order: bool | None = True) -> None:
    """Say yes on Review and to the order, and wait for what comes of it.

    `order` answers the question about money; `None` where there must be none.
    """
    assert show.place == REVIEW, show.text
    await show.press("ctrl+n")
    if show.app.screen is not show.screen:
        assert ("This costs money." in asked(show)) == (order is not None), show.text
        await show.press("w" if order is False else "y")
    else:
        assert order is None, show.text
    assert show.place in (APPLY, DONE), show.text


async def done(show: ShownWizard) -> None:
    """Say yes, and have everything done."""
    await say_yes(show)
    assert show.place == DONE, show.text


async def send_yes(show: ShownWizard) -> None:
    """The same, without waiting for what comes of it."""
    assert show.place == REVIEW, show.text
    show.send("ctrl+n")
    await show.until(lambda: is_asked_for_money(show), "the question about money")
    show.send("y")


async def until_all_but_the_order(show: ShownWizard, gate: "Gate") -> None:
    """Say yes, and wait until nothing is left but the order, which the gate holds."""
    await send_yes(show)
    await show.until(lambda: gate.held and line(show, "voice_link").startswith("✓"), "all but the order")


async def until_the_order_is_received(show: ShownWizard) -> None:
    """Say yes, and wait until the order is under way."""
    await send_yes(show)
    await show.until(lambda: "waiting" in line(show, "number"), "an order that is waited for")


def is_asked_for_money(show: ShownWizard) -> bool:
    return isinstance(show.app.screen, ConfirmCost) and show.app.screen.is_painted


async def retry(show: ShownWizard, *, order: bool | None = None) -> None:
    """Go on with what is missing."""
    assert show.place == APPLY, show.text
    await show.press_shown("Look again")
    await say_yes(show, order=order)


async def apply(show: ShownWizard, *, order: bool = True) -> None:
    """Say yes, and have what is planned done: what is not, is shown on Apply."""
    await say_yes(show, order=order)


# --- What Apply says ---------------------------------------------------------------------------------------------


def line(show: ShownWizard, step: str) -> str:
    """Return Apply's line about a step, from its sign on: `! failed   SMS`; empty before it is there."""
    title = next(each.title for each in STEPS if each.key == step)
    lines = [f"{line} " for menu in show.screen.query("#steps") for line in show.shown(menu).splitlines()]
    return next((line[2:] for line in lines if line[20:].startswith(f"{title} ")), "")


async def told(show: ShownWizard) -> str:
    """Return the first lines about the step under the cursor: the problem, then the latest request and its reply."""
    while show.focused != "steps":
        await show.press("up")
    await show.press("enter")
    page = show.shown(show.app.screen.query_one("#reading Static"))
    await show.press("escape")
    return " ".join(page.split())


def asked(show: ShownWizard) -> str:
    """Return the question of the dialog that lies over the screen."""
    return " ".join(show.shown(show.app.screen.query_one(".box > Static")).split())


class Gate:
    """Holds some of the requests on their way to the account until it is opened."""

    def __init__(self, harness: WizardHarness, method: str, *paths: str) -> None:
        self.held: list[str] = []
        """The ends of their paths."""
        self._app: Callable[[Scope, Receive, Send], object] = harness.app
        self._method, self._paths = method, paths
        self._open = asyncio.Event()
        harness.app = self  # type: ignore[assignment]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ends = [path for path in self._paths if scope["path"].endswith(path)]
        if scope["method"] == self._method and ends:
            self.held += ends
            await self._open.wait()
        await self._app(scope, receive, send)  # type: ignore[misc]

    def open(self) -> None:
        self._open.set()

    def close(self) -> None:
        """Hold those that come from now on."""
        self.held.clear()
        self._open.clear()


# --- What must be true in the end --------------------------------------------------------------------------------


async def assert_done(
    harness: WizardHarness, show: ShownWizard, *, quantity: int = 1, orders: int = 1
) -> None:
    """Done is shown, and the account holds exactly one of each and the numbers that were wanted."""
    assert show.place == DONE, show.text
    assert show.says("✓ Set up. Everything was read back from Bandwidth and is as it should be."), show.text
    assert harness.run == show.workflow.draft.run, "what is shown is what is kept"
    await assert_finished(harness, quantity=quantity, orders=orders)


async def placed(harness: WizardHarness) -> int:
    """Count the orders that were sent."""
    return (await harness.writes()).count(ORDERS)
