"""The state file: whole or not at all, ours alone, locked by one, and never a guess about what it cannot read."""

import errno
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bwtui import __version__
from bwtui.domain.answers.answers import Answer, Source
from bwtui.domain.catalog import QUESTIONS, STEPS
from bwtui.domain.fields import Text
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import (
    Event,
    Failed,
    Finished,
    GivenUp,
    OrderUpdated,
    RemovalFailed,
    RemovalStarted,
    Removed,
    Retried,
    Spelling,
    Started,
    Verified,
)
from bwtui.domain.runs.setup import Setup
from bwtui.store import state_errors
from bwtui.store.setup_folder import names, state_folder
from bwtui.store.state import StateFile
from bwtui.store.state_errors import BadName, Damaged, Locked, Newer, Unreadable, Unwritable
from support.guide import TESTS

PROBLEM = Problem(
    operation="site.create",
    kind=Kind.INVALID,
    text="Invalid address.",
    status=400,
    code="12112",
    unclear=True,
    details={"City": "RALEIGH"},
)
EVENTS: tuple[Event, ...] = (
    Started(step="site", at=1000.5),
    Failed(step="site", at=1001, problem=PROBLEM),
    Finished(step="site", at=1002, outputs={"site_id": "2297"}, adopted=True),
    Started(step="number", at=1003, customer_order_id="c-1", numbers=("9195551234", "9195551235")),
    OrderUpdated(
        step="number",
        at=1004,
        customer_order_id="c-1",
        order_id="o-1",
        status="PARTIAL",
        completed=("9195551234",),
        error_code="5005",
        error_text="Taken.",
    ),
)
"""Events that files of every version can hold."""
PROVEN: tuple[Event, ...] = (
    GivenUp(step="site", at=1004),
    RemovalStarted(step="number", at=1004, customer_order_id="r-1", numbers=("9195551234",)),
    RemovalFailed(step="sippeer", at=1004, problem=PROBLEM),
    Removed(step="mms", at=1004),
    Removed(step="voice_app", at=1005, twins=("590cde45", "d53da92f")),
    Retried(step="number", at=1004.5),
    Finished(step="sippeer", at=1005, outputs={"sippeer_id": "500709"}, answers={"sippeer.name": "Main"}),
    Verified(at=1006, answers={"site": {"site.name": "SetupTest"}, "sms": {}}, open={"number": PROBLEM}),
)
SETUP = Setup(
    account_id="9900000",
    base_url="https://api.bandwidth.com/api",
    answers={"site.name": Answer("SetupTest", Source.FILE), "setup.voice": Answer("false", Source.FLAG)},
    bookmark=Bookmark(place="sippeer", oauth=False, user="somebody"),
    events=EVENTS,
)
OTHER = SETUP._replace(account_id="9900001")


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "state")


@pytest.fixture
def saved(file: StateFile) -> StateFile:
    file.save(SETUP)
    return file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def content(file: StateFile) -> dict[str, Any]:
    return dict(json.loads(file.path.read_text()))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


# --- What is kept ----------------------------------------------------------------------------------------------


def test_what_was_saved_is_loaded(saved: StateFile) -> None:
    assert saved.load() == SETUP


def test_where_there_is_no_file_there_is_no_setup(file: StateFile) -> None:
    assert file.load() is None
    assert not file.path.parent.exists(), "looking makes nothing"


def test_the_run_is_the_fold_of_the_events() -> None:
    run = RunState()
    for event in EVENTS:
        run = run.apply(event)
    assert SETUP.run == run
    assert SETUP.run.outputs == {"site_id": "2297"}


def test_the_file_says_its_version_and_can_be_read_by_people(saved: StateFile) -> None:
    text = saved.path.read_text()
    assert content(saved)["version"] == 4
    assert content(saved)["written_by"] == __version__
    assert content(saved)["bookmark"] == {"place": "sippeer", "oauth": False, "user": "somebody"}
    assert content(saved)["answers"]["site.name"] == {"value": "SetupTest", "source": "answers file"}
    assert [event["type"] for event in content(saved)["events"]] == [
        "started", "failed", "finished", "started", "ordered",
    ]  # fmt: skip
    assert len(text.splitlines()) > len(content(saved)["answers"]) + len(content(saved)["events"])
    assert text.endswith("}\n")


