"""The messages at a field while it is filled in: each limit of the guide, as soon as it is known."""

import pytest
from textual.widgets import Input

from bwtui.domain.answers import Answers
from bwtui.domain.catalog import QUESTIONS, SITE
from bwtui.domain.fields import Text
from bwtui.tui.places import place_of
from bwtui.tui.widgets.form import explanation_of
from support.guide import guide_answers
from support.wizard_pilot import WizardHarness

CALLBACKS = ("messaging_app.callback_url", "voice_app.call_initiated_url")

WRONG = [
    ("setup.callback_base_url", "yourSecureSite.com", "Start it with https://: https://yourSecureSite.com", "https://yourSecureSite.com"),
    ("setup.callback_base_url", "https://a.b/?x=1", "Leave out everything from ? or # on.", "https://a.b/"),
    ("account.account_id", "99OOOOO", "Digits only, such as 9900000; the App shows it.", "9900000"),
    ("account.base_url", "http://api.bandwidth.com/api", "Credentials travel over https only", "https://api.bandwidth.com/api"),
    ("login.user", "a:b", "Leave out the colon", "CLI-1234"),
    ("site.name", "ElevenChars", "At most 10 characters; this has 11. Shorten it, for instance to “ElevenChar”.", "ElevenChar"),
    ("site.customer_provided_id", "12345678901", "At most 10 characters; this has 11.", "1234567890"),
    ("site.customer_name", "x" * 51, "At most 50 characters; this has 51.", "x" * 50),
    ("site.state", "NCX", "Exactly 2 letters, such as NC; this has 3 characters.", "NC"),
    ("site.state", "ZZ", "There is no state ZZ. Type a postal code such as NC, CA or TX.", "CA"),
    ("site.zip", "27A06", "Exactly 5 digits, such as 27606.", "27606"),
    ("site.zip", "276061", "Exactly 5 digits, such as 27606.", "27606"),
    ("site.zip", "27606-5177", "type 27606 here and 5177 as the four-digit extension", "27606"),
    ("site.zip", "2151", "a leading zero belongs to it: 02151?", "02151"),
    ("site.plus_four", "517", "Exactly 4 digits, such as 5177.", "5177"),
    ("site.plus_four", "51777", "Exactly 4 digits, such as 5177.", "5177"),
    ("number.area_code", "119", "3 digits, such as 919; area code and exchange start with 2 to 9.", "919"),
    ("number.toll_free_pattern", "900", "8 and a pattern, one of 8**, 80*", "8**"),
    ("number.quantity", "5001", "A whole number from 1 to 5000.", "5000"),
    ("number.numbers", "919555", "“919555” is no US or Canadian number: type ten digits, such as 9195551234.", "9195551234"),
    *(
        case
        for key in CALLBACKS
        for case in (
            (key, "/callbacks", "Start it with https://: https://callbacks", "https://a.b/callbacks"),
            (key, "callbacks", "Start it with https://", "https://a.b/callbacks"),
            (key, "ftp://a.b/c", "Start it with https://: https://a.b/c", "https://a.b/c"),
            (key, "https://", "Name the host after //", "https://a.b/c"),
            (key, "https://a b/c", "A complete URL without blanks", "https://a.b/c"),
            (key, "https://me:pw@a.b/c", "Leave user and password out of the URL", "https://a.b/c"),
            (key.partition(".")[0] + ".callback_user", "short", "From 6 to 63 characters; this has 5.", "longer"),
            (key.partition(".")[0] + ".callback_user", "with:colon", "Leave out the colon", "withoutcolon"),
        )
    ),
]  # fmt: skip
"""Question, a wrong answer, what is said about it, and a right one."""


def without(*keys: str) -> Answers:
    """The guide's example without some of its answers."""
    answers = guide_answers()
    return answers._replace(given={key: answer for key, answer in answers.given.items() if key not in keys})


@pytest.mark.parametrize("place", ["connect", "site", "number"])
async def test_no_cursor_blinks_since_that_sends_bytes_while_nobody_types(
    harness: WizardHarness, place: str
) -> None:
    async with harness.show(at=place) as wizard:
        cursors = wizard.screen.query(Input)
        assert cursors
        assert not any(cursor.cursor_blink for cursor in cursors)


@pytest.mark.parametrize(("key", "wrong", "words", "right"), WRONG, ids=lambda value: str(value)[:24])
async def test_what_is_wrong_is_said_at_the_field_and_goes_once_it_is_right(
    harness: WizardHarness, key: str, wrong: str, words: str, right: str
) -> None:
    async with harness.show(at=place_of(key), answers=without(key, "number.area_code")) as wizard:
        await wizard.type(key, wrong)
        assert wizard.focused == key
        said = wizard.said_at(key)
        assert said.startswith("! ")
        assert words in said
        assert wizard.field(key).control.value == wrong, "nothing that is typed is swallowed"
        await wizard.type(key, right)
        assert wizard.said_at(key) == ""


