"""Try it: a first message and a first call from the screen, asked about, sent once, followed, and told as they are."""

from functools import partial

import pytest

from bwtui.cli.commands.demo import DemoHost, Simulated, example_answers
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run import RunState
from bwtui.domain.trials.trial import TrialKind
from bwtui.exits import Exit
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.tui.app import WizardApp
from bwtui.tui.draft import Draft
from bwtui.tui.places import DONE, WELCOME
from bwtui.tui.screens.try_it import TryItScreen
from bwtui.tui.workflow import Workflow
from support.apply_screen import SECRETS, connected, done, is_asked_for_money
from support.guide import guide_answers
from support.in_process import BASE_URL
from support.trying import fill_disk
from support.wizard_pilot import ShownWizard, WizardHarness

PHONE = "+1 (919) 555-0142"


async def _nothing(*_: object) -> tuple[()]:
    return ()


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known of what arrives, so nothing is held back."""
    monkeypatch.setattr("bwtui.connected_services.read_arrivals", _nothing)


def is_idle(screen: TryItScreen) -> bool:
    return not screen.is_busy


async def try_it(wizard: ShownWizard, key: str = "t") -> TryItScreen:
    """Open Try it, and wait until it has read what arrives."""
    wizard.send(key)
    await wizard.until(lambda: isinstance(wizard.app.screen, TryItScreen) and not wizard.app.screen.is_busy)
    assert isinstance(wizard.app.screen, TryItScreen)
    return wizard.app.screen


async def send_to(wizard: ShownWizard, phone: str) -> None:
    """Type a phone, and come to the question about money."""
    wizard.send(*phone, "enter", "enter")
    await wizard.until(lambda: is_asked_for_money(wizard), "the question about money")


@pytest.mark.parametrize(
    ("phone", "words"),
    [("9195554476", ("Error 4476.", "Register a brand and a campaign")), ("9195554720", ("Error 4720.", "Try a mobile"))],
)  # fmt: skip
@pytest.mark.usefixtures("unread")
async def test_a_failure_has_its_code_its_meaning_and_what_to_do(
    harness: WizardHarness, phone: str, words: tuple[str, str]
) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        screen = await try_it(wizard)
        await send_to(wizard, phone)
        wizard.send("y")
        await wizard.until(lambda: "! Failed: the message did not arrive." in wizard.text)
        told = " ".join(wizard.text.split())
        assert all(each in told for each in words), wizard.text
        assert not screen.arrived


@pytest.mark.parametrize("key", ["enter", "escape", "n"])
@pytest.mark.usefixtures("unread")
async def test_in_earnest_only_a_yes_sends(harness: WizardHarness, key: str) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await try_it(wizard)
        before = await harness.writes()
        await send_to(wizard, "9195550142")
        wizard.send(key)
        await wizard.until(lambda: "Nothing was sent." in wizard.text)
        assert await harness.writes() == before
        assert wizard.workflow.trials.last(TrialKind.MESSAGE) is None


@pytest.mark.usefixtures("unread")
async def test_without_word_in_time_it_says_what_is_known(
    harness: WizardHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bwtui.tui.screens.try_it.WAIT", {TrialKind.MESSAGE: 1.0})
    async with connected(harness) as wizard:
        await done(wizard)
        harness.fail(
            '[[fault]]\naction = "answer"\nmethod = "GET"\npath = "**/messages"\nstatus = 500\ntimes = 0'
        )
        screen = await try_it(wizard)
        await send_to(wizard, "9195550142")
        wizard.send("y")
        await wizard.until(lambda: "No word after 1 s" in " ".join(wizard.text.split()))
        told = " ".join(wizard.text.split())
        assert "the message was accepted, and nothing says yet if it arrived" in told
        assert not screen.arrived
        assert sum("/messages" in write for write in await harness.writes()) == 1


@pytest.mark.usefixtures("unread")
async def test_leaving_while_it_follows_ends_it_and_the_next_time_it_is_finished_first(
    harness: WizardHarness,
) -> None:
    stuck = '[[fault]]\naction = "answer"\nmethod = "GET"\npath = "**/messages"\nstatus = 500\ntimes = 0'
    async with connected(harness) as wizard:
        await done(wizard)
        harness.fail(stuck)
        await try_it(wizard)
        await send_to(wizard, "9195550142")
        wizard.send("y")
        await wizard.until(lambda: "Accepted: Bandwidth has the message" in " ".join(wizard.text.split()))
        wizard.send("escape")
        await wizard.until(lambda: not isinstance(wizard.app.screen, TryItScreen))
        last = wizard.workflow.trials.last(TrialKind.MESSAGE)
        assert last
        assert last.is_unfinished
        harness.fail("")
        await try_it(wizard)
        told = "It is looked up; nothing is sent."
        await wizard.until(lambda: told in " ".join(wizard.text.split()))
        await wizard.until(lambda: "✓ Delivered:" in wizard.text)


@pytest.mark.usefixtures("unread")
async def test_the_phone_and_what_was_told_are_there_when_one_comes_back(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        screen = await try_it(wizard)
        assert wizard.says("Will it arrive: ? Not known: it could not be read.")
        await send_to(wizard, "9195554476")
        wizard.send("y")
        await wizard.until(lambda: "! Failed: the message did not arrive." in wizard.text and is_idle(screen))
        wizard.send("escape")
        await wizard.until(lambda: not isinstance(wizard.app.screen, TryItScreen))
        await try_it(wizard)
        await wizard.settled()
        assert wizard.says("Your phone * 9195554476"), wizard.text
        assert wizard.says("! Failed: the message did not arrive."), wizard.text
        assert wizard.says("▸ [ Send the message ]")


async def test_what_will_arrive_is_read_also_where_nothing_was_verified_yet(harness: WizardHarness) -> None:
    outcome = await harness.apply(guide_answers(account__base_url=BASE_URL))
    assert outcome.exit is Exit.DONE
    async with connected(harness, SECRETS, at=DONE) as wizard:
        await try_it(wizard)
        assert wizard.says("Will it arrive:"), wizard.text
        assert wizard.says("Messages from +1"), wizard.text


@pytest.mark.usefixtures("unread")
async def test_what_could_not_be_written_down_is_told_as_sent_and_looked_up_before_there_is_another(
    harness: WizardHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        screen = await try_it(wizard)
        await send_to(wizard, "9195550142")
        with monkeypatch.context() as disk:
            fill_disk(disk, 2)
            wizard.send("y")
            sent = "! The message was sent, but that could not be written down:"
            await wizard.until(lambda: sent in " ".join(wizard.text.split()) and is_idle(screen))
        monkeypatch.setattr("bwtui.tui.screens.try_it.WAIT", {TrialKind.MESSAGE: 0.1})
        wizard.send("enter")
        looked_up = "It is looked up; nothing is sent."
        await wizard.until(lambda: looked_up in " ".join(wizard.text.split()))
        await wizard.until(lambda: is_asked_for_money(wizard), "the question about another")
        assert sum("/messages" in write for write in await harness.writes()) == 1


@pytest.mark.usefixtures("unread")
async def test_leaving_the_wizard_while_it_follows_ends_at_once(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        harness.fail(
            '[[fault]]\naction = "answer"\nmethod = "GET"\npath = "**/messages"\nstatus = 500\ntimes = 0'
        )
        await try_it(wizard)
        await send_to(wizard, "9195550142")
        wizard.send("y")
        await wizard.until(lambda: "Accepted: Bandwidth has the message" in " ".join(wizard.text.split()))
        wizard.send("ctrl+c")
        await wizard.until(lambda: "Leave?" in wizard.text)
        wizard.send("y")
        await wizard.until(lambda: wizard.app.return_value is not None)


@pytest.mark.usefixtures("unread")
async def test_what_cannot_be_a_phone_is_said_at_its_field_while_it_is_typed(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await try_it(wizard)
        await wizard.press(*"123")
        assert wizard.says("▌ Your phone * 123 ! “123” is not a US or Canadian phone number")
        await wizard.press("enter")
        assert wizard.says("▌ Your phone"), "it is to be put right first"
        await wizard.press("ctrl+u", *"9195550142")
        assert not wizard.says("is not a US or Canadian")
        await wizard.press("enter")
        assert wizard.says("▸ [ Send the message ]")


@pytest.mark.usefixtures("unread")
async def test_the_number_that_it_comes_from_is_refused_at_the_field_of_the_phone(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await try_it(wizard)
        [own] = wizard.workflow.draft.run.numbers
        await wizard.press(*own)
        assert wizard.says(
            "! A number cannot write to itself or call itself: give the number of a phone of yours."
        )
        await wizard.press("enter")
        assert wizard.says("▌ Your phone"), "it is to be put right first"


@pytest.mark.usefixtures("unread")
async def test_each_field_shows_that_it_has_the_focus_and_is_explained(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await try_it(wizard)
        await wizard.settled()
        for label in ("Your phone", "From", "Try a"):
            assert wizard.says(f"▌ {label}"), wizard.text
            await wizard.press("f1")
            assert label in wizard.shown(wizard.app.screen.query_one(".heading"))
            await wizard.press("escape", "shift+tab")


@pytest.mark.usefixtures("unread")
async def test_a_long_line_goes_on_behind_its_sign(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        screen = await try_it(wizard)
        await send_to(wizard, "9195554476")
        wizard.send("y")
        await wizard.until(lambda: "! Failed: the message did not arrive." in wizard.text)
        lines = wizard.shown(screen.query_one("#conversation")).splitlines()
        assert len(lines) > len([line for line in lines if line[:2] in ("… ", "! ")])
        assert {line[:2] for line in lines} <= {"… ", "! ", "  "}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("platform", ["legacy", "universal"])
async def test_in_the_demo_enter_alone_ends_with_a_reply_and_a_call_that_was_spoken_to(
    size: tuple[int, int], platform: str
) -> None:
    simulator = RunningSimulator(Settings(order_seconds=0, platform=platform))  # type: ignore[arg-type]
    with Simulated(lambda: simulator) as simulated:
        simulated.base_url()
        workflow = Workflow(DemoHost(simulated), Draft(example_answers(), RunState()), Bookmark())
        app = WizardApp(workflow, WELCOME)
        async with app.run_test(size=size):
            wizard = ShownWizard(app, workflow)
            await wizard.settled()
            for _ in range(40):
                screen = app.screen
                if isinstance(screen, TryItScreen):
                    await wizard.until(partial(is_idle, screen))
                    if len(screen.arrived) == 2:
                        break
                await wizard.press("enter")
                await wizard.until(lambda: app.focused is not None)
            assert isinstance(app.screen, TryItScreen)
            assert app.screen.arrived == set(TrialKind)
            assert f"✓ Delivered: {PHONE} has the message." in wizard.text
            assert f"✓ Reply from {PHONE}: “Hello bwtui, got it!”" in wizard.text
            assert f"✓ Answered: {PHONE} took the call." in wizard.text
            assert "✓ Spoken to whoever answered: “Hello!" in wizard.text
            assert "demo-secret" not in wizard.text
            await wizard.until(partial(is_idle, app.screen))
            await wizard.press("enter")
            assert wizard.says("▸ [ Finish ]"), wizard.text
            wizard.send("enter")
            await wizard.until(lambda: app.return_value is not None, "Enter ends it")
        assert app.return_value == Exit.DONE
