"""The wizard's host: what is given to it, what it keeps, how it connects; the screens are a stand-in here."""

import asyncio
import io
import json
import os
import re
import stat
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest

from bwtui.cli.main import run
from bwtui.credentials import Login
from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.answers.validation import complaints
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Event, Failed, Finished, Removed, Started
from bwtui.domain.runs.setup import SaveError, Setup
from bwtui.domain.values.documents import Exchange
from bwtui.domain.values.phone_numbers import readable
from bwtui.domain.values.secret import Secret
from bwtui.exits import Exit
from bwtui.services import WizardHost
from bwtui.simulator.server import RunningSimulator
from bwtui.store.answers_file import parse
from bwtui.store.answers_template import template
from bwtui.store.open_setup import OpenSetup
from bwtui.store.requested_file import write_answers_file
from bwtui.store.state import StateFile
from bwtui.store.state_errors import Locked
from support.cli_runner import CliRunner, fault, one_of_each

PRODUCTION = "https://api.bandwidth.com/api"
CLASSIC = "https://dashboard.bandwidth.com/api"
LOGIN = Login(oauth=True, user="demo", secret=Secret("demo-secret"))
BEGUN = (Started(step="site", at=1.0), Finished(step="site", at=2.0, outputs={"site_id": "1"}))


