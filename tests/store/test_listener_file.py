"""A listener is found by its file as long as it lives and answers, and there is one for each setup."""

import json
import os
import stat
from pathlib import Path

import pytest

from bwtui.store.listener_file import (
    Listener,
    listener_path,
    only_listener,
    read_listener,
    remove_listener,
    write_listener,
)
from bwtui.store.setup_folder import names
from bwtui.store.state import StateFile
from bwtui.store.state_errors import BadName, Locked


def test_the_file_is_for_its_owner_alone_and_hides_its_token_when_printed(tmp_path: Path) -> None:
    listener = Listener(os.getpid(), 8081, "token-of-the-feed")
    write_listener(tmp_path, "default", listener)
    path = listener_path(tmp_path, "default")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["token"] == "token-of-the-feed"
    assert "token-of-the-feed" not in repr(listener)
    remove_listener(tmp_path, "default")
    assert not path.exists()


def test_it_is_no_setup_and_no_setup_can_take_its_name(tmp_path: Path) -> None:
    write_listener(tmp_path, "default", Listener(1, 1, "t"))
    assert names(tmp_path) == ()
    with pytest.raises(BadName):
        StateFile(tmp_path, "default.listener")


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"v": 2, "pid": 1, "port": 1, "token": ""}', '{"v": 1, "pid": "1", "port": 1, "token": ""}',
     '{"v": 1, "pid": 99999999999999999999, "port": 8081, "token": "t"}', "[" * 5000],
)  # fmt: skip
def test_a_file_that_tells_nothing_is_no_listener(tmp_path: Path, content: str) -> None:
    listener_path(tmp_path, "default").write_text(content)
    assert read_listener(tmp_path, "default") is None


def test_a_process_that_lives_but_does_not_answer_is_no_listener(tmp_path: Path) -> None:
    write_listener(tmp_path, "default", Listener(os.getpid(), 1, "t"))
    assert read_listener(tmp_path, "default") is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text('{"v": 1, "pid": 1, "port": 1, "token": "t"}')
    listener_path(tmp_path, "default").symlink_to(tmp_path / "other")
    assert read_listener(tmp_path, "default") is None


def test_a_second_listener_of_a_setup_is_told_of_the_first(tmp_path: Path) -> None:
    with only_listener(tmp_path, "default"):
        write_listener(tmp_path, "default", Listener(4711, 8081, "t"))
        with pytest.raises(Locked, match="process 4711 on port 8081"), only_listener(tmp_path, "default"):
            pass
        with only_listener(tmp_path, "other"):
            pass
    with only_listener(tmp_path, "default"):
        pass