WORDS = {
    GivenUp: "given up",
    OrderUpdated: "ordered",
    RemovalStarted: "removal started",
    RemovalFailed: "removal failed",
}
"""The words of a file for events that are called otherwise in the code."""


@pytest.mark.parametrize("kind", [*get_args(Event), Problem])
def test_every_field_of_every_event_is_kept(kind: type[Event | Problem], file: StateFile) -> None:
    file.save(SETUP.after(PROVEN))
    events = content(file)["events"]
    written = {event["type"]: set(event) - {"type"} for event in events}
    written["problem"] = set(events[1]["problem"])
    written["finished"].add("numbers")  # they stand among the outputs
    named = WORDS.get(kind, kind.__name__.lower())
    assert written[named] == set(kind._fields)


def test_the_numbers_of_a_finished_order_stand_among_its_outputs_as_one_text(file: StateFile) -> None:
    """As every version has written and read them."""
    two = Finished(step="number", at=1, outputs={"order_id": "o-1"}, numbers=("9195551234", "9195551235"))
    none = Finished(step="number", at=2, outputs={"order_id": "o-2"})
    kept = Finished(step="number", at=3, numbers=("9195551236",), adopted=True)
    file.save(SETUP._replace(events=(two, none, kept)))
    assert [event["outputs"] for event in content(file)["events"]] == [
        {"order_id": "o-1", "numbers": "9195551234,9195551235"},
        {"order_id": "o-2", "numbers": ""},
        {"numbers": "9195551236"},
    ]
    loaded = file.load()
    assert loaded
    assert loaded.events == (two, none, kept)


texts = st.text(max_size=20)
step_keys = st.sampled_from([step.key for step in STEPS])
times = st.floats(allow_nan=False, allow_infinity=False)
some = st.lists(texts, max_size=3).map(tuple)
by_name = st.dictionaries(texts, texts, max_size=3)
numbers = st.lists(st.from_regex("[2-9][0-9]{9}", fullmatch=True), max_size=3).map(tuple)
problems = st.builds(
    Problem,
    operation=texts,
    kind=st.sampled_from(Kind),
    text=texts,
    status=st.none() | st.integers(),
    code=texts,
    unclear=st.booleans(),
    details=by_name,
)
spellings = st.dictionaries(texts, st.builds(Spelling, wanted=texts, shown=texts), max_size=2)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Started, step=step_keys, at=times, customer_order_id=texts, numbers=some),
    st.builds(
        OrderUpdated,
        step=step_keys,
        at=times,
        customer_order_id=texts,
        order_id=texts,
        status=texts,
        completed=some,
        failed=some,
        error_code=texts,
        error_text=texts,
    ),
    st.builds(
        Finished,
        step=step_keys,
        at=times,
        outputs=by_name,
        numbers=numbers,
        adopted=st.booleans(),
        answers=st.none() | by_name,
        before=spellings,
    ),
    st.builds(
        Verified,
        at=times,
        answers=st.dictionaries(step_keys, by_name, max_size=2),
        open=st.dictionaries(step_keys, problems, max_size=2),
        kept=st.dictionaries(step_keys, spellings, max_size=2),
        notices=st.dictionaries(step_keys, some, max_size=2),
    ),
    st.builds(Failed, step=step_keys, at=times, problem=problems),
    st.builds(Retried, step=step_keys, at=times),
    st.builds(GivenUp, step=step_keys, at=times),
    st.builds(RemovalStarted, step=step_keys, at=times, customer_order_id=texts, numbers=some),
    st.builds(RemovalFailed, step=step_keys, at=times, problem=problems),
    st.builds(Removed, step=step_keys, at=times),
)
open_questions = [
    key for key, question in QUESTIONS.items() if not (isinstance(question, Text) and question.secret_from)
]
setups = st.builds(
    Setup,
    account_id=texts,
    base_url=texts,
    answers=st.dictionaries(
        st.sampled_from(open_questions), st.builds(Answer, texts, st.sampled_from(Source)), max_size=5
    ),
    bookmark=st.builds(Bookmark, place=texts, oauth=st.booleans(), user=texts),
    events=st.lists(events, max_size=5).map(tuple),
    carried=st.dictionaries(
        texts.filter(lambda key: key not in QUESTIONS),
        st.recursive(
            st.none() | st.booleans() | st.integers() | texts | times,
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
            max_leaves=4,
        ),
        max_size=2,
    ),
)


