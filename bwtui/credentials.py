"""Find credentials: in a file or standard input, the environment, a saved login, the system keyring, or by a prompt."""

import resource
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from bwtui.domain.runs.bookmark import NOBODY, Bookmark
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.values.base_urls import same_origin
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.text import visible


class Prompt(Protocol):
    """Asks on the terminal; what is hidden is not shown while it is typed."""

    def __call__(self, question: str, *, hidden: bool) -> str: ...


class CredentialsError(Exception):
    """There are none, or they cannot be read; the text says what to give."""


class OtherHostError(CredentialsError):
    """The secret belongs to a saved login, and was about to be sent to another host than that of the login."""


class OriginKind(StrEnum):
    """The places that a part of the credentials comes from, strongest first."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    LOGIN = "login"
    KEYRING = "keyring"
    STATE = "state"
    TYPED = "typed"


class Origin(NamedTuple):
    """The place that a part of the credentials comes from."""

    kind: OriginKind
    where: str
    """The same in words: `BW_CLIENT_ID in the environment`."""


TYPED: Final = Origin(OriginKind.TYPED, "typed")


class Login(NamedTuple):
    """A user and a secret. `oauth` is true for OAuth2 client credentials, false for HTTP Basic.

    Two logins are the same if these are, wherever they come from.
    """

    oauth: bool
    user: str
    """Client id or user name."""
    secret: Secret
    user_from: Origin = TYPED
    secret_from: Origin = TYPED
    only_at: str = ""
    """The base URL of the only host that the secret may be sent to; empty if any will do."""
    saved_as: str = ""
    """The name of the saved login whose secret it is; empty if that was given in another way."""
    expires: str = ""
    """The last day of the secret, as `2026-12-31`; empty if it has none, or nobody has said."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Login) and self[:3] == other[:3]

    def __ne__(self, other: object) -> bool:  # that of a tuple would compare all of it
        return not self == other

    def __hash__(self) -> int:
        return hash(self[:3])

    @property
    def told(self) -> str:
        """The user, and where a secret comes from that was not given for this time."""
        is_kept = self.secret_from.kind in (OriginKind.LOGIN, OriginKind.KEYRING)
        return f"{self.user} ({self.secret_from.where.partition(',')[0]})" if is_kept else self.user

    @property
    def named(self) -> str:
        """The user and the secret, and where each comes from; empty if the environment has both."""
        if self.user_from.kind is self.secret_from.kind is OriginKind.ENVIRONMENT:
            return ""
        user, secret = ("client ID", "its secret") if self.oauth else ("user name", "the password")
        return f"the {user}{_in_brackets(self.user_from)} and {secret}{_in_brackets(self.secret_from)}"


def _in_brackets(origin: Origin) -> str:
    return "" if origin == TYPED else f" ({origin.where})"


class Given(NamedTuple):
    """The credentials that the command line names: names and files, never a secret itself."""

    client_id: str = ""
    client_secret_file: str = ""
    username: str = ""
    password_file: str = ""
    account: str = ""
    """The name of a saved login; empty for the last one, or none."""


class Saved(NamedTuple):
    """A login that was saved, and a way to its secret."""

    name: str
    account_id: str
    base_url: str
    """The address that it was saved for: its host is the only one that the secret is sent to."""
    oauth: bool
    user: str
    expires: str
    kept: str
    """Where its secret is: `in the system keyring`."""
    read_secret: Callable[[], Secret]
    """Raises `SaveError` if it is not there."""


MISSING = (
    "Credentials are missing: set BW_CLIENT_ID and BW_CLIENT_SECRET, or, for a server that takes HTTP Basic, "
    "BW_USERNAME and BW_PASSWORD; or save a login with bwtui login."
)


def find_user(
    given: Given, environ: Mapping[str, str], last: Bookmark, saved: Saved | None = None
) -> Bookmark:
    """Return the bookmark with the user to sign in: the one named now, OAuth2 first, else that of a saved login or of last time.

    A user name or a password file on the command line asks for Basic even where a client id is in the environment.
    """
    oauth, user, _ = _user(given, environ, last, saved)
    return last._replace(oauth=oauth, user=user) if user else last


