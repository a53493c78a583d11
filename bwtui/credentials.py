"""Find credentials: in a file or standard input, the environment, the system keyring, or by a prompt."""

import resource
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bwtui.domain.bookmark import NOBODY, Bookmark
from bwtui.domain.secret import Secret
from bwtui.domain.text import visible


class Prompt(Protocol):
    """Asks on the terminal; what is hidden is not shown while it is typed."""

    def __call__(self, question: str, *, hidden: bool) -> str: ...


class CredentialsError(Exception):
    """There are none, or they cannot be read; the text says what to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user and a secret. `oauth` is true for OAuth2 client credentials, false for HTTP Basic."""

    oauth: bool
    user: str
    """Client id or user name."""
    secret: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The credentials that the command line names: names and files, never a secret itself."""

    client_id: str = ""
    client_secret_file: str = ""
    username: str = ""
    password_file: str = ""


MISSING = (
    "Credentials are missing: set BW_CLIENT_ID and BW_CLIENT_SECRET, or, for a server that takes HTTP Basic, "
    "BW_USERNAME and BW_PASSWORD."
)


def find_user(given: Given, environ: Mapping[str, str], last: Bookmark) -> Bookmark:
    """Return the bookmark with the user to sign in: the one named now, OAuth2 first, else still that of last time.

    A user name or a password file on the command line asks for Basic even where a client id is in the environment.
    """
    client = visible(given.client_id or environ.get("BW_CLIENT_ID", ""))
    user = visible(given.username or environ.get("BW_USERNAME", ""))
    basic_asked = bool(given.username or given.password_file) and not (
        given.client_id or given.client_secret_file
    )
    if client and not (user and basic_asked):
        return last._replace(oauth=True, user=client)
    return last._replace(oauth=False, user=user) if user else last


def find_login(
    given: Given, environ: Mapping[str, str], prompt: Prompt | None, last: Bookmark = NOBODY
) -> Login:
    """Return the credentials of the user that `find_user` finds; what a flag names wins over the environment.

    `prompt` asks for what is missing, a secret without showing it; `None` where nobody can be asked.

    From here on a crash leaves no core file: what this process holds in memory belongs on no disk.

    Raises:
        CredentialsError: none were found.
    """
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    _, oauth, user = find_user(given, environ, last)
    if not user and prompt:
        oauth, user = True, visible(prompt("Client id (OAuth2): ", hidden=False))
    if not user:
        raise CredentialsError(MISSING)
    file, variable = (
        (given.client_secret_file, "BW_CLIENT_SECRET") if oauth else (given.password_file, "BW_PASSWORD")
    )
    return Login(oauth=oauth, user=user, secret=_secret(user, file, variable, environ, prompt))


def _secret(user: str, file: str, variable: str, environ: Mapping[str, str], prompt: Prompt | None) -> Secret:
    secret = _from_file(file) if file else Secret.entered(environ.get(variable, "")) or _from_keyring(user)
    if not secret and prompt:
        secret = Secret.entered(prompt(f"Secret of {user} (not shown): ", hidden=True))
    if not secret:
        raise CredentialsError(
            f"The secret of {user} is missing: set {variable}, or name a file that holds it."
        )
    return secret


def _from_file(name: str) -> Secret:
    """The first line of a file, or of standard input for `-`, that is more than blanks."""
    try:
        lines = iter(sys.stdin.readline, "") if name == "-" else _text(Path(name)).splitlines()
        secret = next(filter(None, map(Secret.entered, lines)), None)
    except (OSError, ValueError) as error:
        raise CredentialsError(
            f"{name} cannot be read: {_why(error)}. Name a file that holds the secret."
        ) from None
    if secret is None:
        raise CredentialsError(
            f"{'Standard input' if name == '-' else name} is empty: the secret is its first line."
        )
    return secret


def _text(path: Path) -> str:
    """A file of a few lines; what Windows PowerShell writes is UTF-16."""
    data = path.read_bytes()
    return data.decode("utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8")


def _why(error: OSError | ValueError) -> str:
    """Return the reason why a file cannot be read; an error about its text would repeat a part of it."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8"
    return str(error)


def _from_keyring(user: str) -> Secret:
    """The secret that the system keyring has for `bwtui`; none where there is no keyring, as over SSH."""
    try:
        import keyring  # noqa: PLC0415 - an extra, and slow to import
        import keyring.errors  # noqa: PLC0415
    except ImportError:
        return Secret("")
    try:
        return Secret.entered(keyring.get_password("bwtui", user) or "")
    except (keyring.errors.KeyringError, OSError, RuntimeError):
        return Secret("")
