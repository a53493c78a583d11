"""Texts and ids that do harm wherever somebody lets them, and what it takes to see that nobody did."""

from typing import Final

EVIL: Final = (
    "\u009b2J\u009b31m", "\u202egnp.exe", "\u200b\u200d\u2060\ufeff", "[bold red]x[/] [/x] [@click=app.quit]y[/]",
    "${HOME} $(id) `id`", "{site_id} %s {0.__class__}", "'; DROP TABLE", "\u2028\u2029\x85", "a" * 5000, "\U000e0041\U000e0042",
)  # fmt: skip
"""Texts that style, hide, move, insert or run, wherever somebody lets them."""
EVIL_IDS: Final = (
    "../../x", "..", ".", "1/../../2", "%2e%2e%2f", "1?x=2", "1#2", "1 2", "{site_id}", "\u202e1", "", "1\u009b2J",
)  # fmt: skip
"""Ids that would lead elsewhere as part of a path."""


def assert_harmless(said: str) -> None:
    """Fail where anything could steer a terminal."""
    unprintable = {char for char in said if not (char.isprintable() or char == "\n")}
    assert not unprintable
