"""Environment variables: a file that a shell can source and that dotenv readers understand."""

import shlex

from bwtui.domain.catalog import STEPS
from bwtui.export.result import Result, comments


def export(result: Result) -> str:
    """Write the names and values that a server needs; what the setup does not have is said in a comment."""
    lines = [
        "# Made by bwtui. Load it into a shell with: set -a; . ./THIS_FILE; set +a",
        "# Credentials are not here: set BW_CLIENT_ID and BW_CLIENT_SECRET yourself.",
        *comments(result),
        _line("BW_ACCOUNT_ID", result.account_id, "account id"),
        _line("BW_NUMBER", result.number, "phone number"),
        _line("BW_NUMBERS", ",".join(result.e164_numbers), "phone number"),
        *(
            _line(step.exported_as, result.id(step.produces), step.title.lower())
            for step in STEPS
            if step.exported_as
        ),
        _line("BASE_CALLBACK_URL", result.answers.callback_base_url, "public base URL"),
    ]
    return "\n".join([*lines, ""])


def _line(name: str, value: str, what: str) -> str:
    return f"{name}={_quoted(value)}" if value else f"# {name}: this setup has no {what}."


def _quoted(value: str) -> str:
    """Quote for the shell; dotenv readers know no quote inside single quotes, so such a value gets double ones."""
    if "'" in value and not set(value) & set('"$`\\'):
        return f'"{value}"'
    return shlex.quote(value)
