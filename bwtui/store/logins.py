"""Saved logins: their names and ids in one file, their secrets in the system keyring or in a file that the person agreed to.

A login belongs to one address. Its secret is kept under a key that names it, so that a changed list of logins cannot
lead a secret to another address.
"""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, TypeVar, assert_never

from bwtui.domain.runs.setup import SaveError
from bwtui.domain.values.secret import Secret
from bwtui.store.json_fields import (
    Fields,
    Wrong,
    of_another_version,
    string,
    string_by_name,
    whole,
    word,
    yes_or_no,
)
from bwtui.store.private_folder import PrivateFolder
from bwtui.system_keyring import SERVICE, KeyringTrouble
from bwtui.system_keyring import delete as delete_in_keyring
from bwtui.system_keyring import read as read_in_keyring
from bwtui.system_keyring import write as write_in_keyring

_T = TypeVar("_T")
_VERSION: Final = 1
_LOGINS: Final = "logins.json"
_SECRETS: Final = "secrets.json"


class NotKept(SaveError):  # noqa: N818
    """A secret could not be kept, read or removed; the text says why, and never repeats it."""


class Kept(StrEnum):
    """The places that keep a secret."""

    KEYRING = "keyring"
    FILE = "file"

    @property
    def told(self) -> str:
        return "in the system keyring" if self is Kept.KEYRING else "in a file, not encrypted"

    @property
    def place(self) -> str:
        return "the system keyring" if self is Kept.KEYRING else "its file"


class SavedLogin(NamedTuple):
    """A login as it is listed: everything but its secret."""

    name: str
    account_id: str
    base_url: str
    """The only address that its secret is sent to."""
    oauth: bool
    user: str
    """Client id or user name."""
    kept: Kept
    """Where its secret is."""
    expires: str = ""
    """The last day of its secret, as `2026-12-31`; empty if it has none, or nobody has said."""

    @property
    def key(self) -> str:
        """The key of its secret, in the keyring as in the file."""
        return f"login {self.name}: {self.user} at {self.base_url}"


