"""The decision about each step, made from the answers, the run and the findings."""

from functools import reduce

import pytest

from bwtui.domain.account.findings import Absent, Finding, Found, Gone, How, Leaves, Numbers, Several
from bwtui.domain.answers.answers import Answer, Answers, Source, wanted_steps
from bwtui.domain.catalog import NUMBER, SIPPEER, SITE, SMS, STEPS
from bwtui.domain.planning.actions import Action, Plan, Verdict, known_so_far
from bwtui.domain.planning.order_plan import SPARE_NUMBERS, number_search
from bwtui.domain.planning.plan import make_plan
from bwtui.domain.planning.requests import Known, body
from bwtui.domain.platform import Platform
from bwtui.domain.remedies.remedies import explain
from bwtui.domain.runs.problem import Kind
from bwtui.domain.runs.run import Order, RunState, Status, StepState
from bwtui.domain.runs.run_events import Event, Finished, Started
from bwtui.domain.steps import FoundInList, FoundOnCampaign, Step
from bwtui.domain.values.documents import Request, leaves
from bwtui.domain.values.phone_numbers import listed, readable
from support.guide import guide_answers

IDS = {
    "account_id": "9900000",
    "site_id": "12345",
    "sippeer_id": "500709",
    "messaging_app_id": "app-1",
    "voice_app_id": "app-2",
    "order_id": "order-1",
}
APPS = ("messaging_app", "voice_app")
SETTINGS = ("sms", "mms", "messaging_link", "voice_link")
VALUES = ("sms", "mms", "voice_link")
"""Those of which the tests change a value that an answer names, not what is linked."""
LISTED = ("site", "sippeer", *APPS)
STEP = {step.key: step for step in STEPS}
LINK = STEP["messaging_link"]


def as_answered(step: Step, answers: Answers) -> Leaves:
    """Return the API's view of an object that is exactly as answered."""
    wanted = {path.casefold(): (str(text),) for path, text in leaves(body(step, answers, Known(IDS))) if text}
    return {path: texts for path, texts in wanted.items() if "password" not in path}


def otherwise(step: Step, answers: Answers) -> Leaves:
    """The same with one text that is not as answered."""
    leaves = dict(as_answered(step, answers))
    first = next(path for path in leaves if path != "servicetype")
    return leaves | {first: ("something-else",)}


def found(step: Step, answers: Answers, how: How, *, right: bool = True) -> Found:
    id_ = IDS[step.produces] if isinstance(step.found_by, FoundInList) else ""
    return Found((as_answered if right else otherwise)(step, answers), how, id_)


def all_right(answers: Answers, how: How = How.OURS, **changes: Finding) -> dict[str, Finding]:
    """Findings of a setup that is complete, some of them changed."""
    complete: dict[str, Finding] = {
        step.key: found(step, answers, how) for step in wanted_steps(answers) if not step.paid
    }
    order = Order(
        customer_order_id="bwtui-1", numbers=("9195551234",), started_at=1, order_id="order-1",
        status="COMPLETE", completed=("9195551234",),
    )  # fmt: skip
    return {**complete, "number": Numbers((order,), ("9195551234",)), **changes}


def advice(action: Action) -> str:
    """What to do about an action, in the words of the command line."""
    problem = action.problem or action.unproven
    assert problem
    return explain(problem).todo


def run_of(*events: Event) -> RunState:
    return reduce(RunState.apply, events, RunState())


DONE = run_of(
    Finished(step="site", at=1, outputs={"site_id": "12345"}),
    Finished(step="sippeer", at=1, outputs={"sippeer_id": "500709"}),
    Finished(step="messaging_app", at=1, outputs={"messaging_app_id": "app-1"}),
    Finished(step="voice_app", at=1, outputs={"voice_app_id": "app-2"}),
    Finished(step="sms", at=1),
    Finished(step="mms", at=1),
    Finished(step="messaging_link", at=1),
    Finished(step="voice_link", at=1),
)


