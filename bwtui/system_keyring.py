"""The system keyring, where one works. The library is an extra, and is imported when it is first asked."""

import os
import queue
import shlex
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from bwtui.domain.values.secret import Secret

SERVICE: Final = "bwtui"
"""What a keyring's own program shows these entries under."""

PATIENCE: Final = 10.0
"""Seconds. A keyring that is locked waits for a dialog, which over SSH nobody will ever see."""

_NOT_ENCRYPTED: Final = "keyrings.alt."
"""The package of the backends that write plain files; the file that bwtui itself keeps is no worse, and is asked about."""

_T = TypeVar("_T")


class KeyringTrouble(Exception):  # noqa: N818 - named by the problem
    """There is no keyring that works; the text says why. It never repeats a secret."""


def trouble() -> str:
    """Return the reason why no secret can be kept in the system keyring; empty if one was written, read and removed."""
    item, value = f"test {os.urandom(4).hex()}", Secret(os.urandom(8).hex())
    try:
        _within(_insist_on_encryption)
        write(item, value)
        return _read_and_removed(item, value)
    except KeyringTrouble as error:
        return str(error)


def _read_and_removed(item: str, value: Secret) -> str:
    """Read an entry and remove it; return what is wrong with what was read. Raises `KeyringTrouble`."""
    try:
        is_same = read(item) == value
        delete(item)
    except KeyringTrouble:  # `delete` reads first, which may be what it cannot do
        with suppress(KeyringTrouble):
            _within(lambda keyring: keyring.delete_password(SERVICE, item))
        raise
    return "" if is_same else "what is written to it cannot be read back"


def read(item: str) -> Secret | None:
    """Return the secret of an entry; `None` if there is no such entry. Raises `KeyringTrouble`."""
    found = _within(lambda keyring: keyring.get_password(SERVICE, item))
    return Secret.entered(found) if isinstance(found, str) else None


def write(item: str, secret: Secret) -> None:
    """Write an entry, or over it. Raises `KeyringTrouble`."""
    _within(lambda keyring: keyring.set_password(SERVICE, item, secret.reveal()))


def delete(item: str) -> None:
    """Remove an entry, and prove by reading that it is gone. Raises `KeyringTrouble`."""
    if read(item) is None:
        return
    _within(lambda keyring: keyring.delete_password(SERVICE, item))
    if read(item) is not None:
        raise KeyringTrouble("it still has the entry after its removal")


def _insist_on_encryption(keyring: Any) -> None:  # noqa: ANN401 - an extra that need not be installed
    backend = keyring.get_keyring()
    first = next(iter(getattr(backend, "backends", ())), backend)
    if type(first).__module__.startswith(_NOT_ENCRYPTED):
        raise KeyringTrouble(f"{type(first).__name__} keeps secrets in a file of its own")


def _not_installed() -> str:
    """Say how this very interpreter gets the library."""
    return f"the library is not installed: {shlex.join((sys.executable, '-m', 'pip', 'install', 'keyring'))}"


def _within(work: Callable[[Any], _T]) -> _T:
    """Do something with the keyring, but wait no longer than `PATIENCE`. Raises `KeyringTrouble`."""
    outcome: queue.SimpleQueue[tuple[_T] | str] = queue.SimpleQueue()

    def do() -> None:
        try:
            import keyring  # noqa: PLC0415 - an extra, and slow to import

            outcome.put((work(keyring),))
        except KeyringTrouble as error:
            outcome.put(str(error))
        except ModuleNotFoundError as error:
            is_missing = error.name == "keyring"
            outcome.put(_not_installed() if is_missing else f"it lacks the module {error.name}")
        except Exception as error:  # noqa: BLE001 - each backend raises its own; the text might repeat a secret
            outcome.put(f"it does not work here ({type(error).__name__})")

    threading.Thread(
        target=do, daemon=True
    ).start()  # a daemon: the process must end although it never answers
    try:
        answer = outcome.get(timeout=PATIENCE)
    except queue.Empty:
        raise KeyringTrouble(f"it did not answer within {PATIENCE:.0f} s; perhaps it is locked") from None
    if isinstance(answer, str):
        raise KeyringTrouble(answer)
    return answer[0]
