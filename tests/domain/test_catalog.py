"""Rules that hold for every step and every question of the catalogue."""

import re
from collections import Counter
from graphlib import TopologicalSorter

import pytest

from bwtui.domain.catalog import ACCOUNT, ENVIRONMENTS, QUESTIONS, SETUP, STEPS, TABLES
from bwtui.domain.fields import Choice, Const, Flag, Ref, Text
from bwtui.domain.remedies.remedy_table import CODES, STATUSES
from bwtui.domain.steps import (
    FoundAsActivation,
    FoundAsAssignment,
    FoundAsOrder,
    FoundAsSetting,
    FoundInList,
    FoundOnCampaign,
    Step,
)
from bwtui.domain.teardown.removal_order import removal_order
from bwtui.domain.values.base_urls import base_url

GIVEN_FROM_OUTSIDE = {"account_id", "customer_order_id", "chosen_numbers", "numbers"}
"""Names in requests that no step produces: an answer, and values that belong to the order."""
WISHES = {"messaging", "voice", "number"}

every_question = pytest.mark.parametrize("key", QUESTIONS)
every_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)


@every_question
def test_every_question_has_a_label_a_help_text_and_the_source_of_its_limit(key: str) -> None:
    question = QUESTIONS[key]
    assert question.label
    assert question.help.endswith(".")
    assert question.source
    assert question.key.isidentifier()
    assert question.key == question.key.lower()


@every_question
def test_no_label_or_help_shows_a_pattern(key: str) -> None:
    question = QUESTIONS[key]
    assert not re.search(r"\\d|\[0-9|\{\d|\^|\(\?", question.label + question.help)


@every_question
def test_every_text_has_an_example_of_what_to_type(key: str) -> None:
    question = QUESTIONS[key]
    if isinstance(question, Text):
        assert question.example or question.guide or question.default


@every_question
def test_the_values_that_the_catalogue_itself_names_pass_its_checks(key: str) -> None:
    question = QUESTIONS[key]
    match question:
        case Text():
            assert question.check
            named = [question.guide, question.example, "" if "{" in question.default else question.default]
            for value in filter(None, named):
                assert question.check(value) is None
                assert question.warn is None or question.warn(value) is None
                assert question.limit is None or len(value) <= question.limit
        case Choice():
            assert {question.default, question.guide} - {""} <= set(question.options)
            assert len(set(question.options)) == len(question.options) > 1
        case Flag():
            pass


@every_question
def test_what_is_required_cannot_be_answered_with_blanks(key: str) -> None:
    question = QUESTIONS[key]
    if isinstance(question, Text) and question.required:
        assert question.check
        assert question.check("   ")


@every_question
def test_a_shown_limit_is_held_by_a_check_or_a_warning(key: str) -> None:
    question = QUESTIONS[key]
    if isinstance(question, Text) and question.limit:
        longer = "9" * (question.limit + 1)
        assert (question.check and question.check(longer)) or (question.warn and question.warn(longer))


@every_question
def test_no_text_goes_over_the_wire_that_xml_cannot_carry(key: str) -> None:
    question = QUESTIONS[key]
    if isinstance(question, Text):
        assert question.check
        for hostile in ("9\x00", "9\n1", "9\ud800", "https://yourSecureSite.com/\x0b"):
            assert question.check(hostile)


@every_question
def test_a_secret_is_never_in_a_file_so_it_has_no_default_and_no_example(key: str) -> None:
    question = QUESTIONS[key]
    if isinstance(question, Text) and ("password" in key or "secret" in key or question.secret_from):
        assert re.fullmatch(r"BWTUI_[A-Z_]+_PASSWORD", question.secret_from)
        assert question.default == question.example == ""


def test_no_two_secrets_come_from_the_same_place() -> None:
    taken = Counter(
        question.secret_from
        for question in QUESTIONS.values()
        if isinstance(question, Text) and question.secret_from
    )
    assert set(taken.values()) == {1}


@every_question
def test_a_default_that_names_another_answer_names_one_that_is_asked(key: str) -> None:
    question = QUESTIONS[key]
    if isinstance(question, Text):
        assert set(re.findall(r"\{(.*?)\}", question.default)) <= QUESTIONS.keys()


# --- Steps -------------------------------------------------------------------------------------------------------


@every_step
def test_every_step_says_what_it_is_in_the_words_of_app_and_api(step: Step) -> None:
    assert step.title
    assert step.api_word
    assert step.explanation.endswith(".")
    assert step.root
    assert set(step.wanted_by) <= WISHES
    assert step.wanted_by


