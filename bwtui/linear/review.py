"""Everything that is about to happen, before anything does; the one yes that lets it happen; and what came of it."""

from enum import Enum, auto
from pathlib import Path

from bwtui.domain.catalog import PAID_STEP, QUESTIONS, step_of
from bwtui.domain.planning.actions import Action, Verdict
from bwtui.domain.planning.consent import Consent
from bwtui.domain.planning.given_up import given_up_with, to_give_up
from bwtui.domain.planning.obstacles import Obstacle
from bwtui.domain.planning.value_changes import value_changes
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.values.documents import request_text
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.values.text import counted
from bwtui.domain.walk.draft import AnswerDraft, obstacle_complaint
from bwtui.domain.walk.walk_text import (
    GIVE_UP,
    cost_text,
    created_text,
    lost_text,
    namesake,
    numbers_cost_text,
    plan_text,
    saved_text,
    values_of,
    ways_to_settle,
)
from bwtui.linear.conversation import Back, Conversation
from bwtui.linear.error_text import WORDING
from bwtui.linear.work import Work
from bwtui.setup_run import Look


class Next(Enum):
    """The choice after Review was read."""

    APPLY = auto()
    LOOK = auto()
    """Look again: an answer was changed, or the account may have been."""
    CHANGE = auto()
    """Go to the questions of a place, and come back."""


