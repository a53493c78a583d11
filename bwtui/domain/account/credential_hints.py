"""Hints from what a token says of its credentials. They block nothing: a token is not checked, and role names vary."""

from collections.abc import Iterable, Iterator
from typing import Final

from bwtui.domain.account.account import Account
from bwtui.domain.answers.answers import ACCOUNT_ID, Answers, wanted_steps
from bwtui.domain.answers.validation import complaints_of
from bwtui.domain.roles import AppRole
from bwtui.domain.runs.problem import Kind, OwnCode, Problem, ProblemError
from bwtui.domain.steps import Step
from bwtui.domain.values.text import single_line

_FOR_NO_ACCOUNT: Final = "The account ID is needed: these credentials name no account."
_MOST_NAMED: Final = 5
"""The most accounts that a text names; a credential may have hundreds."""


def credential_hints(account: Account, answers: Answers) -> tuple[str, ...]:
    """Return a sentence for each doubt whether the credentials can do what is wanted on the account."""
    other = other_accounts(account.reachable, answers.account_id)
    return (
        *((f"{other} Bandwidth may refuse them here.",) if other else ()),
        *_role_hints(account.roles, answers),
    )


def other_accounts(accounts: tuple[str, ...], account_id: str) -> str:
    """Say which accounts the credentials are for if the token names accounts, but not this one; else nothing."""
    if not accounts or account_id in accounts:
        return ""
    return f"These credentials are for {accounts_told(accounts)}, not for {account_id}."


def suggested_account(accounts: tuple[str, ...]) -> str:
    """Return the account to work with where none is given: the only one that a token names.

    Raises:
        ProblemError: it names none, several, or one whose id is not like an account's.
    """
    if len(accounts) == 1 and not complaints_of(ACCOUNT_ID, accounts[0]):
        return accounts[0]
    text = f"These credentials are for {accounts_told(accounts)}." if accounts else _FOR_NO_ACCOUNT
    raise ProblemError(
        Problem(operation="account.choose", kind=Kind.INVALID, text=text, code=OwnCode.WHICH_ACCOUNT)
    )


def accounts_told(accounts: tuple[str, ...]) -> str:
    """Return accounts in words: `account 9900000`, `the accounts 1, 2, 3, 4, 5 and 7 more`."""
    named = ", ".join(map(single_line, accounts[:_MOST_NAMED]))
    more = f" and {len(accounts) - _MOST_NAMED} more" if len(accounts) > _MOST_NAMED else ""
    return f"account {named}" if len(accounts) == 1 else f"the accounts {named}{more}"


def _role_hints(roles: tuple[str, ...], answers: Answers) -> Iterator[str]:
    """Yield a sentence for each role that wanted steps need and the token lacks; none if it names no role at all."""
    for role, steps in _by_role(wanted_steps(answers)).items() if roles else ():
        if not role.is_among(roles):
            titles = ", ".join(step.title for step in steps)
            refused = "this step" if len(steps) == 1 else "these steps"
            yield f"{titles}: the credentials seem to lack the role {role.name}; Bandwidth may refuse {refused}."


def _by_role(steps: Iterable[Step]) -> dict[AppRole, list[Step]]:
    found: dict[AppRole, list[Step]] = {}
    for step in steps:
        if step.app_role:
            found.setdefault(step.app_role, []).append(step)
    return found