@every_step
def test_the_wire_names_of_a_step_are_unique(step: Step) -> None:
    wires = [part.wire for part in step.body] + [question.wire for question in step.query]
    alone = [wire for wire in wires if not wire.endswith("[]")]
    assert not alone or Counter(alone).most_common(1)[0][1] == 1
    assert all(not question.wire for question in step.own)


@every_step
def test_no_element_has_both_text_and_children(step: Step) -> None:
    wires = {part.wire for part in step.body}
    assert not [wire for wire in wires if any(other.startswith(f"{wire}/") for other in wires)]


@every_step
def test_the_keys_of_a_step_are_unique(step: Step) -> None:
    keys = [question.key for question in step.questions]
    assert len(set(keys)) == len(keys)


@every_step
def test_what_is_superseded_is_another_name_of_the_same_step(step: Step) -> None:
    wires = {part.wire for part in step.body}
    for part in step.body:
        if isinstance(part, Text):
            assert set(part.supersedes) <= wires - {part.wire}


@every_step
def test_every_step_is_found_again_or_harmless_to_repeat(step: Step) -> None:
    wires = {part.wire for part in step.body}
    match step.found_by:
        case FoundInList():
            assert step.method == "POST"
            assert step.produces
            assert set(step.found_by.matched_by) <= wires
            required = {part.wire for part in step.body if isinstance(part, Const) or _is_required(part)}
            assert set(step.found_by.matched_by) <= required
            assert {"use", "given_up"} <= {question.key for question in step.own}
            assert step.has("name"), "by which it is shown to people"
            assert f"{step.key}.use" in QUESTIONS
        case FoundAsSetting():
            assert not step.produces
            assert step.found_by.change == "PUT"
            assert step.found_by.present in wires
            assert "existing" in {question.key for question in step.own}
        case FoundAsAssignment() | FoundAsActivation():
            assert step.names_numbers
            assert not step.produces
        case FoundOnCampaign():
            assert step.names_numbers
            assert not step.produces
            assert Ref(wire="CustomerOrderId", output="customer_order_id") in step.body
        case FoundAsOrder():
            assert step.paid
            assert step.found_by.matched_by in wires
            assert Ref(wire=step.found_by.matched_by, output="customer_order_id") in step.body


def _is_required(part: object) -> bool:
    return isinstance(part, Text) and part.required


def test_only_the_order_of_numbers_costs_money() -> None:
    assert [step.key for step in STEPS if step.paid] == ["number"]


@every_step
def test_what_a_step_needs_is_produced_by_an_earlier_one(step: Step) -> None:
    earlier = STEPS[: STEPS.index(step)]
    assert step.needs - GIVEN_FROM_OUTSIDE <= {other.produces for other in earlier}
    assert set(step.after) <= {other.key for other in STEPS}


@every_step
def test_what_a_step_needs_is_wanted_whenever_the_step_is(step: Step) -> None:
    makers = [other for other in STEPS if other.produces and other.produces in step.needs]
    for maker in makers:
        assert set(step.wanted_by) <= set(maker.wanted_by)


def test_the_order_of_calls_has_no_circle() -> None:
    made_by = {step.produces: step.key for step in STEPS if step.produces}
    graph: dict[str, set[str]] = {
        step.key: {made_by[name] for name in step.needs if name in made_by} | set(step.after)
        for step in STEPS
    }
    order = TopologicalSorter(graph).static_order()
    assert set(order) == {step.key for step in STEPS}
    assert "sms" in graph["mms"]
    assert "sms" in graph["messaging_link"]
    assert graph["messaging_app"] == graph["voice_app"] == set()  # applications wait for nothing


def test_no_two_steps_produce_the_same_output_or_have_the_same_key() -> None:
    produced = [step.produces for step in STEPS if step.produces]
    assert len(set(produced)) == len(produced)
    assert len({step.key for step in STEPS}) == len(STEPS)


def test_the_steps_stand_in_the_order_of_the_guide() -> None:
    assert [step.key for step in STEPS] == [
        "site", "sippeer", "sms", "mms", "number", "messaging_app", "messaging_link", "voice_app", "voice_link",
        "voice_package", "voice_numbers", "activation", "campaign",
    ]  # fmt: skip


@every_step
def test_a_step_asks_for_what_it_searches_by_then_what_it_sends_then_what_bwtui_does(step: Step) -> None:
    asked = [part for part in step.body if isinstance(part, Text | Choice | Flag)]
    assert step.questions == (*step.query, *asked, *step.own)


