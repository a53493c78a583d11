"""`bwtui export`: hand the result to what comes next."""

from collections.abc import Mapping
from typing import NamedTuple

from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.printing import print_open_points
from bwtui.cli.session import Session, open_session, refuse_other_account, report_errors
from bwtui.domain.planning.progress import open_points, worst
from bwtui.exits import exit_for
from bwtui.export.formats import export_as


class Options(NamedTuple):
    """The options of `bwtui export`."""

    setup: SetupOptions
    format: str
    each: ListOptions
    out: str | None


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Print what is on the account; what keeps it from being done is said, and told by the exit code as `status` does."""
    output = Output()
    if options.each.path:
        from bwtui.cli.lists.export import list_export  # noqa: PLC0415 - only where a list is named

        return report_errors(
            output,
            lambda: list_export(options.setup, environ, options.each, options.format, options.out),
        )
    return report_errors(
        output, lambda: _export(open_session(options.setup, environ, output), options.format)
    )


def _export(session: Session, form: str) -> int:
    refuse_other_account(session)
    answers, run, commands = session.answers, session.run, session.options.commands
    print_open_points(answers, run, session.output, commands)
    session.output.data(export_as(form, answers, run, commands).rstrip("\n"))
    return exit_for(worst(open_points(answers, run)))
