from textual.message import Message
from textual.widgets import Static


class NumberPicker(Static, can_focus=True):
    class Picked(Message):
        def __init__(self, numbers):
            super().__init__()
            self.numbers = numbers

    def show(self, found, picked=()):
        self.update("\n".join(n.number for n in found[:50]))

    def filter(self, text):
        pass
