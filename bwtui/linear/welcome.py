"""The first questions: what to set up, and what becomes of what was set up so far."""

from bwtui.domain.catalog import SETUP
from bwtui.domain.walk.draft import AnswerDraft
from bwtui.domain.walk.walk import REVIEW, TITLES, WELCOME, walk
from bwtui.domain.walk.walk_text import NOTHING_YET, START_OVER, WELCOME_ABOUT, length_text, saved_progress
from bwtui.linear.conversation import Conversation
from bwtui.linear.form import DraftForm
from bwtui.setup_work import SetupWork


def ask_wishes(talk: Conversation, draft: AnswerDraft, *, from_end: bool) -> None:
    """Ask what is wanted. Raises `Back` before the first question."""
    form = DraftForm(talk, draft)
    items = [form.item(f"setup.{question.key}") for question in SETUP]
    form.fill(lambda: items, WELCOME, from_end=from_end)


def where_to_begin(talk: Conversation, setup: SetupWork, reached: str) -> str:
    """Say what is saved, ask what becomes of it, and return the place to begin at."""
    draft = setup.draft
    talk.say(f"Welcome. {WELCOME_ABOUT} {length_text(draft.answers)}. {NOTHING_YET}")
    talk.say(
        "Any question may be answered with ? for help, < to go back and ! to leave. Nothing is lost by it."
    )
    places = walk(draft.answers)[1:-2]
    is_begun = reached in places
    text = saved_progress(draft.answers, draft.run, is_begun=is_begun)
    if not text:
        return WELCOME
    talk.say(text)
    next_place = reached if is_begun else REVIEW
    ways = [f"go on at {TITLES[next_place]}", "go through all questions once more", "start over"]
    match talk.choose("Go on how?", ways, START_OVER):
        case 0:
            return next_place
        case 2 if talk.confirm(START_OVER):
            setup.start_over()
            return WELCOME
        case _:
            return WELCOME
