"""The two questions of every step whose object is found in a list: use an existing one, or replace a removed one."""

from bwtui.domain.fields import Question, Text
from bwtui.domain.values.checks import object_id


def existing_questions(noun: str, example: str, *, of: str = "") -> tuple[Question, ...]:
    """Return both questions for what the App calls `noun`; `of` says what an existing one has to belong to."""
    return (
        Text(key="use", label="Use an existing one", help=f"The ID of an existing {noun}{of}. Nothing is created then.",
             check=object_id, example=example, source="bwtui"),
        Text(key="given_up", label="Replace a removed one",
             help=f"The ID of a {noun} that this setup created and somebody removed: it is created again, with what depends on it.",
             check=object_id, example=example, source="bwtui"),
    )  # fmt: skip
