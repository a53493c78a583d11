"""The wizard uses the account's objects and address, and one URL fills in the others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from bwtui.domain.answers.answers import Answers, Source
from bwtui.domain.planning.actions import Verdict
from bwtui.store.answers_file import read
from bwtui.tui.places import TITLES, PlaceStatus
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.existing_chooser import Chooser
from bwtui.tui.widgets.menu import Menu
from support.apply_screen import connected, say_yes
from support.guide import guide_answers
from support.wizard_pilot import ShownWizard, WizardHarness
from support.write_faults import MESSAGING, SITE, VOICE, elsewhere, location_elsewhere, made_elsewhere

LOCATION = "<SipPeer><PeerName>Second floor</PeerName><IsDefaultPeer>false</IsDefaultPeer></SipPeer>"


@asynccontextmanager
async def somebody_new(harness: WizardHarness, at: str) -> AsyncIterator[ShownWizard]:
    """Somebody who has answered nothing but who they are and which numbers they want, connected, at a screen."""
    given = guide_answers(setup__callback_base_url="https://hooks.acme.io").given
    wanted = ("account.account_id", "setup.callback_base_url", "number.area_code")
    async with connected(harness, Answers({key: given[key] for key in wanted}), at=at) as wizard:
        yield wizard


ANOTHER_SITE: Final = SITE.format("Not ours either").replace("SetupTest", "Another")


async def use(wizard: ShownWizard, name: str) -> None:
    """Choose something that is there by its name, with keys."""
    wizard.screen.query_one(Chooser)._pick.focus()
    await wizard.press("right", "tab")
    while wizard.focused != "Candidates":
        await wizard.press("tab")
    lines = wizard.screen.query_one("Chooser Menu", Menu).lines
    row = next(row for row, line in enumerate(lines) if f" {name} " in line)
    await wizard.press("home", *["down"] * row)


async def chosen(wizard: ShownWizard, name: str) -> None:
    await use(wizard, name)
    await wizard.press("enter")


async def test_existing_objects_are_chosen_by_name_and_id_and_nothing_is_made_twice(
    harness: WizardHarness,
) -> None:
    site_id, sippeer_id = await location_elsewhere(harness)
    other = await made_elsewhere(harness, f"/sites/{site_id}/sippeers", LOCATION)
    messaging_app = await made_elsewhere(harness, "/applications", MESSAGING)
    voice_app = await made_elsewhere(harness, "/applications", VOICE)
    before = await harness.state()
    async with somebody_new(harness, "site") as wizard:
        assert wizard.says("use an existing one (1)")
        await use(wizard, "SetupTest")
        assert wizard.says(f"(•) SetupTest {site_id}"), "there is no other"
        assert wizard.says("Description: Not ours")
        await wizard.press("enter")
        assert wizard.answer("site.use") == site_id
        assert wizard.says(f"(•) SetupTest {site_id}")
        assert wizard.focused == "next"
        await wizard.press("enter")
        assert wizard.place == "sippeer"
        await use(wizard, "Second floor")
        assert wizard.says(f"( ) Main {sippeer_id}")
        assert wizard.says(f"( ) Second floor {other}")
        assert wizard.says("Default location: no")
        await wizard.press("home", "enter", "enter")
        await wizard.go("messaging_app")
        await use(wizard, "Production Server")
        assert wizard.says("Callback URL: https://example.com/callbacks")
        assert "Setup Test Voice" not in wizard.text, "an application of the other sort cannot be chosen"
        await wizard.press("enter")
        await wizard.go("messaging_link")
        assert wizard.says(
            f"Links application {messaging_app} (existing) to location {sippeer_id} (existing)."
        )
        await wizard.go("voice_app")
        await chosen(wizard, "Setup Test Voice")
        await wizard.go("voice_link")
        await wizard.choose("voice_link.existing", "change")
        await wizard.go("review")
        verdicts = dict(
            zip((title for _, title in wizard.plan), (verdict for verdict, _ in wizard.plan), strict=True)
        )
        kept = ("Sub-account", "Location", "Messaging application", "Voice application")
        assert {verdicts[title] for title in kept} == {Verdict.KEEP}, wizard.text
        assert Verdict.CONFLICT not in verdicts.values()
        await say_yes(wizard)
        assert wizard.place == "done", wizard.text
    after = await harness.state()
    assert after["sites"][0]["fields"] == before["sites"][0]["fields"]
    assert after["applications"] == before["applications"]
    assert (len(after["sites"]), len(after["sippeers"])) == (1, 2)
    assert {link["application_id"] for link in after["links"]} == {messaging_app, voice_app}
    assert {link["sippeer_id"] for link in after["links"]} == {sippeer_id}


async def test_answers_about_a_new_object_wait_while_an_existing_one_is_used(
    harness: WizardHarness, tmp_path: Path
) -> None:
    voice_app = await made_elsewhere(harness, "/applications", VOICE)
    async with connected(harness, guide_answers(), at="voice_app") as wizard:
        await wizard.type("voice_app.name", "Mine")
        await chosen(wizard, "Setup Test Voice")
        assert not any(wizard.sees(field) for field in wizard.fields if field.key == "voice_app.name")
        await wizard.go("review")
        wizard.screen.query_one("#actions").focus()
        await wizard.press("end", "up")
        assert wizard.says("keep Voice application")
        assert "Mine" not in wizard.text
        await wizard.press("ctrl+s", "ctrl+u", *str(tmp_path / "saved.toml"), "enter")
        saved = read(str(tmp_path / "saved.toml")).given
        assert [key for key in saved if key.startswith("voice_app.")] == ["voice_app.use"]
        assert saved["voice_app.use"].value == voice_app
        await wizard.go("voice_app")
        wizard.screen.query_one(Chooser)._pick.focus()
        await wizard.press("left")
        assert wizard.answer("voice_app.use") == ""
        assert wizard.field("voice_app.name").control.value == "Mine"
        assert wizard.shown(wizard.field("voice_app.callback_password").control) == "•" * len("Your-Password")
        await wizard.go("review")
        assert ("create", "Voice application") in wizard.plan


async def test_using_an_existing_object_needs_its_id(harness: WizardHarness) -> None:
    await made_elsewhere(harness, "/applications", VOICE)
    await made_elsewhere(harness, "/applications", VOICE.replace("Setup Test Voice", "Another"))
    async with somebody_new(harness, "voice_app") as wizard:
        wizard.screen.query_one(Chooser)._pick.focus()
        await wizard.press("right")
        wizard.screen.query_one("#next", LineButton).focus()
        await wizard.press("enter")
        assert wizard.place == "voice_app"
        assert wizard.says("Choose an existing one, or create a new one.")


async def test_an_id_can_be_typed_where_nothing_was_looked_up(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        wizard.screen.query_one(Chooser)._pick.focus()
        await wizard.press("right", "tab")
        assert wizard.says("Connect first to see what exists, or type an ID.")
        assert wizard.focused == "site.use"
        await wizard.press(*"12 345")
        assert "The ID that Bandwidth shows, such as 12345" in wizard.said_at("site.use")
        await wizard.type("site.use", "12345")
        assert wizard.said_at("site.use") == ""
        assert wizard.answer("site.use") == "12345"


async def test_a_location_that_is_used_says_which_sub_account_it_needs(harness: WizardHarness) -> None:
    async with harness.show(at="sippeer", answers=guide_answers()) as wizard:
        wizard.screen.query_one(Chooser)._pick.focus()
        await wizard.press("right", "tab", *"500709")
        assert wizard.answer("sippeer.use") == "500709"
        assert wizard.says("Choose its sub-account first to see what exists, or type an ID.")
        await wizard.go("site")
        wizard.screen.query_one("#next", LineButton).focus()
        await wizard.press("enter")
        assert (wizard.place, wizard.focused) == ("site", "site.use")
        assert "say which sub-account it belongs to" in wizard.said_at("site.use")
        await wizard.press(*"12345", "ctrl+n")
        assert wizard.rail["site"] == PlaceStatus.EXISTS.sign


# --- The same name -----------------------------------------------------------------------------------------------


async def test_the_same_name_with_other_blanks_is_known_for_the_same_and_used_by_one_key(
    harness: WizardHarness,
) -> None:
    id_ = await made_elsewhere(
        harness, "/applications", VOICE.replace("Setup Test Voice", "Setup \N{NO-BREAK SPACE}test Voice")
    )
    async with connected(harness, guide_answers(), at="voice_app") as wizard:
        assert wizard.says(f"already exists ({id_}): use it"), wizard.text
        await wizard.go("review")
        await wizard.press_shown("Use it")
        assert wizard.answer("voice_app.use") == id_


@pytest.mark.parametrize(
    ("place", "path", "body"),
    [("site", "/sites", SITE.format("Not ours")), ("messaging_app", "/applications", MESSAGING), ("voice_app", "/applications", VOICE)],
)  # fmt: skip
async def test_the_same_name_with_other_settings_is_a_conflict_before_anything_is_written(
    harness: WizardHarness, place: str, path: str, body: str
) -> None:
    id_ = await made_elsewhere(harness, path, body)
    before = await harness.writes()
    async with connected(harness, guide_answers(), at=place) as wizard:
        name = wizard.answer(f"{place}.name")
        assert wizard.says(f"? “{name}” already exists ({id_}): use it, or choose another name.")
        await wizard.go("review")
        assert [title for verdict, title in wizard.plan if verdict == Verdict.CONFLICT] == [TITLES[place]]
        assert wizard.says("1 to put right first. Enter goes there.")
        assert wizard.says("of this name already exists, and this setup did not create it")
        await wizard.press("ctrl+n")
        assert wizard.place == "review"
        assert wizard.says("Put right what is listed first")
        assert await harness.writes() == before
        await wizard.go(place)
        await wizard.type(f"{place}.name", "Another")
        assert "already exists" not in wizard.text
        await wizard.go("review")
        assert ("create", TITLES[place]) in wizard.plan


async def test_a_setting_of_a_used_location_that_is_otherwise_is_a_conflict_that_leads_to_its_answer(
    harness: WizardHarness,
) -> None:
    site_id, sippeer_id = await location_elsewhere(harness)
    sms = (
        "<SipPeerSmsFeature><SipPeerSmsFeatureSettings><TollFree>false</TollFree><Protocol>HTTP</Protocol>"
        "<Zone1>true</Zone1></SipPeerSmsFeatureSettings><HttpSettings/></SipPeerSmsFeature>"
    )
    features = f"/sites/{site_id}/sippeers/{sippeer_id}/products/messaging/features"
    await elsewhere(harness, "POST", f"{features}/sms", sms)
    answers = guide_answers(site__use=site_id, sippeer__use=sippeer_id, voice_link__existing="change")
    before = await harness.writes()
    async with connected(harness, answers) as wizard:
        assert [title for verdict, title in wizard.plan if verdict == Verdict.CONFLICT] == ["SMS"]
        assert wizard.says("Toll-free numbers is “no”, should be “yes”")
        await wizard.press("enter")
        assert (wizard.place, wizard.focused) == ("sms", "sms.existing")
        assert await harness.writes() == before


# --- The account's own address -----------------------------------------------------------------------------------


def source(wizard: ShownWizard, key: str) -> Source:
    return wizard.workflow.draft.answers.given[key].source


async def test_the_address_of_the_account_fills_in_that_of_the_sub_account_and_can_be_changed(
    harness: WizardHarness,
) -> None:
    async with somebody_new(harness, "site") as wizard:
        shown = {
            name: wizard.answer(f"site.{name}")
            for name in ("house_number", "street_name", "city", "state", "zip")
        }
        assert shown == {
            "house_number": "900", "street_name": "MAIN CAMPUS DR", "city": "RALEIGH", "state": "NC", "zip": "27606",
        }  # fmt: skip
        assert all(wizard.field(f"site.{name}").control.value == value for name, value in shown.items())
        assert source(wizard, "site.city") is Source.ACCOUNT
        await wizard.type("site.city", "DURHAM")
        assert source(wizard, "site.city") is Source.TYPED


async def test_changing_the_address_keeps_no_hidden_part_of_the_old_one(harness: WizardHarness) -> None:
    async with somebody_new(harness, "site") as wizard:
        await wizard.press("ctrl+o")
        assert wizard.field("site.plus_four").control.value == "5177"
        await wizard.type("site.zip", "27701")
        assert wizard.answer("site.plus_four") == ""
        assert wizard.field("site.plus_four").control.value == ""
        assert wizard.answer("site.city") == "RALEIGH", "what is required stands there to be read"
        await wizard.type("site.plus_four", "1234")
        await wizard.type("site.zip", "27702")
        assert wizard.answer("site.plus_four") == "1234", "what was typed stays"


async def test_an_address_that_was_answered_is_not_mixed_with_the_account_s_own(
    harness: WizardHarness,
) -> None:
    async with connected(harness, guide_answers(site__zip="27701"), at="site") as wizard:
        assert wizard.answer("site.zip") == "27701"
        assert wizard.answer("site.street_name") == "Main Campus Dr"
        assert wizard.answer("site.plus_four") == ""


# --- One URL for all ---------------------------------------------------------------------------------------------


async def test_the_public_base_url_fills_in_the_callback_urls_and_each_can_be_changed(
    harness: WizardHarness,
) -> None:
    async with harness.show() as wizard:
        await wizard.type("setup.callback_base_url", "https://hooks.acme.io/")
        await wizard.go("messaging_app")
        assert wizard.field("messaging_app.callback_url").control.value == "https://hooks.acme.io/callbacks"
        await wizard.go("voice_app")
        assert (
            wizard.field("voice_app.call_initiated_url").control.value
            == "https://hooks.acme.io/callbacks/init"
        )
        assert (
            wizard.field("voice_app.call_status_url").control.value
            == "https://hooks.acme.io/callbacks/status"
        )
        await wizard.type("voice_app.call_status_url", "https://other.acme.io/status")
        await wizard.go("welcome")
        await wizard.type("setup.callback_base_url", "https://new.acme.io")
        await wizard.go("voice_app")
        assert (
            wizard.field("voice_app.call_initiated_url").control.value == "https://new.acme.io/callbacks/init"
        )
        assert wizard.field("voice_app.call_status_url").control.value == "https://other.acme.io/status"


async def test_a_callback_url_that_is_emptied_is_made_anew_where_it_is_needed(harness: WizardHarness) -> None:
    answers = guide_answers(setup__callback_base_url="https://hooks.acme.io")
    async with harness.show(at="voice_app", answers=answers) as wizard:
        for name, default in (
            ("call_initiated_url", "https://hooks.acme.io/callbacks/init"),
            ("call_status_url", ""),
        ):
            await wizard.type(f"voice_app.{name}", "")
            await wizard.press("tab")
            assert not wizard.field(f"voice_app.{name}").blocks
            assert wizard.answer(f"voice_app.{name}") == default


async def test_a_wish_to_use_what_is_there_is_kept_until_it_is_said_what(harness: WizardHarness) -> None:
    await location_elsewhere(harness)
    await made_elsewhere(harness, "/sites", ANOTHER_SITE)
    async with somebody_new(harness, "site") as wizard:
        wizard.screen.query_one(Chooser)._pick.focus()
        await wizard.press("right", "ctrl+n")
        assert wizard.place == "sippeer"
        assert wizard.rail["site"] == "!"
        await wizard.press("escape")
        assert wizard.says("(•) use an existing one (2)")
        await wizard.go("review")
        assert wizard.says("! Sub-account: Choose an existing one, or create a new one.")
        assert wizard.text.count("Sub-account: ") == 1, "nothing is said about a new one that nobody wants"
        assert wizard.plan == []
        await wizard.go("site")
        wizard.screen.query_one(Chooser)._pick.focus()
        await wizard.press("left")
        assert wizard.rail["site"] != "!"


async def test_the_list_comes_first_and_then_what_can_be_typed(harness: WizardHarness) -> None:
    site_id, _ = await location_elsewhere(harness)
    await made_elsewhere(harness, "/sites", ANOTHER_SITE)
    async with somebody_new(harness, "site") as wizard:
        wizard.screen.query_one(Chooser)._pick.focus()
        await wizard.press("right", "enter")
        assert wizard.focused == "Candidates"
        assert wizard.answer("site.use") == "", "nothing is chosen among several"
        await wizard.press("end", "tab")
        assert wizard.focused == "site.use"
        await wizard.press("enter")
        assert wizard.focused == "Candidates", "an ID that nobody typed is chosen from the list"
        await wizard.press("home")
        await wizard.press_shown("Choose")
        assert wizard.answer("site.use") == site_id
        assert wizard.focused == "next"


async def test_a_single_one_is_chosen_already_and_enter_goes_on(harness: WizardHarness) -> None:
    site_id, sippeer_id = await location_elsewhere(harness)
    async with somebody_new(harness, "site") as wizard:
        assert wizard.says(f"(•) SetupTest {site_id}")
        assert wizard.answer("site.use") == site_id
        await wizard.press("enter")
        assert wizard.place == "sippeer"
        assert wizard.answer("sippeer.use") == sippeer_id
        wizard.screen.query_one(Chooser)._pick.focus()
        await wizard.press("left")
        assert wizard.answer("sippeer.use") == "", "a new one is wanted after all"
        await wizard.press("right")
        assert wizard.answer("sippeer.use") == sippeer_id, "the only one is chosen again"
        await wizard.press("left")
        await wizard.go("site")
        assert wizard.focused == "next", "Enter goes on"
