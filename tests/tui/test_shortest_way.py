"""The shortest way from Welcome to Done: so many keys and so many typed answers, and no more."""

from dataclasses import dataclass, field

import pytest

from bwtui.credentials import Login
from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.tui.places import DONE
from support.apply_screen import is_asked_for_money
from support.wizard_pilot import LOGIN, ShownWizard, WizardHarness

SERVER, AREA = "hooks.acme.io", "919"
MOST = 40


@dataclass
class Count:
    """The keys that were pressed to go on, and the answers that were typed."""

    wizard: ShownWizard
    keys: int = 0
    typed: list[str] = field(default_factory=list)

    async def walk(self, answers: dict[str, str]) -> None:
        """Type where the focus stands on a question without an answer, else press Enter, until all is done."""
        while self.wizard.place != DONE:
            assert self.keys < MOST, self.wizard.text
            here = self.wizard.focused
            if here in answers:
                self.typed.append(here)
                await self.wizard.press(*answers.pop(here))
            yes = is_asked_for_money(self.wizard)
            await self.wizard.press("y" if yes else "enter")
            await self.wizard.until(lambda: self.wizard.app.focused is not None, "something to go on from")
            self.keys += 1


@pytest.mark.parametrize(
    ("login", "account", "typed", "keys"),
    [
        (None, {}, {"setup.callback_base_url", "login.user", "login.secret", "account.account_id", "number.area_code"}, 20),
        (LOGIN, {"account.account_id": "9900000"}, {"setup.callback_base_url", "number.area_code"}, 17),
    ],
    ids=["nothing given", "BW_* set"],
)  # fmt: skip
async def test_it_takes_so_many_keys_and_typed_answers(
    harness: WizardHarness, login: Login | None, account: dict[str, str], typed: set[str], keys: int
) -> None:
    harness.login = login
    given = Answers({key: Answer(value, Source.ENVIRONMENT) for key, value in account.items()})
    async with harness.show(answers=given) as wizard:
        count = Count(wizard)
        await count.walk(
            {
                "setup.callback_base_url": SERVER,
                "login.user": LOGIN.user,
                "login.secret": LOGIN.secret.reveal(),
                "account.account_id": "9900000",
                "number.area_code": AREA,
            }
        )
        assert set(count.typed) == typed
        assert count.keys <= keys
        assert (wizard.place, wizard.workflow.is_proven) == (DONE, True)