@pytest.mark.parametrize(
    ("key", "right", "extra"),
    [
        ("site.name", "TenLetters", "!"),
        ("site.state", "NC", "X"),
        ("site.zip", "27606", "a"),
        ("site.plus_four", "5177", "0"),
        ("site.customer_provided_id", "1234567890", "1"),
        ("site.customer_name", "x" * 50, "y"),
    ],
)  # fmt: skip
async def test_one_character_too_many_is_said_at_that_very_key_with_the_count(
    harness: WizardHarness, key: str, right: str, extra: str
) -> None:
    async with harness.show(at="site") as wizard:
        await wizard.type(key, right)
        limit = len(right)
        assert wizard.said_at(key) == ""
        assert wizard.shown(wizard.field(key).label).endswith(f" {limit}/{limit}")
        await wizard.press(extra)
        assert wizard.said_at(key).startswith("! ")
        assert wizard.shown(wizard.field(key).label).endswith(f" {limit + 1}/{limit}")
        assert wizard.rail["site"] == "!"
        await wizard.press("backspace")
        assert wizard.said_at(key) == ""
        assert wizard.shown(wizard.field(key).label).endswith(f" {limit}/{limit}")


LIMITED = [
    key for key, each in QUESTIONS.items() if isinstance(each, Text) and each.limit and not each.secret_from
]


@pytest.mark.parametrize("place", sorted(set(map(place_of, LIMITED))))
async def test_every_limit_is_shown_with_a_count(harness: WizardHarness, place: str) -> None:
    async with harness.show(at=place) as wizard:
        for key in LIMITED:
            if place_of(key) == place:
                question = QUESTIONS[key]
                assert isinstance(question, Text)
                await wizard.type(key, "9")
                assert wizard.shown(wizard.field(key).label).endswith(f" 1/{question.limit}")


# --- What several answers say together ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "messaging_app.callback_url",
        "messaging_app.inbound_url",
        "voice_app.call_initiated_url",
        "voice_app.call_status_url",
    ],
)
async def test_http_with_callback_credentials_is_said_at_the_url_as_soon_as_there_is_a_user(
    harness: WizardHarness, key: str
) -> None:
    table = place_of(key)
    async with harness.show(at=table) as wizard:
        await wizard.type(key, "http://a.b/c")
        assert wizard.said_at(key) == ""
        await wizard.type(f"{table}.callback_user", "Your-User-id")
        assert "https is required when callback credentials are given: type https://a.b/c" in wizard.said_at(
            key
        )
        await wizard.type(key, "https://a.b/c")
        assert wizard.said_at(key) == ""
        await wizard.type(key, "http://a.b/c")
        assert wizard.said_at(key)
        await wizard.type(f"{table}.callback_user", "")
        assert wizard.said_at(key) == ""


@pytest.mark.parametrize("table", ["messaging_app", "voice_app"])
async def test_callback_credentials_are_a_pair(harness: WizardHarness, table: str) -> None:
    user, password = f"{table}.callback_user", f"{table}.callback_password"
    async with harness.show(at=table, answers=guide_answers()) as wizard:
        await wizard.type(user, "")
        assert "A callback password is given but no user" in wizard.said_at(user)
        await wizard.type(password, "")
        assert wizard.said_at(user) == ""
        await wizard.type(user, "Your-User-id")
        await wizard.press("enter")
        assert wizard.focused == password
        await wizard.press("enter")
        assert wizard.said_at(password).startswith("! ")
        assert wizard.rail[table] == "!"
        await wizard.type(password, "Your-Password")
        assert wizard.said_at(password) == ""
        assert wizard.rail[table] != "!"


async def test_a_search_by_city_wants_the_state_too(harness: WizardHarness) -> None:
    async with harness.show(at="number") as wizard:
        await wizard.type("number.city", "RALEIGH")
        await wizard.press("tab")
        assert "A search by city needs the state too, such as NC." in wizard.said_at("number.state")
        await wizard.type("number.state", "NC")
        assert wizard.said_at("number.state") == ""


# --- Secrets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["messaging_app.callback_password", "voice_app.callback_password"])
async def test_a_password_that_is_too_short_is_said_without_repeating_it(
    harness: WizardHarness, key: str
) -> None:
    async with harness.show(at=place_of(key), answers=guide_answers()) as wizard:
        await wizard.type(key, "qzx77")
        assert wizard.said_at(key) == "! From 6 to 63 characters; this has 5."
        assert "qzx77" not in wizard.text
        assert wizard.says("•••••")
        await wizard.type(key, "qzx777")
        assert wizard.said_at(key) == ""


# --- What is missing ---------------------------------------------------------------------------------------------


