"""Environment variables, for a file that a shell can source and that dotenv readers understand."""

import shlex

from bwtui.domain.catalog import MESSAGING_APP, VOICE_APP
from bwtui.export.result import Result, comments


def export(result: Result) -> str:
    """Return the names and values that a server needs; a comment names each one that the setup does not have."""
    lines = [
        "# Made by bwtui. Load it into a shell with: set -a; . ./THIS_FILE; set +a",
        "# Credentials are not here: set BW_CLIENT_ID and BW_CLIENT_SECRET yourself.",
        *comments(result),
        _line("BW_ACCOUNT_ID", result.account_id, "account id"),
        _line("BW_NUMBER", result.number, "phone number"),
        _line("BW_NUMBERS", ",".join(result.e164_numbers), "phone number"),
        _line("BW_MESSAGING_APPLICATION_ID", result.id(MESSAGING_APP.produces), "messaging application"),
        _line("BW_VOICE_APPLICATION_ID", result.id(VOICE_APP.produces), "voice application"),
        _line("BASE_CALLBACK_URL", result.answers.callback_base_url, "public base URL"),
    ]
    return "\n".join([*lines, ""])


def _line(name: str, value: str, what: str) -> str:
    return f"{name}={_quoted(value)}" if value else f"# {name}: this setup has no {what}."


def _quoted(value: str) -> str:
    """Quote a value for the shell; one with a single quote gets double quotes, since dotenv readers have no escape."""
    if "'" in value and not set(value) & set('"$`\\'):
        return f'"{value}"'
    return shlex.quote(value)