class Logins:
    """The saved logins of a person. Everything raises `SaveError` for files that cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._folder = PrivateFolder(folder)
        self.secrets_path = folder / _SECRETS
        """The file of the secrets that are not in the keyring."""

    def all(self) -> dict[str, SavedLogin]:
        """Return the logins by name; the last one is that of which the person logged in last."""
        data = self._folder.read(_LOGINS)
        return {} if data is None else self._understood(_LOGINS, data, _logins)

    def secret(self, login: SavedLogin) -> Secret:
        """Return the secret of a login. Raises `NotKept` if it is not there."""
        found: Secret | None
        match login.kept:
            case Kept.KEYRING:
                try:
                    found = read_in_keyring(login.key)
                except KeyringTrouble as error:
                    raise NotKept(f"The system keyring cannot be read: {error}.") from None
            case Kept.FILE:
                found = self._secrets().get(login.key)
            case _:
                assert_never(login.kept)
        if not found:
            raise NotKept(f"The secret of the login {login.name} is not in {login.kept.place}.")
        return found

    def save(self, login: SavedLogin, secret: Secret) -> str:
        """Save a login over one of its name, and its secret first. Say what is left of the older one; mostly nothing."""
        with self._folder.locked():
            logins = self.all()
            older = logins.pop(login.name, None)
            is_elsewhere = older is None or (older.key, older.kept) != (login.key, login.kept)
            try:
                self._keep(login, secret)
                self._write(_LOGINS, {"logins": {**_told(logins), **_told({login.name: login})}})
            except SaveError:
                if is_elsewhere:
                    self._forget(login)
                raise
            return self._forget(older) if older and is_elsewhere else ""

    def remove(self, name: str) -> str:
        """Remove a secret, read whether it is gone, and only then remove its login. Say why the two stay; else nothing."""
        with self._folder.locked():
            logins = self.all()
            if left := self._forget(logins.pop(name)):
                return left
            if logins:
                self._write(_LOGINS, {"logins": _told(logins)})
            else:
                self._folder.remove(_LOGINS)
            return ""

    def _keep(self, login: SavedLogin, secret: Secret) -> None:
        """Write a secret, and read it back."""
        match login.kept:
            case Kept.KEYRING:
                try:
                    write_in_keyring(login.key, secret)
                except KeyringTrouble as error:
                    raise NotKept(f"The system keyring did not take the secret: {error}.") from None
            case Kept.FILE:
                self._write_secrets({**self._secrets(), login.key: secret})
            case _:
                assert_never(login.kept)
        if self.secret(login) != secret:
            raise NotKept(f"The secret cannot be read back from {login.kept.place}.")

    def _forget(self, login: SavedLogin) -> str:
        """Remove a secret, and read whether it is gone; return why it may still be there, and its entry; else nothing."""
        entry = f"The secret is the entry “{login.key}”"
        try:
            match login.kept:
                case Kept.KEYRING:
                    delete_in_keyring(login.key)
                case Kept.FILE:
                    secrets = self._secrets()
                    secrets.pop(login.key, None)
                    self._write_secrets(secrets)
                    if login.key in self._secrets():
                        return f"{self.secrets_path} cannot be changed. {entry}."
                case _:
                    assert_never(login.kept)
        except KeyringTrouble as error:
            return f"The system keyring cannot be asked: {error}. {entry} of {SERVICE} in it."
        except SaveError as error:
            return f"{error} {entry} of {self.secrets_path}."
        return ""

    def _secrets(self) -> dict[str, Secret]:
        data = self._folder.read(_SECRETS)
        return {} if data is None else self._understood(_SECRETS, data, _secrets)

    def _write_secrets(self, secrets: Mapping[str, Secret]) -> None:
        if secrets:
            self._write(_SECRETS, {"secrets": {key: secret.reveal() for key, secret in secrets.items()}})
        else:
            self._folder.remove(_SECRETS)

    def _write(self, name: str, content: Mapping[str, object]) -> None:
        self._folder.write(name, json.dumps({"v": _VERSION, **content}, indent=1).encode())

    def _understood(self, name: str, data: bytes, read: Callable[[Fields], _T]) -> _T:
        """Read a file; its text is never repeated, since it may hold a secret."""
        try:
            fields = Fields(json.loads(data), "it")
            if fields.take("v", whole) != _VERSION:
                raise SaveError(of_another_version(self._folder.path / name))
            content = read(fields)
            fields.end()
        except Wrong as error:
            why = str(error)
        except (ValueError, RecursionError):
            why = "it is not JSON"
        else:
            return content
        raise SaveError(
            f"{self._folder.path / name} cannot be understood: {why}. Move it away, and log in again."
        ) from None


def _told(logins: Mapping[str, SavedLogin]) -> dict[str, dict[str, object]]:
    return {
        name: {field: value for field, value in login._asdict().items() if field != "name"}
        for name, login in logins.items()
    }


def _logins(fields: Fields) -> dict[str, SavedLogin]:
    listed = fields.take("logins", lambda value, _: value)
    if not isinstance(listed, dict):
        raise Wrong("logins is no object")
    return {name: _login(name, content) for name, content in listed.items()}


def _login(name: str, told: object) -> SavedLogin:
    fields = Fields(told, f"login {name}")
    login = SavedLogin(
        name=name,
        account_id=fields.take("account_id", string),
        base_url=fields.take("base_url", string),
        oauth=fields.take("oauth", yes_or_no),
        user=fields.take("user", string),
        kept=fields.take("kept", word(Kept)),
        expires=fields.take("expires", string),
    )
    fields.end()
    return login


def _secrets(fields: Fields) -> dict[str, Secret]:
    return {key: Secret(text) for key, text in fields.take("secrets", string_by_name).items()}
