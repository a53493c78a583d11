"""Colours mean something, exist on terminals of 256 colours, can be read, and never tell what no sign tells."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.theme import Theme

from bwtui.cli.commands.wizard import SetupHost
from bwtui.domain.values.secret import MASK
from bwtui.store.settings import SettingsFile
from bwtui.tui.highlight import keys, request, signed
from bwtui.tui.line_filters import palette_number
from bwtui.tui.places import APPLY, CONNECT, REVIEW
from bwtui.tui.themes import THEMES
from bwtui.tui.widgets.rail import Rail
from support.apply_screen import connected, say_yes
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, ShownWizard, WizardHarness
from support.write_faults import error, fault_at

PALETTE: Final = (
    *((red, green, blue) for red in (0, 95, 135, 175, 215, 255) for green in (0, 95, 135, 175, 215, 255) for blue in (0, 95, 135, 175, 215, 255)),
    *((grey, grey, grey) for grey in range(8, 248, 10)),
)  # fmt: skip
"""The colours 16 to 255, as xterm defines them."""

GROUNDS: Final = ("background", "surface", "panel")
TEXTS: Final = ("foreground", "primary", "success", "warning", "error", "secondary")


def contrast_ratio(one: Color, other: Color) -> float:
    """The ratio of WCAG 2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Color) -> float:
    parts = (part / 255 for part in colour.rgb)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colours(theme: Theme) -> Iterator[tuple[str, str]]:
    """Every colour of a theme by its name."""
    names = (*GROUNDS, *TEXTS, "accent")
    yield from ((name, getattr(theme, name)) for name in names)
    yield from theme.variables.items()


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_colour_is_one_that_terminals_of_256_colours_have(theme: Theme) -> None:
    for name, colour in colours(theme):
        assert Color.parse(colour).rgb in PALETTE, f"{name} {colour}"


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_can_be_read_on_every_ground(theme: Theme) -> None:
    for ground in GROUNDS:
        back = Color.parse(getattr(theme, ground))
        for name in TEXTS:
            contrast = contrast_ratio(back, Color.parse(getattr(theme, name)))
            assert contrast >= 4.5, f"{name} on {ground}: {contrast:.1f}"
        for name in ("hint", "tag"):
            contrast = contrast_ratio(back, Color.parse(theme.variables[name]))
            assert contrast >= 3, f"{name} on {ground}: {contrast:.1f}"


def test_the_grounds_of_a_theme_stay_apart() -> None:
    for theme in THEMES[:2]:
        grounds = [Color.parse(getattr(theme, ground)).rgb for ground in GROUNDS]
        assert len({palette_number(*ground) for ground in grounds}) == len(grounds), theme.name


@pytest.mark.parametrize("number", range(16, 256))
def test_a_colour_of_the_palette_stays_what_it_is(number: int) -> None:
    assert PALETTE[palette_number(*PALETTE[number - 16]) - 16] == PALETTE[number - 16]


@pytest.mark.parametrize(
    "colour", [(1, 2, 3), (16, 21, 28), (27, 35, 46), (200, 10, 90), (233, 233, 233), (130, 120, 125)]
)
def test_any_other_colour_becomes_the_nearest(colour: tuple[int, int, int]) -> None:
    def distance(other: tuple[int, int, int]) -> int:
        return sum((one - two) ** 2 for one, two in zip(colour, other, strict=True))

    assert distance(PALETTE[palette_number(*colour) - 16]) == min(map(distance, PALETTE))


# --- What the colours of the screens say -------------------------------------------------------------------------


def shade(wizard: ShownWizard, text: str, at: int = 0) -> Style:
    """The style of a text, where it first stands on the screen; `at` counts cells from its beginning."""
    for line, styles in zip(wizard.lines, wizard.styles, strict=True):
        if text in line:
            style = styles[line.index(text) + at]
            assert style
            return style
    raise AssertionError(f"{text!r} is not there:\n{wizard.text}")


def verdict(wizard: ShownWizard, title: str) -> Style:
    """The style of the word before a step's title on Review."""
    menu = wizard.screen.query_one("#actions")
    row = next(y for y, line in enumerate(wizard.shown(menu).splitlines()) if f" {title}" in line)
    style = wizard.styles[menu.region.y + row][menu.region.x + len("▸ ")]
    assert style
    return style


