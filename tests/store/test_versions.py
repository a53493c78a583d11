"""An upgrade loses nothing, and neither does a downgrade: what another version wrote is read, carried along or left."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args
from zlib import crc32

import pytest

from bwtui.domain.answers.answers import Answer, Source
from bwtui.domain.catalog import QUESTIONS, STEPS
from bwtui.domain.fields import Text
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.run_events import Event, Finished, Started
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.trials.trial import TrialKind
from bwtui.store import state_format
from bwtui.store.logins import Kept, Logins, SavedLogin
from bwtui.store.open_setup import OpenSetup
from bwtui.store.redirect_file import read_redirection
from bwtui.store.state import StateFile
from bwtui.store.state_errors import Damaged, Newer, StateError
from bwtui.store.state_format import VERSION
from bwtui.store.trial_file import TrialFile
from store.test_state import SETUP, WORDS, content, contents
from support.guide import TESTS

KEYS: dict[int, dict[str, Any]] = {
    version: json.loads((TESTS / "store" / f"keys_v{version}.json").read_text())
    for version in range(3, VERSION + 1)
}
"""Everything that a state file of each version can name: a file on somebody's disk names it for good.

What is new in the catalogue is added to the list of the latest version; what is taken out stays there, since files
that name it are still there.
"""

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    file = StateFile(tmp_path / "state")
    file.save(SETUP)
    return file


def rewrite(file: StateFile, change: Change) -> bytes:
    """Write the file as another version of bwtui would: changed, and with a checksum of its own."""
    whole = content(file)
    change(whole)
    whole.pop("checksum", None)
    told = json.dumps(whole).removesuffix("}").encode() + b",\n"
    file.path.write_bytes(told + f'"checksum": "{crc32(told):08x}"}}\n'.encode())
    return file.path.read_bytes()


def answer_more(whole: dict[str, Any]) -> None:
    whole["answers"]["brand.id"] = {"value": "C-1", "source": "oracle", "asked": [1, None, {"x": 0.5}]}


# --- What is carried along -------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [3, 4])
def test_an_answer_that_only_another_version_knows_is_carried_through_every_save(
    file: StateFile, version: int
) -> None:
    def change(whole: dict[str, Any]) -> None:
        answer_more(whole)
        if version == 3:
            whole["version"] = 3
            del whole["written_by"]

    rewrite(file, change)
    before = content(file)["answers"]["brand.id"]
    setup = file.load()
    assert setup
    assert setup.run == SETUP.run, "the journal is all there"
    assert "brand.id" not in setup.answers
    opened = OpenSetup(file, setup)
    opened.save_answers({"site.name": Answer("Other", Source.TYPED)}, setup.bookmark)
    opened.save_events([Started(step="sippeer", at=1.0)])
    assert content(file)["answers"]["brand.id"] == before
    assert content(file)["answers"]["site.name"] == {"value": "Other", "source": "typed"}
    again = StateFile(file.path.parent).load()
    assert again
    assert again.carried == {"brand.id": before}


# --- What is left as it is -------------------------------------------------------------------------------------


def with_event(**event: object) -> Change:
    return lambda whole: whole["events"].append(event)


NEWER: dict[str, Change] = {
    "a step": with_event(type="started", step="brand", at=1.0, customer_order_id="", numbers=[]),
    "an event": with_event(type="released", step="number", at=1.0),
    "a field of an event": lambda whole: whole["events"][0].update(evidence="kept"),
    "a field of a problem": lambda whole: whole["events"][1]["problem"].update(advice="wait"),
    "a kind of problem": lambda whole: whole["events"][1]["problem"].update(kind="postponed"),
    "a field of the file": lambda whole: whole.update(teardown={}),
    "a field of the bookmark": lambda whole: whole["bookmark"].update(scroll=3),
    "a source": lambda whole: whole["answers"]["site.name"].update(source="oracle"),
    "a version": lambda whole: whole.update(version=VERSION + 1),
}


@pytest.mark.parametrize("change", NEWER.values(), ids=NEWER.keys())
def test_what_a_newer_version_wrote_is_refused_as_newer_and_left(file: StateFile, change: Change) -> None:
    def newer(whole: dict[str, Any]) -> None:
        change(whole)
        whole["written_by"] = "2.5.0"

    rewrite(file, newer)
    before = contents(file.path.parent)
    for act in (file.load, lambda: file.save(SETUP)):
        with pytest.raises(Newer) as caught:
            act()
        told = str(caught.value)
        assert "was left as it is" in told
        assert "bwtui 2.5.0 wrote it and can read it. Upgrade bwtui, or use another --name." in told
        assert "damaged" not in told
    assert contents(file.path.parent) == before


def test_the_same_in_a_file_whose_checksum_is_wrong_is_damage(file: StateFile) -> None:
    whole = content(file)
    NEWER["a step"](whole)
    file.path.write_text(json.dumps(whole))
    with pytest.raises(Damaged):
        file.load()


# --- What every version can name -------------------------------------------------------------------------------


def test_the_list_of_keys_of_the_latest_version_is_that_of_the_catalogue() -> None:
    """If this fails, add the new keys to the list of the latest version, and leave removed ones in it."""
    keys, known = KEYS[VERSION], NAMED_NOW
    for name in ("answers", "steps", "sources", "kinds"):
        missing = [key for key in known[name] if key not in keys[name]]
        assert not missing, f"{name} that no list of version {VERSION} has: {missing}"
        gone = [key for key in keys[name] if key not in known[name]]
        assert gone == RETIRED.get(name, []), f"{name} that files hold and nobody knows any more: {gone}"
    assert {name: sorted(fields) for name, fields in keys["events"].items()} == {
        WORDS.get(kind, kind.__name__.lower()): sorted({*kind._fields} - {*ELSEWHERE.get(kind, ())})
        for kind in (*get_args(Event), Problem)
    }, "a field more or less in an event: raise VERSION, read the older files, and add a list"


ELSEWHERE: dict[type, tuple[str, ...]] = {Finished: ("numbers",)}
"""Fields that a file has in another one: numbers among the outputs."""

RETIRED: dict[str, list[str]] = {}
"""Steps that were removed from the catalogue; files that name them must still be readable."""

NAMED_NOW: dict[str, list[str]] = {
    "answers": [
        key
        for key, question in QUESTIONS.items()
        if not (isinstance(question, Text) and question.secret_from)
    ],
    "steps": [step.key for step in STEPS],
    "sources": [source for source in Source if source is not Source.LOGIN],  # which no file names
    "kinds": list(Kind),
}


@pytest.mark.parametrize("version", KEYS)
def test_a_file_that_names_all_that_its_version_can_name_is_read(file: StateFile, version: int) -> None:
    keys = KEYS[version]

    def everything(whole: dict[str, Any]) -> None:
        whole["version"] = version
        if version == 3:
            del whole["written_by"]
        sources = [*keys["sources"]]
        whole["answers"] = {
            key: {"value": "x", "source": sources[place % len(sources)]}
            for place, key in enumerate(keys["answers"])
        }
        whole["events"] = [
            {"type": "finished", "step": step, "at": 1.0, "outputs": {}, "adopted": False, "answers": {}}
            for step in keys["steps"]
        ]
        whole["events"] += [
            {
                "type": "failed",
                "step": "site",
                "at": 1.0,
                "problem": {**content(file)["events"][1]["problem"], "kind": kind},
            }
            for kind in keys["kinds"]
        ]

    rewrite(file, everything)
    setup = file.load()
    assert setup
    assert {*setup.answers, *setup.carried} == set(keys["answers"])
    assert [event.step for event in setup.events if isinstance(event, Finished)] == [*keys["steps"]]


def test_the_next_version_reads_what_this_one_writes(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_format, "VERSION", VERSION + 1)
    assert file.load() == SETUP


def test_an_older_file_says_nothing_of_what_was_applied_or_proven(tmp_path: Path) -> None:
    file = StateFile(tmp_path)
    file.path.write_bytes((TESTS / "store" / "version_3.json").read_bytes())
    setup = file.load()
    assert setup
    assert setup.run.proof is None
    assert setup.run.step("site").applied is None


@pytest.mark.parametrize("name", ["default.tries", "default.redirected.json", "logins.json", "secrets.json"])
@pytest.mark.parametrize("fields", [{}, {"last": {"fax": {}}, "redirects": 4, "logins": [], "secrets": None}])
def test_a_file_beside_it_of_another_version_is_left_for_that_version(
    tmp_path: Path, name: str, fields: dict[str, object]
) -> None:
    """Moved away, it would let a message be sent twice, or callback URLs be lost."""
    folder = tmp_path / "private"
    folder.mkdir(0o700)
    login = SavedLogin("main", "9900000", "https://example.com", oauth=True, user="id", kept=Kept.FILE)
    read: dict[str, Callable[[], object]] = {
        "default.tries": lambda: TrialFile(folder, "default").last(TrialKind.CALL),
        "default.redirected.json": lambda: read_redirection(folder, "default"),
        "logins.json": Logins(folder).all,
        "secrets.json": lambda: Logins(folder).secret(login),
    }
    path, other = folder / name, json.dumps({**fields, "v": 2})
    path.touch(0o600)
    path.write_text(other)
    with pytest.raises((SaveError, StateError)) as refused:
        read[name]()
    assert f"{path} was written by another version of bwtui; it was left as it is" in str(refused.value)
    assert "Use that version" in str(refused.value)
    assert "move" not in str(refused.value).casefold()
    assert path.read_text() == other