def decide(key: str, finding: Finding, answers: Answers | None = None, run: RunState = DONE) -> Action:
    """Return the decision about one step when everything else is as it should be."""
    answers = answers or guide_answers()
    plan = make_plan(answers, run, {**all_right(answers), key: finding})
    return next(action for action in plan if action.step.key == key)


def sent(request: Request | None) -> dict[str, str]:
    assert request
    assert request.body
    return {path: str(text) for path, text in leaves(request.body)}


GUIDE_STEPS = [
    step
    for step in STEPS
    if step.platform is not Platform.UNIVERSAL and not isinstance(step.found_by, FoundOnCampaign)
]


# --- The plan as a whole -----------------------------------------------------------------------------------------


def test_a_complete_setup_is_kept_and_nothing_is_sent() -> None:
    plan = make_plan(guide_answers(), DONE, all_right(guide_answers()))
    assert [action.step for action in plan] == GUIDE_STEPS
    assert {action.verdict for action in plan} == {Verdict.KEEP}
    assert not any(action.request for action in plan)
    assert (plan.writes, plan.conflicts, plan.paid) == ((), (), None)


def test_in_an_empty_account_everything_is_new() -> None:
    plan = make_plan(guide_answers(), RunState(), {step.key: Absent() for step in STEPS})
    assert plan.writes == plan
    assert {action.verdict for action in plan} == {Verdict.NEW}
    assert [action.request.method for action in plan if action.request] == [
        step.method for step in GUIDE_STEPS
    ]
    assert plan.paid
    assert plan.paid.step is NUMBER


def test_writes_and_conflicts_are_told_apart() -> None:
    answers = guide_answers()
    findings = all_right(
        answers, site=Gone("12345"), mms=Absent(), sms=found(SMS, answers, How.OURS, right=False)
    )
    plan = make_plan(answers, DONE, findings)
    assert [action.step.key for action in plan.conflicts] == ["site"]
    assert [(action.step.key, action.verdict) for action in plan.writes] == [
        ("sms", Verdict.CHANGE), ("mms", Verdict.NEW),
    ]  # fmt: skip


def test_steps_that_are_not_wanted_are_not_in_the_plan() -> None:
    plan = make_plan(guide_answers(setup__voice="false", mms__enabled="false"), RunState(), {})
    assert {action.step.key for action in plan}.isdisjoint({"voice_app", "voice_link", "mms"})


def test_an_account_id_that_is_not_answered_stands_in_braces() -> None:
    assert known_so_far(Answers(), RunState()) == {}
    assert known_so_far(Answers(), RunState())["account_id"] == "{account_id}"
    assert known_so_far(guide_answers(), DONE) == {name: IDS[name] for name in IDS if name != "order_id"}


# --- Nothing found -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [step.key for step in GUIDE_STEPS if not step.paid])
def test_what_is_absent_is_created(key: str) -> None:
    action = decide(key, Absent())
    assert action.verdict is Verdict.NEW
    assert action.request
    assert action.request.operation == f"{key}.create"
    assert not action.costs


def test_requests_name_the_ids_that_were_found_before_them() -> None:
    answers = guide_answers()
    findings = all_right(answers, sms=Absent(), voice_link=Absent())
    plan = make_plan(answers, RunState(), findings)
    requests = {action.step.key: action.request for action in plan if action.request}
    assert requests["sms"].path == (
        "/accounts/9900000/sites/12345/sippeers/500709/products/messaging/features/sms"
    )
    assert sent(requests["voice_link"])["HttpSettings/HttpVoiceV2AppId"] == "app-2"


def test_requests_that_depend_on_what_is_new_say_so() -> None:
    plan = make_plan(guide_answers(), RunState(), {})
    paths = {action.step.key: action.request.path for action in plan if action.request}
    assert paths["sippeer"] == "/accounts/9900000/sites/{site_id}/sippeers"


