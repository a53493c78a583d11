"""A library `keyring` of the tests' own: what bwtui uses of it, over a file outside the home folder."""

import json
from pathlib import Path
from typing import Any

from support.cli_runner import CliRunner

_LIBRARY = """
import json, os, time
from pathlib import Path

class KeyringError(Exception): ...

def _trouble(): return os.environ.get("FAKE_KEYRING_TROUBLE", "")

class Keyring: ...
if _trouble() == "plain": Keyring.__module__ = "keyrings.alt.file"

def get_keyring(): return Keyring()

def _entries(): return json.loads(Path(os.environ["FAKE_KEYRING"]).read_text())

def _write(entries): Path(os.environ["FAKE_KEYRING"]).write_text(json.dumps(entries))

def _fail(*words):
    if _trouble() == "broken": raise KeyringError(" ".join(words))
    if _trouble() == "locked": time.sleep(3600)

def set_password(service, user, password):
    _fail("cannot set", password)
    if _trouble() != "null": _write(_entries() | {f"{service}/{user}": password})

def get_password(service, user):
    _fail("cannot get")
    if _trouble() == "cannot read": raise KeyringError("cannot get")
    return _entries().get(f"{service}/{user}")

def delete_password(service, user):
    _fail("cannot delete")
    if _trouble() != "keeps": _write({k: v for k, v in _entries().items() if k != f"{service}/{user}"})
"""


class FakeKeyring:
    """The keyring of every process that a runner starts."""

    def __init__(self, folder: Path, runner: CliRunner) -> None:
        (folder / "keyring.py").write_text(_LIBRARY, encoding="utf-8")
        self._file = folder / "entries"
        self._file.write_text("{}", encoding="utf-8")
        runner.environ |= {"PYTHONPATH": str(folder), "FAKE_KEYRING": str(self._file)}

    @property
    def entries(self) -> dict[str, Any]:
        """The entries, by service and user."""
        content: dict[str, Any] = json.loads(self._file.read_text("utf-8"))
        return content
