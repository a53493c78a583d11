"""A secret is never read: not on any screen, in any file, nor in what the program says of itself."""

import pytest

from bwtui.simulator.settings import Settings
from bwtui.tui.places import walk
from support.apply_screen import say_yes
from support.guide import guide_answers
from support.wizard_pilot import Show, Stage

CANARIES = {
    "login.secret": "canary-one-1",
    "messaging_app.callback_password": "canary-two-2",
    "voice_app.callback_password": "canary-three-3",
}


def assert_unseen(show: Show) -> None:
    pictured = show.app.export_screenshot()
    assert "<svg" in pictured
    for canary in CANARIES.values():
        assert canary not in show.words.replace(" ", "")
        assert canary not in pictured


@pytest.mark.parametrize("width", [80, 120])
async def test_no_secret_is_seen_on_any_screen_or_written_anywhere(stage: Stage, width: int) -> None:
    settings = Settings(client_secret=CANARIES["login.secret"], order_seconds=0)
    stage = Stage(folder=stage.folder, settings=settings, on_disk=True)
    async with stage.show(
        at="connect", answers=guide_answers()._replace(secrets={}), size=(width, 30)
    ) as show:
        await show.type("login.user", "demo")
        await show.type("login.secret", CANARIES["login.secret"])
        assert show.says("•" * len(CANARIES["login.secret"]))
        for _ in range(4):
            await show.press("enter")
            assert_unseen(show)
        assert show.workflow.is_connected, show.text
        for place in walk(show.workflow.draft.answers)[1:-2]:
            await show.go(place)
            key = f"{place}.callback_password"
            if key in CANARIES:
                await show.type(key, CANARIES[key])
                assert show.says("•" * len(CANARIES[key]))
                assert_unseen(show)
                await show.press("f1")
                assert_unseen(show)
                await show.press("escape")
            assert_unseen(show)
        for _ in show.plan:
            await show.press("r")
            assert_unseen(show)
            for line in await show.read():
                assert "canary" not in line
            await show.press("escape", "down")
        await say_yes(show)
        assert show.place == "done", show.text
        assert_unseen(show)
        await show.go("apply")
        assert not any(
            canary in repr(each) for canary in CANARIES.values() for each in show.workflow.exchanges
        )
        told = [repr(show.workflow.draft.answers), repr(show.workflow.sign_in), *map(repr, show.app.workers)]
        assert not any(canary in each for canary in CANARIES.values() for each in told)
    for path in stage.folder.rglob("*"):
        assert not path.is_file() or b"canary" not in path.read_bytes()