# --- The id is known, and the object is gone, or several could be meant ------------------------------------------


@pytest.mark.parametrize("key", LISTED)
def test_what_this_setup_made_and_somebody_removed_is_to_be_given_up_first(key: str) -> None:
    action = decide(key, Gone("12345"))
    assert action.verdict is Verdict.CONFLICT
    assert action.problem
    assert action.problem.kind is Kind.NOT_FOUND
    assert "12345" in action.reason
    assert f'given_up = "12345" under [{key}]' in advice(action)


@pytest.mark.parametrize("key", LISTED)
def test_an_object_to_use_that_is_not_there_needs_another_answer(key: str) -> None:
    action = decide(key, Gone("12345"), run=RunState())
    assert action.verdict is Verdict.CONFLICT
    assert f"Correct its ID ({key}.use)." in advice(action)


def test_where_several_could_be_meant_the_person_says_which() -> None:
    action = decide("site", Several(("12345", "12346")))
    assert action.verdict is Verdict.CONFLICT
    assert action.problem
    assert action.problem.kind is Kind.CONFLICT
    assert action.problem.operation == "site.look"
    assert "12345, 12346" in action.reason
    assert "answer use under [site]" in advice(action)


# --- One was found -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [*LISTED, *SETTINGS])
@pytest.mark.parametrize("how", [How.OURS, How.RECOVERED, How.USED])
def test_what_is_as_it_should_be_is_kept(key: str, how: How) -> None:
    action = decide(key, found(STEP[key], guide_answers(), how))
    assert action.verdict is Verdict.KEEP
    assert action.request is None
    assert action.adopted is (how is How.USED)
    expected = {STEP[key].produces: IDS[STEP[key].produces]} if STEP[key].produces else {}
    assert action.outputs == expected


@pytest.mark.parametrize("key", LISTED)
@pytest.mark.parametrize("right", [True, False])
def test_something_that_merely_has_the_name_is_never_taken(key: str, right: bool) -> None:  # noqa: FBT001
    action = decide(key, found(STEP[key], guide_answers(), How.SAME_NAME, right=right))
    assert action.verdict is Verdict.CONFLICT
    assert action.problem
    assert action.problem.kind is Kind.CONFLICT
    assert f'answer use = "{IDS[STEP[key].produces]}" under [{key}]' in advice(action)
    assert "choose another name" in advice(action)
    assert action.outputs == {}


@pytest.mark.parametrize("key", [*LISTED, *VALUES])
def test_what_is_ours_and_differs_is_changed_as_a_whole(key: str) -> None:
    action = decide(key, found(STEP[key], guide_answers(), How.OURS, right=False))
    assert action.verdict is Verdict.CHANGE
    assert action.request
    assert action.request.method == "PUT"
    assert action.request.operation == f"{key}.update"
    assert "something-else" in action.reason
    assert action.request.body == body(STEP[key], guide_answers(), Known(IDS))
    if STEP[key].produces:
        assert action.request.path.endswith(f"/{IDS[STEP[key].produces]}")


@pytest.mark.parametrize("key", LISTED)
@pytest.mark.parametrize("how", [How.USED, How.RECOVERED])
def test_an_object_that_is_not_certainly_ours_is_never_changed(key: str, how: How) -> None:
    action = decide(key, found(STEP[key], guide_answers(), how, right=False))
    assert action.verdict is Verdict.CONFLICT
    assert "something-else" in action.reason
    assert action.request is None
    assert action.outputs == {STEP[key].produces: IDS[STEP[key].produces]}


def test_only_answered_values_of_a_used_object_are_compared() -> None:
    answers = guide_answers(site__use="12345", site__address_type=None, site__name=None)
    shown = {**as_answered(SITE, guide_answers()), "name": ("Other",), "address/addresstype": ("Service",)}
    assert decide("site", Found(shown, How.USED, "12345"), answers).verdict is Verdict.KEEP
    stated = guide_answers(site__use="12345", site__address_type="Billing", site__name=None)
    assert decide("site", Found(shown, How.USED, "12345"), stated).verdict is Verdict.CONFLICT


