"""A secret that does not print."""

from typing import Final, NoReturn, Self

from bwtui.domain.values.text import trim

MASK: Final = "••••••"


class Secret:
    """Text that appears in no `repr`, traceback, log or pickle; `reveal` is the only way to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    @classmethod
    def entered(cls, text: str) -> Self:
        """Make a secret from entered text, without blanks, line ends and invisible characters at its ends."""
        return cls(trim(text))

    def reveal(self) -> str:
        """Return the text itself, for the one place that sends it."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(...)"

    def __str__(self) -> str:
        return MASK

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never written anywhere")