@given(setup=setups)
@settings(max_examples=60, deadline=None)
def test_any_setup_comes_back_as_it_was(setup: Setup, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = StateFile(tmp_path_factory.mktemp("state"))
    file.save(setup)
    assert file.load() == setup


def test_text_that_is_no_proper_unicode_survives(file: StateFile) -> None:
    odd = SETUP._replace(answers={"site.name": Answer("caf\udce9", Source.FLAG)})
    file.save(odd)
    assert file.load() == odd


@pytest.mark.parametrize("key", ["messaging_app.callback_password", "voice_app.callback_password"])
def test_a_secret_is_refused_before_anything_is_written(file: StateFile, key: str) -> None:
    leaky = SETUP._replace(answers={key: Answer("canary-7f3a", Source.FILE)})
    with pytest.raises(ValueError, match="never saved") as caught:
        file.save(leaky)
    assert "canary" not in str(caught.value)
    assert not file.path.parent.exists()


# --- Versions, and starting over -------------------------------------------------------------------------------

OLDER = [
    (1, Bookmark()),
    (2, Bookmark(place="review", oauth=False, user="demo")),
    (3, Bookmark(place="review", oauth=False, user="demo")),
]


@pytest.mark.parametrize(("version", "bookmark"), OLDER)
def test_a_file_of_an_older_version_is_read_and_becomes_the_latest(
    file: StateFile, version: int, bookmark: Bookmark
) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes((TESTS / "store" / f"version_{version}.json").read_bytes())
    before = SETUP._replace(bookmark=bookmark)
    assert file.load() == before
    assert content(file)["version"] == version, "reading changes nothing"
    file.save(before)
    assert content(file)["version"] == 4
    assert file.load() == before


def test_starting_over_leaves_nothing_and_deletes_nothing(saved: StateFile) -> None:
    before = saved.path.read_bytes()
    aside = saved.start_over()
    assert aside
    assert aside.name.startswith("default.json.started-over-20")
    assert aside.read_bytes() == before
    assert mode(aside) == 0o600
    assert saved.load() is None
    assert names(saved.path.parent) == ()
    saved.save(OTHER)
    assert saved.load() == OTHER
    again = saved.start_over()
    assert again != aside
    assert len(contents(saved.path.parent)) == 2, "the first one is not overwritten"


def test_without_a_file_nothing_is_set_aside(file: StateFile) -> None:
    assert file.start_over() is None
    assert not file.path.parent.exists()


def test_what_cannot_be_set_aside_stays(saved: StateFile, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Path, "touch", failing(errno.EROFS))
        with pytest.raises(Unwritable, match="cannot be set aside: Read-only"):
            saved.start_over()
    assert saved.load() == SETUP


# --- Modes and owners ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o277])
def test_only_the_owner_reads_it_whatever_the_umask(file: StateFile, mask: int) -> None:
    with umask(mask):
        file.save(SETUP)
        file.save(OTHER)
        with file.locked():
            assert mode(file.path.with_name("default.lock")) & 0o077 == 0
    assert mode(file.path) == 0o600
    assert mode(file.path.parent) == 0o700


def test_a_chosen_folder_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    StateFile(tmp_path).save(SETUP)
    assert mode(tmp_path) == 0o755


def test_the_default_folder_is_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = state_folder(None)
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    StateFile(folder).save(SETUP)
    assert mode(folder) == 0o700


def test_a_chosen_folder_beats_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    assert state_folder("here") == tmp_path / "here"
    assert state_folder("~/there") == Path("/home/somebody/there")
    assert state_folder("") == state_folder(None)
    assert state_folder(None).name == "bwtui"


@pytest.mark.parametrize("name", ["default", "acme-2", "a", "9", "Acme_Corp.test", "x" * 64])
def test_these_names_are_right(tmp_path: Path, name: str) -> None:
    assert StateFile(tmp_path, name).path == tmp_path / f"{name}.json"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "/etc/passwd",
        "a\\b",
        ".hidden",
        "-x",
        "a b",
        "a\nb",
        "a\0",
        "ä",
        "٣",
        "x" * 65,
    ],
)
def test_these_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadName, match="cannot name a setup"):
        StateFile(tmp_path, name)


def test_the_setups_of_a_folder_are_listed(tmp_path: Path) -> None:
    for name in ("zeta", "default"):
        StateFile(tmp_path, name).save(SETUP)
        with StateFile(tmp_path, name).locked():
            pass
    (tmp_path / "default.json.damaged-20260101T000000Z").touch()
    (tmp_path / ".default.json.01234567.tmp").touch()
    assert names(tmp_path) == ("default", "zeta")
    assert names(tmp_path / "missing") == ()