@pytest.mark.parametrize("key", APPS)
def test_an_application_of_the_other_sort_cannot_be_used(key: str) -> None:
    shown = {**as_answered(STEP[key], guide_answers()), "servicetype": ("Other-V2",)}
    action = decide(key, Found(shown, How.USED, IDS[STEP[key].produces]))
    assert action.verdict is Verdict.CONFLICT
    assert "Kind of application" in action.reason


# --- Settings on a location that is not ours ---------------------------------------------------------------------

THEIR_LOCATION = guide_answers(site__use="12345", sippeer__use="500709")


@pytest.mark.parametrize("key", SETTINGS)
@pytest.mark.parametrize("how", [How.USED, How.RECOVERED])
def test_a_setting_of_somebody_elses_location_is_reported_first(key: str, how: How) -> None:
    action = decide(key, found(STEP[key], THEIR_LOCATION, how, right=False), THEIR_LOCATION)
    assert action.verdict is Verdict.CONFLICT
    assert f'answer existing = "change" under [{key}]' in advice(action)


@pytest.mark.parametrize("key", SETTINGS)
def test_a_setting_of_somebody_elses_location_is_changed_when_the_person_says_so(key: str) -> None:
    answers = with_answer(THEIR_LOCATION, f"{key}.existing", "change")
    action = decide(key, found(STEP[key], answers, How.USED, right=False), answers)
    assert action.verdict is Verdict.CHANGE
    assert action.request
    assert action.request.method == "PUT"


@pytest.mark.parametrize("key", ["sms", "mms"])
def test_a_setting_of_somebody_elses_location_is_left_when_the_person_says_so(key: str) -> None:
    answers = with_answer(THEIR_LOCATION, f"{key}.existing", "keep")
    action = decide(key, found(STEP[key], answers, How.USED, right=False), answers)
    assert (action.verdict, action.adopted, action.request) == (Verdict.KEEP, True, None)
    assert "left as it is" in action.reason


@pytest.mark.parametrize("key", VALUES)
def test_a_setting_that_this_setup_made_is_put_right_wherever_it_is(key: str) -> None:
    action = decide(key, found(STEP[key], THEIR_LOCATION, How.OURS, right=False), THEIR_LOCATION)
    assert action.verdict is Verdict.CHANGE


@pytest.mark.parametrize("key", VALUES)
def test_a_setting_of_our_own_location_needs_no_question(key: str) -> None:
    action = decide(key, found(STEP[key], guide_answers(), How.USED, right=False))
    assert action.verdict is Verdict.CHANGE


@pytest.mark.parametrize("answers", [guide_answers(), THEIR_LOCATION], ids=["our location", "theirs"])
def test_a_link_that_somebody_has_set_to_another_application_is_reported_first(answers: Answers) -> None:
    other = found(LINK, answers, How.OURS, right=False)
    action = decide(LINK.key, other, answers)
    assert action.verdict is Verdict.CONFLICT
    assert f'answer existing = "change" under [{LINK.key}]' in advice(action)
    agreed = Answers({**answers.given, LINK.key_of("existing"): Answer("change", Source.TYPED)})
    assert decide(LINK.key, other, agreed).verdict is Verdict.CHANGE


@pytest.mark.parametrize(
    "changed",
    [
        StepState(status=Status.DONE, outputs={"messaging_app_id": IDS["messaging_app_id"]}, ended_at=9),
        StepState(status=Status.DONE, outputs={"messaging_app_id": "another"}),
    ],
    ids=["made since", "answered since"],
)
def test_a_link_to_an_application_that_the_setup_has_replaced_is_set_anew(changed: StepState) -> None:
    run = DONE._replace(steps={**DONE.steps, "messaging_app": changed})
    answers = guide_answers(messaging_app__use=IDS["messaging_app_id"])
    action = decide(LINK.key, found(LINK, guide_answers(), How.OURS, right=False), answers, run)
    assert action.verdict is Verdict.CHANGE


