"""From screen to screen: forward, back and anywhere, without losing an answer; and how each screen stands meanwhile."""

import asyncio
import random
import time
from types import SimpleNamespace
from typing import cast

import pytest
from textual import events
from textual.app import App
from textual.widgets import Static

from bwtui.domain.answers.answers import as_meant
from bwtui.domain.catalog import QUESTIONS, STEPS
from bwtui.domain.fields import Choice, Flag, Question, Text
from bwtui.domain.platform import Platform
from bwtui.domain.steps import Step
from bwtui.domain.values.secret import Secret
from bwtui.domain.walk.walk_text import USUAL_SEARCHES, source_told
from bwtui.simulator.settings import Settings
from bwtui.tui.key_queue import KeyQueue
from bwtui.tui.places import TITLES, PlaceStatus, walk
from bwtui.tui.widgets.form import Form
from bwtui.tui.widgets.menu import Menu
from bwtui.tui.widgets.rail import Rail
from support.apply_screen import connected, say_yes
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, ShownWizard, WizardHarness
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
async def test_forward_back_and_jump_never_lose_an_answer(harness: WizardHarness, seed: int) -> None:
    chance = random.Random(seed)
    given: dict[str, str] = {}
    async with harness.show(answers=guide_answers()) as wizard:
        for _ in range(24):
            asked = [field for field in wizard.fields if field.control.focusable and field.key not in LEADING]
            if asked:
                field = chance.choice(asked)
                value = some_answer(field.question, chance)
                await wizard.give(field.key, value)
                given[field.key] = value
                if chance.random() < 0.3 and "Optional" in wizard.keys:
                    await wizard.press_shown("Optional")
            before = wizard.place
            await move(wizard, chance)
            for key, value in given.items():
                if not key.startswith("login.") and not key.endswith("_password"):
                    assert wizard.answer(key) == as_meant(key, value), (
                        f"{key} was lost between {before} and {wizard.place}"
                    )
            for field in wizard.fields:
                value = given.get(field.key, field.control.value)
                meant = as_meant(field.key, value) if field.key in QUESTIONS else value
                assert field.control.value in (value, meant)
    assert len(given) > 5


LEADING = (
    *(f"setup.{wish}" for wish in ("messaging", "voice", "number")),
    *(f"{step.key}.use" for step in STEPS),
    *(f"number.{way}" for way in USUAL_SEARCHES if way != "area_code"),
)
"""Answers that change which screens there are and what they ask; other tests cover those."""


async def move(wizard: ShownWizard, chance: random.Random) -> None:
    """Go on, back, or anywhere by its title."""
    match chance.choice(("on", "back", "on", "anywhere")):
        case "on":
            await wizard.press("ctrl+n")
        case "back":
            await wizard.press("escape")
        case "anywhere":
            place = chance.choice(walk(wizard.workflow.draft.answers)[:-2])
            await wizard.press("ctrl+g", *TITLES[place], "enter")
            assert wizard.place == place


# --- How each screen stands --------------------------------------------------------------------------------------


def signs(wizard: ShownWizard, *places: str) -> list[PlaceStatus]:
    by_sign = {mark.sign: mark for mark in PlaceStatus}
    return [by_sign[wizard.rail[place]] for place in places]


async def test_the_rail_tells_what_is_to_do_complete_wrong_left_out_and_used(harness: WizardHarness) -> None:
    voice_app = await made_elsewhere(harness, "/applications", VOICE)
    answers = guide_answers(mms__enabled="false", voice_app__use=voice_app, site__zip="27A06")
    async with connected(harness, answers, at="sippeer") as wizard:
        assert signs(wizard, "connect", "sippeer", "sms") == [
            PlaceStatus.COMPLETE,
            PlaceStatus.TO_DO,
            PlaceStatus.TO_DO,
        ]
        assert signs(wizard, "site") == [PlaceStatus.PROBLEM], (
            "it has not been there, but what is answered is wrong"
        )
        await wizard.go("voice_app")
        await wizard.go("review")
        assert signs(wizard, "sippeer", "mms", "voice_app") == [
            PlaceStatus.COMPLETE,
            PlaceStatus.SKIPPED,
            PlaceStatus.EXISTS,
        ]
        await wizard.go("site")
        await wizard.type("site.zip", "27606")
        assert signs(wizard, "site", "sms") == [PlaceStatus.TO_DO, PlaceStatus.TO_DO]
        await wizard.press("ctrl+n")
        assert signs(wizard, "site", "sms") == [PlaceStatus.COMPLETE, PlaceStatus.TO_DO]


