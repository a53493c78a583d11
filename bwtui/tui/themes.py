"""Three themes: dark, light, and high contrast. What is told by colour is told by a sign too."""

from typing import Final

from textual.theme import Theme

THEMES: Final = (
    Theme(
        name="dark", dark=True, primary="#7cb7ff", secondary="#9fd3c7", accent="#ffcf70", foreground="#d8dee9",
        background="#10151c", surface="#1b232e", panel="#232d3a", success="#8fd694", warning="#ffcf70", error="#ff8f87",
    ),
    Theme(
        name="light", dark=False, primary="#0b5cad", secondary="#0f6b5c", accent="#8a5a00", foreground="#1c2733",
        background="#fbfbf8", surface="#eceee9", panel="#dfe3dc", success="#1d6b2a", warning="#8a5a00", error="#b3261e",
    ),
    Theme(
        name="contrast", dark=True, primary="#ffff00", secondary="#00ffff", accent="#ffff00", foreground="#ffffff",
        background="#000000", surface="#000000", panel="#303030", success="#00ff00", warning="#ffff00", error="#ff6060",
    ),
)  # fmt: skip
