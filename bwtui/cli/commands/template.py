"""`bwtui template`: an answers file with comments, or the JSON Schema of one."""

import sys
from collections.abc import Mapping
from typing import NamedTuple

from bwtui.exits import Exit
from bwtui.store.answers_template import template


class Options(NamedTuple):
    """The options of `bwtui template`."""

    example: bool
    schema: bool


def run(options: Options, _environ: Mapping[str, str]) -> int:
    """Print the file, empty or with the guide's example, or the schema."""
    if options.schema:
        from bwtui.store.answers_schema import schema  # noqa: PLC0415 - start-up time is budgeted

        sys.stdout.write(schema())
    else:
        sys.stdout.write(template(example=options.example))
    sys.stdout.flush()
    return Exit.DONE
