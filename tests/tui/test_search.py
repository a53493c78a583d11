"""Searching for numbers to order: by place or by pattern, none or thousands, cancelled or refused; and picking from them."""

from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs

import pytest

from bwtui.domain.values.phone_numbers import readable
from bwtui.tui.places import CONNECT, REVIEW
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.header_footer import TextLine
from bwtui.tui.widgets.number_picker import NumberPicker
from support.apply_screen import Gate, asked, assert_done, connected, say_yes
from support.guide import guide_answers
from support.in_process import QUICK
from support.wizard_pilot import ShownWizard, WizardHarness
from support.write_faults import error, fault

NOWHERE: Final = guide_answers(number__area_code=None)
"""Everything but where the number should be."""
SEARCH: Final = {"method": "GET", "path": "/accounts/*/availableNumbers"}


def picker(wizard: ShownWizard) -> NumberPicker:
    return wizard.screen.query_one(NumberPicker)


def found(wizard: ShownWizard) -> list[str]:
    """The numbers in the table, ten digits each."""
    return [number.number for number in picker(wizard).shown]


async def searched(harness: WizardHarness) -> list[dict[str, str]]:
    """Return the parameters of each search, without those that are always sent."""
    usual = ("quantity", "enableTNDetail")
    queries = [
        parse_qs(entry["query"])
        for entry in await harness.log()
        if entry["path"].endswith("/availableNumbers")
    ]
    return [{name: values[0] for name, values in query.items() if name not in usual} for query in queries]


async def search(wizard: ShownWizard, **fields: str) -> None:
    """Search by these fields and no others."""
    for key in ("area_code", "city", "state", "zip", "toll_free_pattern"):
        if wizard.answer(f"number.{key}") != fields.get(key, ""):
            await wizard.type(f"number.{key}", fields.get(key, ""))
    for key, value in fields.items():
        if wizard.answer(f"number.{key}") != value:
            await wizard.give(f"number.{key}", value)
    await wizard.press_shown("Search")


async def test_numbers_are_found_by_area_code_city_and_state_zip_and_toll_free_pattern(
    harness: WizardHarness,
) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="984")
        assert found(wizard)
        assert all(number.startswith("984") for number in found(wizard))
        await search(wizard, city="APEX", state="NC")
        assert wizard.says("120 found")
        assert {number.city for number in picker(wizard).shown} == {"APEX"}
        await search(wizard, zip="27606")
        assert len(found(wizard)) == 3900
        await search(wizard, toll_free_pattern="8**")
        assert {number[0] for number in found(wizard)} == {"8"}
        assert await searched(harness) == [
            {"areaCode": "984"},
            {"city": "APEX", "state": "NC"},
            {"zip": "27606"},
            {"tollFreeWildCardPattern": "8**"},
        ]


@pytest.mark.parametrize(
    ("fields", "query"),
    [
        ({"npa_nxx": "919206"}, {"npaNxx": "919206"}),
        ({"rate_center": "RALEIGH", "state": "NC"}, {"rateCenter": "RALEIGH", "state": "NC"}),
        ({"lata": "426", "order_by": "fullNumber"}, {"lata": "426", "orderBy": "fullNumber"}),
        (
            {"area_code": "919", "local_vanity": "CARS", "ends_in": "true"},
            {"areaCode": "919", "localVanity": "CARS", "endsIn": "true"},
        ),
        ({"toll_free_vanity": "CALL"}, {"tollFreeVanity": "CALL"}),
    ],
    ids="+".join,
)
async def test_the_other_ways_to_search_are_under_optional(
    harness: WizardHarness, fields: dict[str, str], query: dict[str, str]
) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        assert "number.lata" not in [field.key for field in wizard.fields]
        await wizard.press_shown("Optional")
        await search(wizard, **fields)
        assert await searched(harness) == [query]
        assert wizard.says("found"), wizard.text


