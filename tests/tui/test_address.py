"""The address that the account gave is one line; its fields are there once they are wanted, or once one is wrong."""

import pytest

from bwtui.domain.answers.answers import Answers, Source
from bwtui.tui.widgets.address_line import AddressLine
from support.apply_screen import connected
from support.guide import guide_answers
from support.wizard_pilot import ShownWizard, WizardHarness

NOBODY = Answers(
    {key: answer for key, answer in guide_answers().given.items() if not key.startswith("site.")}
)
"""Everything but the sub-account, whose address the account itself says."""


def shows_fields(wizard: ShownWizard) -> bool:
    return wizard.field("site.house_number").display


async def test_the_accounts_own_address_is_one_line(harness: WizardHarness) -> None:
    async with connected(harness, NOBODY, at="site") as wizard:
        assert wizard.says("Address 900 MAIN CAMPUS DR, RALEIGH NC 27606 from your account [ Change ]")
        assert not shows_fields(wizard)
        assert wizard.app.focused is wizard.screen.query_one("#next"), "Enter goes on"


async def test_change_shows_the_fields_and_goes_to_the_first(harness: WizardHarness) -> None:
    async with connected(harness, NOBODY, at="site") as wizard:
        wizard.screen.query_one(AddressLine).focus()
        await wizard.settled()
        await wizard.press_shown("Change")
        assert wizard.focused == "site.house_number"
        assert not wizard.says("from your account")
        await wizard.press("end", "1")
        await wizard.go("sippeer")
        await wizard.go("site")
        assert wizard.answer("site.house_number") == "9001"
        assert shows_fields(wizard), "it is not the account's any more"


async def test_an_address_that_somebody_gave_has_its_fields(harness: WizardHarness) -> None:
    async with connected(harness, guide_answers(), at="site") as wizard:
        assert shows_fields(wizard)
        assert not wizard.screen.query(AddressLine)


@pytest.mark.parametrize("key", ["site.state", "site.zip"])
async def test_an_error_in_one_of_them_shows_them_all(harness: WizardHarness, key: str) -> None:
    async with connected(harness, NOBODY, at="connect") as wizard:
        wizard.workflow.draft.refused[key] = "Bandwidth does not know it."
        await wizard.go("site")
        assert shows_fields(wizard)
        assert "Bandwidth does not know it." in wizard.said_at(key)
        assert wizard.workflow.draft.answers.given[key].source is Source.ACCOUNT


async def test_a_refused_part_is_gone_to(harness: WizardHarness) -> None:
    async with connected(harness, NOBODY, at="site") as wizard:
        await wizard.screen._form.focus_on("site.city")  # type: ignore[attr-defined]
        await wizard.settled()
        assert wizard.focused == "site.city"


async def test_on_a_small_terminal_the_way_to_change_it_is_in_sight(harness: WizardHarness) -> None:
    async with connected(harness, NOBODY, at="site", size=(40, 12)) as wizard:
        assert wizard.shown(wizard.screen.query_one(AddressLine)).endswith("[ Change ]")