# --- Tables ------------------------------------------------------------------------------------------------------


def test_every_table_and_question_is_reached_by_its_full_name() -> None:
    assert list(TABLES) == ["setup", "account", *(step.key for step in STEPS)]
    assert TABLES["setup"] == SETUP
    assert TABLES["account"] == ACCOUNT
    assert {key: id(question) for key, question in QUESTIONS.items()} == {
        f"{table}.{question.key}": id(question) for table, asked in TABLES.items() for question in asked
    }
    assert len(QUESTIONS) == sum(map(len, TABLES.values()))


def test_there_is_a_question_for_every_wish() -> None:
    assert {question.key for question in SETUP if isinstance(question, Flag)} == WISHES


def test_every_environment_has_an_address_that_credentials_may_go_to() -> None:
    environment = QUESTIONS["account.environment"]
    assert isinstance(environment, Choice)
    assert environment.options == tuple(ENVIRONMENTS)
    assert ENVIRONMENTS["classic"] == "https://dashboard.bandwidth.com/api"
    assert environment.default == "production"
    assert all(base_url(url) is None for url in ENVIRONMENTS.values())


def test_every_answer_that_a_remedy_sends_to_is_asked() -> None:
    steps = [step.key for step in STEPS]
    named = {
        row.field.replace("{step}", step)
        for row in (*CODES, *STATUSES)
        if row.field
        for step in (_steps_of(row.on, steps) if "{step}" in row.field else [""])
    }
    assert named
    assert named <= QUESTIONS.keys()


def _steps_of(operations: str, steps: list[str]) -> list[str]:
    named = {operation.partition(".")[0] for operation in operations.split()}
    return [step for step in steps if step in named]


# --- Limits: what blocks is the guide's, what only other sources know warns ---------------------------------------


@pytest.mark.parametrize(
    ("key", "limit", "blocks"),
    [
        ("site.name", 10, True),
        ("site.customer_provided_id", 10, True),
        ("site.customer_name", 50, True),
        ("site.description", 250, False),
        ("site.house_number", 45, False),
        ("site.house_prefix", 6, False),
        ("site.house_suffix", 45, False),
        ("site.street_name", 200, False),
        ("site.street_suffix", 45, False),
        ("site.address_line_2", 200, False),
        ("site.city", 100, False),
        ("site.county", 45, False),
        ("sippeer.name", 50, False),
        ("number.order_name", 50, False),
        ("messaging_app.callback_user", 63, True),
        ("messaging_app.callback_password", 63, True),
        ("voice_app.callback_user", 63, True),
        ("voice_app.callback_password", 63, True),
    ],
)
def test_a_limit_takes_its_last_character_and_not_one_more(key: str, limit: int, blocks: bool) -> None:  # noqa: FBT001
    question = QUESTIONS[key]
    assert isinstance(question, Text)
    assert question.check
    assert question.limit == limit
    longest, longer = "x" * limit, "x" * (limit + 1)
    assert question.check(longest) is None
    assert question.warn is None or question.warn(longest) is None
    assert bool(question.check(longer)) is blocks
    if not blocks:
        assert question.warn
        assert str(limit + 1) in (question.warn(longer) or "")


def test_the_choices_are_those_of_the_guide_and_of_the_api() -> None:
    options = {key: q.options for key, q in QUESTIONS.items() if isinstance(q, Choice)}
    assert options["site.address_type"] == ("Billing", "Service")
    compass = {"N", "S", "E", "W", "NE", "NW", "SE", "SW"}
    assert set(options["site.pre_directional"]) == set(options["site.post_directional"]) == compass
    assert set(options["sms.a2p_long_code"]) == {"DefaultOn", "DefaultOff", "ON", "OFF"}
    optional = QUESTIONS["sms.a2p_long_code"]
    assert isinstance(optional, Choice)
    assert optional.default == ""
    assert not optional.required


def test_an_unusual_country_is_doubtful_and_taken() -> None:
    country = QUESTIONS["site.country"]
    assert isinstance(country, Text)
    assert country.check
    assert country.warn
    assert country.check("Canada") is None
    assert country.warn("Canada")
    assert country.warn("US") is None


def test_every_step_says_how_it_is_undone_but_what_goes_along_with_the_numbers() -> None:
    silent = [step.key for step in STEPS if step.undo is None]
    assert silent == [step.key for step in STEPS if isinstance(step.found_by, FoundAsActivation)]
    assert {step.key for step in removal_order()} == {step.key for step in STEPS}
