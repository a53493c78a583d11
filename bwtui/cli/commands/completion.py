"""`bwtui completion`: a completion script for a shell, made from the parser itself."""

import sys
from collections.abc import Mapping
from typing import NamedTuple

import shtab

from bwtui.cli.main import make_parser
from bwtui.exits import Exit


class Options(NamedTuple):
    """The options of `bwtui completion`."""

    shell: str


def run(options: Options, _environ: Mapping[str, str]) -> int:
    """Print it."""
    sys.stdout.write(shtab.complete(make_parser(), shell=options.shell))
    sys.stdout.flush()
    return Exit.DONE
