"""What a token says of its credentials leads to hints: by role and by account, never more than that."""

import pytest

from bwtui.domain.account.account import Account
from bwtui.domain.account.credential_hints import credential_hints, suggested_account
from bwtui.domain.catalog import STEPS
from bwtui.domain.runs.problem import Kind, OwnCode, ProblemError
from support.guide import guide_answers

ANSWERS = guide_answers()
CONFIGURATION = "Sub-account, Location: the credentials seem to lack the role Configuration; Bandwidth may refuse these steps."
MESSAGING = "SMS, MMS, Assign messaging: the credentials seem to lack the role Messaging; Bandwidth may refuse these steps."
ORDERING = "Phone number: the credentials seem to lack the role Ordering; Bandwidth may refuse this step."


def hints(*roles: str, **answers: str) -> tuple[str, ...]:
    return credential_hints(Account(roles=roles), guide_answers(**answers))


def test_every_step_names_the_role_that_it_needs() -> None:
    assert [step.key for step in STEPS if step.app_role is None] == []


def test_each_role_that_is_missing_is_told_once_with_its_steps() -> None:
    found = hints("Reporting")
    assert found[:2] == (CONFIGURATION, MESSAGING)
    assert ORDERING in found
    assert len(found) == 5


@pytest.mark.parametrize(
    "roles",
    [
        ("Configuration", "Ordering", "HTTP Application Management"),
        ("Sub-accounts", "Orders", "HTTP Application Management", "HttpVoice", "Messaging", "Numbers"),
        ("CONFIGURATION", "numbers/in-service", "App Management", "Programmable Voice", "SMS"),
    ],
)
def test_names_of_roles_are_taken_by_what_they_contain(roles: tuple[str, ...]) -> None:
    assert hints(*roles) == ()


def test_what_is_not_wanted_needs_no_role() -> None:
    assert CONFIGURATION in hints("Reporting", setup__voice="false", setup__number="false")
    assert ORDERING not in hints("Reporting", setup__number="false")
    assert not any("oice" in hint for hint in hints("Reporting", setup__voice="false"))


def test_a_token_without_roles_says_nothing_about_them() -> None:
    assert hints() == ()


def test_an_account_is_doubted_only_if_the_token_names_others() -> None:
    for accounts, count in (((), 0), (("1", "9900000"), 0), (("1",), 1)):
        assert len(credential_hints(Account(reachable=accounts), ANSWERS)) == count


def test_the_only_account_is_suggested_and_nothing_else() -> None:
    assert suggested_account(("9900000",)) == "9900000"
    for accounts in ((), ("1", "2"), ("not an id",), ("",)):
        with pytest.raises(ProblemError) as caught:
            suggested_account(accounts)
        assert (caught.value.problem.kind, caught.value.problem.code) == (Kind.INVALID, OwnCode.WHICH_ACCOUNT)


def test_on_the_universal_platform_voice_needs_the_role_for_packages() -> None:
    found = hints(
        "Configuration", "Messaging", "Ordering", "Application Management", account__platform="universal"
    )
    assert len(found) == 1
    assert found[0].startswith("Voice package, Package numbers: the credentials seem to lack the role VCP;")
