from textual.widgets import Static


class Spinner(Static):
    def __init__(self):
        super().__init__(markup=False)
        self.display = False

    def start(self, text):
        self.display = True
        self.update(f"- {text}")

    def stop(self):
        self.display = False
