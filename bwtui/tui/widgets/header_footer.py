"""The lines that stand on every screen: the title above, help and keys below."""

import textwrap
from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from bwtui.tui.highlight import keys, signed
from bwtui.tui.line_filters import on_one_line


class TextLine(Static):
    """A text that is drawn only when it changes, and moves what is around it only when it grows or shrinks."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        self._told = signed(text)
        super().__init__(self._told, id=id)

    def refresh_content(self, text: str | Content) -> None:
        """Show a text as it is, wherever it comes from: never markup, and nothing that steers a terminal."""
        content = signed(text) if isinstance(text, str) else text
        if content.is_same(self._told):
            return
        before, self._told = self._told, content
        self.update(
            content, layout=self.styles.is_auto_height and self._height(before) != self._height(content)
        )

    def _height(self, text: Content) -> int:
        width, least = self.scrollable_content_region.width, self.styles.min_height
        height = text.get_height(self.styles.get_rules(), width) if text and width else 0
        return max(height, int(least.value) if least else 0)


class WizardHeader(TextLine):
    """The screen's title on the left, the account on the right."""

    def refresh_both(self, left: str, aside: str, *rights: str) -> None:
        """`aside` is left out where there is no room for it; of several texts on the right the first that fits is shown."""
        width = self.size.width or self.app.size.width
        right = next((text for text in rights if len(left) + len(text) + 2 <= width), rights[-1])
        if len(left) + len(aside) + len(right) + 2 >= width:
            aside = ""
        program, gap, title = left.partition("  ")
        room = max(2, width - len(left) - len(aside) - len(right))
        content = Content.assemble(
            (program, "$hint"), (f"{gap}{title}", "bold"), (aside, "$hint"), " " * room, on_one_line(right)
        )
        self.refresh_content(content.truncate(width))


_USUAL = ("Next", "Back", "Optional", "Go to", "Help", "Leave")
"""The keys that are the same on most screens stand last, in this order."""


_NO_BREAK = "\N{NO-BREAK SPACE}"

_KEY_LINES = 2
"""The most that the keys take of a small screen."""


class KeyFooter(TextLine):
    """The keys that do something now; where there is no room for all, Help, which tells all, is the first of them."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.show_keys())
        self.show_keys()

    def on_resize(self) -> None:
        self.show_keys()

    def show_keys(self) -> None:
        """Gather what the focused widget, the screen and the app bind; of two keys for the same, a screen's own."""
        shown: dict[str, str] = {}
        for active in sorted(
            self.screen.active_bindings.values(), key=lambda active: active.binding.priority
        ):
            binding = active.binding
            if binding.show and active.enabled:
                shown.setdefault(binding.description, self.app.get_key_display(binding))
        usual = [name for name in _USUAL if name in shown]
        order = [name for name in shown if name not in _USUAL] + usual
        lines = self._on_lines(f"{shown[name]} {name}" for name in order)
        if len(lines) > _KEY_LINES and "Help" in shown:
            order.sort(key=lambda name: name != "Help")
            lines = self._on_lines(f"{shown[name]} {name}" for name in order)
        self.refresh_content(keys("\n".join(lines[:_KEY_LINES])))

    def _on_lines(self, offers: Iterable[str]) -> list[str]:
        """A key and what it does stay together."""
        # Before there is a layout: as wide as it will be.
        width = self.size.width or self.app.size.width - 2
        text = "  ".join(offer.replace(" ", _NO_BREAK) for offer in offers)
        return [
            line.replace(_NO_BREAK, " ")
            for line in textwrap.wrap(text, max(20, width), break_on_hyphens=False)
        ]
