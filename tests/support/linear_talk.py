"""`bwtui --linear` at work: a person who waits for each question and answers it, in a pseudo-terminal or through pipes."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from support.cli_runner import SECONDS, CliRunner, Completed
from support.pty_process import Terminal, terminal

WIDE: Final = 1000
"""Columns in which no question is wrapped."""

Script = Sequence[tuple[str, str]]
"""The beginning of each question, and what is typed."""

CONNECTING: Final[Script] = (
    ("Text messages:", ""),
    ("Voice calls:", ""),
    ("Phone number:", ""),
    ("Your server:", "https://yourSecureSite.com"),
    ("Connect as demo to account 9900000", ""),
)
"""From Welcome to the first step, where the environment has the credentials."""

STEPS: Final[Script] = (
    ("Name: Shown in the Bandwidth App.", "SetupTest"),
    ("House number:", "900"),
    ("Street:", "Main Campus Dr"),
    ("City:", "RALEIGH"),
    ("State:", "nc"),
    ("ZIP code:", "27606"),
    ("Address type:", "1"),
    ("12 optional questions", "yes"),
    ("Which one?", "1"),
    ("Description:", "Programmatic Setup Test"),
    ("Which one?", "3"),
    ("Your own name:", "BW"),
    ("Which one?", "12"),
    ("Country:", "-"),
    ("Which one?", ""),
    ("Name: Shown in the Bandwidth App.", "Setup Test SIP Peer"),
    ("Default location:", "yes"),
    ("Toll-free numbers:", ""),
    ("Short codes:", ""),
    ("Business texting (A2P):", ""),
    ("4 optional questions", "yes"),
    ("Which one?", "1"),
    ("Zone 2:", "yes"),
    ("Which one?", "2"),
    ("Zone 3:", "yes"),
    ("Which one?", "3"),
    ("Zone 4:", "yes"),
    ("Which one?", "4"),
    ("Zone 5:", "y"),
    ("Which one?", ""),
    ("Enable MMS:", ""),
    ("Order a number:", ""),
    ("Search by what?", ""),
    ("Area code:", "919"),
    ("Search by what?", ""),
    ("How many:", ""),
    ("Search now", "no"),
    ("13 optional questions", ""),
    ("Name: Shown in the Bandwidth App.", "Production Server"),
    ("Callback URL:", ""),
    ("Inbound callback URL:", ""),
    ("Outbound callback URL:", ""),
    ("Callback user:", ""),
    ("Check the URLs now?", ""),
    ("Name: Shown in the Bandwidth App.", "Setup Test Voice"),
    ("Call-initiated URL:", ""),
    ("Call-status URL:", ""),
    ("Callback user:", ""),
    ("Check the URLs now?", ""),
    ("Assign campaign:", "1"),
)
"""The guide's example, as `bwtui template --example` has it; the country, which the account itself says, is not in it."""

APPLYING: Final[Script] = (
    ("What next?", "1"),
    ("Write to account 9900000 now? 9 actions", "yes"),
    ("Order +1 (919)", "yes"),
)
FINISHING: Final[Script] = (("Try a message or a call?", ""), ("What next?", ""))

TO_REVIEW: Final[Script] = (*CONNECTING, *STEPS)
WHOLE: Final[Script] = (*TO_REVIEW, *APPLYING, *FINISHING)


@dataclass(kw_only=True)
class Talk:
    """One conversation in a pseudo-terminal."""

    terminal: Terminal
    _read_to: int = 0
    asked: list[str] = field(default_factory=list)
    """Every question that was answered, in full."""

    @property
    def text(self) -> str:
        return self.terminal.text

    @property
    def news(self) -> str:
        """The text written since the last answer."""
        return self.text[self._read_to :]

    def wait_for(self, question: str) -> None:
        """Wait until this question is asked and nothing follows it."""
        deadline = time.monotonic() + SECONDS
        while not (self.terminal.open and self._is_asked(question)):
            told = f"{question!r} is not asked: {self.news}"
            assert self.terminal.open and time.monotonic() < deadline, told  # noqa: PT018
            self.terminal._read(0.05)

    def _is_asked(self, question: str) -> bool:
        line = self.news.rpartition("\n")[2]
        return line.startswith(question) and line.endswith(("]: ", "Number in the list: "))

    def answer(self, question: str, typed: str) -> None:
        """Wait for a question and answer it."""
        self.wait_for(question)
        self.asked.append(self.news.rpartition("\n")[2])
        self._read_to = len(self.text)
        self.terminal.type(f"{typed}\r")

    def follow(self, script: Script) -> None:
        """Answer one question after another."""
        for question, typed in script:
            self.answer(question, typed)

    def enter_until(self, question: str) -> None:
        """Take what stands in brackets at every question before this one."""
        while not self._is_asked(question):
            self.wait_for("")
            if not self._is_asked(question):
                self.answer("", "")

    def end(self) -> int:
        return self.terminal.end()


@contextmanager
def talk(runner: CliRunner, *arguments: str, **environ: str) -> Iterator[Talk]:
    """Run `bwtui --linear` in a pseudo-terminal."""
    with terminal(runner, *(arguments or ("--linear",)), columns=WIDE, environ=environ) as shown:
        yield Talk(terminal=shown)


def pipe(runner: CliRunner, script: Script, *arguments: str, end: str = "") -> Completed:
    """Run `bwtui --linear` with the answers of a script on a pipe, which ends behind them."""
    typed = "".join(f"{answer}\n" for _, answer in script) + end
    return runner.run(*(arguments or ("--linear",)), typed=typed).told()


def step_asked(text: str) -> str:
    """Return the title of the step that is asked about: the names of three steps are asked for in the same words."""
    titles: list[str] = re.findall(r"^Step \d+ of \d+: (.+?) \(", text, re.MULTILINE)
    return titles[-1]


def asked_in(text: str, script: Script) -> list[str]:
    """The questions of a script that stand in a text in their order; those from the first that is missing are left out."""
    found: list[str] = []
    rest = text
    for question, _ in script:
        _, there, rest = rest.partition(f"\n{question}" if found else question)
        if not there:
            break
        found.append(question)
    return found