def test_a_symbolic_link_is_refused_and_left(saved: StateFile, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.json"
    saved.path.rename(elsewhere)
    saved.path.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    with pytest.raises(Unreadable, match="symbolic link"):
        saved.load()
    with pytest.raises(Unreadable, match="symbolic link"):
        saved.save(OTHER)
    assert saved.path.is_symlink()
    assert elsewhere.read_bytes() == before


def test_a_dangling_link_is_no_missing_file(file: StateFile) -> None:
    file.path.parent.mkdir()
    file.path.symlink_to("nowhere")
    with pytest.raises(Unreadable):
        file.load()


def test_the_lock_follows_no_link(file: StateFile, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    file.path.parent.mkdir()
    file.path.with_name("default.lock").symlink_to(victim)
    with pytest.raises(Unwritable), file.locked():
        pass
    assert victim.read_text() == "precious"


def test_a_file_of_another_user_is_refused(saved: StateFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: saved.path.stat().st_uid + 1)
    with pytest.raises(Unreadable, match="another user"):
        saved.load()


@pytest.mark.timeout(10)
def test_a_pipe_is_refused_without_waiting_for_it(file: StateFile) -> None:
    file.path.parent.mkdir()
    os.mkfifo(file.path)
    with pytest.raises(Unreadable, match="no plain file"):
        file.load()


def test_a_folder_in_its_place_is_refused(file: StateFile) -> None:
    file.path.mkdir(parents=True)
    with pytest.raises(Unreadable):
        file.load()
    with pytest.raises(Unreadable):
        file.save(SETUP)


# --- Damage ----------------------------------------------------------------------------------------------------


def test_every_truncation_is_damage_and_nothing_else(file: StateFile, tmp_path: Path) -> None:
    file.save(SETUP)
    whole = file.path.read_bytes()
    for length in range(len(whole) - 1):  # without its last line end it is still whole
        file = StateFile(tmp_path / "state", f"cut-{length}")
        file.path.write_bytes(whole[:length])
        with pytest.raises(Damaged) as caught:
            file.load()
        assert caught.value.aside is not None
        assert caught.value.aside.read_bytes() == whole[:length]
        assert not file.path.exists()
    file.path.write_bytes(whole[:-1])
    assert file.load() == SETUP


def test_a_damaged_file_is_set_aside_and_named(saved: StateFile) -> None:
    saved.path.write_text("garbage")
    with pytest.raises(Damaged) as caught:
        saved.load()
    aside = caught.value.aside
    assert aside is not None
    assert aside.name.startswith("default.json.damaged-2")
    assert str(aside) in str(caught.value)
    assert "nothing else was changed" in str(caught.value)
    assert "starts over, without knowing what this setup has made" in str(caught.value)
    assert contents(saved.path.parent) == {aside.name: b"garbage"}
    assert saved.load() is None


def test_an_earlier_damaged_file_is_never_overwritten(saved: StateFile) -> None:
    asides = []
    for number in range(5):
        saved.path.write_text(f"garbage {number}")
        with pytest.raises(Damaged) as caught:
            saved.load()
        asides.append(caught.value.aside)
    assert [aside.read_text() for aside in asides if aside] == [f"garbage {number}" for number in range(5)]


def test_saving_never_overwrites_a_damaged_file(saved: StateFile) -> None:
    saved.path.write_text("garbage")
    with pytest.raises(Damaged) as caught:
        saved.save(OTHER)
    assert caught.value.aside is not None
    assert caught.value.aside.read_text() == "garbage"


def test_damage_that_cannot_be_moved_is_still_told(saved: StateFile, monkeypatch: pytest.MonkeyPatch) -> None:
    saved.path.write_text("garbage")
    monkeypatch.setattr(Path, "touch", failing(errno.EROFS))
    with pytest.raises(Damaged, match="could not be set aside: Read-only") as caught:
        saved.load()
    assert caught.value.aside is None
    assert saved.path.read_text() == "garbage"


def changed(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    def change(whole: Any) -> None:
        for name in path[:-1]:
            whole = whole[name]
        whole[path[-1]] = to

    return change


def without(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(whole: Any) -> None:
        for name in path[:-1]:
            whole = whole[name]
        del whole[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (changed("extra", to=1), "the file has an unknown extra"),
        (without("events"), "the file lacks events"),
        (without("version"), "the file lacks version"),
        (changed("version", to="1"), "version of the file is no whole number"),
        (changed("version", to=True), "version of the file is no whole number"),
        (changed("version", to=0), "there is no version 0"),
        (without("bookmark"), "the file lacks bookmark"),
        (changed("version", to=1), "the file has an unknown written_by"),
        (changed("bookmark", "oauth", to="yes"), "oauth of bookmark of the file is neither true nor false"),
        (without("bookmark", "place"), "bookmark of the file lacks place"),
        (changed("bookmark", "secret", to="x"), "bookmark of the file has an unknown secret"),
        (changed("account_id", to=9900000), "account_id of the file is no text"),
        (changed("answers", to=[]), "answers of the file is no object"),
        (changed("answers", "site.nmae", to={"value": "x", "source": "flag"}), "its checksum does not match"),
        (changed("answers", "site.nmae", to=1e400), "no JSON: Infinity is no number"),
        (without("written_by"), "the file lacks written_by"),
        (changed("answers", "site.name", "source", to="rumour"), "source of site.name of answers of the file is none of typed, flag"),
        (changed("answers", "site.name", "more", to=""), "site.name of answers of the file has an unknown more"),
        (changed("answers", "voice_app.callback_password", to={"value": "x", "source": "flag"}), "is a secret, which a state never holds"),
        (changed("events", to={}), "events of the file is no list"),
        (changed("events", 0, "type", to="exploded"), "item 1 of events of the file is of an unknown type, exploded"),
        (changed("events", 0, "type", to="Started"), "unknown type, Started"),
        (changed("events", 0, "step", to="fax"), "step of item 1 of events of the file is no known step"),
        (changed("events", 0, "at", to="noon"), "at of item 1 of events of the file is no number"),
        (changed("events", 0, "at", to=False), "at of item 1 of events of the file is no number"),
        (changed("events", 0, "at", to=10**400), "at of item 1 of events of the file is out of range"),
        (changed("events", 0, "order_id", to=""), "item 1 of events of the file has an unknown order_id"),
        (changed("events", 1, "problem", "kind", to="odd"), "kind of problem of item 2 of events of the file is none of"),
        (changed("events", 1, "problem", "status", to=4.5), "status of problem of item 2 of events of the file is no whole number"),
        (changed("events", 1, "problem", "unclear", to=0), "unclear of problem of item 2 of events of the file is neither true nor false"),
        (changed("events", 2, "outputs", "site_id", to=2297), "site_id of outputs of item 3 of events of the file is no text"),
        (without("events", 2, "adopted"), "item 3 of events of the file lacks adopted"),
        (changed("events", 3, "numbers", to="9195551234"), "numbers of item 4 of events of the file is no list"),
        (changed("events", 4, "completed", 0, to=None), "item 1 of completed of item 5 of events of the file is no text"),
    ],
)  # fmt: skip
def test_damage_says_what_is_wrong_and_where(
    saved: StateFile, change: Callable[[dict[str, Any]], None], told: str
) -> None:
    whole = content(saved)
    change(whole)
    saved.path.write_text(json.dumps(whole))
    with pytest.raises(Damaged) as caught:
        saved.load()
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[]", b"null", b'"x"', b"{}", b"\xff\xfe", b"\0", b"[" * 100_000, b'{"version": 1, "version": 1}',
        b'{"version": NaN}', b"1" * 10_000, b'{"version": 1e999}', "\ufeff{}".encode(),
    ],
)  # fmt: skip
def test_whatever_is_no_state_is_damage(saved: StateFile, text: bytes) -> None:
    saved.path.write_bytes(text)
    with pytest.raises(Damaged):
        saved.load()


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('"at": 1000.5', '"at": NaN', "NaN is no number"),
        ('"at": 1000.5', '"at": -Infinity', "-Infinity is no number"),
        ('"version": 4', '"version": 4, "version": 4', "a name stands twice"),
    ],
)
def test_what_json_readers_let_pass_is_damage_too(
    saved: StateFile, right: str, wrong: str, told: str
) -> None:
    text = saved.path.read_text()
    assert right in text
    saved.path.write_text(text.replace(right, wrong, 1))
    with pytest.raises(Damaged, match=told):
        saved.load()