async def test_a_search_that_finds_nothing_says_what_to_try(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="999")
        assert wizard.says(
            "No numbers were found. Try another area code, a city with its state, a ZIP code, "
            "or a toll-free pattern such as 8**."
        )
        assert not picker(wizard).display
        await wizard.go(REVIEW)
        assert wizard.says("! Phone number: The search found no numbers. Try another area code")
        await wizard.press("enter")
        assert (wizard.place, wizard.focused) == ("number", "number.area_code")


@pytest.mark.parametrize("change", ["value", "way"])
async def test_that_nothing_was_found_is_said_only_of_that_search(
    harness: WizardHarness, change: str
) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="999")
        assert wizard.says("No numbers were found.")
        if change == "value":
            await wizard.type("number.area_code", "98")
        else:
            await wizard.enter("number.city")
        assert not wizard.screen.query_one("#not-found").display


@pytest.mark.parametrize("change", ["value", "way"])
async def test_what_another_search_has_found_is_not_offered(harness: WizardHarness, change: str) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="919")
        first = found(wizard)[0]
        if change == "value":
            await wizard.type("number.area_code", "984")
        else:
            await wizard.type("number.city", "APEX")
        assert wizard.says("To order: search again (^F)"), wizard.text
        assert not wizard.says("costs money")
        assert not wizard.says(readable(first))
        assert not wizard.says("300 found")
        if change == "value":
            await wizard.type("number.area_code", "919")
            assert wizard.says(f"To order: {readable(first)}, the first found $ costs money")


async def test_what_was_added_stays_to_be_ordered_when_another_search_is_answered(
    harness: WizardHarness,
) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="919")
        first, second = found(wizard)[:2]
        await wizard.press("space")
        await wizard.type("number.area_code", "984")
        assert found(wizard) == [first], "it can be removed"
        assert wizard.says(f"To order: 1 {readable(first)} $ costs money")
        assert not wizard.says(readable(second))


async def test_what_is_typed_replaces_the_default_of_how_many(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await wizard.enter("number.quantity")
        await wizard.press("2")
        assert wizard.answer("number.quantity") == "2"
        await wizard.press("tab", "shift+tab", "5")
        assert wizard.answer("number.quantity") == "25", "what was typed is gone on with"


async def test_one_number_that_is_found_is_a_table_of_one(harness: WizardHarness) -> None:
    apex = [tn for tn, _ in harness.account.search({"city": "APEX", "state": "NC"}, 1000)]
    harness.account.sold_elsewhere |= set(apex[1:])
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, city="APEX", state="NC")
        assert wizard.says("1 found")
        assert wizard.says(f"▸ [ ] {readable(apex[0])} APEX")
        assert not wizard.says("filter:")
        await wizard.press("space")
        assert wizard.answer("number.numbers") == apex[0]


async def test_5000_numbers_can_be_filtered_and_picked_from(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, state="NC")
        assert wizard.says("5000 found")
        await wizard.press("end")
        last = picker(wizard).shown[4999]
        assert wizard.says(f"▸ [ ] {readable(last.number)} {last.city}")
        await wizard.press("shift+tab", *last.number[:6])
        assert 0 < len(found(wizard)) < 5000
        assert all(last.number[:6] in number for number in found(wizard))
        await wizard.press("enter", "space")
        first = found(wizard)[0]
        assert wizard.says(f"▸ [x] {readable(first)}")
        assert wizard.says(f"To order: 1 {readable(first)} $ costs money")
        await wizard.press("shift+tab", "ctrl+u")
        assert len(found(wizard)) == 5000


async def test_the_filter_knows_places_too(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="919")
        await wizard.press("shift+tab", *"durham")
        assert {number.city for number in picker(wizard).shown} == {"DURHAM"}
        await wizard.press("ctrl+u", *"nowhere")
        assert found(wizard) == []


async def test_the_arrows_lead_from_the_filter_to_the_numbers_and_back(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="919")
        await wizard.press("shift+tab", "down")
        assert wizard.focused == "NumberPicker"
        await wizard.press("up")
        assert wizard.focused == "TextControl"


# --- What picking does -------------------------------------------------------------------------------------------


