"""The formats by name."""

from bwtui.command_line import CommandLine
from bwtui.domain.answers.answers import Answers
from bwtui.domain.runs.run import RunState
from bwtui.export import curl, env, json_, markdown
from bwtui.export.result import result_of

_WRITERS = {"env": env.export, "json": json_.export, "curl": curl.export, "markdown": markdown.export}


def export_as(name: str, answers: Answers, run: RunState, commands: CommandLine) -> str:
    """Return the result of a setup as env, json, curl or markdown."""
    return _WRITERS[name](result_of(answers.account_id, answers.base_url, answers, run, commands))
