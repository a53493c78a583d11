"""Three themes: dark, light, and high contrast. What is told by colour is told by a sign too.

Every colour is one of the 256 that terminals have had for decades (a cube of 6 × 6 × 6 and a ramp of greys): over SSH
few say that they have more, and a colour between two of them would be moved to the next one, a ground to that of its
neighbour. Each is also near one of the sixteen that means the same.
"""

from typing import Final

from textual.theme import Theme


def _greys(rule: str, track: str) -> dict[str, str]:
    """The colours of rules and scroll bars, which Textual would mix; nothing moves them but keys."""
    shown = {f"scrollbar{state}": rule for state in ("", "-hover", "-active")}
    return (
        {"rule": rule}
        | shown
        | {
            f"scrollbar-{part}": track
            for part in ("background", "background-hover", "background-active", "corner-color")
        }
    )


THEMES: Final = (
    Theme(
        name="dark", dark=True, primary="#5fd7ff", secondary="#afafff", accent="#5fd7ff", foreground="#dadada",
        background="#121212", surface="#262626", panel="#3a3a3a", success="#5fd75f", warning="#ffd75f", error="#ff8787",
        variables={"hint": "#a8a8a8", "tag": "#87afd7", "input-selection-background": "#005f87", **_greys("#585858", "#121212")},
    ),
    Theme(
        name="light", dark=False, primary="#005fd7", secondary="#5f00af", accent="#005fd7", foreground="#1c1c1c",
        background="#ffffff", surface="#eeeeee", panel="#e4e4e4", success="#005f00", warning="#875f00", error="#af0000",
        variables={"hint": "#585858", "tag": "#005f87", "input-selection-background": "#afd7ff", **_greys("#9e9e9e", "#ffffff")},
    ),
    Theme(
        name="contrast", dark=True, primary="#00ffff", secondary="#ff87ff", accent="#00ffff", foreground="#ffffff",
        background="#000000", surface="#000000", panel="#303030", success="#00ff00", warning="#ffff00", error="#ff8787",
        variables={"hint": "#d0d0d0", "tag": "#00ffff", "input-selection-background": "#0000ff", **_greys("#bcbcbc", "#000000")},
    ),
)  # fmt: skip
"""`hint` is for what is read last, `tag` for what surrounds the values of a request."""

THEME_NAMES: Final = [theme.name for theme in THEMES]