class ReviewTalk:
    """Shows a plan, explains it, settles what is in its way, and asks for the yes."""

    def __init__(self, talk: Conversation, draft: AnswerDraft, work: Work) -> None:
        self._talk = talk
        self._draft = draft
        self._work = work

    # --- the plan ---

    def show(self, look: Look) -> None:
        """Say each action in one line, numbered, and what of it writes and costs."""
        self._talk.number([self._line(action, look) for action in look.plan])
        self._talk.say(plan_text(look.plan, self._draft.run, self._draft.answers))
        if look.plan.paid and look.numbers:
            self._talk.say(numbers_cost_text(look.numbers))
        if not self._work.host.is_demo:
            for hint in self._work.setup.callbacks.hint(self._draft.answers).splitlines():
                self._talk.say(f"Note: {hint}")

    def ask_what_next(self, look: Look) -> Next:
        """Ask until something is wanted that leads on. Raises `Back` where the place before is wanted."""
        writes = bool(look.plan.writes)
        apply = (
            "apply: write to the account, exactly as shown" if writes else "go on: nothing is to be written"
        )
        ways = [
            apply, "show an action: its values and its request", "change answers",
            "save the answers as a file that bwtui apply takes", "look at the account again",
        ]  # fmt: skip
        while True:
            match self._talk.choose("What next?", ways, _ABOUT):
                case 0:
                    return Next.APPLY
                case 1:
                    self._show_action(look)
                case 2:
                    return Next.CHANGE
                case 3:
                    self._save()
                case _:
                    return Next.LOOK

    def _show_action(self, look: Look) -> None:
        """Say everything about one action."""
        try:
            chosen = self._talk.choose("Which action?", [action.step.title for action in look.plan])
        except Back:
            return
        action = look.plan[chosen]
        self._talk.say(f"{self._line(action, look)}. {action.step.explanation}")
        for change in value_changes(action):
            self._talk.say(f"On the account -> as answered: {change}")
        for label, value, source in values_of(action.step, self._draft.answers):
            self._talk.say(f"{label}: {value} ({source})")
        self._talk.say(
            request_text(action.request)
            if action.request
            else f"Nothing is sent: {WORDING.reason_of(action)}."
        )

    def _line(self, action: Action, look: Look) -> str:
        """Return an action in one line: what it is about, what is done, why, and whether it costs money."""
        doubt = "not proven: " if action.unproven else ""
        why = WORDING.reason_of(action)
        parts = (
            action.word,
            self._object(action, look) if action in look.plan.writes else "",
            f"{doubt}{why}" if why else "",
            "costs money" if action.costs else "",
        )
        return f"{action.step.title}: {', '.join(filter(None, parts))}"

    def _object(self, action: Action, look: Look) -> str:
        """Return what an action is about: the numbers to order, or what is created."""
        return listed(look.numbers) if action.costs else created_text(action.step, self._draft.answers)

    def _save(self) -> None:
        try:
            path = self._talk.ask("Name of the file. Passwords are never in it. [setup.toml]") or "setup.toml"
        except Back:
            return
        try:
            self._work.host.write_answers_file(Path(path), self._draft.answers)
        except SaveError as error:
            self._talk.refuse(str(error))
        else:
            self._talk.say(saved_text(path, self._work.host.commands.of("apply", path)))

    # --- what is in its way ---

    def settle(self, look: Look, obstacle: Obstacle) -> str:
        """Explain what keeps the plan from being carried out, and ask what to do.

        Returns the question to go to; empty where the account is to be looked at again.
        """
        key, problem = obstacle
        step = step_of(key) or step_of(problem.operation) or PAID_STEP
        if key in QUESTIONS and QUESTIONS[key].is_secret:
            self._talk.say(f"{step.title}: {obstacle_complaint(obstacle, WORDING.advised).text}")
            return key
        self._talk.say(f"{step.title}: {WORDING.told(problem)}")
        ways: list[tuple[str, str, str]] = []
        action = next((action for action in look.plan if action.step == step), None)
        if action and action.verdict is Verdict.CONFLICT:
            found = namesake(step, self._work.candidates(step), self._draft.answers, self._draft.run)
            if found:
                ways.append((f"use what is there: {found.name}, {found.id}", step.key_of("use"), found.id))
            ways += [
                (text, step.key_of("existing"), way)
                for way in ways_to_settle(step)
                if (text := _SETTLING.get(way))
            ]
        lost = to_give_up(step, self._draft.answers, self._draft.run, look.survey)
        if lost:
            sentence = "count no more" if step.paid else "make anew what was removed"
            again = given_up_with(self._draft.answers, step, lost)
            ways.append((f"{sentence}: {lost_text(lost)}", step.key_of("given_up"), again))
        return self._decide(ways, key, lost)

    def _decide(self, ways: list[tuple[str, str, str]], key: str, lost: tuple[str, ...]) -> str:
        options = [*(text for text, _, _ in ways), "change the answer", "look at the account again"]
        chosen = self._talk.choose(
            "What is to be done?", options, "Nothing is written before you say yes.", default=-1
        )
        if chosen == len(ways):
            return key
        if chosen < len(ways):
            _, answer, value = ways[chosen]
            is_costly = answer == PAID_STEP.key_of("given_up")
            if not is_costly or self._talk.confirm(GIVE_UP.format(lost=lost_text(lost)), costs=True):
                self._draft.answer(answer, value)
        return ""

    # --- yes ---

    def consent(self, look: Look) -> Consent:
        """Ask whether to write, and, of what costs money, once more; nothing to write is agreed to.

        In the demo, where nothing is real, Enter agrees.
        """
        is_demo = self._work.host.is_demo
        writes = len(look.plan.writes)
        account_id = self._draft.answers.account_id
        question = f"Write to account {account_id} now? {counted(writes, 'action')}, exactly as shown."
        if writes and not self._talk.confirm(question, _ABOUT, default=is_demo, costs=not is_demo):
            self._talk.say("Nothing was written.")
            return Consent.NONE
        if not look.plan.paid:
            return Consent.ALL
        cost = cost_text(is_demo=is_demo)
        question = f"Order {listed(look.numbers)}? {cost} With no, everything else is set up without it."
        pays = self._talk.confirm(question, default=is_demo, costs=not is_demo)
        return Consent.ALL if pays else Consent.ALL_BUT_THE_NUMBERS


_ABOUT = (
    "create, enable, link and the like: it is not there yet, and is made. keep: it is there and as it should be. "
    "change: it is there and is set as answered. "
    "conflict: something is there that this setup did not make; decide before anything is written."
)

_SETTLING = {
    "change": "change it: set what is there as answered",
    "keep": "keep it: leave what is there as it is",
    "order": "order more: numbers besides those that are there",
    "move": "move them: take the numbers off the package or campaign that they are on",
}
"""The effect of each answer to something that exists already; `report` has none but the question."""
