"""The guide's example as answers, and where the tests keep its requests and replies."""

from pathlib import Path
from typing import Final

from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.values.secret import Secret
from bwtui.store.state import StateFile

TESTS: Final = Path(__file__).parents[1]
DOCUMENTED: Final = TESTS / "documented"


def guide_answers(account_id: str = "9900000", **changes: str | None) -> Answers:
    """The guide's example, on the platform that it describes. `changes` replace an answer (`site__name="Other"`) or, with `None`, take it away."""
    given: dict[str, str] = {
        "account.account_id": account_id,
        "account.platform": "legacy",
        "campaign.id": "",  # said, so that the wizard offers none
    }
    secrets: dict[str, Secret] = {}
    for key, question in QUESTIONS.items():
        value = question.guide
        if isinstance(question, Text) and question.secret_from:
            secrets[key] = Secret(question.guide)
        elif value not in ("", None):
            given[key] = str(value).lower() if isinstance(value, bool) else str(value)
    for name, change in changes.items():
        key = name.replace("__", ".")
        if change is None:
            given.pop(key, None)
        else:
            given[key] = change
    return Answers({key: Answer(value, Source.FILE) for key, value in given.items()}, secrets)


def let_time_pass(folder: Path, seconds: float = 3600) -> None:
    """Make everything that a state file tells of so much older: what was made a moment ago would be waited for."""
    file = StateFile(folder)
    if setup := file.load():
        file.save(
            setup._replace(events=tuple(event._replace(at=event.at - seconds) for event in setup.events))
        )