async def test_picked_numbers_are_those_of_the_order(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="984")
        wanted = [found(wizard)[2], found(wizard)[4]]
        await wizard.press("down", "down", "space", "down", "down", "space")
        assert wizard.says(f"To order: 2 {readable(wanted[0])}, {readable(wanted[1])} $ costs money")
        await wizard.press("enter")
        assert wizard.app.focused is wizard.screen.query_one("#next", LineButton)
        await wizard.go(REVIEW)
        await wizard.press("ctrl+n")
        assert asked(wizard).startswith(f"Order {readable(wanted[0])}, {readable(wanted[1])}?")
        await wizard.press("n" if wizard.place != REVIEW else "y")
        await assert_done(harness, wizard, quantity=2)
    [order] = (await harness.state())["orders"]
    assert sorted(order["requested"]) == sorted(wanted)


async def test_a_pick_is_put_back_with_the_same_key(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="984")
        await wizard.press("space", "space")
        assert wizard.says(f"To order: {readable(found(wizard)[0])}, the first found $ costs money")
        assert "number.numbers" not in wizard.workflow.draft.answers.given


async def test_what_would_be_ordered_is_named_although_a_filter_hides_it(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="984")
        first, last = found(wizard)[0], found(wizard)[-1]
        await wizard.press(*last)
        assert wizard.says(f"To order: {readable(first)}, the first found (filtered out) $ costs money"), (
            wizard.text
        )


async def test_picks_of_several_searches_come_together(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="984")
        one = found(wizard)[0]
        await wizard.press("space")
        await search(wizard, city="APEX", state="NC")
        other = found(wizard)[1]
        assert wizard.says("120 found")
        await wizard.press("space")
        assert wizard.answer("number.numbers") == f"{one},{other}"
        assert wizard.answer("number.quantity") == "2"
        await wizard.press("space")
        assert wizard.answer("number.numbers") == one


async def test_what_was_picked_stands_on_top_of_another_search_and_is_removed_there(
    harness: WizardHarness,
) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="984")
        one, other = found(wizard)[:2]
        await wizard.press("space", "down", "space")
        await search(wizard, city="APEX", state="NC")
        new = found(wizard)[2]
        assert found(wizard)[:2] == [one, other]
        assert wizard.says(f"[x] {readable(one)}")
        assert wizard.says(f"▸ [ ] {readable(new)} APEX"), "one begins with what was found"
        assert (wizard.keys["Add"], wizard.keys["Go on with [x]"]) == ("space", "enter")
        await wizard.press("up")
        assert wizard.keys["Remove"] == "space"
        await wizard.press("space", "up", "space", "down", "down", "enter")
        assert wizard.answer("number.numbers") == new
        assert wizard.says(f"To order: 1 {readable(new)} $ costs money")


async def test_what_was_picked_is_listed_to_be_removed_without_a_search(harness: WizardHarness) -> None:
    answers = guide_answers(number__area_code="984", number__numbers="9195551234")
    async with connected(harness, answers, at="number") as wizard:
        assert wizard.says("[x] +1 (919) 555-1234")
        picker(wizard).focus()
        await wizard.press("space")
        assert wizard.answer("number.numbers") == ""


async def test_as_many_numbers_are_wanted_as_were_picked(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="984")
        await wizard.press("space", "down", "space")
        await wizard.enter("number.quantity")
        assert wizard.field("number.quantity").control.value == "2"


async def test_a_pick_is_still_there_when_one_comes_back(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="984")
        await wizard.press("down", "space")
        picked = wizard.answer("number.numbers")
        await wizard.press("escape")
        assert wizard.place == "mms"
        await wizard.press("ctrl+n")
        assert wizard.says(f"To order: 1 {readable(picked)} $ costs money")
        assert picker(wizard).picked == (picked,)


async def test_a_number_that_is_typed_is_marked_and_one_that_is_deleted_is_not(
    harness: WizardHarness,
) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="984")
        first = found(wizard)[0]
        await wizard.type("number.numbers", readable(first))
        assert picker(wizard).picked == (first,)
        await wizard.type("number.numbers", "")
        assert picker(wizard).picked == ()


