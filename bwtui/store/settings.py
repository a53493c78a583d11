"""Settings of a person, for all setups: a small TOML file beside the state files. Never a secret."""

from pathlib import Path

from bwtui.domain.runs.setup import SaveError
from bwtui.store.atomic_write import replace_private


class SettingsFile:
    """The file `settings.toml` in the folder of the state files."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "settings.toml"

    @property
    def theme(self) -> str:
        """Read the name of the theme; empty where none was chosen, and where the file cannot be read."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""
        import tomllib  # noqa: PLC0415 - start-up time is budgeted, and mostly there is no file

        try:
            theme = tomllib.loads(text).get("theme")
        except tomllib.TOMLDecodeError:
            return ""
        return theme if isinstance(theme, str) else ""

    def save_theme(self, name: str) -> None:
        """Write the name of the theme, in one step.

        Raises:
            SaveError: it could not be written; the text says why.
        """
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_private(self.path, f'theme = "{name}"\n'.encode())
        except OSError as error:
            raise SaveError(f"The theme cannot be kept: {self.path}: {error.strerror}.") from error
