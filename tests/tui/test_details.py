"""The key for the rest of a text is offered where there is a rest."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from bwtui.tui.widgets.details import Details
from bwtui.tui.widgets.header_footer import TextLine


class _Page(Screen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "more", "More")]
    CSS = "Details { height: 4; }"

    def compose(self) -> ComposeResult:
        with Details():
            yield TextLine("One line")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "more":
            return self.query_one(Details).has_more
        return super().check_action(action, parameters)


async def test_a_text_that_grows_where_it_stands_offers_it_and_one_that_shrinks_does_not() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        page = _Page()
        await app.push_screen(page)
        offered: list[bool] = []  # by the line of keys, which is drawn when it is told that keys changed
        page.bindings_updated_signal.subscribe(
            page, lambda screen: offered.append("space" in screen.active_bindings)
        )
        seen = []
        for lines in (9, 2, 9):
            page.query_one(TextLine).refresh_content("\n".join("line" for _ in range(lines)))
            await pilot.pause()
            await pilot.pause()
            seen += offered[-1:]
        assert seen == [True, False, True]
