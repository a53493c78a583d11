"""`bwtui template`: an answers file with comments."""

import sys
from collections.abc import Mapping
from typing import NamedTuple

from bwtui.exits import Exit
from bwtui.store.answers_template import template


class Options(NamedTuple):
    """The options of `bwtui template`."""

    example: bool


def run(options: Options, _environ: Mapping[str, str]) -> int:
    """Print it: empty, or with the guide's example."""
    sys.stdout.write(template(example=options.example))
    sys.stdout.flush()
    return Exit.DONE