async def test_a_screen_that_is_being_filled_in_for_the_first_time_is_to_do_not_wrong(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="site") as wizard:
        await wizard.type("site.house_number", "900")
        assert signs(wizard, "site") == [PlaceStatus.TO_DO]
        await wizard.press("ctrl+n")
        assert signs(wizard, "site") == [PlaceStatus.PROBLEM]


async def test_the_rail_tells_what_is_done_and_what_was_there(harness: WizardHarness) -> None:
    voice_app = await made_elsewhere(harness, "/applications", VOICE)
    answers = guide_answers(
        voice_app__use=voice_app, voice_app__name=None, voice_app__call_initiated_url=None,
        voice_app__call_status_url=None, voice_app__callback_user=None,
    )  # fmt: skip
    secrets = {key: secret for key, secret in answers.secrets.items() if not key.startswith("voice_app.")}
    async with connected(harness, answers._replace(secrets=secrets)) as wizard:
        await say_yes(wizard)
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
        assert set(signs(wizard, *done)) == {PlaceStatus.DONE}
        assert signs(wizard, "voice_app") == [PlaceStatus.EXISTS]


async def test_what_the_account_lacks_marks_the_steps_it_will_stop(harness: WizardHarness) -> None:
    harness = WizardHarness(
        folder=harness.folder, settings=Settings(missing_products={"MMS", "OrigHttpVoice"})
    )
    async with connected(harness, at="connect") as wizard:
        for title, feature in (("MMS", "MMS"), ("Voice application", "OrigHttpVoice")):
            assert wizard.says(
                f"? {title}: the account seems to lack {feature}; Bandwidth may refuse this step."
            )
        await wizard.go("review")
        assert signs(wizard, "mms", "voice_app") == [PlaceStatus.DOUBT, PlaceStatus.DOUBT]
        assert PlaceStatus.DOUBT not in signs(wizard, "site", "sippeer", "sms", "number", "messaging_app")
        await wizard.go("mms")
        assert wizard.says("? The account seems to lack MMS; Bandwidth may refuse this step.")
        assert wizard.place == "mms"


async def test_a_wide_terminal_shows_the_rail_as_a_column_with_every_title(harness: WizardHarness) -> None:
    async with harness.show(at="site", size=(120, 40)) as wizard:
        heading, *column = wizard.shown(wizard.screen.query_one(Rail)).splitlines()
        assert heading.split() == ["Steps"]
        assert [line.strip(" ▸●○–!0123456789") for line in column if line] == [
            TITLES[place] for place in walk(wizard.workflow.draft.answers)
        ]
        assert [line.strip() for line in column if "▸" in line] == ["▸○  1 Sub-account"]
        await wizard.type("site.zip", "x")
        assert "▸!  1 Sub-account" in wizard.text
        assert "<Zip>x</Zip>" in wizard.text, "the request follows every key"
        await wizard.press("backspace", "2")
        assert "<Zip>2</Zip>" in wizard.text


async def test_in_the_request_what_was_answered_looks_different_from_its_tags(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=guide_answers(), size=(120, 40)) as wizard:
        row = next(row for row, line in enumerate(wizard.lines) if "<Zip>27606</Zip>" in line)
        start = wizard.lines[row].index("<Zip>")
        opening, value, closing = (
            set(map(str, wizard.styles[row][start + first : start + last]))
            for first, last in ((0, 5), (5, 10), (10, 16))
        )
        assert len(opening) == len(value) == 1
        assert opening == closing != value


