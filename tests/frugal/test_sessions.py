"""A real application, used at random: after every event both drivers' terminals show the same."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pyte
import pytest
from textual.events import Key
from textual.pilot import Pilot

from frugal.driver_pair import DriverPair, PairDriver
from frugal.sample_app import WORDS, SampleApp
from frugal.strict_terminal import on_a_line

KEYS = [
    *"abcxyz 漢é-" * 2, *["tab"] * 9, "shift+tab", "shift+tab", "down", "up", "shift+tab", "down", "up", "left", "right", "backspace", "delete", "home", "end",
    "pagedown", "pageup", "enter", "f2", "f3", "f4", "ctrl+k", "ctrl+end", "ctrl+home",
]  # fmt: skip
EVENTS = int(os.environ.get("FRUGAL_EVENTS", "400"))
"""In each session; ask for more to be surer."""
SIZES = [(80, 24), (80, 25), (81, 24), (40, 12), (60, 20), (132, 40), (20, 5), (3, 2)]


async def _press(pilot: Pilot[None], key: str) -> None:
    """As Textual's pilot does, but without waiting for the processor to have nothing to do."""
    driver = pilot.app._driver
    assert driver is not None
    event = Key(key, key if len(key) == 1 else None)
    event.set_sender(pilot.app)
    driver.send_message(event)
    await pilot._wait_for_screen()


async def _resize(pilot: Pilot[None], pair: DriverPair, size: tuple[int, int]) -> None:
    pair.resize(*size)
    await pilot.resize_terminal(*size)
    while pilot.app.size != size or pilot.app._resize_timer is not None:
        assert pilot.app._exception is None
        await asyncio.sleep(0)
    await pilot._wait_for_screen()
    pair.difference.repaint()  # as the driver does: the application does not repaint if the size is the same again


async def _event(pilot: Pilot[None], pair: DriverPair, choice: random.Random) -> object:
    if choice.random() < 0.03:
        size = choice.choice(SIZES)
        await _resize(pilot, pair, size)
        return size
    key = choice.choice(KEYS)
    await _press(pilot, key)
    return key


@asynccontextmanager
async def _form(
    monkeypatch: pytest.MonkeyPatch, pair: DriverPair, words: str = WORDS
) -> AsyncIterator[Pilot[None]]:
    """The sample application, drawing on both terminals of the pair."""
    driver = type("OnThisPair", (PairDriver,), {"pair": pair})
    monkeypatch.setattr("textual.drivers.headless_driver.HeadlessDriver", driver)
    async with SampleApp(words).run_test(size=(pair.stock.width, pair.stock.height)) as pilot:
        await pilot._wait_for_screen()
        yield pilot
        await pilot.pause()  # Textual fails on a key that it handles while it is leaving


@pytest.mark.parametrize(("seed", "coloured_erase"), [(1, True), (2, True), (3, False)])
async def test_after_every_event_both_terminals_show_the_same(
    monkeypatch: pytest.MonkeyPatch, seed: int, *, coloured_erase: bool
) -> None:
    choice = random.Random(seed)
    pair = DriverPair(80, 24, coloured_erase=coloured_erase)
    async with _form(monkeypatch, pair) as pilot:
        pair.check("start")
        for _ in range(EVENTS):
            event = await _event(pilot, pair, choice)
            if choice.random() < 0.9:  # else two frames or more merge
                pair.check(event)
        pair.check("end")
    assert not pair.difference.as_is
    assert pair.frugal_bytes < pair.stock_bytes / 3


class Screen(pyte.Screen):
    """pyte's screen, which when erased below forgets the cells that were never written."""

    def erase_in_display(self, how: int = 0, *arguments: Any, **options: Any) -> None:
        for row in (self.buffer[y] for y in range(self.lines)):
            row.update({x: row[x] for x in range(self.columns)})
        super().erase_in_display(how, *arguments, **options)


async def test_another_emulator_shows_the_same_too(monkeypatch: pytest.MonkeyPatch) -> None:
    choice = random.Random(5)
    pair = DriverPair(80, 24)
    screens = {name: Screen(80, 24) for name in ("stock", "frugal")}
    streams = {name: pyte.Stream(screen) for name, screen in screens.items()}
    async with _form(monkeypatch, pair, "words that are all alike to it") as pilot:
        for _ in range(EVENTS // 4):
            key = choice.choice([key for key in KEYS if key.isascii()])
            await _press(pilot, key)
            pair.take()
            for name, text in pair.written:
                streams[name].feed(on_a_line(text))
            pair.written.clear()
            for y, both in enumerate(zip(_seen(screens["stock"]), _seen(screens["frugal"]), strict=True)):
                for x, (stock, frugal) in enumerate(zip(*both, strict=True)):
                    assert stock == frugal, f"after {key}, row {y} column {x}"


def _seen(screen: pyte.Screen) -> list[list[object]]:
    """The cells; where nothing is written, without what is not seen there."""
    return [
        [_look(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)
    ]  # fmt: skip


def _look(cell: pyte.screens.Char) -> object:
    lined = cell.underscore or cell.strikethrough or cell.reverse
    return cell if cell.data != " " or lined else cell.bg


class TestFigures:
    """The bytes of a form with eighteen inputs at 80x24, compared with Textual's own driver."""

    async def test_a_form_takes_few_bytes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = DriverPair(80, 24, coloured_erase=True)
        async with _form(monkeypatch, pair, "") as pilot:
            assert len(pair.take().encode()) <= 3000

            async def taken(key: str) -> int:
                """The bytes of one key, once it is drawn: not before, and not with those of the next."""
                await _press(pilot, key)
                for _ in range(100):
                    await pilot.pause()
                    if sent := pair.take():
                        return len(sent.encode())
                pytest.fail(f"nothing was drawn after {key}")

            await taken("tab")
            assert await taken("tab") <= 150
            await taken("a")
            assert max([await taken(key) for key in "bcdefg"]) <= 40
            assert await taken("f5") <= 1500