async def test_a_number_that_is_typed_twice_counts_once(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number", size=(100, 50)) as wizard:
        await search(wizard, area_code="984")
        first, second = found(wizard)[:2]
        await wizard.type("number.numbers", f"{first}, {second}, +1{first}, 91955")
        to_order = str(wizard.screen.query_one("#to-order", TextLine).content)
        assert to_order.startswith(f"To order: 2  {readable(first)}, {readable(second)}  $")
        await wizard.type("number.numbers", f"{first}, {second}, +1{first}")
        await wizard.press("tab")
        assert wizard.answer("number.numbers") == f"{first},{second}"
        assert wizard.said_at("number.numbers") == f"→ {readable(first)}: listed twice, and taken once."
        assert not wizard.workflow.draft.blocking("number")


async def test_without_a_pick_the_first_that_is_found_is_ordered(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="984")
        first = found(wizard)[0]
        await wizard.go(REVIEW)
        await say_yes(wizard)
        await assert_done(harness, wizard)
    assert (await harness.state())["orders"][0]["requested"] == [first]


async def test_the_number_can_be_skipped_and_everything_else_is_set_up(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        assert wizard.focused == "number.area_code", "it is to be typed"
        await wizard.press("up", "up")
        assert wizard.focused == "number.enabled"
        await wizard.press("n")
        assert wizard.rail["number"] == "–"
        await wizard.go(REVIEW)
        assert "Phone number" not in [title for _, title in wizard.plan]
        assert len(wizard.plan) == 8
        await say_yes(wizard, order=None)
        assert wizard.says("✓ Set up.")
    assert (await harness.state())["orders"] == []


# --- What goes wrong ---------------------------------------------------------------------------------------------


async def test_a_search_that_fails_says_why_and_can_be_made_again(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, area_code="919")
        harness.fail(fault("answer", status=500, times=0, **SEARCH))
        await wizard.press_shown("Search")
        assert wizard.says("! Bandwidth had an internal error. Nothing was changed: this was only a look."), (
            wizard.text
        )
        assert not picker(wizard).display, "what is shown is never of another search"
        harness.fail("")
        await wizard.press_shown("Search")
        assert wizard.says("5000 found")
        assert not wizard.says("internal error")


@pytest.mark.parametrize(
    ("faults", "sentence"),
    [
        (fault("answer", status=403, **SEARCH), "The credentials may not search for phone numbers."),
        (fault("answer", status=400, body=error("4000", "No [/b] account"), **SEARCH), "Bandwidth does not accept the area code."),
        (fault("cut-before", times=0, **SEARCH), "The API could not be reached"),
        (fault("garbage", times=0, **SEARCH), "Bandwidth's answer could not be used:"),
    ],
    ids=["403", "a code", "a cut", "truncated XML"],
)  # fmt: skip
async def test_a_refused_search_is_explained(harness: WizardHarness, faults: str, sentence: str) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        harness.fail(faults)
        await search(wizard, area_code="919")
        assert wizard.says(sentence), wizard.text


async def test_more_enters_do_not_cancel_the_search_that_the_first_began(
    harness: WizardHarness,
) -> None:
    gate = Gate(harness, "GET", "/availableNumbers")
    async with connected(harness, guide_answers(), at="number") as wizard:
        assert wizard.focused == "search"
        wizard.send("enter")
        await wizard.until(lambda: gate.held and wizard.says("Searching"), "a search under way")
        wizard.send("enter", "space", "x")
        await wizard.until(lambda: not wizard._has_messages)
        gate.open()
        await wizard.settled()
        assert wizard.says("5000 found"), wizard.text


async def test_a_search_can_be_cancelled(harness: WizardHarness) -> None:
    harness.timing = replace(QUICK, overall=30)
    gate = Gate(harness, "GET", "/availableNumbers")
    async with connected(harness, NOWHERE, at="number") as wizard:
        await wizard.type("number.area_code", "919")
        wizard.send("ctrl+f")
        await wizard.until(lambda: gate.held and wizard.says("Searching"), "a search under way")
        await wizard.until(lambda: "Cancel search" in wizard.keys, "the way to cancel it")
        await wizard.press(wizard.keys["Cancel search"])
        assert wizard.place == "number"
        assert wizard.says("The search was cancelled.")
        assert wizard.keys["Back"] == "escape"
        gate.open()
        await wizard.press_shown("Search")
        assert wizard.says("5000 found")


async def test_a_newer_search_takes_the_place_of_an_older_one(harness: WizardHarness) -> None:
    harness.timing = replace(QUICK, overall=30)
    gate = Gate(harness, "GET", "/availableNumbers")
    async with connected(harness, NOWHERE, at="number") as wizard:
        await wizard.type("number.area_code", "919")
        wizard.send("ctrl+f")
        await wizard.until(lambda: len(gate.held) == 1, "a search under way")
        wizard.send("backspace", "backspace", "backspace", *"984", "ctrl+f")
        await wizard.until(lambda: len(gate.held) == 2, "another one")
        gate.open()
        await wizard.settled()
        assert wizard.says("300 found")
        assert {number[:3] for number in found(wizard)} == {"984"}


async def test_one_can_go_on_while_it_searches(harness: WizardHarness) -> None:
    gate = Gate(harness, "GET", "/availableNumbers")
    async with connected(harness, NOWHERE, at="number") as wizard:
        await wizard.type("number.area_code", "919")
        wizard.send("ctrl+f")
        await wizard.until(lambda: gate.held, "a search under way")
        wizard.send("ctrl+n")
        await wizard.until(lambda: wizard.place == "messaging_app", "the next screen")
        gate.open()
        await wizard.settled()
        await wizard.press("escape")
        assert wizard.place == "number"
        assert not wizard.says("Searching")


async def test_an_invalid_search_parameter_is_told_at_its_field_and_not_sent(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await wizard.type("number.area_code", "91")
        await wizard.press_shown("Search")
        assert wizard.focused == "number.area_code"
        assert wizard.said_at("number.area_code")
        assert await searched(harness) == []


async def test_without_a_connection_a_search_leads_to_connect_and_back(harness: WizardHarness) -> None:
    harness.login = None
    async with harness.show(answers=NOWHERE, at="number") as wizard:
        await wizard.type("number.area_code", "984")
        await wizard.press_shown("Search")
        assert wizard.place == CONNECT
        for text in ("demo", "demo-secret"):
            await wizard.press(*text, "enter")
        await wizard.press("enter", "enter")
        assert wizard.workflow.is_connected, wizard.text
        await wizard.press("ctrl+n")
        assert wizard.place == "number"
        await wizard.press_shown("Search")
        assert wizard.says("300 found")


async def test_text_of_bandwidth_in_the_table_is_text(harness: WizardHarness) -> None:
    body = (
        "<SearchResult><ResultCount>1</ResultCount><TelephoneNumberDetailList><TelephoneNumberDetail>"
        "<City>[/bold] [red]x\u009b31m</City><RateCenter>[x]</RateCenter><State>NC</State>"
        "<FullNumber>9195551234</FullNumber></TelephoneNumberDetail></TelephoneNumberDetailList></SearchResult>"
    )
    async with connected(harness, NOWHERE, at="number") as wizard:
        harness.fail(fault("answer", status=200, body=body, **SEARCH))
        await search(wizard, area_code="919")
        assert wizard.says("+1 (919) 555-1234 [/bold] [red]x 31m [x]")


async def test_what_is_typed_on_the_table_narrows_it(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await search(wizard, state="NC")
        wanted = found(wizard)[-1]
        await wizard.press(*wanted[:6])
        assert 0 < len(found(wizard)) < 5000
        assert all(wanted[:6] in number for number in found(wizard))
        await wizard.press("space")
        assert wizard.says(f"To order: 1 {readable(found(wizard)[0])} $ costs money")
        await wizard.press("z", "z")
        assert found(wizard) == []
        assert wizard.says("Nothing matches. Backspace deletes the last letter.")
        await wizard.press(*["backspace"] * 8)
        assert len(found(wizard)) == 5000


# --- One way at a time ---------------------------------------------------------------------------------------------


async def test_the_ways_to_search_are_one_row_of_radios_with_the_answer_beside_them(
    harness: WizardHarness,
) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await wizard.type("number.area_code", "919")
        assert wizard.says("Search by (•) area code ( ) city ( ) ZIP ( ) toll-free ▌ 919")
        assert not wizard.says("▌ Search by"), "one mark, where one types"
        assert not wizard.field("number.zip").display
        await wizard.press("shift+tab", "z")
        assert wizard.says("▌ Search by ( ) area code ( ) city (•) ZIP ( ) toll-free e.g. 27606")
        await wizard.press("enter", *"27606", "ctrl+f")
        assert await searched(harness) == [{"zip": "27606"}], "one way at a time"


async def test_a_way_that_comes_back_has_its_answer_again(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await wizard.type("number.area_code", "919")
        await wizard.press("shift+tab", "right")
        assert (wizard.answer("number.area_code"), wizard.focused) == ("", "number.city")
        assert wizard.field("number.state").display, "a city needs its state"
        await wizard.press("left")
        assert (wizard.answer("number.area_code"), wizard.focused) == ("919", "number.area_code")


async def test_a_look_at_another_way_to_search_costs_no_answer(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await wizard.type("number.area_code", "919")
        await wizard.press("shift+tab", "right", "right")
        assert wizard.answer("number.area_code") == "", "what is seen is what is searched by"
        await wizard.press_shown("Next")
        assert wizard.answer("number.area_code") == "919"
        await wizard.press_shown("Back")
        assert wizard.says("(•) area code ( ) city ( ) ZIP ( ) toll-free 919")


async def test_another_way_that_is_answered_takes_the_place_of_the_one_before(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await wizard.type("number.area_code", "919")
        await wizard.press("shift+tab", "z", "tab", *"27606")
        await wizard.press_shown("Next")
        assert (wizard.answer("number.area_code"), wizard.answer("number.zip")) == ("", "27606")


async def test_what_a_file_has_answered_besides_is_seen(harness: WizardHarness) -> None:
    answers = guide_answers(number__zip="27606")
    async with connected(harness, answers, at="number") as wizard:
        assert wizard.field("number.zip").display
        assert wizard.says("ZIP code 27606")


async def test_a_complaint_about_another_way_leads_there(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await wizard.enter("number.zip")
        await wizard.press_shown("Search")
        assert wizard.focused == "number.area_code"
        assert "Say which number you want" in wizard.said_at("number.area_code")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_next_is_in_sight_with_two_numbers_added(harness: WizardHarness, size: tuple[int, int]) -> None:
    async with connected(harness, guide_answers(), at="number", size=size) as wizard:
        await wizard.press("ctrl+f")
        await wizard.press("space", "down", "space")
        one, other = picker(wizard).picked
        assert wizard.says(f"To order: 2 {readable(one)}, {readable(other)} $ costs money")
        assert wizard.shown(wizard.screen.query_one("#next")).strip() == "[ Next ]"


async def test_the_filter_says_how_many_match_and_points_at_the_first(harness: WizardHarness) -> None:
    async with connected(harness, guide_answers(), at="number") as wizard:
        await wizard.press("ctrl+f")
        await wizard.press("down", "down", "shift+tab", *"durham")
        assert wizard.says(f"{len(found(wizard))} of 5000 match durham")
        assert wizard.says(f"▸ [ ] {readable(found(wizard)[0])} DURHAM")
        await wizard.press("enter", "enter")
        assert wizard.answer("number.numbers") == found(wizard)[0]
        assert wizard.app.focused is wizard.screen.query_one("#next", LineButton)


async def test_a_city_in_place_of_an_area_code_is_told_where_it_belongs(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        assert wizard.says("e.g. 919")
        await wizard.type("number.area_code", "Raleigh")
        told = "“Raleigh” is no area code: type three digits, such as 919, or search by city."
        assert told in wizard.said_at("number.area_code")


async def test_digits_that_are_typed_at_the_radios_are_the_answer(harness: WizardHarness) -> None:
    async with connected(harness, NOWHERE, at="number") as wizard:
        await wizard.press("shift+tab", *"984", "ctrl+f")
        assert await searched(harness) == [{"areaCode": "984"}]