@pytest.mark.parametrize("size", [(110, 24), (120, 40), (200, 60)])
async def test_beside_the_rail_a_form_has_no_less_room_than_on_a_small_terminal(
    harness: WizardHarness, size: tuple[int, int]
) -> None:
    async with harness.show(at="voice_app", answers=guide_answers(), size=size) as wizard:
        form = wizard.shown(wizard.screen.query_one(Form))
        for told in (
            "Call-initiated URL *",
            "https://yourSecureSite.com/callbacks/status",
            "Callback password",
        ):
            assert told in form, wizard.text
        assert "POST /accounts/9900000/applications" in wizard.text


async def test_the_typed_value_stays_in_sight_in_a_request_that_is_too_long(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="site", answers=guide_answers(), size=(100, 24)) as wizard:
        assert "<Zip>" not in wizard.text
        await wizard.type("site.zip", "27615")
        assert "<Zip>27615</Zip>" in wizard.text


async def test_the_palette_has_every_step_and_every_current_problem(harness: WizardHarness) -> None:
    answers = guide_answers(site__state="ZZ", voice_app__call_initiated_url=None)
    async with harness.show(at="sms", answers=answers) as wizard:
        await wizard.press("ctrl+p")
        lines = wizard.app.screen.query_one(Menu).lines
        titles = [TITLES[place] for place in walk(wizard.workflow.draft.answers)]
        assert [line[2:26].strip() for line in lines[: len(titles)]] == titles
        assert [line for line in lines if line.startswith("! Sub-account: There is no state ZZ.")]
        assert [
            line for line in lines if line.startswith("! Voice application: Call-initiated URL is needed")
        ]
        assert wizard.says("▸ ○ SMS to do"), "it begins where one is"
        assert wizard.says("Enter go ↑↓ choose Esc close")
        await wizard.press(*"state zz")
        await wizard.press("enter")
        assert (wizard.place, wizard.focused) == ("site", "site.state")
        await wizard.type("site.state", "NC")
        await wizard.press("ctrl+p")
        assert "ZZ" not in wizard.text
        await wizard.press(*"call-init", "enter")
        assert (wizard.place, wizard.focused) == ("voice_app", "voice_app.call_initiated_url")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)], ids=["80x24", "120x40", "40x12"])
async def test_the_keys_of_a_long_palette_are_in_sight(harness: WizardHarness, size: tuple[int, int]) -> None:
    async with harness.show(at="sms", answers=guide_answers(), size=size) as wizard:
        await wizard.press("ctrl+p")
        assert "Enter go  ↑↓ choose  Esc close" in wizard.text


@pytest.mark.parametrize("step", [step for step in STEPS if step.on_screen], ids=lambda step: step.key)
async def test_the_palette_leads_to_each_step_by_its_title(harness: WizardHarness, step: Step) -> None:
    answers = guide_answers(account__platform=step.platform or Platform.LEGACY)
    async with harness.show(at="connect", answers=answers) as wizard:
        await wizard.press("ctrl+p", *step.title, "enter")
        assert wizard.place == step.key


async def test_the_palette_does_not_offer_steps_that_have_no_screen_or_another_platform(
    harness: WizardHarness,
) -> None:
    for platform in (Platform.LEGACY, Platform.UNIVERSAL):
        async with harness.show(at="connect", answers=guide_answers(account__platform=platform)) as wizard:
            await wizard.press("ctrl+p")
            lines = wizard.app.screen.query_one(Menu).lines
            offered = {step.key for step in STEPS if any(line[2:26].strip() == step.title for line in lines)}
            walked = {step.key for step in STEPS if step.on_screen and step.platform in (None, platform)}
            assert offered == walked


