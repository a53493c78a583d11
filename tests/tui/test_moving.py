"""From screen to screen: forward, back and anywhere, without losing an answer; and how each screen stands meanwhile."""

import random
from dataclasses import replace

import pytest
from textual.widgets import Static

from bwtui.domain.catalog import STEPS
from bwtui.domain.fields import Choice, Flag, Question, Text
from bwtui.domain.secret import Secret
from bwtui.simulator.settings import Settings
from bwtui.tui.places import TITLES, PlaceStatus, walk
from bwtui.tui.widgets.form import Form
from bwtui.tui.widgets.menu import Menu
from bwtui.tui.widgets.rail import Rail
from support.apply_screen import connected, say_yes
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, Show, Stage
from support.write_faults import VOICE, made_elsewhere

LETTERS = "abcXYZ019 .-/:*é"


def some_answer(question: Question, chance: random.Random) -> str:
    """An answer as a person might begin or mistype it."""
    match question:
        case Choice():
            return chance.choice(question.options)
        case Flag():
            return chance.choice(("true", "false"))
        case Text():
            return "".join(chance.choices(LETTERS, k=chance.randint(1, 6))).strip() or "x"


@pytest.mark.parametrize("seed", range(2))
async def test_forward_back_and_jump_never_lose_an_answer(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    given: dict[str, str] = {}
    async with stage.show(answers=guide_answers()) as show:
        for _ in range(24):
            asked = [field for field in show.fields if field.control.focusable and field.key not in LEADING]
            if asked:
                field = chance.choice(asked)
                value = some_answer(field.question, chance)
                await show.give(field.key, value)
                given[field.key] = value
                if chance.random() < 0.3 and "Optional" in show.keys:
                    await show.press_shown("Optional")
            before = show.place
            await move(show, chance)
            for key, value in given.items():
                if not key.startswith("login.") and not key.endswith("_password"):
                    assert show.answer(key) == value, f"{key} was lost between {before} and {show.place}"
            for field in show.fields:
                assert field.control.value == given.get(field.key, field.control.value)
    assert len(given) > 5


LEADING = (
    *(f"setup.{wish}" for wish in ("messaging", "voice", "number")),
    *(f"{step.key}.use" for step in STEPS),
)
"""What changes which screens there are and what is asked on them: that has tests of its own."""


async def move(show: Show, chance: random.Random) -> None:
    """Go on, back, or anywhere by its title."""
    match chance.choice(("on", "back", "on", "anywhere")):
        case "on":
            await show.press("ctrl+n")
        case "back":
            await show.press("escape")
        case "anywhere":
            place = chance.choice(walk(show.workflow.draft.answers)[:-2])
            await show.press("ctrl+g", *TITLES[place], "enter")
            assert show.place == place


# --- How each screen stands --------------------------------------------------------------------------------------


def signs(show: Show, *places: str) -> list[PlaceStatus]:
    by_sign = {mark.sign: mark for mark in PlaceStatus}
    return [by_sign[show.rail[place]] for place in places]


async def test_the_rail_tells_what_is_to_do_complete_wrong_left_out_and_used(stage: Stage) -> None:
    voice_app = await made_elsewhere(stage, "/applications", VOICE)
    answers = guide_answers(mms__enabled="false", voice_app__use=voice_app, site__zip="27A06")
    async with connected(stage, answers, at="sippeer") as show:
        assert signs(show, "connect", "sippeer", "sms") == [
            PlaceStatus.COMPLETE,
            PlaceStatus.TO_DO,
            PlaceStatus.TO_DO,
        ]
        assert signs(show, "site") == [PlaceStatus.PROBLEM], (
            "it has not been there, but what is answered is wrong"
        )
        await show.go("voice_app")
        await show.go("review")
        assert signs(show, "sippeer", "mms", "voice_app") == [
            PlaceStatus.COMPLETE,
            PlaceStatus.SKIPPED,
            PlaceStatus.EXISTS,
        ]
        await show.go("site")
        await show.type("site.zip", "27606")
        assert signs(show, "site", "sms") == [PlaceStatus.TO_DO, PlaceStatus.TO_DO]
        await show.press("ctrl+n")
        assert signs(show, "site", "sms") == [PlaceStatus.COMPLETE, PlaceStatus.TO_DO]


async def test_a_screen_that_is_being_filled_in_for_the_first_time_is_to_do_not_wrong(stage: Stage) -> None:
    async with stage.show(at="site") as show:
        await show.type("site.house_number", "900")
        assert signs(show, "site") == [PlaceStatus.TO_DO]
        await show.press("ctrl+n")
        assert signs(show, "site") == [PlaceStatus.PROBLEM]


async def test_the_rail_tells_what_is_done_and_what_was_there(stage: Stage) -> None:
    voice_app = await made_elsewhere(stage, "/applications", VOICE)
    answers = guide_answers(
        voice_app__use=voice_app, voice_app__name=None, voice_app__call_initiated_url=None,
        voice_app__call_status_url=None, voice_app__callback_user=None,
    )  # fmt: skip
    secrets = {key: secret for key, secret in answers.secrets.items() if not key.startswith("voice_app.")}
    async with connected(stage, answers._replace(secrets=secrets)) as show:
        await say_yes(show)
        done = (
            "site",
            "sippeer",
            "sms",
            "mms",
            "number",
            "messaging_app",
            "messaging_link",
            "voice_link",
            "review",
        )
        assert set(signs(show, *done)) == {PlaceStatus.DONE}
        assert signs(show, "voice_app") == [PlaceStatus.EXISTS]


async def test_what_the_account_lacks_marks_the_steps_it_will_stop(stage: Stage) -> None:
    stage = Stage(folder=stage.folder, settings=Settings(missing_products={"MMS", "OrigHttpVoice"}))
    async with connected(stage, at="connect") as show:
        for title, feature in (("MMS", "MMS"), ("Voice application", "OrigHttpVoice")):
            assert show.says(
                f"? {title}: the account seems to lack {feature}; Bandwidth may refuse this step."
            )
        await show.go("review")
        assert signs(show, "mms", "voice_app") == [PlaceStatus.DOUBT, PlaceStatus.DOUBT]
        assert PlaceStatus.DOUBT not in signs(show, "site", "sippeer", "sms", "number", "messaging_app")
        await show.go("mms")
        assert show.says("? The account seems to lack MMS; Bandwidth may refuse this step.")
        assert show.place == "mms"


async def test_a_wide_terminal_shows_the_rail_as_a_column_with_every_title(stage: Stage) -> None:
    async with stage.show(at="site", size=(120, 40)) as show:
        column = show.shown(show.screen.query_one(Rail)).splitlines()
        assert [line.strip(" ▸●○!") for line in column if line] == [
            TITLES[place] for place in walk(show.workflow.draft.answers)
        ]
        assert [line.strip() for line in column if "▸" in line] == ["▸○ Sub-account"]
        await show.type("site.zip", "x")
        assert "▸! Sub-account" in show.text
        assert "<Zip>x</Zip>" in show.text, "the request follows every key"
        await show.press("backspace", "2")
        assert "<Zip>2</Zip>" in show.text


async def test_in_the_request_what_was_answered_looks_different_from_its_tags(stage: Stage) -> None:
    async with stage.show(at="site", answers=guide_answers(), size=(120, 40)) as show:
        row = next(row for row, line in enumerate(show.lines) if "<Zip>27606</Zip>" in line)
        start = show.lines[row].index("<Zip>")
        opening, value, closing = (
            set(map(str, show.styles[row][start + first : start + last]))
            for first, last in ((0, 5), (5, 10), (10, 16))
        )
        assert len(opening) == len(value) == 1
        assert opening == closing != value


@pytest.mark.parametrize("size", [(110, 24), (120, 40), (200, 60)])
async def test_beside_the_rail_a_form_has_no_less_room_than_on_a_small_terminal(
    stage: Stage, size: tuple[int, int]
) -> None:
    async with stage.show(at="voice_app", answers=guide_answers(), size=size) as show:
        form = show.shown(show.screen.query_one(Form))
        for told in (
            "Call-initiated URL *",
            "https://yourSecureSite.com/callbacks/status",
            "(guide: set to Voice-V2)",
        ):
            assert told in form, show.text
        assert "POST /accounts/9900000/applications" in show.text


async def test_where_the_request_has_no_room_for_all_of_it_what_is_typed_is_in_sight(stage: Stage) -> None:
    async with stage.show(at="site", answers=guide_answers(), size=(100, 24)) as show:
        assert "<Zip>" not in show.text
        await show.type("site.zip", "27615")
        assert "<Zip>27615</Zip>" in show.text


async def test_the_palette_has_every_step_and_every_current_problem(stage: Stage) -> None:
    answers = guide_answers(site__state="ZZ", voice_app__call_initiated_url=None)
    async with stage.show(at="sms", answers=answers) as show:
        await show.press("ctrl+p")
        lines = show.app.screen.query_one(Menu).lines
        titles = [TITLES[place] for place in walk(show.workflow.draft.answers)]
        assert [line[2:26].strip() for line in lines[: len(titles)]] == titles
        assert [line for line in lines if line.startswith("! Sub-account: There is no state ZZ.")]
        assert [
            line for line in lines if line.startswith("! Voice application: Call-initiated URL is needed")
        ]
        assert show.says("▸ ○ SMS to do"), "it begins where one is"
        assert show.says("Enter go ↑↓ choose Esc close")
        await show.press(*"state zz")
        await show.press("enter")
        assert (show.place, show.focused) == ("site", "site.state")
        await show.type("site.state", "NC")
        await show.press("ctrl+p")
        assert "ZZ" not in show.text
        await show.press(*"call-init", "enter")
        assert (show.place, show.focused) == ("voice_app", "voice_app.call_initiated_url")


@pytest.mark.parametrize("place", [step.key for step in STEPS])
async def test_the_palette_leads_to_each_step_by_its_title(stage: Stage, place: str) -> None:
    async with stage.show(at="connect") as show:
        await show.press("ctrl+p", *TITLES[place], "enter")
        assert show.place == place


async def test_the_palette_is_left_without_going_anywhere(stage: Stage) -> None:
    async with stage.show(at="site") as show:
        for key in ("escape", "ctrl+p"):
            await show.press("ctrl+p", "down", "down", key)
            assert (show.place, show.focused) == ("site", "site.house_number")


async def test_the_palette_holds_commands_too(stage: Stage) -> None:
    async with stage.show(at="site") as show:
        await show.press("ctrl+p", *"theme", "enter")
        assert show.app.theme == "light"
        await show.press("ctrl+p", *"help", "enter")
        assert show.says("House number")
        await show.press("escape", "ctrl+p", *"leave", "enter")
        assert show.says("Leave? Your answers are saved; only secrets are asked again.")


# --- Help --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [place for place in TITLES if place not in ("apply", "done")])
async def test_f1_tells_about_the_screen_or_the_field(stage: Stage, place: str) -> None:
    async with stage.show(at=place) as show:
        question = next((field.question for field in show.fields if field.key == show.focused), None)
        await show.press("f1")
        told = " ".join(" ".join(await show.read()).split())
        if question:
            assert question.help in told
            assert question.source in told
        else:
            assert TITLES[place] in show.text
        assert "^N The next screen" in told
        await show.press("escape")
        assert show.app.screen is show.screen


# --- Typed ahead -------------------------------------------------------------------------------------------------


async def test_what_is_typed_ahead_lands_in_the_fields_that_the_keys_lead_to(stage: Stage) -> None:
    async with stage.show(at="site") as show:
        texts = ("900", "Main Campus Dr", "RALEIGH", "NC", "27606")
        show.send(*(key for text in texts for key in (*text, "tab")), "right", "ctrl+n", *"North", "ctrl+n")
        await show.until(lambda: show.place == "sms")
        await show.settled()
        keys = ("house_number", "street_name", "city", "state", "zip")
        assert tuple(show.answer(f"site.{key}") for key in keys) == texts
        assert show.answer("site.address_type") == "Service"
        assert show.answer("sippeer.name") == "Main locationNorth"


async def test_a_whole_screen_typed_ahead_with_enter_goes_on_to_the_next(stage: Stage) -> None:
    stage.login = LOGIN
    async with stage.show(at="welcome") as show:
        show.send("enter", "enter", "enter", *"https://a.b", "enter", *"9900000", "enter", "enter")
        await show.until(lambda: show.workflow.is_connected)
        await show.settled()
        assert show.answer("setup.callback_base_url") == "https://a.b"
        assert show.answer("account.account_id") == "9900000"


async def test_pasted_text_keeps_its_turn_among_the_keys(stage: Stage) -> None:
    async with stage.show(at="site") as show:
        show.send("9", "tab")
        show.paste("Main Campus Dr")
        show.send("tab", *"RALEIGH")
        await show.until(lambda: show.answer("site.city") == "RALEIGH")
        await show.settled()
        assert show.answer("site.house_number") == "9"
        assert show.answer("site.street_name") == "Main Campus Dr"


async def test_connect_is_complete_once_it_has_connected(stage: Stage) -> None:
    stage.login = replace(LOGIN, secret=Secret("not-this-one"))
    async with stage.show(answers=guide_answers(), at="connect") as show:
        await show.press("ctrl+n")
        assert signs(show, "connect") == [PlaceStatus.TO_DO], "nobody has tested it"
        await show.press("escape", "enter")
        assert signs(show, "connect") == [PlaceStatus.PROBLEM]
        await show.type("login.secret", "demo-secret")
        await show.press("enter", "enter", "enter", "enter")
        assert signs(show, "connect") == [PlaceStatus.COMPLETE]


async def test_done_is_done_once_it_is_proven(stage: Stage) -> None:
    async with connected(stage) as show:
        assert signs(show, "done") == [PlaceStatus.TO_DO]
        await say_yes(show)
        assert signs(show, "done") == [PlaceStatus.DONE]


async def test_a_base_url_that_is_wrong_is_put_right_first_and_nothing_is_made_of_it(stage: Stage) -> None:
    async with stage.show(at="welcome") as show:
        await show.type("setup.callback_base_url", "www.example.com")
        await show.press("enter")
        assert (show.place, show.focused) == ("welcome", "setup.callback_base_url")
        await show.press("ctrl+n")
        await show.go("messaging_app")
        assert show.answer("messaging_app.callback_url") == ""
        await show.press("ctrl+n")
        assert signs(show, "welcome", "messaging_app") == [PlaceStatus.PROBLEM, PlaceStatus.PROBLEM]


# --- Where one is, and what is said of it ---------------------------------------------------------------------------


async def test_the_choice_between_new_and_there_shows_that_it_has_the_focus_and_arrows_lead_on(
    stage: Stage,
) -> None:
    async with stage.show(at="site", answers=guide_answers()) as show:
        await show.press("up")
        assert "▸ (•) create a new one" in show.text
        await show.press("down")
        assert "▸ Name" in show.text
        assert "▸ (•) create a new one" not in show.text


async def test_on_the_smallest_terminal_one_arrives_where_one_can_see_it(stage: Stage) -> None:
    async with stage.show(size=(40, 12)) as show:
        await show.press("ctrl+n", "ctrl+n")
        assert show.focused == "site.house_number"
        assert "▸ House number" in show.text


async def test_what_was_said_of_a_field_is_gone_where_the_focus_is_on_none(stage: Stage) -> None:
    async with stage.show(at="sms") as show:
        assert show.says("Texting to and from toll-free numbers.")
        show.screen.query_one("#next").focus()
        await show.settled()
        assert not show.says("Texting to and from")


async def test_rail_and_palette_agree_once_something_is_missing(stage: Stage) -> None:
    async with stage.show(at="site") as show:
        assert signs(show, "site") == [PlaceStatus.TO_DO]
        await show.press("tab")
        assert signs(show, "site") == [PlaceStatus.PROBLEM]
        await show.press("ctrl+p")
        assert show.says("! Sub-account problem")


async def test_a_problem_that_is_told_elsewhere_names_its_field(stage: Stage) -> None:
    async with stage.show(at="site", answers=guide_answers(site__zip="12a")) as show:
        await show.press("ctrl+p", *"zip")
        assert show.says("! Sub-account: ZIP code: Exactly 5 digits")
        await show.press("enter")
        assert show.focused == "site.zip"


# --- The keys that are shown -------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", TITLES)
async def test_on_the_smallest_terminal_no_key_is_cut_and_help_tells_those_that_have_no_room(
    stage: Stage, place: str
) -> None:
    async with stage.show(at=place, answers=guide_answers()) as show:
        in_full = show.keys
        await show.resize(40, 12)
        shown = show.keys
        assert "Help" in shown
        assert shown.items() <= (in_full | {"More": "space"}).items(), "none is cut"
        if shown != in_full:
            assert next(iter(shown)) == "Help"
            await show.press("f1")
            told = show.app.screen.query_one("#reading Static", Static).content
            for name in in_full.keys() - shown.keys():
                assert in_full[name].replace("escape", "esc") in str(told).replace("^", "ctrl+").casefold(), (
                    name
                )
