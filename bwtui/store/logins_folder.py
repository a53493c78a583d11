"""The folder of saved logins, by itself: mostly there is none, and nothing else of them need be imported."""

from collections.abc import Mapping
from pathlib import Path


def logins_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of saved logins: below BWTUI_CONFIG_DIR, else below the platform's usual one."""
    if chosen := environ.get("BWTUI_CONFIG_DIR"):
        return Path(chosen).expanduser().absolute() / "logins"
    from platformdirs import user_config_path  # noqa: PLC0415 - start-up time is budgeted

    return user_config_path("bwtui", appauthor=False) / "logins"