def with_answer(answers: Answers, key: str, value: str) -> Answers:
    source = answers.given["site.use"]
    return Answers({**answers.given, key: source._replace(value=value)}, answers.secrets)


# --- The first location of a sub-account is its default one ------------------------------------------------------


def is_default_sent(answers: Answers, finding: Finding | None, run: RunState | None = None) -> str | None:
    findings = {"sippeer": finding} if finding else {}
    plan = make_plan(answers, run or RunState(), findings)
    action = next(action for action in plan if action.step is SIPPEER)
    return sent(action.request).get("IsDefaultPeer")


@pytest.mark.parametrize("answered", [None, "true", "false"])
@pytest.mark.parametrize("alone", [True, False])
def test_on_a_new_sub_account_the_location_is_the_default_whatever_was_answered(
    answered: str | None, alone: bool  # noqa: FBT001
) -> None:  # fmt: skip
    assert is_default_sent(guide_answers(sippeer__is_default=answered), Absent(alone=alone)) == "true"


@pytest.mark.parametrize(
    ("answered", "alone", "expected"),
    [
        (None, True, "true"),
        ("false", True, "true"),
        ("true", False, "true"),
        ("false", False, "false"),
        (None, False, None),
    ],
)
def test_on_an_existing_sub_account_only_the_first_location_must_be(
    answered: str | None, alone: bool, expected: str | None  # noqa: FBT001
) -> None:  # fmt: skip
    answers = guide_answers(site__use="12345", sippeer__is_default=answered)
    assert is_default_sent(answers, Absent(alone=alone)) == expected


def test_a_location_that_has_become_the_default_by_the_rule_is_not_a_difference_later() -> None:
    answers = guide_answers(site__use="12345", sippeer__is_default="false")
    shown = {"peername": ("Setup Test SIP Peer",), "isdefaultpeer": ("true",)}
    assert decide("sippeer", Found(shown, How.OURS, "500709"), answers).verdict is Verdict.KEEP


def test_a_location_that_should_be_the_default_and_is_not_is_a_difference() -> None:
    shown = {"peername": ("Setup Test SIP Peer",), "isdefaultpeer": ("false",)}
    assert decide("sippeer", Found(shown, How.OURS, "500709")).verdict is Verdict.CHANGE


def test_the_rule_leaves_the_persons_answers_alone() -> None:
    answers = guide_answers(sippeer__is_default="false")
    make_plan(answers, RunState(), {"sippeer": Absent()})
    answer = answers.answer("sippeer.is_default")
    assert answer
    assert (answer.value, answer.source) == ("false", Source.FILE)


# --- Numbers -----------------------------------------------------------------------------------------------------

ONE, TWO, THREE = "9195551234", "9195551235", "9195551236"


def order(
    status: str, *completed: str, order_id: str = "order-1", numbers: tuple[str, ...] = (ONE,)
) -> Order:
    return Order(
        customer_order_id=f"c-{order_id}", numbers=numbers, started_at=1, order_id=order_id, status=status,
        completed=completed,
    )  # fmt: skip


def test_where_no_number_is_there_one_is_ordered_and_costs_money() -> None:
    action = decide("number", Numbers())
    assert (action.verdict, action.costs) == (Verdict.NEW, True)


def test_the_numbers_that_were_chosen_are_in_the_request() -> None:
    plan = make_plan(guide_answers(), DONE, all_right(guide_answers(), number=Numbers()), (ONE, TWO))
    assert plan.paid
    assert plan.paid.request
    assert plan.paid.request.body
    numbers = [text for path, text in leaves(plan.paid.request.body) if path.endswith("/TelephoneNumber")]
    assert numbers == [ONE, TWO]


