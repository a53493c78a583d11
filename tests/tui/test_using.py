"""What the account holds and says is used: objects that are there, and its address; and one URL fills in the others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bwtui.domain.actions import Verdict
from bwtui.domain.answers import Answers, Source
from bwtui.store.answers_file import read
from bwtui.tui.places import TITLES, PlaceStatus
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.existing_chooser import Chooser
from bwtui.tui.widgets.menu import Menu
from support.apply_screen import connected, say_yes
from support.guide import guide_answers
from support.wizard_pilot import Show, Stage
from support.write_faults import MESSAGING, SITE, VOICE, elsewhere, location_elsewhere, made_elsewhere

LOCATION = "<SipPeer><PeerName>Second floor</PeerName><IsDefaultPeer>false</IsDefaultPeer></SipPeer>"


@asynccontextmanager
async def somebody_new(stage: Stage, at: str) -> AsyncIterator[Show]:
    """Somebody who has answered nothing but who they are and which numbers they want, connected, at a screen."""
    given = guide_answers(setup__callback_base_url="https://hooks.acme.io").given
    wanted = ("account.account_id", "setup.callback_base_url", "number.area_code")
    async with connected(stage, Answers({key: given[key] for key in wanted}), at=at) as show:
        yield show


async def use(show: Show, name: str) -> None:
    """Choose something that is there by its name, with keys."""
    show.screen.query_one(Chooser)._pick.focus()
    await show.press("right", "tab")
    while show.focused != "Candidates":
        await show.press("tab")
    lines = show.screen.query_one("Chooser Menu", Menu).lines
    row = next(row for row, line in enumerate(lines) if f" {name} " in line)
    await show.press("home", *["down"] * row)


async def chosen(show: Show, name: str) -> None:
    await use(show, name)
    await show.press("enter")


async def test_what_is_there_is_chosen_by_name_and_id_with_its_settings_and_nothing_is_made_twice(
    stage: Stage,
) -> None:
    site_id, sippeer_id = await location_elsewhere(stage)
    other = await made_elsewhere(stage, f"/sites/{site_id}/sippeers", LOCATION)
    messaging_app = await made_elsewhere(stage, "/applications", MESSAGING)
    voice_app = await made_elsewhere(stage, "/applications", VOICE)
    before = await stage.state()
    async with somebody_new(stage, "site") as show:
        assert show.says("use one that is there (1)")
        await use(show, "SetupTest")
        assert show.says(f"( ) SetupTest {site_id}")
        assert show.says("Description: Not ours")
        await show.press("enter")
        assert show.answer("site.use") == site_id
        assert show.says(f"(•) SetupTest {site_id}")
        assert show.focused == "next"
        await show.press("enter")
        assert show.place == "sippeer"
        await use(show, "Second floor")
        assert show.says(f"( ) Main {sippeer_id}")
        assert show.says(f"( ) Second floor {other}")
        assert show.says("Default location: false")
        await show.press("home", "enter", "enter")
        await show.go("messaging_app")
        await use(show, "Production Server")
        assert show.says("Callback URL: https://example.com/callbacks")
        assert "Setup Test Voice" not in show.text, "an application of the other sort cannot be chosen"
        await show.press("enter")
        await show.go("messaging_link")
        assert show.says(
            f"Links application {messaging_app} (there already) to location {sippeer_id} (there already)."
        )
        await show.go("voice_app")
        await chosen(show, "Setup Test Voice")
        await show.go("voice_link")
        await show.choose("voice_link.existing", "change")
        await show.go("review")
        verdicts = dict(
            zip((title for _, title in show.plan), (verdict for verdict, _ in show.plan), strict=True)
        )
        kept = ("Sub-account", "Location", "Messaging application", "Voice application")
        assert {verdicts[title] for title in kept} == {Verdict.KEEP}, show.text
        assert Verdict.CONFLICT not in verdicts.values()
        await say_yes(show)
        assert show.place == "done", show.text
    after = await stage.state()
    assert after["sites"][0]["fields"] == before["sites"][0]["fields"]
    assert after["applications"] == before["applications"]
    assert (len(after["sites"]), len(after["sippeers"])) == (1, 2)
    assert {link["application_id"] for link in after["links"]} == {messaging_app, voice_app}
    assert {link["sippeer_id"] for link in after["links"]} == {sippeer_id}


async def test_what_was_answered_about_a_new_one_waits_while_one_that_is_there_is_used(
    stage: Stage, tmp_path: Path
) -> None:
    voice_app = await made_elsewhere(stage, "/applications", VOICE)
    async with connected(stage, guide_answers(), at="voice_app") as show:
        await show.type("voice_app.name", "Mine")
        await chosen(show, "Setup Test Voice")
        assert not any(show.sees(field) for field in show.fields if field.key == "voice_app.name")
        await show.go("review")
        show.screen.query_one("#actions").focus()
        await show.press("end", "up")
        assert show.says("keep Voice application")
        assert "Mine" not in show.text
        await show.press("ctrl+s", "ctrl+u", *str(tmp_path / "saved.toml"), "enter")
        saved = read(str(tmp_path / "saved.toml")).given
        assert [key for key in saved if key.startswith("voice_app.")] == ["voice_app.use"]
        assert saved["voice_app.use"].value == voice_app
        await show.go("voice_app")
        show.screen.query_one(Chooser)._pick.focus()
        await show.press("left")
        assert show.answer("voice_app.use") == ""
        assert show.field("voice_app.name").control.value == "Mine"
        assert show.shown(show.field("voice_app.callback_password").control) == "•" * len("Your-Password")
        await show.go("review")
        assert ("new", "Voice application") in show.plan


async def test_to_use_one_without_saying_which_is_no_answer(stage: Stage) -> None:
    await made_elsewhere(stage, "/applications", VOICE)
    async with somebody_new(stage, "voice_app") as show:
        show.screen.query_one(Chooser)._pick.focus()
        await show.press("right")
        show.screen.query_one("#next", LineButton).focus()
        await show.press("enter")
        assert show.place == "voice_app"
        assert show.says("Choose one that is there, or create a new one.")


async def test_an_id_can_be_typed_where_nothing_was_looked_up(stage: Stage) -> None:
    async with stage.show(at="site") as show:
        show.screen.query_one(Chooser)._pick.focus()
        await show.press("right", "tab")
        assert show.says("Connect first to choose from what is there, or type its id.")
        assert show.focused == "site.use"
        await show.press(*"12 345")
        assert "The id that Bandwidth shows, such as 12345" in show.said_at("site.use")
        await show.type("site.use", "12345")
        assert show.said_at("site.use") == ""
        assert show.answer("site.use") == "12345"


async def test_a_location_that_is_used_says_which_sub_account_it_needs(stage: Stage) -> None:
    async with stage.show(at="sippeer", answers=guide_answers()) as show:
        show.screen.query_one(Chooser)._pick.focus()
        await show.press("right", "tab", *"500709")
        assert show.answer("sippeer.use") == "500709"
        assert show.says("Choose its sub-account first to choose from what is there, or type its id.")
        await show.go("site")
        show.screen.query_one("#next", LineButton).focus()
        await show.press("enter")
        assert (show.place, show.focused) == ("site", "site.use")
        assert "say which sub-account it belongs to" in show.said_at("site.use")
        await show.press(*"12345", "ctrl+n")
        assert show.rail["site"] == PlaceStatus.EXISTS.sign


# --- The same name -----------------------------------------------------------------------------------------------


async def test_the_same_name_with_other_blanks_is_known_for_the_same_and_used_by_one_key(
    stage: Stage,
) -> None:
    id_ = await made_elsewhere(
        stage, "/applications", VOICE.replace("Setup Test Voice", "Setup \N{NO-BREAK SPACE}test Voice")
    )
    async with connected(stage, guide_answers(), at="voice_app") as show:
        assert show.says(f"is there already ({id_}): use that one"), show.text
        await show.go("review")
        await show.press_shown("Use it")
        assert show.answer("voice_app.use") == id_


@pytest.mark.parametrize(
    ("place", "path", "body"),
    [("site", "/sites", SITE.format("Not ours")), ("messaging_app", "/applications", MESSAGING), ("voice_app", "/applications", VOICE)],
)  # fmt: skip
async def test_the_same_name_with_other_settings_is_a_conflict_before_anything_is_written(
    stage: Stage, place: str, path: str, body: str
) -> None:
    id_ = await made_elsewhere(stage, path, body)
    before = await stage.writes()
    async with connected(stage, guide_answers(), at=place) as show:
        name = show.answer(f"{place}.name")
        assert show.says(f"? “{name}” is there already ({id_}): use that one, or choose another name.")
        await show.go("review")
        assert [title for verdict, title in show.plan if verdict == Verdict.CONFLICT] == [TITLES[place]]
        assert show.says("1 to put right first. Enter goes there.")
        assert show.says("of this name exists already, and this setup did not make it")
        await show.press("ctrl+n")
        assert show.place == "review"
        assert show.says("Put right what is listed first")
        assert await stage.writes() == before
        await show.go(place)
        await show.type(f"{place}.name", "Another")
        assert "is there already" not in show.text
        await show.go("review")
        assert ("new", TITLES[place]) in show.plan


async def test_a_setting_of_a_used_location_that_is_otherwise_is_a_conflict_that_leads_to_its_answer(
    stage: Stage,
) -> None:
    site_id, sippeer_id = await location_elsewhere(stage)
    sms = (
        "<SipPeerSmsFeature><SipPeerSmsFeatureSettings><TollFree>false</TollFree><Protocol>HTTP</Protocol>"
        "<Zone1>true</Zone1></SipPeerSmsFeatureSettings><HttpSettings/></SipPeerSmsFeature>"
    )
    features = f"/sites/{site_id}/sippeers/{sippeer_id}/products/messaging/features"
    await elsewhere(stage, "POST", f"{features}/sms", sms)
    answers = guide_answers(site__use=site_id, sippeer__use=sippeer_id, voice_link__existing="change")
    before = await stage.writes()
    async with connected(stage, answers) as show:
        assert [title for verdict, title in show.plan if verdict == Verdict.CONFLICT] == ["SMS"]
        assert show.says("TollFree is “false”, should be “true”")
        await show.press("enter")
        assert (show.place, show.focused) == ("sms", "sms.existing")
        assert await stage.writes() == before


# --- The account's own address -----------------------------------------------------------------------------------


def source(show: Show, key: str) -> Source:
    return show.workflow.draft.answers.given[key].source


async def test_the_address_of_the_account_fills_in_that_of_the_sub_account_and_can_be_changed(
    stage: Stage,
) -> None:
    async with somebody_new(stage, "site") as show:
        shown = {
            name: show.answer(f"site.{name}")
            for name in ("house_number", "street_name", "city", "state", "zip")
        }
        assert shown == {
            "house_number": "900", "street_name": "MAIN CAMPUS DR", "city": "RALEIGH", "state": "NC", "zip": "27606",
        }  # fmt: skip
        assert all(show.field(f"site.{name}").control.value == value for name, value in shown.items())
        assert source(show, "site.city") is Source.ACCOUNT
        await show.type("site.city", "DURHAM")
        assert source(show, "site.city") is Source.TYPED


async def test_of_an_address_that_is_changed_nothing_stays_that_nobody_sees(stage: Stage) -> None:
    async with somebody_new(stage, "site") as show:
        await show.press("ctrl+o")
        assert show.field("site.plus_four").control.value == "5177"
        await show.type("site.zip", "27701")
        assert show.answer("site.plus_four") == ""
        assert show.field("site.plus_four").control.value == ""
        assert show.answer("site.city") == "RALEIGH", "what is required stands there to be read"
        await show.type("site.plus_four", "1234")
        await show.type("site.zip", "27702")
        assert show.answer("site.plus_four") == "1234", "what was typed stays"


async def test_an_address_that_was_answered_is_not_mixed_with_the_account_s_own(stage: Stage) -> None:
    async with connected(stage, guide_answers(site__zip="27701"), at="site") as show:
        assert show.answer("site.zip") == "27701"
        assert show.answer("site.street_name") == "Main Campus Dr"
        assert show.answer("site.plus_four") == ""


# --- One URL for all ---------------------------------------------------------------------------------------------


async def test_the_public_base_url_fills_in_the_callback_urls_and_each_can_be_changed(stage: Stage) -> None:
    async with stage.show() as show:
        await show.type("setup.callback_base_url", "https://hooks.acme.io/")
        await show.go("messaging_app")
        assert show.field("messaging_app.callback_url").control.value == "https://hooks.acme.io/callbacks"
        await show.go("voice_app")
        assert (
            show.field("voice_app.call_initiated_url").control.value == "https://hooks.acme.io/callbacks/init"
        )
        assert (
            show.field("voice_app.call_status_url").control.value == "https://hooks.acme.io/callbacks/status"
        )
        await show.type("voice_app.call_status_url", "https://other.acme.io/status")
        await show.go("welcome")
        await show.type("setup.callback_base_url", "https://new.acme.io")
        await show.go("voice_app")
        assert (
            show.field("voice_app.call_initiated_url").control.value == "https://new.acme.io/callbacks/init"
        )
        assert show.field("voice_app.call_status_url").control.value == "https://other.acme.io/status"


async def test_a_callback_url_that_is_emptied_is_asked_for_where_it_is_needed(stage: Stage) -> None:
    answers = guide_answers(setup__callback_base_url="https://hooks.acme.io")
    async with stage.show(at="voice_app", answers=answers) as show:
        for name, needed in (("call_initiated_url", True), ("call_status_url", False)):
            await show.type(f"voice_app.{name}", "")
            await show.press("tab")
            assert bool(show.said_at(f"voice_app.{name}")) == needed
            assert show.answer(f"voice_app.{name}") == ""


async def test_a_wish_to_use_what_is_there_is_kept_until_it_is_said_what(stage: Stage) -> None:
    await location_elsewhere(stage)
    async with somebody_new(stage, "site") as show:
        show.screen.query_one(Chooser)._pick.focus()
        await show.press("right", "ctrl+n")
        assert show.place == "sippeer"
        assert show.rail["site"] == "!"
        await show.press("escape")
        assert show.says("(•) use one that is there (1)")
        await show.go("review")
        assert show.says("! Sub-account: Choose one that is there, or create a new one.")
        assert show.text.count("Sub-account: ") == 1, "nothing is said about a new one that nobody wants"
        assert show.plan == []
        await show.go("site")
        show.screen.query_one(Chooser)._pick.focus()
        await show.press("left")
        assert show.rail["site"] != "!"


async def test_enter_on_an_id_that_nobody_typed_leads_to_the_list_and_chooses_from_it(stage: Stage) -> None:
    site_id, _ = await location_elsewhere(stage)
    async with somebody_new(stage, "site") as show:
        show.screen.query_one(Chooser)._pick.focus()
        await show.press("right", "enter", "enter")
        assert show.focused == "Candidates"
        await show.press_shown("Choose")
        assert show.answer("site.use") == site_id
