"""The words that remedies are written in, a front end each: how it names an answer, and how one gives it there."""

from typing import Final, Protocol

from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text


class RemedyWords(Protocol):
    """The names that a front end gives to things. A key is a question's full name: `site.name`."""

    client: str
    """The credentials of an OAuth2 client."""
    use_client: str
    """The way to sign in with an OAuth2 client."""
    user: str
    """The credentials of an API user."""
    environment: str
    """The way to choose the environment."""

    def field(self, key: str) -> str:
        """Return the name of an answer, to stand in parentheses."""

    def password(self, key: str) -> str:
        """Return the place of a secret answer, to stand in parentheses."""

    def answer(self, key: str, value: str) -> str:
        """Say how to give an answer; it follows "To use it,". An empty value is an ID that only the person knows."""

    def choose(self, key: str) -> str:
        """Say where to answer a question; it follows a colon."""

    def clear(self, key: str) -> str:
        """Say how to take an answer away; it follows a colon."""


class _CommandLineWords:
    """The words of the command line: files, flags and variables."""

    client = "BW_CLIENT_ID and BW_CLIENT_SECRET"
    use_client = "set BW_CLIENT_ID and BW_CLIENT_SECRET"
    user = "BW_USERNAME and BW_PASSWORD"
    environment = "--environment production, classic or test"

    def field(self, key: str) -> str:
        return key

    def password(self, key: str) -> str:
        question = QUESTIONS.get(key)
        return f"{question.secret_from} in the environment" if isinstance(question, Text) else key

    def answer(self, key: str, value: str) -> str:
        table, _, name = key.partition(".")
        if not value:
            return f"give its ID as {name} under [{table}]"
        return f'answer {name} = "{value}" under [{table}]'

    def choose(self, key: str) -> str:
        table, _, name = key.partition(".")
        return f"answer {name} under [{table}]"

    def clear(self, key: str) -> str:
        table, _, name = key.partition(".")
        return f"take {name} away under [{table}]"


COMMAND_LINE_WORDS: Final[RemedyWords] = _CommandLineWords()
