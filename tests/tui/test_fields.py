"""The messages at a field while it is filled in: each limit of the guide, as soon as it is known."""

import pytest
from textual.widgets import Input

from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import QUESTIONS, SITE, STEPS
from bwtui.domain.fields import Text
from bwtui.tui.places import place_of
from bwtui.tui.widgets.form import explanation_of
from support.guide import guide_answers
from support.wizard_pilot import WizardHarness

CALLBACKS = ("messaging_app.callback_url", "voice_app.call_initiated_url")

WRONG = [
    ("setup.callback_base_url", "yourSecureSite", "Start it with https://, as in https://yourSecureSite", "https://yourSecureSite.com"),
    ("setup.callback_base_url", "htp:/x", "Start it with https://, as in https://x", "https://x.dev"),
    ("setup.callback_base_url", "https://a.b/?x=1", "Leave out the ? or # and everything after it.", "https://a.b/"),
    ("account.account_id", "99OOOOO", "Digits only, such as 9900000; the Bandwidth App shows it.", "9900000"),
    ("account.base_url", "http://api.bandwidth.com/api", "Credentials travel over https only", "https://api.bandwidth.com/api"),
    ("login.user", "a:b", "Leave out the colon", "CLI-1234"),
    ("site.name", "ElevenChars", "At most 10 characters; this has 11. Shorten it, for example to “ElevenChar”.", "ElevenChar"),
    ("site.customer_provided_id", "12345678901", "At most 10 characters; this has 11.", "1234567890"),
    ("site.customer_name", "x" * 51, "At most 50 characters; this has 51.", "x" * 50),
    ("site.state", "NCX", "Exactly 2 letters, such as NC; this has 3 characters.", "NC"),
    ("site.state", "ZZ", "There is no state ZZ. Type a two-letter state, such as NC, CA or TX.", "CA"),
    ("site.zip", "27A06", "Exactly 5 digits, such as 27606.", "27606"),
    ("site.zip", "276061", "Exactly 5 digits, such as 27606.", "27606"),
    ("site.zip", "27606-517", "Exactly 5 digits, such as 27606.", "27606"),
    ("site.zip", "2151", "including a leading zero: 02151?", "02151"),
    ("site.plus_four", "517", "Exactly 4 digits, such as 5177.", "5177"),
    ("site.plus_four", "51777", "Exactly 4 digits, such as 5177.", "5177"),
    ("number.area_code", "119", "3 digits, such as 919; the first is 2 to 9.", "919"),
    ("number.toll_free_pattern", "900", "One of 8**, 80*", "8**"),
    ("number.quantity", "5001", "A whole number from 1 to 5000.", "5000"),
    ("number.numbers", "919555", "“919555” is not a US or Canadian number: type ten digits, such as +1 (919) 555-1234.", "9195551234"),
    *(
        case
        for key in CALLBACKS
        for case in (
            (key, "/callbacks", "Start it with https://, as in https://callbacks", "https://a.b/callbacks"),
            (key, "callbacks", "Start it with https://", "https://a.b/callbacks"),
            (key, "ftp://a.b/c", "Start it with https://, as in https://a.b/c", "https://a.b/c"),
            (key, "https://", "Give the host after //", "https://a.b/c"),
            (key, "https://a b/c", "A complete URL without spaces", "https://a.b/c"),
            (key, "https://me:pw@a.b/c", "Leave the user and password out of the URL", "https://a.b/c"),
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


CHOSEN = {step.key_of(step.chosen_by) for step in STEPS if step.chosen_by}
"""What is chosen in a list first, and typed only there."""
LIMITED = [
    key
    for key, each in QUESTIONS.items()
    if isinstance(each, Text) and each.limit and not each.secret_from and key not in CHOSEN
]


@pytest.mark.parametrize("place", sorted(set(map(place_of, LIMITED))))
async def test_every_limit_is_shown_with_a_count(harness: WizardHarness, place: str) -> None:
    platform = next((step.platform for step in STEPS if step.key == place), None)
    answers = guide_answers(account__platform=platform) if platform else None
    async with harness.show(at=place, answers=answers) as wizard:
        for key in LIMITED:
            if place_of(key) == place:
                question = QUESTIONS[key]
                assert isinstance(question, Text)
                await wizard.type(key, "9")
                label = wizard.field(key).label
                if label.display:
                    assert wizard.shown(label).endswith(f" 1/{question.limit}")
                else:  # the ways to search stand in its place
                    assert question.limit_told
                    assert wizard.says(question.limit_told)


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
        assert wizard.said_at(user).endswith("take the password away."), "without a code of the API"
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


async def test_a_value_that_is_too_long_ends_with_an_ellipsis_without_the_focus(
    harness: WizardHarness,
) -> None:
    url = f"https://example.com/{'a' * 40}/{'b' * 40}/end"
    async with harness.show(
        at="voice_app", answers=guide_answers(voice_app__call_initiated_url=url)
    ) as wizard:
        control = wizard.field("voice_app.call_initiated_url").control
        await wizard.enter("voice_app.name")
        [shown] = wizard.shown(control).splitlines()
        assert shown.rstrip() == f"{url[: control.size.width - 1]}…"
        await wizard.enter("voice_app.call_initiated_url")
        assert wizard.shown(control).rstrip().endswith("/end")
        assert "…" not in wizard.shown(control)


async def test_a_search_by_city_wants_the_state_too(harness: WizardHarness) -> None:
    async with harness.show(at="number") as wizard:
        await wizard.type("number.city", "RALEIGH")
        await wizard.press("tab")
        assert "A search by city needs the state too, such as NC." in wizard.said_at("number.state")
        await wizard.type("number.state", "NC")
        assert wizard.said_at("number.state") == ""


# --- Taken as meant ----------------------------------------------------------------------------------------------

MEANT = [
    ("setup.callback_base_url", "bwtui.dev/a", "https://bwtui.dev/a"),
    ("account.base_url", "api.bandwidth.com", "https://api.bandwidth.com/api"),
    ("site.state", "nc", "NC"),
    ("site.state", "north carolina", "NC"),
    ("site.country", "usa", "United States"),
    ("number.area_code", "(919)", "919"),
    ("number.npa_nxx", "919-439", "919439"),
    ("number.zip", "27606-5177", "27606"),
    ("number.toll_free_pattern", "888", "88*"),
    ("messaging_app.callback_url", "bwtui.dev", "https://bwtui.dev"),
    ("voice_app.call_status_url", "a.bwtui.dev:8443/x?y", "https://a.bwtui.dev:8443/x?y"),
]
"""Question, what is typed, and what can only be meant."""


@pytest.mark.parametrize(("key", "typed", "meant"), MEANT, ids=lambda value: value[:24])
async def test_what_can_only_mean_one_thing_is_taken_so_and_said_at_the_field(
    harness: WizardHarness, key: str, typed: str, meant: str
) -> None:
    async with harness.show(at=place_of(key), answers=without("number.area_code")) as wizard:
        await wizard.type(key, f"{typed} ")
        assert wizard.field(key).control.value == f"{typed} ", "nothing changes under the fingers"
        await wizard.press("tab")
        assert wizard.field(key).control.value == meant
        assert wizard.said_at(key) == f"→ “{typed}” is taken as {meant}."
        assert wizard.answer(key) == meant
        await wizard.type(key, meant)
        await wizard.press("tab")
        assert "is taken as" not in wizard.said_at(key)


async def test_a_zip_code_with_its_extension_fills_both_fields(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=guide_answers()) as wizard:
        await wizard.type("site.zip", "27606-5177")
        await wizard.press("tab")
        assert wizard.said_at("site.zip") == "→ “27606-5177” is taken as 27606, ZIP extension 5177."
        assert (wizard.answer("site.zip"), wizard.answer("site.plus_four")) == ("27606", "5177")
        await wizard.enter("site.plus_four")
        assert wizard.field("site.plus_four").control.value == "5177"


async def test_blanks_around_an_answer_go_without_a_word(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        await wizard.type("site.city", " Raleigh  ")
        await wizard.press("tab")
        assert wizard.field("site.city").control.value == "Raleigh"
        assert wizard.said_at("site.city") == ""


async def test_a_callback_host_of_a_private_network_is_doubted(harness: WizardHarness) -> None:
    key = "setup.callback_base_url"
    async with harness.show(at=place_of(key)) as wizard:
        await wizard.type(key, "10.0.0.3")
        assert wizard.said_at(key).startswith("? Bandwidth cannot reach 10.0.0.3")
        await wizard.type(key, "127.0.0.1:8000")
        assert wizard.said_at(key).startswith("! Start it with https://"), (
            "it may mean http, so it is not guessed"
        )


async def test_phone_numbers_are_shown_as_people_write_them(harness: WizardHarness) -> None:
    async with harness.show(at="number") as wizard:
        await wizard.type("number.numbers", "919.555.1234,9195551235")
        await wizard.press("tab")
        assert wizard.field("number.numbers").control.value == "+1 (919) 555-1234, +1 (919) 555-1235"
        assert wizard.answer("number.numbers") == "9195551234,9195551235"
        assert wizard.said_at("number.numbers") == ""


@pytest.mark.parametrize(
    ("key", "default"),
    [
        ("messaging_app.callback_url", "https://yourSecureSite.com/callbacks"),
        ("voice_app.call_initiated_url", "https://yourSecureSite.com/callbacks/init"),
        ("number.quantity", "1"),
        ("site.name", "Main"),
        ("messaging_app.name", "Messaging"),
    ],
)
async def test_a_field_that_was_cleared_takes_its_default_again(
    harness: WizardHarness, key: str, default: str
) -> None:
    answers = guide_answers()
    answers = answers._replace(given={**without(key).given, "setup.callback_base_url": answers.given["messaging_app.callback_url"]._replace(value="https://yourSecureSite.com")})  # fmt: skip
    async with harness.show(at=place_of(key), answers=answers) as wizard:
        await wizard.type(key, "x")
        await wizard.type(key, "")
        assert wizard.field(key).control.value == ""
        await wizard.press("tab")
        assert wizard.field(key).control.value == wizard.answer(key) == default
        assert not wizard.field(key).blocks


async def test_an_optional_url_that_was_cleared_is_not_sent_and_says_so(harness: WizardHarness) -> None:
    key = "voice_app.call_status_url"
    async with harness.show(at=place_of(key), answers=guide_answers()) as wizard:
        await wizard.type(key, "")
        await wizard.press("tab")
        assert wizard.said_at(key) == "→ Left empty, so it is not sent."
        assert wizard.answer(key) == ""


async def test_a_callback_password_is_never_corrected(harness: WizardHarness) -> None:
    key = "messaging_app.callback_password"
    async with harness.show(at=place_of(key), answers=guide_answers()) as wizard:
        await wizard.type(key, "example.org")
        await wizard.press("tab")
        assert wizard.workflow.draft.answers.secrets[key].reveal() == "example.org"
        assert wizard.said_at(key) == ""


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


async def test_enter_does_not_leave_a_needed_field_empty_so_that_nothing_lands_in_the_next_one(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="messaging_app") as wizard:
        assert wizard.focused == "messaging_app.callback_url"
        await wizard.press("enter")
        assert wizard.said_at("messaging_app.callback_url") == "! needed"
        await wizard.press(*"server.example/cb", "enter")
        assert wizard.answer("messaging_app.callback_url") == "https://server.example/cb"
        assert wizard.answer("messaging_app.inbound_url") == ""
        assert wizard.focused != "messaging_app.callback_url", "what is answered is left"


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
    ("site.country", "Canada", "One of: United States, US."),
    ("sippeer.name", "x" * 51, "At most 50 characters; this has 51."),
    ("setup.callback_base_url", "https://example.com", "example.com is a placeholder: give the public address"),
    ("site.house_number", "9 00", "There is a blank in it: 900?"),
    ("messaging_app.callback_url", "https://127.0.0.1:9000/x", "Bandwidth cannot reach 127.0.0.1"),
    ("voice_app.call_status_url", "https://a.b:444/x", "Bandwidth calls back on ports 80, 443 and 1024 or above"),
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
        assert wizard.says("+ 12 optional: Description, Your own ID, Your own name")
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
            control = wizard.field(key).control
            while not wizard.focused.startswith(place) or (wizard.focused == key and not control.has_focus):
                await wizard.press("tab")  # past the fold, and the ways to search that stand before an answer
            assert wizard.focused == key
            assert wizard.sees(control), f"{key} has the focus and is out of sight"
            assert wizard.says(explanation_of(QUESTIONS[key])), wizard.text
            await wizard.press("tab")


async def test_what_is_wrong_in_a_folded_field_unfolds_it(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=guide_answers(site__plus_four="51")) as wizard:
        assert wizard.said_at("site.plus_four").startswith("! Exactly 4 digits")


async def test_what_is_always_sent_is_told_by_the_help_and_is_no_row_of_the_form(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="sms") as wizard:
        assert not wizard.says("Protocol")
        assert not wizard.says("must be")
        wizard.screen.query_one("#next").focus()
        await wizard.press("f1")
        told = "\n".join(await wizard.read())
        assert "Always sent: Protocol HTTP (Bandwidth's setup guide: must be HTTP)" in told
        assert "Always sent: Zone 1 true (Bandwidth's setup guide: must be true)" in told


@pytest.mark.parametrize("key", QUESTIONS)
def test_below_a_field_is_what_it_is_for_and_its_limit_but_not_who_says_so(key: str) -> None:
    question = QUESTIONS[key]
    told = explanation_of(question)
    assert told.startswith(question.help)
    assert "[" not in told
    assert not any(tag in told for tag in ("guide", "errors", "oas", "raml", "bwtui"))
    if isinstance(question, Text) and question.limit:
        assert question.form or f"At most {question.limit} characters." in told


async def test_where_a_limit_comes_from_is_told_by_the_help(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        await wizard.enter("site.name")
        assert wizard.says("Shown in the Bandwidth App. At most 10 characters.")
        await wizard.press("f1")
        told = " ".join(await wizard.read())
        assert (
            "Source: Bandwidth's setup guide: at most 10 characters (Bandwidth's error 12529 says 50)" in told
        )


async def test_settings_that_most_leave_as_they_are_fold_away_and_a_word_of_the_api_says_what_it_does(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="sms") as wizard:
        assert wizard.says("+ 4 optional: Zone 2, Zone 3, Zone 4, Zone 5")
        assert not wizard.says("Zone 2 *")
        await wizard.choose("sms.a2p_long_code", "DefaultOff")
        assert wizard.says("‹ DefaultOff: unless a number says on ›")
        assert wizard.says("Leave it if you are not sure.")


@pytest.mark.parametrize("key", ["sms.zone2", "sms.zone3", "sms.zone4", "sms.zone5"])
async def test_a_zone_whose_countries_nobody_names_says_whom_to_ask(harness: WizardHarness, key: str) -> None:
    async with harness.show(at="sms") as wizard:
        await wizard.enter(key)
        assert wizard.says(
            f"the countries of zone {key[-1]}. No public list names them: ask your account manager."
        )


# --- Typing over what stands there -------------------------------------------------------------------------------

SERVER = "setup.callback_base_url"


async def test_ctrl_u_clears_a_url_that_was_completed_and_another_one_takes_its_place(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="welcome") as wizard:
        await wizard.type(SERVER, "example.com")
        await wizard.press("shift+tab", "tab", "ctrl+u", *"https://abc.bwtui.dev/hooks/messages", "tab")
        assert wizard.answer(SERVER) == "https://abc.bwtui.dev/hooks/messages"


async def test_ctrl_u_clears_the_whole_field_wherever_the_cursor_is(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=guide_answers()) as wizard:
        await wizard.enter("site.city")
        await wizard.press("home", "right", "ctrl+u")
        assert wizard.field("site.city").control.value == ""
        await wizard.press("f1")
        assert any(" ".join(line.split()) == "^U Clear the field" for line in await wizard.read())


async def test_what_is_typed_in_a_field_that_one_comes_to_is_appended(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=guide_answers()) as wizard:
        await wizard.enter("site.city")
        await wizard.press("home", "shift+tab", "tab", "!")
        assert wizard.field("site.city").control.value == "RALEIGH!"


async def test_how_a_url_was_taken_is_said_beside_what_is_doubtful_about_it(harness: WizardHarness) -> None:
    async with harness.show(at="welcome") as wizard:
        await wizard.type(SERVER, "example.com")
        await wizard.press("tab")
        assert wizard.said_at(SERVER).startswith("? “example.com” is taken as https://example.com. ")
        await wizard.type(SERVER, "https://example.com")
        assert "is taken as" not in wizard.said_at(SERVER)