async def test_what_is_missing_is_said_once_its_field_was_left(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        assert wizard.focused == "site.house_number", "what is missing first has the focus"
        assert not any(wizard.said_at(field.key) for field in wizard.fields)
        await wizard.press("tab")
        assert wizard.said_at("site.house_number") == "! needed"
        assert wizard.said_at("site.street_name") == ""
        await wizard.press("shift+tab")
        assert wizard.said_at("site.house_number") == "! needed"
        assert wizard.says("Example: 900."), "and what it might be"
        await wizard.press_shown("Next")
        assert wizard.place == "sippeer", "the next screen can be looked at all the same"
        assert wizard.rail["site"] == "!"
        await wizard.press_shown("Back")
        for name in ("house_number", "street_name", "city", "state", "zip"):
            assert wizard.said_at(f"site.{name}") == "! needed"


async def test_next_as_a_button_goes_to_what_is_missing(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        wizard.screen.query_one("#next").focus()
        await wizard.press("enter")
        assert (wizard.place, wizard.focused) == ("site", "site.house_number")
        assert wizard.said_at("site.zip") == "! needed"
        await wizard.press(*"9")
        assert wizard.said_at("site.house_number") == ""


# --- Doubts ------------------------------------------------------------------------------------------------------


DOUBTS = [
    ("site.description", "x" * 251, "At most 250 characters; this has 251."),
    ("site.country", "Canada", "One of United States, US."),
    ("sippeer.name", "x" * 51, "At most 50 characters; this has 51."),
    ("setup.callback_base_url", "https://example.com", "Bandwidth cannot reach example.com"),
    ("messaging_app.callback_url", "https://127.0.0.1:9000/x", "Bandwidth cannot reach 127.0.0.1"),
    ("voice_app.call_status_url", "https://a.b:444/x", "Bandwidth calls back to ports 80, 443 and from 1024 on"),
    ("sippeer.is_default", "false", "The first location of a sub-account is always its default one"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "words"), DOUBTS, ids=[key for key, *_ in DOUBTS])
async def test_a_doubt_looks_different_from_an_error_and_never_blocks(
    harness: WizardHarness, key: str, value: str, words: str
) -> None:
    place = place_of(key)
    async with harness.show(at=place, answers=guide_answers()) as wizard:
        await wizard.give(key, value)
        assert wizard.said_at(key).startswith("? ")
        assert words in wizard.said_at(key)
        assert not wizard.field(key).problem.blocks
        doubt = wizard.field(key).problem.styles.color
        assert wizard.rail[place] != "!"
        wizard.screen.query_one("#next").focus()
        await wizard.press("enter")
        assert wizard.place != place
        await wizard.go("site")
        await wizard.type("site.name", "ElevenChars")
        assert wizard.field("site.name").problem.styles.color != doubt


# --- Required first, the rest folded -----------------------------------------------------------------------------


async def test_required_fields_come_first_and_the_optional_ones_are_folded_under_one_line(
    harness: WizardHarness,
) -> None:
    required = [f"site.{question.key}" for question in SITE.questions if question.required]
    async with harness.show(at="site") as wizard:
        assert [field.key for field in wizard.fields if field.key != "site.use"] == required
        assert all(wizard.sees(field) for field in wizard.fields if field.key in required)
        assert wizard.says("+ 12 optional: Description, Your own id, Your own name")
        await wizard.press_shown("Optional")
        assert wizard.says("- 12 optional")
        optional = [field.key for field in wizard.fields if field.key not in (*required, "site.use")]
        assert len(optional) == 12
        await wizard.type("site.county", "Wake")
        await wizard.press_shown("Optional")
        assert wizard.says("+ 12 optional")
        assert not wizard.field("site.county").region
        assert wizard.answer("site.county") == "Wake"
        assert wizard.focused == "Fold"
        await wizard.press("enter")
        assert wizard.focused == "site.description", "the line opens by itself too, and leads on"


@pytest.mark.parametrize("place", ["site", "number"])
async def test_every_optional_field_is_reached_with_tab_and_seen_with_its_help_when_it_is(
    harness: WizardHarness, place: str
) -> None:
    async with harness.show(at=place) as wizard:
        await wizard.press("ctrl+o")
        wanted = [field.key for field in wizard.fields if field.display and field.key != f"{place}.use"]
        wizard.field(wanted[0]).control.focus()
        for key in wanted:
            await wizard.settled()
            while not wizard.focused.startswith(place):
                await wizard.press("tab")
            assert wizard.focused == key
            assert wizard.sees(wizard.field(key).control), f"{key} has the focus and is out of sight"
            assert wizard.says(explanation_of(QUESTIONS[key])), wizard.text
            await wizard.press("tab")


async def test_what_is_wrong_in_a_folded_field_unfolds_it(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=guide_answers(site__plus_four="51")) as wizard:
        assert wizard.said_at("site.plus_four").startswith("! Exactly 4 digits")


async def test_fixed_values_are_shown_as_fixed(harness: WizardHarness) -> None:
    async with harness.show(at="sms") as wizard:
        assert wizard.says("Protocol HTTP (guide: must be HTTP)")
        assert wizard.says("Zone1 true (guide: must be true)")
        assert not any(field.question.label in ("Protocol", "Zone1") for field in wizard.fields)