def has(style: Style, colour: str, wizard: ShownWizard) -> bool:
    """Return True if this is a colour of the theme, by its name there."""
    wanted = Color.parse(wizard.app.theme_variables[colour])
    return style.color is not None and style.color.number == palette_number(*wanted.rgb)


async def test_review_shows_what_is_created_kept_changed_and_in_conflict_each_in_its_colour(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        await wizard.press("end")
        assert has(verdict(wizard, "Location"), "success", wizard)
        assert has(verdict(wizard, "Phone number"), "warning", wizard)
        assert has(shade(wizard, "$ costs money"), "warning", wizard)
        assert has(shade(wizard, "$ 1 phone number costs money"), "warning", wizard)


async def test_review_shows_conflicts_in_red_and_what_stays_in_grey(harness: WizardHarness) -> None:
    await harness.apply()
    other = WizardHarness(folder=harness.folder / "other")
    other.account, other.app = harness.account, harness.app
    async with connected(other, size=(90, 40)) as wizard:
        await wizard.press("home")
        assert has(verdict(wizard, "Location"), "error", wizard)
        assert has(verdict(wizard, "SMS"), "hint", wizard)
        assert has(verdict(wizard, "Assign voice"), "warning", wizard)


async def test_apply_shows_what_is_done_in_green_and_what_failed_in_red(harness: WizardHarness) -> None:
    harness.fail(fault_at("voice_app", "answer", status=403, body=error("12150", "No voice")))
    async with connected(harness, size=(120, 40)) as wizard:
        await say_yes(wizard)
        assert wizard.place == APPLY
        assert has(shade(wizard, "✓ done"), "success", wizard)
        assert has(shade(wizard, "! failed"), "error", wizard)
        assert has(shade(wizard, "○ to do"), "hint", wizard)
        assert has(shade(wizard, "! Voice application: "), "error", wizard)
        assert has(shade(wizard, "(status 403"), "foreground", wizard), "what to do is read, not feared"
        rail = wizard.shown(wizard.screen.query_one(Rail))
        assert "✓  2 Location" in rail
        assert "!  8 Voice application" in rail
        assert has(shade(wizard, "✓  2 Location"), "success", wizard)


async def test_what_is_asked_is_bold_the_answer_plain_and_the_hint_dim(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=guide_answers()) as wizard:
        await wizard.enter("site.name")
        asked, answer = shade(wizard, "Street *"), shade(wizard, "Main Campus Dr")
        assert asked.bold
        assert has(asked, "foreground", wizard)
        assert not answer.bold
        assert has(answer, "foreground", wizard)
        assert has(shade(wizard, "Shown in the Bandwidth App."), "hint", wizard)


async def test_the_focused_field_has_a_bar_in_the_accent_and_so_has_what_can_be_pressed(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="site", answers=guide_answers()) as wizard:
        await wizard.enter("site.street_name")
        assert [line[1] for line in wizard.lines if "▌" in line] == ["▌"]
        assert has(shade(wizard, "▌ Street *"), "primary", wizard)
        assert has(shade(wizard, "[ Next ]"), "primary", wizard)
        assert not shade(wizard, "[ Next ]").reverse
        assert has(shade(wizard, "F1 Help"), "primary", wizard)
        assert has(shade(wizard, "F1 Help", at=3), "foreground", wizard), "its word is set off from it"
        wizard.screen.query_one("#next").focus()
        await wizard.settled()
        assert shade(wizard, "[ Next ]").reverse, "the one with the focus is filled"


async def test_only_the_field_with_the_focus_counts_its_characters(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=guide_answers()) as wizard:
        await wizard.enter("site.name")
        assert wizard.says("9/10")
        await wizard.press("tab")
        assert not wizard.says("9/10")
        assert wizard.says("3/45")


async def test_a_refused_connection_is_red_where_it_says_what_happened(harness: WizardHarness) -> None:
    harness.login = LOGIN
    harness.fail(fault_at("site", "answer", status=401, times=0).replace("POST", "GET"))
    async with harness.show(answers=guide_answers(), at=CONNECT) as wizard:
        await wizard.press("enter")
        assert has(shade(wizard, "! Bandwidth "), "error", wizard)


@pytest.mark.parametrize(("size", "empty"), [((80, 24), True), ((120, 40), True), ((40, 12), False)])
async def test_an_empty_row_sets_the_page_off_from_the_title_where_there_is_room(
    harness: WizardHarness, size: tuple[int, int], *, empty: bool
) -> None:
    async with harness.show(at="site", answers=guide_answers(), size=size) as wizard:
        page = wizard.screen.query_one("#page")
        assert (not wizard.shown(page).splitlines()[0].strip()) == empty, wizard.text


@pytest.mark.parametrize("orders", ["true", "false"], ids=["with an order", "without"])
async def test_the_question_about_money_says_so_in_its_frame_and_no_other_does(
    harness: WizardHarness, orders: str
) -> None:
    async with connected(harness, guide_answers(number__enabled=orders)) as wizard:
        await wizard.press("ctrl+n")
        assert ("$ costs money ─" in wizard.text) == (orders == "true"), wizard.text
        if orders == "true":
            assert has(shade(wizard, "$ costs money ─"), "warning", wizard)
        await wizard.press("escape")
        assert wizard.place == REVIEW


# --- Requests ----------------------------------------------------------------------------------------------------


def parts(content: Content) -> dict[str, str]:
    """Each coloured part of a text, with its style."""
    return {content.plain[span.start : span.end]: str(span.style) for span in content.spans}


def test_in_xml_tags_and_secrets_look_different_from_values() -> None:
    told = parts(request(f"POST /sites\n\n<Name>Set</Name>\n<Password>{MASK}</Password>"))
    assert told["<Name>"] == told["</Name>"] == "$tag"
    assert told["POST /sites"] == "bold"
    assert told[MASK] != told["<Name>"]
    assert "Set" not in told


def test_in_json_names_and_secrets_look_different_from_values() -> None:
    told = parts(request('{"name": "Set: up",\n "callbackCreds": {"password": "' + MASK + '"}}'))
    assert told['"name"'] == told['"password"'] == "$tag"
    assert told[MASK] != "$tag"
    assert not any("Set" in part for part in told)


def test_a_reply_that_was_accepted_is_green_and_any_other_red() -> None:
    assert parts(request("201, 0.20 s"))["201"] == "bold $success"
    assert (
        parts(request("404, 0.20 s"))["404"]
        == parts(request("no answer, 9.00 s"))["no answer"]
        == "bold $error"
    )


# --- Signs and keys ----------------------------------------------------------------------------------------------


def test_the_sign_and_the_first_sentence_have_the_sign_s_colour() -> None:
    assert parts(signed("! It failed. Nothing was changed.")) == {"! It failed.": "bold $error"}
    assert parts(signed("plain\n✓ Done. Read back.")) == {"✓ Done.": "bold $success"}
    assert parts(signed("!important: no sign")) == {}


def test_keys_are_set_off_from_their_words() -> None:
    told = keys("^N Next  Esc Back\nF1 Help")
    assert told.plain == "^N Next  Esc Back\nF1 Help"
    assert list(parts(told)) == ["^N", "Esc", "F1"]


# --- The theme ---------------------------------------------------------------------------------------------------


class KeepingHarness(WizardHarness):
    """A wizard with a file of settings."""

    def _host(self) -> SetupHost:
        return SetupHost(self.setup, self.login, settings=SettingsFile(self.folder))


async def test_the_theme_is_kept_from_one_run_to_the_next(tmp_path: Path) -> None:
    harness = KeepingHarness(folder=tmp_path)
    async with harness.show() as wizard:
        assert wizard.app.theme == "dark"
        await wizard.press("ctrl+t")
        assert wizard.app.theme == "light"
    async with harness.show() as wizard:
        assert wizard.app.theme == "light"
        await wizard.press("ctrl+t", "ctrl+t")
        assert wizard.app.theme == "dark"


async def test_a_theme_that_is_not_there_any_more_gives_way_to_the_first(tmp_path: Path) -> None:
    SettingsFile(tmp_path).save_theme("sepia")
    async with KeepingHarness(folder=tmp_path).show() as wizard:
        assert wizard.app.theme == "dark"
        await wizard.press("ctrl+t")
        assert wizard.app.theme == "light"


async def test_a_theme_that_cannot_be_kept_is_shown_all_the_same_and_said(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    async with KeepingHarness(folder=tmp_path).show() as wizard:
        await wizard.press("ctrl+t")
        assert wizard.app.theme == "light"
        assert wizard.says("! The theme cannot be kept:")


async def test_help_sets_its_keys_off_from_what_they_do(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=guide_answers()) as wizard:
        await wizard.press("f1")
        assert has(shade(wizard, "  Enter   ", at=2), "primary", wizard)
        assert has(shade(wizard, "the next field, or"), "foreground", wizard)
