"""The worlds are no use if they do not find what they are for."""

import asyncio

import pytest

from bwtui.domain.account.findings import Finding, Several
from bwtui.domain.steps import FoundInList, Step
from bwtui.engine.look_up import LookUp
from worlds.account import Number, WorldAccount
from worlds.api import Api
from worlds.draw import draw
from worlds.loop import Endless, SimulatedLoop, Stuck
from worlds.mutations import FOUND_AFTER, MUTATIONS, broken_without, rules_without
from worlds.other_people import ADDITIONS, DELETIONS, happens
from worlds.quirks import Quirks
from worlds.shrink import broken_by, literal, shrink
from worlds.trial import run_world
from worlds.world import Death, Life, Quirk, Stop, World


def test_in_a_world_without_quirks_one_life_finishes() -> None:
    trial = run_world(World())
    assert not trial.faults
    assert [lived.code for lived in trial.lives] == [0, 0]
    assert trial.lives[0].ended < 5


def test_the_same_seed_brings_the_same_requests() -> None:
    for seed in range(40):
        first, second = run_world(draw(seed)), run_world(draw(seed))
        assert first.log == second.log
        assert first.faults == second.faults


def test_a_second_purchase_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Api._order

    def twice(self: Api, body: bytes, now: float) -> object:
        self.account.bought.append("9195550059")
        self.account.numbers["9195550059"] = Number("us", "12358", now)
        return whole(self, body, now)

    monkeypatch.setattr(Api, "_order", twice)
    assert "money" in broken_by(World())


def test_a_second_object_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Api._create

    def twice(self: Api, kind: str, parent: str, body: bytes, now: float) -> object:
        whole(self, kind, parent, body, now)
        return whole(self, kind, parent, body, now)

    monkeypatch.setattr(Api, "_create", twice)
    assert {"one of each", "forgotten"} <= broken_by(World(quirks=(Quirk("sippeer", "unique", ""),)))


@pytest.mark.parametrize("lag", [8.0, 15.3])
def test_a_second_object_is_caught_where_nobody_has_looked_for_the_refused_one(
    monkeypatch: pytest.MonkeyPatch, lag: float
) -> None:
    refused = Quirk("application create", "refused after", 403, nth=1)
    world = World(quirks=(Quirk("application list", "lag", lag), refused), lives=(Life(), Life()))
    assert not broken_by(world)
    monkeypatch.setattr("bwtui.engine.waiting.Pace.refused", lambda *_: 5.0)
    assert {"one of each", "forgotten"} <= broken_by(world)


def test_a_question_with_only_one_answer_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = LookUp._by_name

    async def several(self: LookUp, step: Step, listed: FoundInList, *, pending: bool) -> Finding:
        if step.key == "site" and pending:
            return Several(("12345", "12346"))
        return await whole(self, step, listed, pending=pending)

    world = World(lives=(Life(ends=Death("request", 8, "after")),))
    assert not broken_by(world)
    monkeypatch.setattr(LookUp, "_by_name", several)
    assert "ends well" in broken_by(world)


def test_advice_to_create_again_what_does_not_show_yet_is_caught() -> None:
    world = World(quirks=(Quirk("site read", "lag", 1.0), Quirk("site list", "lag", 1.0)))
    assert "advice" in broken_without("what is made is visible at once", world)


def test_a_false_done_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "worlds.rewriting._stored", lambda path, text, _how: "MANGLED" if path == "Password" else text
    )
    monkeypatch.setattr(
        "worlds.judge._plain", lambda fields: {**fields, "Password": "another", "Url": "", "UserId": ""}
    )
    assert "done" in broken_by(World())


@pytest.mark.parametrize("when", ["before", "after", "answered"])
def test_a_death_leaves_nothing_but_disk_and_account(when: str) -> None:
    trial = run_world(World(lives=(Life(ends=Death("request", 8, when)),)))
    dead = trial.lives[0]
    assert dead.code is None
    assert not dead.error
    assert len(dead.log) == (7 if when == "before" else len(dead.log))
    assert trial.lives[1].code == 0


def test_a_stop_is_obeyed_where_nothing_was_under_way() -> None:
    trial = run_world(World(lives=(Life(ends=Stop("request", 3)),)))
    assert trial.lives[0].code == 130
    assert not [entry for entry in trial.lives[0].log if entry.writes]


def test_the_smallest_world_keeps_only_what_matters() -> None:
    def broken(world: World) -> set[str]:
        return {"it"} if Quirk("order", "completed", "late") in world.quirks else set()

    world = World(
        quirks=(
            Quirk("site list", "lag", 9.0),
            Quirk("order", "completed", "late"),
            Quirk("search", "shows", "one"),
        ),
        lives=(Life(ends=Death("write", 3)), Life(says="slow")),
        seed=7,
    )
    smallest = shrink(world, "it", broken)
    assert smallest == World(quirks=(Quirk("order", "completed", "late"),))
    assert eval(literal(smallest)) == smallest


def test_a_drawn_world_can_be_pasted_into_a_test() -> None:
    for seed in range(300):
        world = draw(seed)
        assert eval(literal(world)) == world


def test_what_somebody_does_in_the_app_is_known() -> None:
    for what in ADDITIONS | DELETIONS:
        happens(what, WorldAccount(Quirks(), 0), 0.0)


@pytest.mark.parametrize("name", MUTATIONS)
def test_an_engine_without_one_of_its_rules_is_found(name: str) -> None:
    """In the world that found it before. Where worlds are drawn otherwise now, `--mutations` measures it anew."""
    assert broken_without(name, draw(FOUND_AFTER[name] - 1))


def test_every_rule_is_taken_out_by_something() -> None:
    assert not rules_without()


def test_a_loop_without_hope_says_so() -> None:
    loop = SimulatedLoop(0.0)
    with pytest.raises(Stuck):
        loop.run_until_complete(asyncio.wait_for(loop.create_future(), None))
    _end(loop)
    loop = SimulatedLoop(0.0, longest=60)
    with pytest.raises(Endless):
        loop.run_until_complete(asyncio.sleep(61))
    _end(loop)


def test_the_time_jumps() -> None:
    loop = SimulatedLoop(5.0, longest=10_000)
    loop.run_until_complete(asyncio.sleep(3000))
    assert loop.time() == pytest.approx(3005)
    loop.close()


def _end(loop: SimulatedLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.allow(10)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
