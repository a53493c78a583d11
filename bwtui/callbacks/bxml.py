"""The BXML that speaks one sentence in a call (bandwidth-api 9.5)."""

from typing import Final
from xml.sax.saxutils import escape

from bwtui.domain.values.text import single_line

DEFAULT_SENTENCE: Final = "Hello from b w t u i. Your call has arrived. Goodbye."
LONGEST_SENTENCE: Final = 2000
"""Most characters that are spoken; a document may have 64 KB."""

NOTHING_TO_DO: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""Says nothing and ends the call, where that is still to be said."""


def speak(sentence: str) -> bytes:
    """Return a document that speaks a sentence, whatever characters it has, and then ends the call."""
    spoken = escape(single_line(sentence)[:LONGEST_SENTENCE].encode("utf-8", "ignore").decode())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Response><SpeakSentence>{spoken}</SpeakSentence></Response>'
    ).encode()
