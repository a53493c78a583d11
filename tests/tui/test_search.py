"""Searching for numbers to order: by place or by pattern, none or thousands, cancelled or refused; and picking from them."""

from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs

import pytest

from bwtui.domain.checks import readable
from bwtui.tui.places import CONNECT, REVIEW
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.number_picker import NumberPicker
from support.apply_screen import Gate, asked, assert_done, connected, say_yes
from support.guide import guide_answers
from support.in_process import QUICK
from support.wizard_pilot import Show, Stage
from support.write_faults import error, fault

NOWHERE: Final = guide_answers(number__area_code=None)
"""Everything but where the number should be."""
SEARCH: Final = {"method": "GET", "path": "/accounts/*/availableNumbers"}


def picker(show: Show) -> NumberPicker:
    return show.screen.query_one(NumberPicker)


def found(show: Show) -> list[str]:
    """The numbers in the table, ten digits each."""
    return [number.number for number in picker(show).shown]


async def searched(stage: Stage) -> list[dict[str, str]]:
    """What was searched for, each time, without what is always sent."""
    usual = ("quantity", "enableTNDetail")
    queries = [
        parse_qs(entry["query"]) for entry in await stage.log() if entry["path"].endswith("/availableNumbers")
    ]
    return [{name: values[0] for name, values in query.items() if name not in usual} for query in queries]


async def search(show: Show, **fields: str) -> None:
    """Search by these fields and no others."""
    for key in ("area_code", "city", "state", "zip", "toll_free_pattern"):
        if show.answer(f"number.{key}") != fields.get(key, ""):
            await show.type(f"number.{key}", fields.get(key, ""))
    for key, value in fields.items():
        if show.answer(f"number.{key}") != value:
            await show.give(f"number.{key}", value)
    await show.press_shown("Find")


async def test_numbers_are_found_by_area_code_city_and_state_zip_and_toll_free_pattern(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, area_code="984")
        assert found(show)
        assert all(number.startswith("984") for number in found(show))
        await search(show, city="APEX", state="NC")
        assert show.says("120 found. Space picks; without a pick the first is ordered.")
        assert {number.city for number in picker(show).shown} == {"APEX"}
        await search(show, zip="27606")
        assert len(found(show)) == 3900
        await search(show, toll_free_pattern="8**")
        assert {number[0] for number in found(show)} == {"8"}
        assert await searched(stage) == [
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
    stage: Stage, fields: dict[str, str], query: dict[str, str]
) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        assert "number.lata" not in [field.key for field in show.fields]
        await show.press_shown("Optional")
        await search(show, **fields)
        assert await searched(stage) == [query]
        assert show.says("found."), show.text


async def test_a_search_that_finds_nothing_says_what_to_try(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, area_code="999")
        assert show.says(
            "No numbers were found. Try another area code, a city with its state, a ZIP code, "
            "or a toll-free pattern such as 8**."
        )
        assert not picker(show).display
        await show.go(REVIEW)
        assert show.says("! Phone number: The search finds no numbers: try another area code")
        await show.press("enter")
        assert (show.place, show.focused) == ("number", "number.area_code")


async def test_one_number_that_is_found_is_a_table_of_one(stage: Stage) -> None:
    apex = [tn for tn, _ in stage.account.search({"city": "APEX", "state": "NC"}, 1000)]
    stage.account.sold_elsewhere |= set(apex[1:])
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, city="APEX", state="NC")
        assert show.says("1 found.")
        assert show.says(f"▸ [ ] {readable(apex[0])} APEX")
        assert not show.says("filter:")
        await show.press("space")
        assert show.answer("number.numbers") == apex[0]


async def test_among_5000_numbers_one_filters_and_picks(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, state="NC")
        assert show.says("5000 found.")
        await show.press("end")
        last = picker(show).shown[4999]
        assert show.says(f"▸ [ ] {readable(last.number)} {last.city}")
        await show.press("shift+tab", *last.number[:6])
        assert 0 < len(found(show)) < 5000
        assert all(last.number[:6] in number for number in found(show))
        await show.press("enter", "space")
        first = found(show)[0]
        assert show.says(f"▸ [x] {readable(first)}")
        assert show.says(f"Picked: {readable(first)}.")
        await show.press("shift+tab", "ctrl+u")
        assert len(found(show)) == 5000


