"""A run is what its events add up to."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.run import Order, RunState, Status, StepState
from bwtui.domain.runs.run_events import Event, Failed, Finished, OrderUpdated, Started, Verified

REFUSED = Problem(operation="site.create", kind=Kind.FAILED, text="no", status=400)
UNCLEAR = Problem(operation="site.create", kind=Kind.UNREACHABLE, text="cut", unclear=True)


def fold(*events: Event, start: RunState | None = None) -> RunState:
    return reduce(RunState.apply, events, start or RunState())


def test_a_step_of_which_nothing_happened_is_to_do() -> None:
    assert RunState().step("site") == StepState(status=Status.TO_DO)
    assert not RunState().step("site").pending


def test_a_started_step_may_have_had_its_effect() -> None:
    record = fold(Started(step="site", at=5.0)).step("site")
    assert (record.status, record.started_at, record.pending) == (Status.STARTED, 5.0, True)
    assert not record.made


def test_a_finished_step_is_done_and_made_by_us() -> None:
    run = fold(Started(step="site", at=1), Finished(step="site", at=2, outputs={"site_id": "12345"}))
    record = run.step("site")
    assert (record.status, record.made, record.pending) == (Status.DONE, True, False)
    assert run.outputs == {"site_id": "12345"}


def test_what_was_adopted_is_done_and_not_ours() -> None:
    record = fold(Finished(step="site", at=2, outputs={"site_id": "12345"}, adopted=True)).step("site")
    assert (record.status, record.made) == (Status.DONE, False)


def test_what_was_made_stays_ours_when_it_is_changed_later() -> None:
    run = fold(
        Finished(step="sms", at=1),
        Started(step="sms", at=2),
        Finished(step="sms", at=3, adopted=True),
    )
    assert run.step("sms").made


def test_a_refused_step_has_failed_and_left_nothing_behind() -> None:
    record = fold(Started(step="site", at=1), Failed(step="site", at=2, problem=REFUSED)).step("site")
    assert (record.status, record.problem, record.pending) == (Status.FAILED, REFUSED, False)


def test_a_step_that_failed_without_a_clear_answer_may_have_had_its_effect() -> None:
    record = fold(Started(step="site", at=1), Failed(step="site", at=2, problem=UNCLEAR)).step("site")
    assert record.pending


@pytest.mark.parametrize("after", [Started(step="site", at=3), Finished(step="site", at=3)])
def test_a_problem_is_over_with_the_next_attempt(after: Event) -> None:
    run = fold(Started(step="site", at=1), Failed(step="site", at=2, problem=UNCLEAR), after)
    assert run.step("site").problem is None


def test_ids_survive_a_later_failure() -> None:
    run = fold(
        Finished(step="site", at=1, outputs={"site_id": "12345"}),
        Started(step="site", at=2),
        Failed(step="site", at=3, problem=REFUSED),
    )
    assert run.outputs == {"site_id": "12345"}
    assert run.step("site").made


def test_steps_do_not_touch_one_another() -> None:
    run = fold(Finished(step="site", at=1, outputs={"site_id": "12345"}), Started(step="sippeer", at=2))
    assert run.step("site").status is Status.DONE
    assert run.step("sippeer").status is Status.STARTED
    assert run.step("sms").status is Status.TO_DO


def test_applying_an_event_leaves_the_state_before_as_it_was() -> None:
    before = fold(Started(step="site", at=1))
    before.apply(Finished(step="site", at=2))
    assert before == fold(Started(step="site", at=1))


# --- Orders ------------------------------------------------------------------------------------------------------

FIRST = Started(step="number", at=1, customer_order_id="bwtui-1", numbers=("9195551234", "9195551235"))
SECOND = Started(step="number", at=2, customer_order_id="bwtui-2", numbers=("9195551236",))


def known(customer_order_id: str, status: str, *completed: str) -> OrderUpdated:
    return OrderUpdated(
        step="number",
        at=3,
        customer_order_id=customer_order_id,
        order_id=f"o-{customer_order_id}",
        status=status,
        completed=completed,
    )


def test_an_order_is_known_before_it_is_sent() -> None:
    assert fold(FIRST).step("number").orders == (
        Order(customer_order_id="bwtui-1", numbers=("9195551234", "9195551235"), started_at=1),
    )


def test_each_order_is_told_apart_by_its_customer_order_id() -> None:
    run = fold(FIRST, SECOND, known("bwtui-1", "PARTIAL", "9195551234"))
    first, second = run.step("number").orders
    assert (first.status, first.order_id, first.completed) == ("PARTIAL", "o-bwtui-1", ("9195551234",))
    assert (second.status, second.order_id, second.completed) == ("", "", ())
    assert first.numbers == FIRST.numbers


def test_the_latest_word_on_an_order_counts() -> None:
    failed = OrderUpdated(
        step="number", at=4, customer_order_id="bwtui-1", order_id="o-1", status="FAILED",
        error_code="5005", error_text="taken",
    )  # fmt: skip
    (order,) = fold(FIRST, known("bwtui-1", "RECEIVED"), failed).step("number").orders
    assert (order.status, order.error_code, order.error_text) == ("FAILED", "5005", "taken")


def test_word_of_an_order_that_is_not_ours_changes_nothing() -> None:
    run = fold(FIRST)
    assert run.apply(known("somebody-else", "COMPLETE", "9195550000")) == run


def test_the_numbers_of_all_orders_are_the_setups_until_it_says_otherwise() -> None:
    ordered = (
        FIRST,
        known("bwtui-1", "PARTIAL", "9195551234"),
        SECOND,
        known("bwtui-2", "COMPLETE", "9195551236"),
    )
    assert fold(*ordered).numbers == ("9195551234", "9195551236")
    done = Finished(step="number", at=5, numbers=("9195551236", "9195551234"))
    assert fold(*ordered, done).numbers == ("9195551236", "9195551234")


def test_numbers_that_were_there_and_are_kept_are_the_setups_too() -> None:
    kept = Finished(step="number", at=1, numbers=("9195551234",), adopted=True)
    assert fold(kept).numbers == ("9195551234",)
    assert RunState().numbers == ()


# --- Any sequence ------------------------------------------------------------------------------------------------

steps = st.sampled_from(["site", "sippeer", "number"])
times = st.floats(0, 1e10)
some_ids = st.sampled_from(["", "bwtui-1", "bwtui-2"])
some_numbers = st.lists(st.sampled_from(["9195551234", "9195551235", "9195551236"]), unique=True).map(tuple)
problems = st.builds(
    Problem,
    operation=st.just("site.create"),
    kind=st.sampled_from(Kind),
    text=st.text(),
    unclear=st.booleans(),
)
events: st.SearchStrategy[list[Event]] = st.lists(
    st.one_of(
        st.builds(Started, step=steps, at=times, customer_order_id=some_ids, numbers=some_numbers),
        st.builds(
            OrderUpdated, step=steps, at=times, customer_order_id=some_ids, order_id=some_ids,
            status=st.sampled_from(["RECEIVED", "COMPLETE", "FAILED"]), completed=some_numbers,
        ),
        st.builds(
            Finished, step=steps, at=times, adopted=st.booleans(),
            outputs=st.dictionaries(st.sampled_from(["site_id", "sippeer_id"]), st.sampled_from(["1", "2"])),
            numbers=some_numbers,
        ),
        st.builds(Failed, step=steps, at=times, problem=problems),
    ),
    max_size=12,
)  # fmt: skip


@given(events, st.integers(0, 12))
def test_a_run_that_is_resumed_is_the_run_that_was_not_interrupted(happened: list[Event], cut: int) -> None:
    half = fold(*happened[:cut])
    assert fold(*happened[cut:], start=half) == fold(*happened)


@given(events)
def test_whatever_happens_no_order_and_no_id_is_forgotten(happened: list[Event]) -> None:
    run = fold(*happened)
    for step in ("site", "sippeer", "number"):
        started = [
            event.customer_order_id
            for event in happened
            if isinstance(event, Started) and event.step == step and event.customer_order_id
        ]
        assert [order.customer_order_id for order in run.step(step).orders] == started
        finished = [event for event in happened if isinstance(event, Finished) and event.step == step]
        assert run.step(step).outputs.keys() == {name for event in finished for name in event.outputs}
        assert run.step(step).made is any(not event.adopted for event in finished)


@given(events)
def test_the_last_event_of_a_step_says_how_far_it_is(happened: list[Event]) -> None:
    says = {Started: Status.STARTED, Finished: Status.DONE, Failed: Status.FAILED}
    run = fold(*happened)
    for step in ("site", "sippeer", "number"):
        telling = [
            type(event)
            for event in happened
            if not isinstance(event, Verified | OrderUpdated) and event.step == step
        ]
        assert run.step(step).status is (says[telling[-1]] if telling else Status.TO_DO)


@pytest.mark.parametrize(
    ("orders", "numbers", "named"),
    [
        ([known("bwtui-1", "COMPLETE", "9195551234"), known("bwtui-2", "FAILED")], (), "o-bwtui-1"),
        ([known("bwtui-1", "FAILED")], ("9195551234",), None),
        ([known("bwtui-1", "FAILED")], (), "o-bwtui-1"),
        ([known("bwtui-1", "RECEIVED")], ("9195551234",), "o-bwtui-1"),
    ],
    ids=["one brought them", "the location alone shows them", "there are none", "under way"],
)
def test_the_order_that_is_named_is_none_that_failed_where_there_are_numbers(
    orders: list[OrderUpdated], numbers: tuple[str, ...], named: str | None
) -> None:
    run = fold(FIRST, SECOND, *orders)
    if numbers:
        run = fold(Finished(step="number", at=9, outputs={}, numbers=numbers), start=run)
    assert run.result["order_id"] == named


def test_later_news_of_an_order_takes_no_proof_away_unless_it_brings_other_numbers() -> None:
    number = "9195551234"
    proven = fold(
        Started(step="number", at=1, numbers=(number,), customer_order_id="c"),
        OrderUpdated(step="number", at=2, customer_order_id="c", order_id="o", status="RECEIVED"),
        Finished(step="number", at=3, numbers=(number,)),
        Verified(at=4, answers={"number": {}}),
    )
    news = OrderUpdated(
        step="number", at=5, customer_order_id="c", order_id="o", status="COMPLETE", completed=(number,)
    )
    assert proven.apply(news).proof == proven.proof
    assert proven.apply(news).orders[0].is_settled
    assert proven.apply(news._replace(completed=(number, "9195559999"))).proof is None
