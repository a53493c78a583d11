"""The form in prompt_toolkit: `prompt_toolkit_form.py LABEL … -- LABEL …`, a screen on each side of `--`."""

import sys

from prompt_toolkit.application import Application
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.bindings.focus import focus_next
from prompt_toolkit.layout import HSplit, Layout, VSplit, Window
from prompt_toolkit.styles import Style
from prompt_toolkit.widgets import Label, TextArea

keys = KeyBindings()
keys.add("tab")(focus_next)


def form(labels: list[str]) -> Layout:
    """Labelled inputs between a head and a foot."""
    fields = [VSplit([Label(label, width=33), TextArea(multiline=False)]) for label in labels]
    head, foot = Label("Form", style="class:bar"), Label("^N Next", style="class:bar")
    return Layout(HSplit([head, *fields, Window(), foot]))


@keys.add("c-n")
def next_screen(event: KeyPressEvent) -> None:
    event.app.layout = form(sys.argv[border + 1 :])


border = sys.argv.index("--")
Application(
    layout=form(sys.argv[1:border]),
    key_bindings=keys,
    style=Style.from_dict({"bar": "bg:ansiblue fg:ansiwhite"}),
    full_screen=True,
).run()