class Keyboard(io.StringIO):
    """Standard input or output that is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass(kw_only=True)
class Shown:
    """The arguments that the screens were called with."""

    host: WizardHost
    answers: Answers
    run: RunState
    bookmark: Bookmark
    autoplay: float | None


@dataclass(kw_only=True)
class Screens:
    """A stand-in for the screens: does what a test says, and leaves."""

    monkeypatch: pytest.MonkeyPatch
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    shown: Shown | None = None
    streams: dict[str, io.StringIO] = field(
        default_factory=lambda: {"stdin": Keyboard(), "stdout": Keyboard()}
    )

    @property
    def file(self) -> StateFile:
        return StateFile(self.folder)

    @property
    def setup(self) -> Setup:
        """The content of the state file."""
        setup = self.file.load()
        assert setup
        return setup

    def open(self, *arguments: str, act: Callable[[Shown], object] = lambda _: None, leave: int = 0) -> int:
        """Run bwtui with a terminal; `act` is what happens on screen, `leave` the code that it ends with."""

        def run_wizard(
            host: WizardHost,
            answers: Answers,
            run: RunState,
            bookmark: Bookmark,
            *,
            autoplay: float | None = None,
        ) -> int:
            self.shown = Shown(host=host, answers=answers, run=run, bookmark=bookmark, autoplay=autoplay)
            act(self.shown)
            return leave

        app = ModuleType("bwtui.tui.app")
        app.run_wizard = run_wizard  # type: ignore[attr-defined]
        self.monkeypatch.setitem(sys.modules, "bwtui.tui", ModuleType("bwtui.tui"))
        self.monkeypatch.setitem(sys.modules, "bwtui.tui.app", app)
        self.shown = None
        with self.monkeypatch.context() as terminal:
            for name, stream in self.streams.items():
                terminal.setattr(sys, name, stream)
            return run(arguments, self.environ)

    def look(self, *arguments: str) -> Shown:
        """Run bwtui; return the arguments that the screens were called with."""
        assert self.open(*arguments) == Exit.DONE
        assert self.shown
        return self.shown


@pytest.fixture
def screens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Screens:
    folder = tmp_path / "states"
    return Screens(monkeypatch=monkeypatch, folder=folder, environ={"BWTUI_STATE_DIR": str(folder)})


def given(value: str, source: Source = Source.TYPED) -> Answer:
    return Answer(value, source)


def answers_for(base_url: str, account_id: str = "9900000", **more: Answer) -> Answers:
    return Answers({"account.account_id": given(account_id), "account.base_url": given(base_url), **more})


async def connect(host: WizardHost, answers: Answers, login: Login = LOGIN) -> list[Exchange]:
    """Connect, read the account and leave; gives the exchanges that were told."""
    told: list[Exchange] = []
    async with host.connect(login, answers, told.append, lambda *_: None) as services:
        await services.read_account(answers)
    return told


async def enter(host: WizardHost, answers: Answers, login: Login = LOGIN) -> None:
    """Connect and leave, without asking anything."""
    async with host.connect(login, answers, lambda _: None, lambda *_: None):
        pass


# --- The gate ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [(), ("demo",)], ids=["wizard", "demo"])
def test_without_a_terminal_one_line_names_apply(runner: CliRunner, command: tuple[str, ...]) -> None:
    ended = runner.run(*command).told()
    assert (ended.exit, ended.out) == (6, "")
    assert len(ended.err.splitlines()) == 1
    assert "bwtui apply FILE" in ended.err
    assert not runner.states.exists()


@pytest.mark.parametrize("name", ["stdin", "stdout"])
@pytest.mark.parametrize("command", [(), ("demo",)], ids=["wizard", "demo"])
def test_both_ends_have_to_be_a_terminal(screens: Screens, command: tuple[str, ...], name: str) -> None:
    screens.streams[name] = io.StringIO()
    assert screens.open(*command) == Exit.INVALID
    assert screens.shown is None


@pytest.mark.parametrize("command", [(), ("demo",)], ids=["wizard", "demo"])
def test_a_dumb_terminal_is_none(
    screens: Screens, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    screens.environ["TERM"] = "dumb"
    assert screens.open(*command) == Exit.INVALID
    assert "bwtui apply FILE" in capsys.readouterr().err
    assert screens.shown is None


@pytest.mark.parametrize(("value", "after"), [("", None), ("1", "1")])
def test_an_empty_no_color_is_not_set(
    screens: Screens, monkeypatch: pytest.MonkeyPatch, value: str, after: str | None
) -> None:
    monkeypatch.setenv("NO_COLOR", value)
    screens.look()
    assert os.environ.get("NO_COLOR") == after


# --- What is given -----------------------------------------------------------------------------------------------


def test_the_first_time_there_is_nothing(screens: Screens) -> None:
    shown = screens.look()
    assert shown.answers == Answers()
    assert (shown.run, shown.bookmark, shown.autoplay) == (RunState(), Bookmark(), None)
    assert (shown.host.login, shown.host.resume_command, shown.host.is_demo) == (None, "bwtui", False)
    assert screens.file.load() is None, "looking keeps nothing"


def test_it_goes_on_where_it_was_left(screens: Screens) -> None:
    answers = {"site.name": given("Main"), "site.city": given("CARY", Source.ACCOUNT)}
    bookmark = Bookmark(place="sippeer", oauth=False, user="somebody")
    screens.file.save(
        Setup(account_id="9900000", base_url=PRODUCTION, answers=answers, bookmark=bookmark, events=BEGUN)
    )
    shown = screens.look()
    assert shown.answers.given == {
        **answers,
        "account.account_id": given("9900000", Source.STATE),
        "account.base_url": given(PRODUCTION, Source.STATE),
    }
    assert shown.run.outputs == {"site_id": "1"}
    assert shown.bookmark == bookmark


def test_flags_beat_environment_beats_answers_file_beats_state(screens: Screens, tmp_path: Path) -> None:
    kept = {"site.name": given("Kept"), "site.city": given("CARY"), "account.account_id": given("1")}
    screens.file.save(Setup(account_id="1", base_url=PRODUCTION, answers=kept))
    file = tmp_path / "setup.toml"
    file.write_text('[account]\naccount_id = "2"\n[site]\nname = "Filed"\n')
    answers = screens.look("--answers", str(file)).answers.given
    assert answers["site.name"] == given("Filed", Source.FILE)
    assert answers["site.city"] == given("CARY", Source.TYPED)
    assert answers["account.account_id"] == given("2", Source.FILE)
    screens.environ["BW_ACCOUNT_ID"] = "3"
    answers = screens.look("--answers", str(file)).answers.given
    assert answers["account.account_id"] == given("3", Source.ENVIRONMENT)
    answers = screens.look("--answers", str(file), "--account-id", "4").answers.given
    assert answers["account.account_id"] == given("4", Source.FLAG)


def test_another_environment_takes_the_place_of_a_kept_address_however_strongly_that_was_answered(
    screens: Screens, tmp_path: Path
) -> None:
    kept = {"account.base_url": given("http://127.0.0.1:1/api")}
    screens.file.save(Setup(account_id="", base_url="", answers=kept))
    assert screens.look().answers.base_url == "http://127.0.0.1:1/api"
    file = tmp_path / "setup.toml"
    file.write_text('[account]\nenvironment = "test"\n')
    assert screens.look("--answers", str(file)).answers.base_url == "https://test.api.bandwidth.com/api"
    assert screens.look("--environment", "classic").answers.base_url == CLASSIC
    screens.environ["BW_API_URL"] = "http://127.0.0.1:2/api"
    assert screens.look("--answers", str(file)).answers.base_url == "http://127.0.0.1:2/api"


def test_callback_passwords_come_from_the_environment_where_they_have_a_user(screens: Screens) -> None:
    screens.environ["BWTUI_VOICE_CALLBACK_PASSWORD"] = "canary-77"
    assert screens.look().answers.secrets == {}
    answers = {"voice_app.callback_user": given("somebody")}
    screens.file.save(Setup(account_id="", base_url="", answers=answers))
    assert screens.look().answers.secrets == {"voice_app.callback_password": Secret("canary-77")}


# --- Who is asking -----------------------------------------------------------------------------------------------


def test_credentials_come_from_the_environment(screens: Screens) -> None:
    screens.environ |= {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret"}
    shown = screens.look()
    assert shown.host.login == LOGIN
    assert (shown.bookmark.oauth, shown.bookmark.user) == (True, "demo")


def test_credentials_come_from_a_file_that_a_flag_names(screens: Screens, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("demo-secret\n")
    shown = screens.look("--username", "somebody", "--password-file", str(tmp_path / "secret"))
    assert shown.host.login == Login(oauth=False, user="somebody", secret=Secret("demo-secret"))
    assert (shown.bookmark.oauth, shown.bookmark.user) == (False, "somebody")


def test_the_user_of_last_time_is_asked_for_the_secret_alone(screens: Screens) -> None:
    bookmark = Bookmark(place="site", oauth=False, user="somebody")
    screens.file.save(Setup(account_id="", base_url="", bookmark=bookmark))
    shown = screens.look()
    assert (shown.host.login, shown.bookmark) == (None, bookmark)
    screens.environ["BW_PASSWORD"] = "demo-secret"
    assert screens.look().host.login == Login(oauth=False, user="somebody", secret=Secret("demo-secret"))


@pytest.mark.parametrize(
    ("flags", "variables", "who"),
    [
        (("--client-id", "one"), {}, (True, "one")),
        (("--username", "two"), {}, (False, "two")),
        ((), {"BW_CLIENT_ID": "three"}, (True, "three")),
        ((), {"BW_USERNAME": "four"}, (False, "four")),
        (("--username", "two"), {"BW_CLIENT_ID": "three"}, (False, "two")),
    ],
    ids=["client flag", "user flag", "client variable", "user variable", "flag before variable"],
)  # fmt: skip
def test_a_user_without_a_secret_is_who_will_be_asked(
    screens: Screens, flags: tuple[str, ...], variables: dict[str, str], who: tuple[bool, str]
) -> None:
    screens.environ |= variables
    screens.file.save(Setup(account_id="", base_url="", bookmark=Bookmark(place="site", user="before")))
    shown = screens.look(*flags)
    assert shown.host.login is None
    assert shown.bookmark == Bookmark(place="site", oauth=who[0], user=who[1])


def test_a_secret_file_that_is_missing_is_refused_before_there_is_a_screen(
    screens: Screens, capsys: pytest.CaptureFixture[str]
) -> None:
    assert screens.open("--client-id", "demo", "--client-secret-file", "nowhere") == Exit.INVALID
    assert "nowhere cannot be read" in capsys.readouterr().err
    assert screens.open("--client-id", "demo", "--client-secret-file", "-") == Exit.INVALID
    assert "Standard input is the keyboard here" in capsys.readouterr().err
    assert screens.shown is None


# --- What is refused before there is a screen --------------------------------------------------------------------


def test_what_is_wrong_in_an_answers_file_is_told_with_its_line(
    screens: Screens, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "setup.toml"
    file.write_text('[site]\nnmae = "x"\n')
    assert screens.open("--answers", str(file)) == Exit.INVALID
    assert f"{file}:2: site.nmae: no such key; did you mean name?" in capsys.readouterr().err


def test_a_bad_name_is_refused(screens: Screens, capsys: pytest.CaptureFixture[str]) -> None:
    assert screens.open("--name", "../x") == Exit.INVALID
    assert "cannot name a setup" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "words"), [("garbage", "was set aside"), ('{"version": 99}', "Upgrade bwtui")]
)
def test_a_state_that_cannot_be_read_is_told(
    screens: Screens, capsys: pytest.CaptureFixture[str], content: str, words: str
) -> None:
    screens.folder.mkdir()
    screens.file.path.write_text(content)
    assert screens.open() == Exit.FAILED
    assert words in capsys.readouterr().err
    assert screens.shown is None


def test_a_setup_that_another_process_works_on_is_told(
    screens: Screens, capsys: pytest.CaptureFixture[str]
) -> None:
    with screens.file.locked():
        assert screens.open() == Exit.CONFLICT
        assert "is in use by process" in capsys.readouterr().err
    assert screens.open() == Exit.DONE


def test_it_holds_the_setup_for_as_long_as_it_runs(screens: Screens) -> None:
    def another(_: Shown) -> None:
        with pytest.raises(Locked), StateFile(screens.folder).locked():
            pass

    assert screens.open(act=another) == Exit.DONE
    with screens.file.locked():
        pass


# --- Leaving -----------------------------------------------------------------------------------------------------


def test_after_a_removal_it_says_how_to_begin_anew(
    screens: Screens, capsys: pytest.CaptureFixture[str]
) -> None:
    events = (*BEGUN, Removed(step="site", at=3.0))
    screens.file.save(Setup(account_id="9900000", base_url=PRODUCTION, events=events))
    assert screens.open(leave=130) == 130
    told = " ".join(capsys.readouterr().err.split())
    assert (
        "Everything that this setup knows to have made is removed, as was read back. To set it up anew: bwtui"
        in told
    )
    assert "where you left off" not in told


def test_the_last_line_says_how_to_continue(
    screens: Screens, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert screens.open(leave=130) == 130
    assert capsys.readouterr().err == "To continue where you left off: bwtui\n"
    folder = str(tmp_path / "my states")
    assert screens.open("--name", "acme", "--state-dir", folder, leave=1) == 1
    assert (
        capsys.readouterr().err
        == f"To continue where you left off: bwtui --name acme --state-dir '{folder}'\n"
    )
    assert screens.open() == 0
    assert capsys.readouterr().err == "", "what is done needs no going on"


def test_after_done_the_shell_shows_what_there_is_and_the_next_command(
    screens: Screens, simulator: RunningSimulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runner = CliRunner(home=tmp_path).connect(simulator)
    runner.example()
    applied = runner.run("apply", "setup.toml", "--yes", "--json", "--name", "acme").told()
    assert applied.exit == 0, applied.err
    assert screens.open("--name", "acme", leave=0) == 0
    first, *rows, last = capsys.readouterr().err.splitlines()
    assert re.fullmatch(
        r"✓ Account 9900000 is set up\. Verified \d{4}-\d\d-\d\d \d\d:\d\d \S+ \((just now|1 minute ago)\)\.",
        first,
    )
    outputs = applied.outputs
    assert rows == [
        f"  Sub-account           {outputs['site_id']}",
        f"  Location              {outputs['sippeer_id']}",
        f"  Phone number          {readable(outputs['numbers'][0])}",
        f"  Order                 {outputs['order_id']} (COMPLETE)",
        f"  Messaging application {outputs['messaging_app_id']}",
        f"  Voice application     {outputs['voice_app_id']}",
        f"! Texts from {readable(outputs['numbers'][0])} will not reach US phones: on no campaign.",
        "Whether messages and calls will arrive: bwtui verify --name acme",
    ]
    assert last == "Next, the variables for your server: bwtui export --format env --name acme"
    assert screens.open("--name", "acme", leave=130) == 130
    assert capsys.readouterr().err == (
        "It is set up. To read everything back again: bwtui verify --name acme\n"
        "To open it again: bwtui --name acme\n"
    ), "nothing is left to continue"


# --- Connecting --------------------------------------------------------------------------------------------------


def test_connecting_belongs_the_setup_to_the_account_and_tells_each_exchange(
    screens: Screens, simulator: RunningSimulator
) -> None:
    answers, told = answers_for(simulator.base_url), list[Exchange]()
    assert screens.open(act=lambda shown: told.extend(asyncio.run(connect(shown.host, answers)))) == 0
    assert (screens.setup.account_id, screens.setup.base_url) == ("9900000", simulator.base_url)
    assert {exchange.operation for exchange in told} >= {
        "token",
        "account.read",
        "products.read",
        "site.list",
    }
    assert "demo-secret" not in repr(told)
    assert "demo-secret" not in screens.file.path.read_text()


def test_basic_works_as_well(screens: Screens, simulator: RunningSimulator) -> None:
    login = LOGIN._replace(oauth=False)
    told: list[Exchange] = []
    screens.open(
        act=lambda shown: told.extend(
            asyncio.run(connect(shown.host, answers_for(simulator.base_url), login))
        )
    )
    assert "token" not in {exchange.operation for exchange in told}
    refused = {exchange.operation for exchange in told if exchange.status != 200}
    assert refused == {"platform.read"}, "a legacy account has no voice packages"


def test_waits_are_told(screens: Screens, simulator: RunningSimulator) -> None:
    fault(simulator, '[[fault]]\nmethod = "GET"\npath = "/accounts/*/sites"\naction = "answer"\nstatus = 503')
    waits: list[tuple[str, float, str]] = []

    async def go(host: WizardHost, answers: Answers) -> None:
        def on_wait(operation: str, seconds: float, reason: str) -> None:
            waits.append((operation, seconds, reason))

        async with host.connect(LOGIN, answers, lambda _: None, on_wait) as services:
            await services.read_account(answers)

    screens.open(act=lambda shown: asyncio.run(go(shown.host, answers_for(simulator.base_url))))
    assert [operation for operation, _, _ in waits] == ["site.list"]


@pytest.mark.parametrize(
    ("account_id", "base_url"), [("1", PRODUCTION), ("9900000", "https://test.api.bandwidth.com/api")]
)
def test_a_setup_on_which_something_happened_stays_with_its_account(
    screens: Screens, account_id: str, base_url: str
) -> None:
    before = Setup(account_id="9900000", base_url=PRODUCTION, events=BEGUN)
    screens.file.save(before)

    def act(shown: Shown) -> None:
        with pytest.raises(SaveError) as caught:
            asyncio.run(enter(shown.host, answers_for(base_url, account_id)))
        told = str(caught.value)
        assert f"belongs to account 9900000 on {PRODUCTION}" in told
        assert f"not to account {account_id} on {base_url}" in told
        assert "--name" in told

    assert screens.open(act=act) == 0
    assert screens.setup == before


def test_the_two_addresses_of_one_service_are_one_place(screens: Screens) -> None:
    screens.file.save(Setup(account_id="9900000", base_url=PRODUCTION, events=BEGUN))
    screens.open(act=lambda shown: asyncio.run(enter(shown.host, answers_for(CLASSIC))))
    assert (screens.setup.base_url, screens.setup.events) == (CLASSIC, BEGUN)


def test_an_account_that_was_mistyped_is_corrected_while_nothing_was_made(screens: Screens) -> None:
    refused = Problem(operation="site.look", kind=Kind.NOT_FOUND, text="There is no such account.")
    looked = Setup(account_id="1", base_url=PRODUCTION, events=(Failed("site", 1.0, refused),))
    screens.file.save(looked)
    screens.open(act=lambda shown: asyncio.run(enter(shown.host, answers_for(PRODUCTION, "2"))))
    assert screens.setup.account_id == "2"


def test_a_setup_on_which_nothing_happened_takes_another_account(screens: Screens) -> None:
    screens.file.save(Setup(account_id="1", base_url=PRODUCTION, answers={"site.name": given("Main")}))
    screens.open(act=lambda shown: asyncio.run(enter(shown.host, answers_for(CLASSIC, "2"))))
    assert (screens.setup.account_id, screens.setup.base_url) == ("2", CLASSIC)
    assert screens.setup.answers == {"site.name": given("Main")}


@pytest.mark.parametrize("base_url", ["http://example.com/api", "https://user@example.com/api", "nonsense"])
def test_an_address_that_credentials_must_not_go_to_is_a_problem(screens: Screens, base_url: str) -> None:
    def act(shown: Shown) -> None:
        with pytest.raises(ProblemError) as caught:
            asyncio.run(enter(shown.host, answers_for(base_url)))
        assert caught.value.problem.kind is Kind.INVALID
        assert caught.value.problem.text.startswith("Nothing was sent: ")

    assert screens.open(act=act) == 0
    assert screens.file.load() is None


# --- Keeping -----------------------------------------------------------------------------------------------------


def test_answers_and_place_are_kept_before_there_is_an_account(screens: Screens) -> None:
    answers = {"setup.voice": given("false"), "site.city": given("RALEIGH", Source.ACCOUNT)}
    bookmark = Bookmark(place="connect", oauth=True, user="demo")
    screens.open(act=lambda shown: shown.host.save_answers(answers, bookmark))
    assert screens.setup == Setup(account_id="", base_url="", answers=answers, bookmark=bookmark)
    assert stat.S_IMODE(screens.file.path.stat().st_mode) == 0o600
    assert screens.look().answers.given == answers


def test_saving_answers_keeps_the_events_and_saving_events_keeps_the_answers(
    screens: Screens, simulator: RunningSimulator
) -> None:
    answers = answers_for(simulator.base_url)

    async def go(host: WizardHost) -> None:
        async with host.connect(LOGIN, answers, lambda _: None, lambda *_: None) as services:
            services.save_events(BEGUN[:1])
            await asyncio.to_thread(host.save_answers, answers.given, Bookmark(place="apply"))
            services.save_events(BEGUN[1:2])

    screens.open(act=lambda shown: asyncio.run(go(shown.host)))
    assert screens.setup.events == BEGUN
    assert screens.setup.answers == answers.given
    assert screens.setup.bookmark.place == "apply"


def test_a_thread_that_saves_and_a_loop_that_keeps_lose_nothing_of_each_other(tmp_path: Path) -> None:
    file = StateFile(tmp_path)
    opened = OpenSetup(file, Setup(account_id="1", base_url=PRODUCTION))
    places = [str(number) for number in range(40)]

    def save() -> None:
        for place in places:
            opened.save_answers({"site.name": given(place)}, Bookmark(place=place))

    saving = threading.Thread(target=save)
    with file.locked():
        saving.start()
        for number in range(40):
            opened.save_events([Started(step="site", at=float(number))])
        saving.join()
    setup = file.load()
    assert setup == opened.setup
    assert [event.at for event in setup.events] == [float(number) for number in range(40)]
    assert (setup.bookmark.place, setup.answers["site.name"].value) == ("39", "39")


def test_what_cannot_be_written_is_told_and_has_not_happened(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Setup(account_id="9900000", base_url=PRODUCTION, events=BEGUN[:1])
    screens.file.save(before)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    kept = OpenSetup(screens.file, before)
    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        with pytest.raises(SaveError, match="Make room on the disk"):
            kept.save_events(BEGUN[1:2])
        with pytest.raises(SaveError, match="Make room on the disk"):
            kept.save_answers({}, Bookmark(place="x"))
    assert kept.setup == before
    assert screens.setup == before
    kept.save_events(BEGUN[1:2])
    assert screens.setup.events == BEGUN


def test_starting_over_sets_the_old_setup_aside(screens: Screens) -> None:
    before = Setup(
        account_id="9900000", base_url=PRODUCTION, answers={"site.name": given("Old")}, events=BEGUN
    )
    screens.file.save(before)

    def act(shown: Shown) -> None:
        shown.host.start_over()
        assert screens.file.load() is None
        shown.host.save_answers({"site.name": given("New")}, Bookmark(place="site"))

    screens.open(act=act)
    assert screens.setup.answers == {"site.name": given("New")}
    assert (screens.setup.account_id, screens.setup.events) == ("", ())
    (aside,) = screens.folder.glob("default.json.started-over-*")
    assert json.loads(aside.read_text())["account_id"] == "9900000"


def test_what_is_begun_anew_while_connected_belongs_to_the_account_that_is_connected(
    screens: Screens, simulator: RunningSimulator
) -> None:
    answers = answers_for(simulator.base_url)

    async def go(host: WizardHost) -> None:
        async with host.connect(LOGIN, answers, lambda _: None, lambda *_: None) as services:
            host.start_over()
            services.save_events(BEGUN[:1])

    screens.open(act=lambda shown: asyncio.run(go(shown.host)))
    assert (screens.setup.account_id, screens.setup.base_url) == ("9900000", simulator.base_url)
    assert screens.setup.events == BEGUN[:1]


# --- Files that a person asks for --------------------------------------------------------------------------------


def test_an_answers_file_is_written_that_apply_takes(
    screens: Screens, runner: CliRunner, simulator: RunningSimulator
) -> None:
    answers = Answers(parse(template(example=True), "example").given)
    secrets = answers._replace(secrets={"voice_app.callback_password": Secret("canary-77")})
    path = runner.home / "setup.toml"
    screens.open(act=lambda shown: shown.host.write_answers_file(path, secrets))
    assert parse(path.read_text(), "setup.toml").given == answers.given
    assert "canary-77" not in path.read_text()
    runner.connect(simulator)
    assert runner.run("apply", "setup.toml", "--yes").told().exit == 0
    one_of_each(simulator.origin)


def test_an_empty_answer_is_written_only_where_it_says_something(tmp_path: Path) -> None:
    path = tmp_path / "setup.toml"
    empty = given("")
    write_answers_file(
        path, Answers({"sippeer.is_default": empty, "site.use": empty, "voice_app.call_status_url": empty})
    )
    assert parse(path.read_text(), "setup.toml").given == {
        "voice_app.call_status_url": given("", Source.FILE)
    }


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "setup.toml"
    path.write_text("mine")
    with pytest.raises(
        SaveError, match=f"{path} is there already and was left as it is: choose another name"
    ):
        write_answers_file(path, Answers())
    assert path.read_text() == "mine"


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="No such file or directory"):
        write_answers_file(tmp_path / "nowhere" / "setup.toml", Answers())
    with pytest.raises(ValueError, match="is a secret"):
        write_answers_file(
            tmp_path / "setup.toml", Answers({"voice_app.callback_password": given("canary-77")})
        )
    assert list(tmp_path.iterdir()) == []


def test_a_name_below_the_home_folder_is_written_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write_answers_file(Path("~/setup.toml"), Answers({"site.name": given("Main")}))
    assert 'name = "Main"' in (tmp_path / "setup.toml").read_text()


@pytest.mark.parametrize("name", ["env", "json", "curl", "markdown"])
def test_an_export_is_that_of_the_command(screens: Screens, runner: CliRunner, name: str) -> None:
    runner.environ["BWTUI_STATE_DIR"] = str(screens.folder)
    answers = answers_for(PRODUCTION)
    screens.file.save(Setup(account_id="9900000", base_url=PRODUCTION, answers=answers.given, events=BEGUN))
    exported: list[str] = []
    screens.open(act=lambda shown: exported.append(shown.host.export_text(name, shown.answers, shown.run)))
    assert runner.run("export", "--format", name).told().out.rstrip("\n") == exported[0].rstrip("\n")


# --- The demo ----------------------------------------------------------------------------------------------------


def test_the_demo_begins_with_the_guides_example_and_nothing_to_type(screens: Screens) -> None:
    shown = screens.look("demo")
    assert {answer.source for answer in shown.answers.given.values()} == {Source.EXAMPLE}
    assert shown.answers.text("account.account_id") == "9900000"
    assert shown.answers.text("site.name") == "SetupTest"
    assert [complaint for complaint in complaints(shown.answers) if complaint.blocks] == []
    assert (shown.host.is_demo, shown.host.resume_command, shown.host.login) == (True, "bwtui demo", LOGIN)
    assert shown.autoplay is None


@pytest.mark.parametrize(("arguments", "speed"), [((), 1.0), (("--speed", "2.5"), 2.5)])
def test_the_demo_plays_by_itself_at_a_speed(
    screens: Screens, arguments: tuple[str, ...], speed: float
) -> None:
    assert screens.look("demo", "--autoplay", *arguments).autoplay == speed


def test_the_demo_has_one_world_until_it_ends_and_keeps_nothing(
    screens: Screens, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[Exchange] = []

    async def provision(host: WizardHost, answers: Answers) -> RunState:
        async with host.connect(LOGIN, answers, told.append, lambda *_: None) as live:
            survey = await live.survey(answers, RunState())
            plan = await live.verify(answers, RunState())

            async def record(events: Sequence[Event]) -> None:
                live.save_events(events)

            run = await live.provision(answers, RunState(), plan, survey.candidates[:1], record)
            host.save_answers(answers.given, Bookmark(place="done"))
        return run

    def act(shown: Shown) -> None:
        run = asyncio.run(provision(shown.host, shown.answers))

        async def again() -> None:
            async with shown.host.connect(LOGIN, shown.answers, told.append, lambda *_: None) as live:
                there = (await live.read_account(shown.answers)).candidates
                assert [each.id for each in there["site"]] == [run.outputs["site_id"]]

        asyncio.run(again())
        assert "http://127.0.0.1:" in shown.host.export_text("json", shown.answers, run)
        shown.host.start_over()

    assert screens.open("demo", act=act, leave=130) == 130
    assert len({urlsplit(exchange.url).netloc for exchange in told}) == 1
    assert not screens.folder.exists()
    assert capsys.readouterr().err == (
        "The demo is over, and nothing of it is kept. To set up your own account: bwtui\n"
    )
    assert not [thread for thread in threading.enumerate() if thread.name == "simulator"]


# --- What the commands make of a setup that the wizard began -----------------------------------------------------


@pytest.fixture
def begun(runner: CliRunner) -> CliRunner:
    """A runner whose wizard was left before an account was given."""
    answers = {"setup.voice": given("false"), "site.name": given("Main"), "number.quantity": given("many")}
    setup = Setup(account_id="", base_url="", answers=answers, bookmark=Bookmark(place="site", user="demo"))
    StateFile(runner.states).save(setup)
    return runner


def test_what_was_begun_has_a_status(begun: CliRunner) -> None:
    ended = begun.run("status", "--json").told()
    assert (ended.exit, ended.result["status"]) == (1, "incomplete")
    assert begun.run("status").told().exit == 1


@pytest.mark.parametrize("name", ["env", "json", "curl", "markdown"])
def test_what_was_begun_is_exported_with_a_word_about_it(begun: CliRunner, name: str) -> None:
    ended = begun.run("export", "--format", name).told()
    assert ended.exit == 1
    assert "Not finished yet: Sub-account" in ended.err


def test_what_was_only_begun_is_nothing_to_verify(begun: CliRunner) -> None:
    begun.environ |= {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret"}
    ended = begun.run("verify").told()
    assert ended.exit == 3
    assert "Nothing is set up here yet: bwtui starts the wizard." in ended.err


def test_what_was_begun_is_planned_without_an_account_and_needs_one_to_be_applied(begun: CliRunner) -> None:
    begun.example()
    begun.environ |= {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret"}
    plan = begun.run("plan", "setup.toml").told()
    assert plan.exit == 0, plan.err
    assert f"POST {PRODUCTION}/accounts/{{account_id}}/sites" in plan.out
    ended = begun.run("apply", "setup.toml", "--yes").told()
    assert ended.exit == 6
    assert "The account ID is needed" in ended.err


def test_apply_takes_over_what_was_begun_and_keeps_its_place(
    begun: CliRunner, simulator: RunningSimulator
) -> None:
    begun.example()
    begun.connect(simulator)
    assert begun.run("apply", "setup.toml", "--yes").told().exit == 0
    one_of_each(simulator.origin)
    assert begun.state["account_id"] == "9900000"
    assert begun.state["base_url"] == simulator.base_url
    assert begun.state["bookmark"] == {"place": "site", "oauth": True, "user": "demo"}


def test_an_account_that_was_only_typed_is_known_to_the_commands(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    answers = answers_for(simulator.base_url).given
    StateFile(runner.states).save(Setup(account_id="", base_url="", answers=answers))
    runner.example()
    runner.environ |= {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret"}
    assert runner.run("apply", "setup.toml", "--yes").told().exit == 0
    one_of_each(simulator.origin)