def find_login(
    given: Given,
    environ: Mapping[str, str],
    prompt: Prompt | None,
    last: Bookmark = NOBODY,
    *,
    saved: Saved | None = None,
    base_url: str = "",
) -> Login:
    """Return the credentials of the user that `find_user` finds; what a flag names wins over the environment.

    `prompt` asks for what is missing, a secret without showing it; `None` where nobody can be asked. The secret of a
    `saved` login is for its own host: `base_url` says where it would be sent.

    From here on a crash leaves no core file: what this process holds in memory belongs on no disk.

    Raises:
        OtherHostError: the secret of the saved login would be sent to another host.
        CredentialsError: none were found.
    """
    leave_no_core_file()
    oauth, user, user_from = _user(given, environ, last, saved)
    if not user and prompt:
        oauth, user = True, visible(prompt("Client ID (OAuth2): ", hidden=False))
    if not user:
        raise CredentialsError(MISSING)
    if saved and (saved.oauth, saved.user) != (oauth, user):
        saved = None
    if found := _given_secret(given, environ, oauth=oauth, user_from=user_from):
        return Login(oauth=oauth, user=user, user_from=user_from, secret=found[0], secret_from=found[1])
    if saved:
        return _saved(saved, base_url, user_from)
    secret, secret_from = _from_keyring(user), Origin(OriginKind.KEYRING, "the system keyring")
    if not secret and prompt:
        whose = "Client secret of client ID" if oauth else "Password of user name"
        secret, secret_from = Secret.entered(prompt(f"{whose} {user} (not shown): ", hidden=True)), TYPED
    if not secret:
        variable = "BW_CLIENT_SECRET" if oauth else "BW_PASSWORD"
        raise CredentialsError(
            f"The secret of {user} is missing: set {variable}, or name a file that holds it."
        )
    return Login(oauth=oauth, user=user, user_from=user_from, secret=secret, secret_from=secret_from)


def leave_no_core_file() -> None:
    """Have a crash of this process leave no core file."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def says_all(given: Given, environ: Mapping[str, str]) -> bool:
    """Return True if the command line and the environment name a user with a secret: no saved login is needed."""
    oauth, user, user_from = _user(given, environ, NOBODY, None)
    return bool(user and _given_secret(given, environ, oauth=oauth, user_from=user_from, reads=False))


def _user(
    given: Given, environ: Mapping[str, str], last: Bookmark, saved: Saved | None
) -> tuple[bool, str, Origin]:
    """Return if it is an OAuth2 client, its user, and where that comes from."""
    of_saved = saved and (saved.oauth, saved.user, Origin(OriginKind.LOGIN, f"login {saved.name}"))
    if of_saved and given.account:
        return of_saved
    client = visible(given.client_id or environ.get("BW_CLIENT_ID", ""))
    user = visible(given.username or environ.get("BW_USERNAME", ""))
    basic_asked = bool(given.username or given.password_file) and not (
        given.client_id or given.client_secret_file
    )
    if client and not (user and basic_asked):
        return True, client, _flag_or_variable("--client-id" if given.client_id else "", "BW_CLIENT_ID")
    if user:
        return False, user, _flag_or_variable("--username" if given.username else "", "BW_USERNAME")
    return of_saved or (last.oauth, last.user, Origin(OriginKind.STATE, "saved answers"))


def _flag_or_variable(flag: str, variable: str) -> Origin:
    return (
        Origin(OriginKind.FLAG, flag)
        if flag
        else Origin(OriginKind.ENVIRONMENT, f"{variable} in the environment")
    )


def _given_secret(
    given: Given, environ: Mapping[str, str], *, oauth: bool, user_from: Origin, reads: bool = True
) -> tuple[Secret, Origin] | None:
    """Return the secret that a flag or the environment gives.

    The environment's is not that of a user whom a saved login names. Without `reads`, a file is taken to have one, and
    is left alone.
    """
    file, flag, variable = (
        (given.client_secret_file, "--client-secret-file", "BW_CLIENT_SECRET")
        if oauth
        else (given.password_file, "--password-file", "BW_PASSWORD")
    )
    if file:
        return _from_file(file) if reads else Secret("?"), Origin(OriginKind.FLAG, flag)
    is_of_login = user_from.kind is OriginKind.LOGIN
    secret = Secret.entered("" if is_of_login else environ.get(variable, ""))
    return (secret, _flag_or_variable("", variable)) if secret else None


def _saved(saved: Saved, base_url: str, user_from: Origin) -> Login:
    """Return a saved login with its secret, for its own host alone."""
    if not same_origin(saved.base_url, base_url):
        raise OtherHostError(
            f"The login {saved.name} is for {saved.base_url}, and its secret is sent nowhere else. For {base_url}, name "
            "another login with --account, or give its credentials."
        )
    try:
        secret = saved.read_secret()
    except SaveError as error:
        raise CredentialsError(f"{error} Log in again: bwtui login --account {saved.name}") from None
    return Login(
        oauth=saved.oauth, user=saved.user, user_from=user_from, secret=secret,
        secret_from=Origin(OriginKind.LOGIN, f"login {saved.name}, {saved.kept}"),
        only_at=saved.base_url, saved_as=saved.name, expires=saved.expires,
    )  # fmt: skip


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
    from bwtui.system_keyring import KeyringTrouble, read  # noqa: PLC0415 - start-up time is budgeted

    try:
        return read(user) or Secret("")
    except KeyringTrouble:
        return Secret("")