async def test_the_palette_is_left_without_going_anywhere(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        for key in ("escape", "ctrl+p"):
            await wizard.press("ctrl+p", "down", "down", key)
            assert (wizard.place, wizard.focused) == ("site", "site.house_number")


async def test_the_palette_leads_to_a_field_by_its_label(harness: WizardHarness) -> None:
    async with harness.show(at="welcome", answers=guide_answers()) as wizard:
        assert not wizard.says("Sub-account: ZIP code")
        await wizard.press("ctrl+g", *"zip ext", "enter")
        assert (wizard.place, wizard.focused) == ("site", "site.plus_four")


async def test_the_palette_leads_to_the_credentials(harness: WizardHarness) -> None:
    async with harness.show(at="welcome", answers=guide_answers()) as wizard:
        await wizard.press("ctrl+g", *"secret", "enter")
        assert (wizard.place, wizard.focused) == ("connect", "login.secret")


@pytest.mark.parametrize("name", ["Done", "Review", "done", " review "])
async def test_the_palette_has_what_is_called_so_first(harness: WizardHarness, name: str) -> None:
    async with connected(harness, guide_answers(), at="review") as wizard:
        await say_yes(wizard)
        await wizard.until(lambda: wizard.place == "done")
        await wizard.press("ctrl+g", *name)
        assert wizard.app.screen.query_one(Menu).lines[0][2:26].strip() == name.strip().capitalize()
        await wizard.press("enter")
        assert wizard.place == name.strip().casefold()


async def test_the_palette_has_matching_names_before_matching_statuses(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        await wizard.press("tab", "ctrl+g", *"do")
        lines = wizard.app.screen.query_one(Menu).lines
        by_name = ["do" in line.removesuffix("to do").casefold() for line in lines]
        assert any(by_name)
        assert by_name == sorted(by_name, reverse=True)


async def test_the_palette_holds_commands_too(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        await wizard.press("ctrl+p", *"theme", "enter")
        assert wizard.app.theme == "light"
        await wizard.press("ctrl+p", *"help", "enter")
        assert wizard.says("House number")
        await wizard.press("escape", "ctrl+p", *"leave", "enter")
        assert wizard.says("Leave? Your answers are saved; only secrets are asked again.")


# --- Help --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [place for place in TITLES if place not in ("apply", "done")])
async def test_f1_tells_about_the_screen_or_the_field(harness: WizardHarness, place: str) -> None:
    async with harness.show(at=place) as wizard:
        question = next((field.question for field in wizard.fields if field.key == wizard.focused), None)
        await wizard.press("f1")
        told = " ".join(" ".join(await wizard.read()).split())
        if question:
            assert question.help in told
            assert f"Source: {source_told(question.source)}" in told
        else:
            assert TITLES[place] in wizard.text
        assert ("^N Asks once more" if place == "review" else "^N The next screen") in told
        await wizard.press("escape")
        assert wizard.app.screen is wizard.screen


async def test_help_names_each_key_once_and_promises_nothing_that_leaving_denies(
    harness: WizardHarness,
) -> None:
    async with harness.show() as wizard:
        await wizard.press("f1")
        lines = [line for line in await wizard.read() if line.startswith("  ")]
        assert len(set(lines)) == len(lines)
        told = " ".join(" ".join(lines).split())
        assert "^G, ^P Any screen, problem or command" in told
        assert "^C Leave; it asks first, and says what is kept" in told
        assert "– skipped" in told, "the signs in the line of steps"


async def test_an_error_that_was_left_is_counted_on_the_next_screen(harness: WizardHarness) -> None:
    async with connected(harness, guide_answers(), at="site") as wizard:
        await wizard.type("site.name", "TooLongAName")
        await wizard.press("ctrl+n")
        assert wizard.place == "sippeer"
        assert "1 screen to put right" in wizard.lines[1]


# --- Typed ahead -------------------------------------------------------------------------------------------------


async def test_text_typed_ahead_lands_in_the_fields_that_the_keys_lead_to(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        texts = ("900", "Main Campus Dr", "RALEIGH", "NC", "27606")
        wizard.send(
            *(key for text in texts for key in (*text, "tab")),
            "right",
            "ctrl+n",
            "up",
            "up",
            *"North",
            "ctrl+n",
        )
        await wizard.until(lambda: wizard.place == "sms")
        await wizard.settled()
        keys = ("house_number", "street_name", "city", "state", "zip")
        assert tuple(wizard.answer(f"site.{key}") for key in keys) == texts
        assert wizard.answer("site.address_type") == "Service"
        assert wizard.answer("sippeer.name") == "Main locationNorth"


async def test_a_whole_screen_typed_ahead_with_enter_goes_on_to_the_next(harness: WizardHarness) -> None:
    harness.login = LOGIN
    async with harness.show(at="welcome") as wizard:
        wizard.send(*"https://a.b", "enter", *"9900000", "enter", "enter")
        await wizard.until(lambda: wizard.workflow.is_connected)
        await wizard.settled()
        assert wizard.answer("setup.callback_base_url") == "https://a.b"
        assert wizard.answer("account.account_id") == "9900000"


async def test_on_a_machine_that_draws_slowly_no_letter_is_lost() -> None:
    screen = SimpleNamespace(is_mounted=True, ancestors_with_self=[])
    app = SimpleNamespace(screen=screen, focused=None, message_queue_size=0)
    drawn_before: dict[str, bool] = {}

    async def handle(event: events.Key | events.Paste) -> None:
        assert isinstance(event, events.Key)
        drawn_before[event.key] = screen.is_mounted
        screen.is_mounted = event.key != "enter"

    keys = KeyQueue(cast("App[int]", app), handle)
    await keys.take(events.Key("enter", None))
    await keys.take(events.Key("a", "a"))
    for _ in range(8):
        await asyncio.sleep(0)
        time.sleep(0.2)  # noqa: ASYNC251 - the loop stands still, as where drawing takes long
    screen.is_mounted = True
    while not keys.is_quiet:  # noqa: ASYNC110 - it has no event for that
        await asyncio.sleep(0.01)
    assert drawn_before == {"enter": True, "a": True}


async def test_pasted_text_keeps_its_turn_among_the_keys(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        wizard.send("9", "tab")
        wizard.paste("Main Campus Dr")
        wizard.send("tab", *"RALEIGH")
        await wizard.until(lambda: wizard.answer("site.city") == "RALEIGH")
        await wizard.settled()
        assert wizard.answer("site.house_number") == "9"
        assert wizard.answer("site.street_name") == "Main Campus Dr"


async def test_connect_is_complete_once_it_has_connected(harness: WizardHarness) -> None:
    harness.login = LOGIN._replace(secret=Secret("not-this-one"))
    async with harness.show(answers=guide_answers(), at="connect") as wizard:
        assert signs(wizard, "connect") == [PlaceStatus.TO_DO], "nobody has tested it"
        await wizard.press("ctrl+n")
        assert wizard.place == "connect", "Next tests, and goes on only once that has passed"
        assert signs(wizard, "connect") == [PlaceStatus.PROBLEM]
        await wizard.type("login.secret", "demo-secret")
        await wizard.press("enter", "enter", "enter", "enter")
        assert signs(wizard, "connect") == [PlaceStatus.COMPLETE]


async def test_done_is_done_once_it_is_proven(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        assert signs(wizard, "done") == [PlaceStatus.TO_DO]
        await say_yes(wizard)
        assert signs(wizard, "done") == [PlaceStatus.DONE]


async def test_a_base_url_that_is_wrong_is_put_right_first_and_nothing_is_made_of_it(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="welcome") as wizard:
        await wizard.type("setup.callback_base_url", "www example.com")
        await wizard.press("enter")
        assert (wizard.place, wizard.focused) == ("welcome", "setup.callback_base_url")
        await wizard.press("ctrl+n")
        await wizard.go("messaging_app")
        assert wizard.answer("messaging_app.callback_url") == ""
        await wizard.press("ctrl+n")
        assert signs(wizard, "welcome", "messaging_app") == [PlaceStatus.PROBLEM, PlaceStatus.PROBLEM]


# --- Where one is, and what is said of it ---------------------------------------------------------------------------


async def test_the_choice_between_new_and_there_shows_that_it_has_the_focus_and_arrows_lead_on(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="site", answers=guide_answers()) as wizard:
        await wizard.enter("site.name")
        await wizard.press("up")
        assert "▌ (•) create a new one" in wizard.text
        await wizard.press("down")
        assert "▌ Name" in wizard.text
        assert "▌ (•) create a new one" not in wizard.text


async def test_on_the_smallest_terminal_one_arrives_where_one_can_see_it(harness: WizardHarness) -> None:
    async with harness.show(size=(40, 12)) as wizard:
        await wizard.go("site")
        assert wizard.focused == "site.house_number"
        assert "▌ House number" in wizard.text


async def test_a_message_about_a_field_goes_when_no_field_has_the_focus(harness: WizardHarness) -> None:
    async with harness.show(at="sms") as wizard:
        await wizard.enter("sms.toll_free")
        assert wizard.says("Text to and from toll-free numbers.")
        wizard.screen.query_one("#next").focus()
        await wizard.settled()
        assert not wizard.says("Text to and from")


async def test_rail_and_palette_agree_once_something_is_missing(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        assert signs(wizard, "site") == [PlaceStatus.TO_DO]
        await wizard.press("tab")
        assert signs(wizard, "site") == [PlaceStatus.PROBLEM]
        await wizard.press("ctrl+p")
        assert wizard.says("! Sub-account problem")


async def test_a_problem_that_is_told_elsewhere_names_its_field(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=guide_answers(site__zip="12a")) as wizard:
        await wizard.press("ctrl+p", *"zip")
        assert wizard.says("! Sub-account: ZIP code: Exactly 5 digits")
        await wizard.press("enter")
        assert wizard.focused == "site.zip"


# --- The keys that are shown -------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", TITLES)
async def test_on_the_smallest_terminal_no_key_is_cut_and_help_tells_those_that_have_no_room(
    harness: WizardHarness, place: str
) -> None:
    async with harness.show(at=place, answers=guide_answers()) as wizard:
        in_full = wizard.keys
        await wizard.resize(40, 12)
        shown = wizard.keys
        assert "Help" in shown
        assert shown.items() <= (in_full | {"More": "space"}).items(), "none is cut"
        if shown != in_full:
            assert next(iter(shown)) == "Help"
            await wizard.press("f1")
            told = wizard.app.screen.query_one("#reading Static", Static).content
            for name in in_full.keys() - shown.keys():
                assert in_full[name].replace("escape", "esc") in str(told).replace("^", "ctrl+").casefold(), (
                    name
                )


async def test_the_title_names_account_and_host_also_of_a_base_url_of_ones_own(
    harness: WizardHarness,
) -> None:
    async with harness.show(answers=guide_answers(), at="site") as wizard:
        assert wizard.lines[0].rstrip().endswith("account 9900000 at api.bandwidth.com")
    answers = guide_answers(account__base_url="https://gateway.acme.io:8443/bandwidth")
    async with harness.show(answers=answers, at="site") as wizard:
        assert wizard.lines[0].rstrip().endswith("account 9900000 at gateway.acme.io:8443")


async def test_steps_are_counted_once(harness: WizardHarness) -> None:
    """The count beside the signs is that of the group they stand in; what is no step is not counted."""
    async with harness.show(answers=guide_answers(), at="mms") as wizard:
        assert wizard.lines[1].split()[:4] == ["Step", "4", "of", "10"]
        _, steps, _ = wizard.lines[1].split()[4:]
        assert len(steps.replace("[", "").replace("]", "")) == 10
        await wizard.go("review")
        assert wizard.lines[1].split()[:2] == ["10", "steps"]
    async with harness.show(answers=guide_answers(), at="mms", size=(120, 40)) as wizard:
        assert "4 MMS" in wizard.shown(wizard.screen.query_one(Rail))