def test_numbers_that_were_ordered_and_stand_on_the_location_are_kept() -> None:
    action = decide("number", Numbers((order("COMPLETE", ONE),), (ONE, "9195550000")))
    assert (action.verdict, action.costs, action.adopted) == (Verdict.KEEP, False, False)
    assert (action.outputs, action.numbers) == ({"order_id": "order-1"}, (ONE,))


def test_numbers_that_were_ordered_and_are_elsewhere_are_told() -> None:
    answers = guide_answers(number__quantity="2")
    action = decide("number", Numbers((order("COMPLETE", ONE, TWO),), (ONE,)), answers)
    assert (action.verdict, action.costs) == (Verdict.KEEP, False)
    assert action.unproven, "kept, but no proof: nothing else is stopped by it"
    assert action.unproven.kind is Kind.NOT_FOUND
    assert readable(TWO) in action.reason
    assert readable(ONE) not in action.reason
    assert f'given_up = "{TWO}" under [number]' in advice(action)
    assert action.numbers == (ONE, TWO)


@pytest.mark.parametrize("status", ["RECEIVED", "PROCESSING", "BACKORDERED", ""])
def test_an_order_that_is_under_way_is_waited_for_and_not_paid_again(status: str) -> None:
    action = decide("number", Numbers((order(status),)))
    assert (action.verdict, action.costs, action.request) == (Verdict.WAIT, False, None)
    assert "under way" in action.reason


@pytest.mark.parametrize(
    ("orders", "quantity", "verdict"),
    [
        ((order("FAILED"),), "1", Verdict.NEW),
        ((order("PARTIAL", ONE),), "2", Verdict.NEW),
        ((order("PARTIAL", ONE), order("COMPLETE", TWO, order_id="order-2")), "2", Verdict.KEEP),
        ((order("FAILED"), order("COMPLETED", ONE, order_id="order-2")), "1", Verdict.KEEP),
    ],
)
def test_after_a_final_order_only_what_is_missing_is_ordered(
    orders: tuple[Order, ...], quantity: str, verdict: Verdict
) -> None:
    located = tuple(number for each in orders for number in each.completed)
    action = decide("number", Numbers(orders, located), guide_answers(number__quantity=quantity))
    assert action.verdict is verdict
    assert action.costs is (verdict is Verdict.NEW)
    if verdict is Verdict.KEEP:
        assert action.outputs["order_id"] == "order-2"


def test_an_order_that_never_arrived_is_sent_and_paid_once_more() -> None:
    """A survey leaves it out once it is certain; one that stands here without an id was not found."""
    action = decide("number", Numbers((order("", order_id=""),)))
    assert (action.verdict, action.costs) == (Verdict.NEW, True)


def test_numbers_on_somebody_elses_location_are_reported_first() -> None:
    action = decide("number", Numbers((), (ONE, TWO, THREE, "9195551237")), THEIR_LOCATION)
    assert action.verdict is Verdict.CONFLICT
    assert listed((ONE, TWO, THREE, "9195551237")) in action.reason
    assert 'existing = "keep"' in advice(action)
    assert 'existing = "order"' in advice(action)
    assert not action.costs


def test_numbers_on_somebody_elses_location_can_be_kept() -> None:
    answers = with_answer(THEIR_LOCATION, "number.existing", "keep")
    action = decide("number", Numbers((), (ONE, TWO)), answers)
    assert (action.verdict, action.adopted, action.costs) == (Verdict.KEEP, True, False)
    assert action.numbers == (ONE, TWO)


def test_on_somebody_elses_location_more_can_be_ordered() -> None:
    answers = with_answer(THEIR_LOCATION, "number.existing", "order")
    action = decide("number", Numbers((), (ONE,)), answers)
    assert (action.verdict, action.costs) == (Verdict.NEW, True)


@pytest.mark.parametrize("existing", ["report", "keep"])
def test_an_empty_location_of_somebody_else_gets_a_number(existing: str) -> None:
    answers = with_answer(THEIR_LOCATION, "number.existing", existing)
    assert decide("number", Numbers(), answers).verdict is Verdict.NEW