async def test_the_filter_knows_places_too(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, area_code="919")
        await show.press("shift+tab", *"durham")
        assert {number.city for number in picker(show).shown} == {"DURHAM"}
        await show.press("ctrl+u", *"nowhere")
        assert found(show) == []


async def test_the_arrows_lead_from_the_filter_to_the_numbers_and_back(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, area_code="919")
        await show.press("shift+tab", "down")
        assert show.focused == "NumberPicker"
        await show.press("up")
        assert show.focused == "TextControl"


# --- What picking does -------------------------------------------------------------------------------------------


async def test_picked_numbers_are_those_of_the_order(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, area_code="984")
        wanted = [found(show)[2], found(show)[4]]
        await show.press("down", "down", "space", "down", "down", "space")
        assert show.says(f"Picked: {readable(wanted[0])}, {readable(wanted[1])}.")
        await show.press("enter")
        assert show.app.focused is show.screen.query_one("#next", LineButton)
        await show.go(REVIEW)
        await show.press("ctrl+n", "y")
        assert asked(show).startswith(f"Order {readable(wanted[0])}, {readable(wanted[1])}?")
        await show.press("n" if show.place != REVIEW else "y")
        await assert_done(stage, show, quantity=2)
    [order] = (await stage.state())["orders"]
    assert sorted(order["requested"]) == sorted(wanted)


async def test_a_pick_is_put_back_with_the_same_key(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, area_code="984")
        await show.press("space", "space")
        assert show.says("Space picks; without a pick the first is ordered.")
        assert "number.numbers" not in show.workflow.draft.answers.given


async def test_picks_of_several_searches_come_together(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, area_code="984")
        one = found(show)[0]
        await show.press("space")
        await search(show, city="APEX", state="NC")
        other = found(show)[0]
        assert show.says(f"120 found. Picked: {readable(one)}.")
        await show.press("space")
        assert show.answer("number.numbers") == f"{one},{other}"
        await show.press("space")
        assert show.answer("number.numbers") == one


async def test_a_pick_is_still_there_when_one_comes_back(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, area_code="984")
        await show.press("down", "space")
        picked = show.answer("number.numbers")
        await show.press("escape")
        assert show.place == "mms"
        await show.press("ctrl+n")
        assert show.says(f"Picked: {readable(picked)}.")
        assert picker(show).picked == (picked,)


async def test_a_number_that_is_typed_is_marked_and_one_that_is_deleted_is_not(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, area_code="984")
        first = found(show)[0]
        await show.type("number.numbers", readable(first))
        assert picker(show).picked == (first,)
        await show.type("number.numbers", "")
        assert picker(show).picked == ()


async def test_without_a_pick_the_first_that_is_found_is_ordered(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, area_code="984")
        first = found(show)[0]
        await show.go(REVIEW)
        await say_yes(show)
        await assert_done(stage, show)
    assert (await stage.state())["orders"][0]["requested"] == [first]


