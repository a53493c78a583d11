"""A Textual driver that sends only what changes on the terminal.

Textual paints whole widgets with a complete set of attributes for each piece of text: 5 kB for a form, again and again.
This driver reads those frames into a picture of the screen, keeps a second picture of what the terminal shows, and
sends the difference. It knows nothing of any app.

    frames.py       what Textual writes, as operations on a picture
    picture.py      rows of cells, as a terminal has them
    pen.py          colours and other attributes, and the shortest way from one to the next
    difference.py   the bytes that lead from one picture to another
    output.py       the thread that sends them, merging what comes while the line is busy
    driver.py       the driver itself, and when not to use it
"""

from bwtui.tui.frugal.driver import FrugalDriver, driver_class

__all__ = ["FrugalDriver", "driver_class"]
