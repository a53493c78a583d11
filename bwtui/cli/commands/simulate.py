"""`bwtui simulate`: apart from the other commands, since it needs nothing of theirs."""

import json
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe
from typing import NamedTuple
from urllib.parse import urlsplit

from bwtui.cli.output import Output
from bwtui.exits import Exit
from bwtui.simulator import switches
from bwtui.simulator.fault_script import FaultsError, load
from bwtui.simulator.persistence import AccountFileError
from bwtui.simulator.server import is_loopback, serve
from bwtui.simulator.settings import Platform, Settings
from bwtui.simulator.switches import Switches


class Options(NamedTuple):
    """The options of `bwtui simulate`."""

    host: str
    port: int
    latency: int
    platform: Platform | None
    faults: str | None
    save: str | None
    tunnel: str | None
    account_id: str | None
    user: str
    seed: int


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Run the simulator until it is stopped."""
    output = Output()
    if options.tunnel is not None and not _is_here(options.tunnel):
        output.say(
            f"--tunnel cannot be “{options.tunnel}”: give the URL of a server on this machine, such as http://127.0.0.1:8081."
        )
        return Exit.INVALID
    try:
        faults = tuple(load(options.faults)) if options.faults else ()
        chosen = switches.load(options.faults) if options.faults else Switches()
        secret = environ.get("BWTUI_SIMULATOR_SECRET") or _secret_for(options.host)
        settings = Settings(
            account_id=options.account_id or "9900000", client_id=options.user, username=options.user,
            client_secret=secret, password=secret,
            platform=options.platform or "legacy", switches=chosen, latency_ms=options.latency, faults=faults, seed=options.seed,
            tunnel=options.tunnel,
        )  # fmt: skip
        save = Path(options.save) if options.save else None
        setups = _Setups(save, settings.account_id, output)

        def announce(text: str, port: int) -> None:
            output.data(text)
            if is_loopback(options.host):  # elsewhere the lines are pasted on other machines, too
                output.data(f"export BWTUI_STATE_DIR={shlex.quote(str(setups.begin(port)))}")

        try:
            serve(settings, options.host, options.port, announce=announce, save=save)
        finally:
            setups.end()
    except (FaultsError, AccountFileError) as error:
        output.say(str(error))
        return Exit.INVALID
    except OverflowError:
        output.say(f"There is no port {options.port}: give --port a number up to 65535, 0 for any free one.")
        return Exit.INVALID
    except BrokenPipeError:
        raise
    except OSError as error:
        output.say(
            f"Cannot listen on {options.host} port {options.port}: {error.strerror or error}. Give another --port or --host."
        )
        return Exit.FAILED
    return Exit.DONE


class _Setups:
    """The folder for setups of the simulated account, apart from the person's own, and as lasting as the account.

    Beside the file of an account that is saved; else one for each port, emptied when the simulator begins and ends. What
    is of another account stays: the shell in which the lines were pasted may have been used for a real one since.
    """

    def __init__(self, save: Path | None, account_id: str, output: Output) -> None:
        self._folder = save.absolute().with_name(f"{save.name}.setups") if save else None
        self._account_id = account_id
        self._output = output
        self._emptied: Path | None = None

    def begin(self, port: int) -> Path:
        """Return the folder for a simulator on this port. bwtui makes it where a setup is saved."""
        if self._folder:
            return self._folder
        from platformdirs import user_state_path  # noqa: PLC0415 - the simulator is ready without it

        self._emptied = user_state_path("bwtui-simulator", appauthor=False) / str(port)
        self._empty(self._emptied)
        return self._emptied

    def end(self) -> None:
        """Remove setups of an account that is gone."""
        if self._emptied:
            self._empty(self._emptied)

    def _empty(self, folder: Path) -> None:
        if all(self._is_simulated(path) for path in folder.rglob("*.json*")):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            self._output.say(
                f"{folder} has setups that may be of another account. They were left as they are."
            )

    def _is_simulated(self, path: Path) -> bool:
        """Return True for a file of this account on this machine, or of no account."""
        try:
            setup = json.loads(path.read_bytes())
            if "base_url" not in setup:
                return True
            host = urlsplit(setup["base_url"]).hostname
            return setup["account_id"] == self._account_id and is_loopback(host or "")
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return False


def _is_here(url: str) -> bool:
    """True for a URL that leads to this machine: what is posted to the tunnel may hold credentials."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and is_loopback(parts.hostname or "") and parts.port != 0
    except ValueError:
        return False


def _secret_for(host: str) -> str:
    """The well-known secret on loopback; elsewhere one that nobody else knows."""
    return "demo-secret" if is_loopback(host) else token_urlsafe(16)
