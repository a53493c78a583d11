"""What screens and plain questions have in common: it knows an account only while that is the one that is meant."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from bwtui.credentials import Login
from bwtui.domain.account.account import Account, Candidate
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import CAMPAIGN, LOCATION, SITE
from bwtui.domain.planning.actions import Plan
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import Step
from bwtui.domain.values.secret import Secret
from bwtui.domain.walk.draft import AnswerDraft
from bwtui.services import Services, WizardHost
from bwtui.setup_work import SetupWork
from support.guide import guide_answers
from support.in_process import Harness


class Host:
    """A host whose account has something to use for each step; it notes what is looked up."""

    login = Login(oauth=True, user="demo", secret=Secret("demo-secret"))

    def __init__(self) -> None:
        self.looked_up: list[str] = []

    @asynccontextmanager
    async def connect(self, *_: object) -> AsyncIterator[Services]:
        yield cast("Services", self)

    async def read_account(self, _: Answers) -> Account:
        return Account(company="Demo Company")

    async def list_candidates(self, step: Step, _: Answers) -> tuple[Candidate, ...]:
        self.looked_up.append(step.key)
        return (Candidate(id=f"a {step.key}", name=step.title),)


def work_on(host: Host, draft: AnswerDraft) -> SetupWork:
    return SetupWork(
        cast("WizardHost", host), draft, Bookmark(), on_event=lambda _: None, on_wait=lambda *_: None
    )


async def test_what_can_be_used_is_looked_up_once_and_forgotten_with_the_account() -> None:
    host, draft = Host(), AnswerDraft(guide_answers(site__use="12"), RunState())
    work = work_on(host, draft)
    assert not work.can_look_up(LOCATION), "nobody is connected"
    await work.open()
    for step in (LOCATION, CAMPAIGN):
        assert work.candidates(step) is None
        assert work.can_look_up(step)
        await work.find_candidates(step)
        assert work.candidates(step) == (Candidate(id=f"a {step.key}", name=step.title),)
        assert not work.can_look_up(step)
    assert host.looked_up == [LOCATION.key, CAMPAIGN.key]
    draft.answer(SITE.key_of("use"), "34")
    assert work.can_look_up(LOCATION), "another sub-account has others"
    draft.answer("account.account_id", "9900001")
    assert work.account is None
    assert work.candidates(CAMPAIGN) is None, "they are another account's"
    await work.open()
    assert work.can_look_up(CAMPAIGN)


async def test_a_proof_holds_only_for_the_account_that_was_read_and_who_has_read_it(tmp_path: Path) -> None:
    harness = Harness(folder=tmp_path)
    await harness.apply()
    draft = AnswerDraft(harness.answers, harness.run)
    work = work_on(Host(), draft)
    await work.open()
    assert not work.is_proven, "nothing was read back yet"
    work.proof = Plan()
    assert work.is_proven
    work.sign_in.user = "somebody else"
    assert not work.is_proven
    work.sign_in.user = "demo"
    draft.answer("account.account_id", "9900001")
    assert not work.is_proven
