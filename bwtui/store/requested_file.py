"""New files that the person asks for: written whole or not at all, and never over an existing one."""

from pathlib import Path

from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.runs.setup import SaveError
from bwtui.store.atomic_write import create_file


def write_answers_file(path: Path, answers: Answers) -> None:
    """Write an answers file, whole or not at all, and never over an existing file.

    Raises:
        SaveError: it could not be written; the text says why and what to do.
    """
    from bwtui.store.answers_template import write  # noqa: PLC0415 - written only if somebody asks for it

    given = {key: answer for key, answer in answers.given.items() if answer.value or _may_be_empty(key)}
    write_new_file(path, write(Answers(given)))


def write_new_file(path: Path, text: str) -> None:
    """Write a file, whole or not at all, and never over an existing one.

    Raises:
        SaveError: it could not be written; the text says why and what to do.
    """
    try:
        path = path.expanduser()
        create_file(path, text.encode())
    except FileExistsError:
        raise SaveError(f"{path} is there already and was left as it is: choose another name.") from None
    except (OSError, ValueError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise SaveError(f"{path} cannot be written: {why}. Choose another name or folder.") from error


def _may_be_empty(key: str) -> bool:
    """Return True if an empty answer has a meaning: it removes a default that would be sent."""
    question = QUESTIONS[key]
    return isinstance(question, Text) and bool(question.wire)