async def test_the_number_can_be_skipped_and_everything_else_is_set_up(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        assert show.focused == "number.enabled"
        await show.press("n")
        assert show.rail["number"] == "–"
        await show.go(REVIEW)
        assert "Phone number" not in [title for _, title in show.plan]
        assert len(show.plan) == 8
        await say_yes(show, order=None)
        assert show.says("✓ Done.")
    assert (await stage.state())["orders"] == []


# --- What goes wrong ---------------------------------------------------------------------------------------------


async def test_a_search_that_fails_says_why_and_can_be_made_again(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, area_code="919")
        stage.fail(fault("answer", status=500, times=0, **SEARCH))
        await show.press_shown("Find")
        assert show.says("! Bandwidth had an internal error. Nothing was changed: this was only a look."), (
            show.text
        )
        assert not picker(show).display, "what is shown is never of another search"
        stage.fail("")
        await show.press_shown("Find")
        assert show.says("5000 found.")
        assert not show.says("internal error")


@pytest.mark.parametrize(
    ("faults", "sentence"),
    [
        (fault("answer", status=403, **SEARCH), "The credentials may not search for phone numbers."),
        (fault("answer", status=400, body=error("4000", "No [/b] account"), **SEARCH), "Bandwidth does not accept the area code."),
        (fault("cut-before", times=0, **SEARCH), "Bandwidth could not be reached"),
        (fault("garbage", times=0, **SEARCH), "Bandwidth's answer could not be used:"),
    ],
    ids=["403", "a code", "a cut", "truncated XML"],
)  # fmt: skip
async def test_a_refused_search_is_explained(stage: Stage, faults: str, sentence: str) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        stage.fail(faults)
        await search(show, area_code="919")
        assert show.says(sentence), show.text


async def test_a_search_can_be_cancelled(stage: Stage) -> None:
    stage.timing = replace(QUICK, overall=30)
    gate = Gate(stage, "GET", "/availableNumbers")
    async with connected(stage, NOWHERE, at="number") as show:
        await show.type("number.area_code", "919")
        show.send("ctrl+f")
        await show.until(lambda: gate.held and show.says("Searching"), "a search under way")
        show.screen.query_one("#search", LineButton).focus()
        await show.until(lambda: show.says("▸ [ Cancel ]"), "the way to cancel it")
        await show.press("enter")
        assert show.says("The search was cancelled.")
        assert show.says("[ Search ]")
        gate.open()
        await show.press("enter")
        assert show.says("5000 found.")


async def test_a_newer_search_takes_the_place_of_an_older_one(stage: Stage) -> None:
    stage.timing = replace(QUICK, overall=30)
    gate = Gate(stage, "GET", "/availableNumbers")
    async with connected(stage, NOWHERE, at="number") as show:
        await show.type("number.area_code", "919")
        show.send("ctrl+f")
        await show.until(lambda: len(gate.held) == 1, "a search under way")
        show.send("backspace", "backspace", "backspace", *"984", "ctrl+f")
        await show.until(lambda: len(gate.held) == 2, "another one")
        gate.open()
        await show.settled()
        assert show.says("300 found.")
        assert {number[:3] for number in found(show)} == {"984"}


async def test_one_can_go_on_while_it_searches(stage: Stage) -> None:
    gate = Gate(stage, "GET", "/availableNumbers")
    async with connected(stage, NOWHERE, at="number") as show:
        await show.type("number.area_code", "919")
        show.send("ctrl+f")
        await show.until(lambda: gate.held, "a search under way")
        show.send("ctrl+n")
        await show.until(lambda: show.place == "messaging_app", "the next screen")
        gate.open()
        await show.settled()
        await show.press("escape")
        assert show.place == "number"
        assert not show.says("Searching")


async def test_what_cannot_be_searched_by_is_said_at_its_field_and_not_sent(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await show.type("number.area_code", "91")
        await show.press_shown("Find")
        assert show.focused == "number.area_code"
        assert show.said_at("number.area_code")
        assert await searched(stage) == []


async def test_without_a_connection_a_search_leads_to_connect_and_back(stage: Stage) -> None:
    stage.login = None
    async with stage.show(answers=NOWHERE, at="number") as show:
        await show.type("number.area_code", "984")
        await show.press_shown("Find")
        assert show.place == CONNECT
        for text in ("demo", "demo-secret"):
            await show.press(*text, "enter")
        await show.press("enter", "enter")
        assert show.workflow.is_connected, show.text
        await show.press("ctrl+n")
        assert show.place == "number"
        await show.press_shown("Find")
        assert show.says("300 found.")


async def test_text_of_bandwidth_in_the_table_is_text(stage: Stage) -> None:
    body = (
        "<SearchResult><ResultCount>1</ResultCount><TelephoneNumberDetailList><TelephoneNumberDetail>"
        "<City>[/bold] [red]x\u009b31m</City><RateCenter>[x]</RateCenter><State>NC</State>"
        "<FullNumber>9195551234</FullNumber></TelephoneNumberDetail></TelephoneNumberDetailList></SearchResult>"
    )
    async with connected(stage, NOWHERE, at="number") as show:
        stage.fail(fault("answer", status=200, body=body, **SEARCH))
        await search(show, area_code="919")
        assert show.says("+1 (919) 555-1234 [/bold] [red]x 31m [x]")


async def test_what_is_typed_on_the_table_narrows_it(stage: Stage) -> None:
    async with connected(stage, NOWHERE, at="number") as show:
        await search(show, state="NC")
        wanted = found(show)[-1]
        await show.press(*wanted[:6])
        assert 0 < len(found(show)) < 5000
        assert all(wanted[:6] in number for number in found(show))
        await show.press("space")
        assert show.says(f"Picked: {readable(found(show)[0])}.")
        await show.press("z", "z")
        assert found(show) == []
        assert show.says("Nothing matches: Backspace takes the last letter away.")
        await show.press(*["backspace"] * 8)
        assert len(found(show)) == 5000
