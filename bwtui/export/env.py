"""Environment variables, for a file that a shell can source and that dotenv readers understand."""

import shlex

from bwtui.domain.catalog import STEPS
from bwtui.domain.values.text import single_line
from bwtui.export.result import Result, comments


def export(result: Result) -> str:
    """Return the names and values that a server needs; a comment names each one that the setup does not have."""
    number = _no_number(result)
    lines = [
        "# Made by bwtui. Load it into a shell with: set -a; . ./THIS_FILE; set +a",
        "# Credentials are not here: set BW_CLIENT_ID and BW_CLIENT_SECRET yourself.",
        *comments(result),
        _line("BW_ACCOUNT_ID", result.account_id, _none("account id")),
        _line("BW_NUMBER", result.number, number),
        _line("BW_NUMBERS", ",".join(result.e164_numbers), number),
        *(
            _line(step.exported_as, result.id(step.produces), _none(step.title.lower()))
            for step in STEPS
            if step.exported_as and result.has_place_for(step)
        ),
        _line("BASE_CALLBACK_URL", result.answers.callback_base_url, _none("public base URL")),
    ]
    return "\n".join([*lines, ""])


def _no_number(result: Result) -> str:
    """Say why there is no number: it may have been ordered."""
    text = single_line(result.order_told)
    return f"not known yet, {text}." if text else _none("phone number")


def _none(what: str) -> str:
    return f"this setup has no {what}."


def _line(name: str, value: str, otherwise: str) -> str:
    return f"{name}={_quoted(value)}" if value else f"# {name}: {otherwise}"


def _quoted(value: str) -> str:
    """Quote a value for the shell; one with a single quote gets double quotes, since dotenv readers have no escape."""
    if "'" in value and not set(value) & set('"$`\\'):
        return f'"{value}"'
    return shlex.quote(value)
