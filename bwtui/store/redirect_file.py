"""The callback URLs that `bwtui listen` has changed, and the old ones: on disk before the first change."""

import json
from pathlib import Path
from typing import Final

from bwtui.domain.callbacks.redirect import Redirect, Redirection
from bwtui.store.json_fields import of_another_version
from bwtui.store.setup_folder import redirect_path, write_private
from bwtui.store.state import StateFile
from bwtui.store.state_errors import StateError, Unreadable
from bwtui.store.trusted_read import read_own

_VERSION: Final = 1


def redirection_of(file: StateFile | None) -> Redirection | None:
    """Return what is redirected of a setup; `None` if nothing is. Raises `StateError`."""
    return read_redirection(file.path.parent, file.name) if file else None


def read_redirection(state_dir: Path, name: str) -> Redirection | None:
    """Return what is redirected; `None` if nothing is.

    Raises:
        StateError: the file is there and cannot be read: it was left as it is, since it holds the only way back.
    """
    path = redirect_path(state_dir, name)
    try:
        kept = json.loads(read_own(path))
        if kept["v"] != _VERSION:
            raise Unreadable(of_another_version(path))
        redirects = tuple(
            Redirect(each["step"], each["id"], _urls(each["old"]), _urls(each["new"]), each["whole"])
            for each in kept["redirects"]
        )
        return Redirection(kept["account_id"], kept["base_url"], kept["public_url"], redirects)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(
            f"{path} holds the callback URLs from before bwtui listen changed them, and cannot be read ({error}). It was "
            "left as it is: look at it, set the URLs in the Bandwidth App, then remove it."
        ) from error


def write_redirection(state_dir: Path, name: str, redirection: Redirection) -> None:
    """Write what is about to be redirected; on disk when this returns. Raises `StateError`."""
    kept = {
        "v": _VERSION,
        **redirection._asdict(),
        "redirects": [
            {**each._asdict(), "old": dict(each.old), "new": dict(each.new)} for each in redirection.redirects
        ],
    }
    write_private(redirect_path(state_dir, name), json.dumps(kept, indent=2).encode())


def remove_redirection(state_dir: Path, name: str) -> None:
    """Remove the file, once everything is back. Raises `StateError`."""
    path = redirect_path(state_dir, name)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StateError(
            f"{path} cannot be removed: {error.strerror}. The callback URLs are back: remove it."
        ) from error


def _urls(kept: dict[str, str]) -> dict[str, str]:
    return {str(wire): str(url) for wire, url in kept.items()}