def test_a_number_on_our_own_location_that_no_order_of_ours_asked_for_is_asked_about_first() -> None:
    action = decide("number", Numbers((), (TWO,)))
    assert (action.verdict, action.costs) == (Verdict.CONFLICT, False)
    assert readable(TWO) in action.reason
    assert 'existing = "keep"' in advice(action)
    more = decide("number", Numbers((), (TWO,)), guide_answers(number__existing="order"))
    assert (more.verdict, more.costs) == (Verdict.NEW, True)


# --- Without a survey --------------------------------------------------------------------------------------------


def test_without_a_survey_the_run_says_what_is_done() -> None:
    run = run_of(Finished(step="site", at=1, outputs={"site_id": "12345"}), Started(step="sippeer", at=2))
    actions = {action.step.key: action for action in make_plan(guide_answers(), run, {})}
    assert (actions["site"].verdict, actions["site"].outputs) == (Verdict.KEEP, {"site_id": "12345"})
    assert actions["sippeer"].verdict is Verdict.NEW
    assert actions["sippeer"].request
    assert actions["sippeer"].request.path == "/accounts/9900000/sites/12345/sippeers"


def test_without_a_survey_what_is_to_be_used_is_kept() -> None:
    action = next(iter(make_plan(THEIR_LOCATION, RunState(), {})))
    assert (action.verdict, action.adopted, action.outputs) == (Verdict.KEEP, True, {"site_id": "12345"})


def test_without_a_survey_a_finished_order_is_not_paid_again() -> None:
    done = run_of(Finished(step="number", at=1, outputs={"order_id": "order-1"}, numbers=(ONE,)))
    assert make_plan(guide_answers(), done, {}).paid is None
    assert make_plan(guide_answers(), RunState(), {}).paid


def test_the_paid_action_is_only_the_one_that_costs() -> None:
    free = Action(step=NUMBER, verdict=Verdict.NEW, costs=False)
    costly = free._replace(costs=True)
    assert Plan((free,)).paid is None
    assert Plan((free, costly)).paid is costly


# --- The search --------------------------------------------------------------------------------------------------


def quantity(answers: Answers, run: RunState | None = None) -> int | None:
    """Return the number of numbers to search for; `None` without a search."""
    request = number_search(answers, run or RunState())
    return int(dict(request.query)["quantity"]) if request else None


def test_a_search_asks_for_spare_numbers_where_taken_ones_are_replaced() -> None:
    assert quantity(guide_answers()) == 1 + SPARE_NUMBERS
    assert quantity(guide_answers(number__replace_taken="false")) == 1


def test_a_search_never_asks_for_more_than_bandwidth_gives() -> None:
    assert quantity(guide_answers(number__quantity="5000")) == 5000


def test_a_search_asks_for_what_is_missing_only() -> None:
    run = run_of(Started(step="number", at=1, customer_order_id="c", numbers=(ONE, TWO)))
    record = run.step("number")._replace(orders=(order("PARTIAL", ONE),))
    run = RunState(steps={"number": record})
    assert quantity(guide_answers(number__quantity="3"), run) == 2 + SPARE_NUMBERS
    assert quantity(guide_answers(number__quantity="1"), run) is None


@pytest.mark.parametrize(
    "answers",
    [
        guide_answers(setup__number="false"),
        guide_answers(number__area_code=None, number__numbers=ONE),
    ],
    ids=["no number wanted", "numbers named one by one"],
)
def test_without_a_need_there_is_no_search(answers: Answers) -> None:
    assert quantity(answers) is None


def test_once_the_numbers_are_there_is_no_search() -> None:
    begun = Started(step="number", at=1, customer_order_id="ours", numbers=(ONE,))
    done = run_of(begun, Finished(step="number", at=2, numbers=(ONE,)))
    assert quantity(guide_answers(), done) is None