def test_a_newer_version_is_left_exactly_as_it_is(saved: StateFile) -> None:
    saved.path.write_text('{"version": 5, "whatever": "it holds"}')
    before = contents(saved.path.parent)
    with pytest.raises(Newer, match=r"version 5; it was left as it is. Upgrade bwtui, or use another --name"):
        saved.load()
    with pytest.raises(Newer):
        saved.save(SETUP)
    assert contents(saved.path.parent) == before


# --- Trouble with the disk -------------------------------------------------------------------------------------


def failing(number: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def failing_for_folders(number: int) -> Callable[[int], None]:
    sync = os.fsync

    def fail(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        sync(descriptor)

    return fail


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("call", ["fchmod", "write", "fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    saved: StateFile, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    before = contents(saved.path.parent)
    with monkeypatch.context() as broken:
        broken.setattr(os, call, failing(number))
        with pytest.raises(Unwritable) as caught:
            saved.save(OTHER)
    assert str(saved.path) in str(caught.value)
    assert os.strerror(number) in str(caught.value)
    assert contents(saved.path.parent) == before
    assert saved.load() == SETUP


def test_a_file_that_cannot_be_made_leaves_the_old_one(
    saved: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = contents(saved.path.parent), os.open

    def only_reading(path: Any, flags: int, *rest: Any) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, flags, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(os, "open", only_reading)
        with pytest.raises(Unwritable, match=r"Permission denied.*--state-dir"):
            saved.save(OTHER)
        with pytest.raises(Unwritable, match="cannot be locked: Permission denied"), saved.locked():
            pass
    assert contents(saved.path.parent) == before


def test_a_new_name_that_may_not_last_is_an_error_and_the_file_is_whole(
    saved: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", failing_for_folders(errno.EIO))
        with pytest.raises(Unwritable, match="Input/output error"):
            saved.save(OTHER)
    assert list(contents(saved.path.parent)) == ["default.json"]
    assert saved.load() in (SETUP, OTHER)


def test_a_file_system_that_cannot_sync_folders_is_good_enough(
    saved: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", failing_for_folders(errno.EINVAL))
    saved.save(OTHER)
    assert saved.load() == OTHER


def test_content_is_on_disk_before_it_gets_its_name_and_the_name_before_save_returns(
    saved: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    sync, replace = os.fsync, os.replace

    def noting_sync(descriptor: int) -> None:
        calls.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "content")
        sync(descriptor)

    def noting_replace(source: Path, target: Path) -> None:
        assert source.parent == target.parent, "only within one file system is it one step"
        calls.append("name")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noting_sync)
    monkeypatch.setattr(os, "replace", noting_replace)
    saved.save(OTHER)
    assert calls == ["content", "name", "folder"]


def test_a_write_in_pieces_is_still_whole(file: StateFile, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[:7])))
    file.save(SETUP)
    assert file.load() == SETUP


def test_an_interruption_while_writing_leaves_the_old_file_and_nothing_else(
    saved: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(saved.path.parent)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        saved.save(OTHER)
    assert contents(saved.path.parent) == before


def test_a_disk_that_is_full_says_to_make_room(file: StateFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", failing(errno.ENOSPC))
    with pytest.raises(Unwritable, match=r"No space left on device. Make room on the disk"):
        file.save(SETUP)
    assert contents(file.path.parent) == {}


def test_a_file_that_would_be_too_large_says_which_limit(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", failing(errno.EFBIG))
    with pytest.raises(
        Unwritable, match=r"File too large. Raise the limit on the size of files \(ulimit -f\)"
    ):
        file.save(SETUP)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises((Unwritable, Unreadable)):
            StateFile(folder).save(SETUP)
        with pytest.raises(Unwritable), StateFile(folder).locked():
            pass


def test_a_file_that_cannot_be_read_is_told_and_not_replaced(
    saved: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(saved.path.parent)
    with monkeypatch.context() as broken:
        broken.setattr(os, "open", failing(errno.EACCES))
        for act in (saved.load, lambda: saved.save(OTHER)):
            with pytest.raises(Unreadable, match="cannot be read: Permission denied"):
                act()
    assert contents(saved.path.parent) == before


# --- The lock --------------------------------------------------------------------------------------------------

HOLDER = """
import sys
from pathlib import Path
from bwtui.store.state import StateFile
sys.argv = ["/usr/bin/bwtui", "apply", "setup.toml"]
with StateFile(Path({folder!r})).locked():
    print("locked", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_by_another_process(file: StateFile) -> Iterator[subprocess.Popen[str]]:
    code = HOLDER.format(folder=str(file.path.parent))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "locked\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_second_process_is_told_who_holds_it(file: StateFile) -> None:
    with held_by_another_process(file) as holder:
        with pytest.raises(Locked) as caught, file.locked():
            pytest.fail("both have it")
        told = str(caught.value)
        assert f"process {holder.pid} on {os.uname().nodename} since 20" in told
        assert "(bwtui apply setup.toml)" in told
        assert "“default”" in told
        assert "another --name" in told


def test_a_lock_is_free_once_its_holder_has_left(file: StateFile) -> None:
    with held_by_another_process(file) as holder:
        holder.communicate("")
        with file.locked():
            pass
    assert file.path.with_name("default.lock").read_text() == "", "nobody is named who does not hold it"


def test_a_killed_holder_holds_nothing(file: StateFile) -> None:
    with held_by_another_process(file) as holder:
        holder.kill()
        holder.wait()
        assert file.path.with_name("default.lock").read_text(), "its signature is still there"
        with file.locked():
            assert str(os.getpid()) in file.path.with_name("default.lock").read_text()


def test_the_same_process_does_not_get_it_twice(file: StateFile) -> None:
    with file.locked(), pytest.raises(Locked, match=str(os.getpid())), StateFile(file.path.parent).locked():
        pass
    with file.locked():
        pass


def test_setups_of_other_names_are_free(file: StateFile) -> None:
    with file.locked(), StateFile(file.path.parent, "other").locked():
        file.save(SETUP)


def test_the_lock_is_given_back_after_an_error(file: StateFile) -> None:
    with pytest.raises(ZeroDivisionError), file.locked():
        raise ZeroDivisionError
    with file.locked():
        pass


def test_trouble_inside_the_lock_is_not_mistaken_for_trouble_with_it(file: StateFile) -> None:
    with pytest.raises(FileNotFoundError), file.locked():
        raise FileNotFoundError


@pytest.mark.parametrize("signature", ["", "[]", "{}", '"x"', "garbage", "\xff"])
def test_an_unreadable_signature_still_says_locked(file: StateFile, signature: str) -> None:
    with file.locked():
        file.path.with_name("default.lock").write_text(signature, encoding="latin-1")
        with pytest.raises(Locked, match="in use by another process"), file.locked():
            pass


def test_what_a_killed_process_was_writing_is_swept_away(saved: StateFile) -> None:
    folder = saved.path.parent
    for name in (".default.json.0123abcd.tmp", ".other.json.0123abcd.tmp"):
        (folder / name).write_text("half")
    with saved.locked():
        pass
    assert set(contents(folder)) == {"default.json", "default.lock", ".other.json.0123abcd.tmp"}
    assert saved.load() == SETUP


WRITER = """
from pathlib import Path
from bwtui.domain.runs.setup import Setup
from bwtui.store.state import StateFile
file = StateFile(Path({folder!r}))
print("writing", flush=True)
while True:
    file.save(Setup(account_id="1" * 20000, base_url=""))
    file.save(Setup(account_id="2" * 20000, base_url=""))
"""


@pytest.mark.parametrize("reads", [1, 7, 40])
def test_a_reader_sees_a_whole_file_while_it_is_written_or_its_writer_killed(
    file: StateFile, reads: int
) -> None:
    code = WRITER.format(folder=str(file.path.parent))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        seen: list[Setup] = []
        while len(seen) < reads:
            setup = file.load()
            seen += [setup] if setup else []
        process.kill()
    assert {setup.account_id for setup in seen} <= {"1" * 20000, "2" * 20000}
    assert file.load() is not None


def test_importing_it_imports_nothing_dear() -> None:
    code = "import sys, bwtui.store.state, bwtui.store.answers_file; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    dear = {"asyncio", "logging", "platformdirs", "tomllib", "difflib", "textwrap", "socket", "tempfile"}
    assert not dear.intersection(loaded.stdout.split())


def test_the_errors_are_one_family() -> None:
    for kind in (BadName, Damaged, Locked, Newer, Unreadable, Unwritable):
        assert issubclass(kind, state_errors.StateError)
        assert kind.__name__ in (state_errors.__doc__ or "")
