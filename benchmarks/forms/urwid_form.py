"""The form in urwid: `urwid_form.py LABEL … -- LABEL …`, a screen on each side of `--`."""

import sys

import urwid


def form(labels: list[str]) -> urwid.Widget:
    """Labelled inputs between a head and a foot."""
    fields = [urwid.Edit(label.ljust(33)) for label in labels]
    return urwid.Frame(
        urwid.ListBox(urwid.SimpleFocusListWalker(fields)),
        header=urwid.AttrMap(urwid.Text("Form"), "bar"),
        footer=urwid.AttrMap(urwid.Text("^N Next"), "bar"),
    )


def pressed(key: str | tuple[str, int, int, int]) -> None:
    if key == "tab":
        loop.process_input(["down"])
    elif key == "ctrl n":
        loop.widget = form(sys.argv[border + 1 :])


border = sys.argv.index("--")
loop = urwid.MainLoop(
    form(sys.argv[1:border]), [("bar", "white", "dark blue")], handle_mouse=False, unhandled_input=pressed
)
loop.run()
