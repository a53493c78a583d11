"""The wizard asks for money when it is seen: what was typed before does not answer, and a late yes looks again."""

import pytest

from bwtui.domain.consent import FRESH
from bwtui.tui.places import DONE, REVIEW
from engine.test_agreed import OTHERS
from support.apply_screen import asked, assert_done, connected, is_asked_for_money
from support.wizard_pilot import Show, Stage
from support.write_faults import SITE, assert_finished, elsewhere


class Clock:
    """What the wizard takes for the time."""

    def __init__(self, show: Show) -> None:
        self.now = 0.0
        show.workflow.clock = lambda: self.now
        show.workflow._looked_at = 0.0


@pytest.mark.parametrize("ahead", ["y", "n", "enter"])
async def test_keys_typed_before_the_question_about_money_was_seen_do_not_answer_it(
    stage: Stage, ahead: str
) -> None:
    async with connected(stage) as show:
        show.send("ctrl+n", "y", ahead, ahead)
        await show.until(lambda: is_asked_for_money(show), "the question about money")
        await show.settled()
        assert "This costs money." in asked(show)
        assert await stage.writes() == []
        await show.press("n")
        await show.until(lambda: show.workflow.phase.name == "IDLE", "the end")
        assert not (await stage.state())["orders"]


async def test_a_late_yes_looks_again_and_goes_on_where_nothing_has_changed(stage: Stage) -> None:
    async with connected(stage) as show:
        clock = Clock(show)
        agreed = show.workflow.numbers_to_order
        stage.fail(OTHERS)
        await show.press("ctrl+n", "y")
        clock.now = FRESH + 1
        await stage.forget_log()
        await show.press("y")
        await assert_done(stage, show)
        log = [f"{entry['method']} {entry['path']}" for entry in await stage.log()]
        first_write = next(
            i for i, told in enumerate(log) if told.startswith(("POST", "PUT")) and "oauth2" not in told
        )
        assert any(told.endswith("/sites") for told in log[:first_write]), "it has looked again"
        assert stage.run.numbers == agreed
    await assert_finished(stage)


async def test_a_yes_in_time_is_not_delayed_by_another_look(stage: Stage) -> None:
    async with connected(stage) as show:
        clock = Clock(show)
        await show.press("ctrl+n", "y")
        clock.now = FRESH - 1
        await stage.forget_log()
        await show.press("y")
        assert show.place == DONE
        assert "POST" in (await stage.log())[0]["method"]


async def test_a_late_yes_to_what_has_changed_is_asked_again(stage: Stage) -> None:
    async with connected(stage) as show:
        clock = Clock(show)
        await show.press("ctrl+n", "y")
        await elsewhere(stage, "POST", "/sites", SITE.format("Somebody else was here"))
        clock.now = FRESH + 1
        before = await stage.writes()
        await show.press("y")
        assert show.place == REVIEW
        assert show.says("Something has changed since it was shown."), show.text
        assert ("conflict", "Sub-account") in show.plan
        assert await stage.writes() == before
