"""A shell script that sends the first message and places the first call, with nothing but curl."""

import json
import shlex
from typing import Final
from urllib.parse import quote

from bwtui.domain.catalog import MESSAGING_APP, VOICE_APP
from bwtui.domain.catalog_universal import ACTIVATION
from bwtui.domain.planning.voice_plan import wanted_services
from bwtui.domain.platform import Platform
from bwtui.domain.runs.run import Status
from bwtui.domain.trials.trial_requests import answer_url
from bwtui.domain.values.hosts import ServiceHost, service_url, token_url_for
from bwtui.export.result import Result, comments

_DESTINATION: Final = "@TO@"
"""Placeholder in a request for the number that the script is given; it occurs nowhere else in our JSON."""

_HEAD: Final = """\
#!/bin/sh
# Made by bwtui: what this setup can do, tried with one number of yours.
#
# Credentials come from BW_CLIENT_ID and BW_CLIENT_SECRET, or from BW_USERNAME and BW_PASSWORD. curl reads them
# from a pipe, since everybody on this machine can see the arguments of a program.
set -eu

usage() {
  echo "usage: $0 +15551234567   (the phone to send to and to call, with + and country code)" >&2
  exit 2
}

[ "$#" -eq 1 ] || usage
to=$1
case $to in +[1-9]*) ;; *) usage ;; esac
case ${to#+} in *[!0-9]*) usage ;; esac
"""

_CREDENTIALS: Final = """
# Inside the quotes of curl's configuration and of JSON: \\ before \\ and ".
escaped() {
  printf '%s' "$1" | tr -d '\\r\\n' | sed 's/[\\"]/\\\\&/g'
}

user_line() {
  printf 'user = "%s:%s"\\n' "$(escaped "$1")" "$(escaped "$2")"
}

if [ -n "${BW_CLIENT_ID:-}" ] && [ -n "${BW_CLIENT_SECRET:-}" ]; then
  reply=$(user_line "$BW_CLIENT_ID" "$BW_CLIENT_SECRET" |
    curl --silent --show-error --fail --config - --data grant_type=client_credentials "$token_url")
  token=$(printf '%s\\n' "$reply" | sed -n 's/.*"access_token"[[:space:]]*:[[:space:]]*"\\([^"]*\\)".*/\\1/p')
  if [ -z "$token" ]; then
    echo "$0: $token_url gave no token" >&2
    exit 1
  fi
  authorization=$(printf 'header = "Authorization: Bearer %s"' "$(escaped "$token")")
elif [ -n "${BW_USERNAME:-}" ] && [ -n "${BW_PASSWORD:-}" ]; then
  authorization=$(user_line "$BW_USERNAME" "$BW_PASSWORD")
else
  echo "$0: set BW_CLIENT_ID and BW_CLIENT_SECRET (or BW_USERNAME and BW_PASSWORD) first" >&2
  exit 2
fi

# post URL JSON: show the answer, and stop unless it is a success.
post() {
  reply=$(printf '%s\\n' "$authorization" |
    curl --silent --show-error --config - --header 'Content-Type: application/json' --data-raw "$2" \\
      --write-out '\\n%{http_code}' "$1")
  printf '%s\\n' "$reply"
  case ${reply##*
} in 2??) ;; *) echo "$0: $1 refused it" >&2; exit 1 ;; esac
}
"""

_MESSAGE: Final = """
# --- One message. 202 means accepted, not delivered: the callback URL hears message-delivered or message-failed.
# A US local number needs an approved 10DLC campaign first (error 4476 otherwise), a toll-free number its
# verification (4795).
"""

_CALL: Final = """
# --- One call. 201 means under way; when it is answered, Bandwidth asks the URL below for BXML.
"""

_NOT_ACTIVATED: Final = """\
# This setup has not activated outgoing calls for the number, so Bandwidth may refuse the call.
"""

_NO_MESSAGE: Final = """
# No message: this setup has no messaging application or no phone number.
"""

_NO_CALL: Final = """
# No call: this setup has no voice application, no phone number or no call-initiated URL.
"""

_NOTHING: Final = "this setup has nothing to send a message or place a call with"


def export(result: Result) -> str:
    """Return the script; a part whose ids are missing is left out."""
    message, call = _message(result), _call(result)
    doubts = "".join(f"{line}\n" for line in comments(result))
    if not message and not call:
        why = "its phone number is still on order" if result.order_told and not result.number else _NOTHING
        nothing = f'echo "$0: {why}" >&2\nexit 1\n'
        return f"{_HEAD}{doubts}{_NO_MESSAGE}{_NO_CALL}{nothing}"
    token_url = f"\ntoken_url={shlex.quote(token_url_for(result.base_url))}\n"
    return "".join([_HEAD, doubts, token_url, _CREDENTIALS, message or _NO_MESSAGE, call or _NO_CALL])


def _message(result: Result) -> str:
    application = result.id(MESSAGING_APP.produces)
    if not application or not result.number:
        return ""
    url = f"{service_url(result.base_url, ServiceHost.MESSAGING)}/users/{quote(result.account_id, safe='')}/messages"
    content = {
        "applicationId": application,
        "from": result.number,
        "to": [_DESTINATION],
        "text": "Hello from bwtui",
    }
    return f"{_MESSAGE}{_post(url, content)}"


def _call(result: Result) -> str:
    application, asks = result.id(VOICE_APP.produces), answer_url(result.answers)
    if not application or not result.number or not asks:
        return ""
    url = f"{service_url(result.base_url, ServiceHost.VOICE)}/accounts/{quote(result.account_id, safe='')}/calls"
    content = {
        "applicationId": application,
        "from": result.number,
        "to": _DESTINATION,
        "answerUrl": asks,
    }
    return f"{_CALL}{_doubt(result)}{_post(url, content)}"


def _doubt(result: Result) -> str:
    """Warn of a call that may be refused: on the Universal Platform a number cannot call before that is activated."""
    is_active = result.run.step(ACTIVATION.key).status is Status.DONE
    wanted = wanted_services(ACTIVATION, result.answers)
    outgoing = [flag for flag in wanted if flag.sends.startswith("OUTBOUND")]
    is_doubtful = result.platform is Platform.UNIVERSAL and not (is_active and outgoing)
    return _NOT_ACTIVATED if is_doubtful else ""


def _post(url: str, content: object) -> str:
    """Return the shell's call of `post`; the shell inserts the number, which it has checked to be digits."""
    before, _, after = json.dumps(content).partition(_DESTINATION)
    return f'post {shlex.quote(url)} \\\n  {shlex.quote(before)}"$to"{shlex.quote(after)}\n'
