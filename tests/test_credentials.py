"""Credentials: the places they come from, and which place wins."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from bwtui.credentials import CredentialsError, Given, Login, find_login
from bwtui.domain.values.secret import Secret

NOBODY: dict[str, str] = {}
OAUTH = {"BW_CLIENT_ID": "environment-id", "BW_CLIENT_SECRET": "environment-secret"}
BASIC = {"BW_USERNAME": "environment-user", "BW_PASSWORD": "environment-password"}


def _oauth(user: str, secret: str) -> Login:
    return Login(oauth=True, user=user, secret=Secret(secret))


def _basic(user: str, secret: str) -> Login:
    return Login(oauth=False, user=user, secret=Secret(secret))


def _never(question: str, *, hidden: bool) -> str:
    raise AssertionError(f"nobody was to be asked: {question} ({hidden})")


@pytest.fixture(autouse=True)
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring of the test's own, empty at first."""
    kept: dict[tuple[str, str], str] = {}
    module, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    module.get_password = lambda service, user: kept.get((service, user))  # type: ignore[attr-defined]
    errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
    module.errors = errors  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return kept


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "secret"
    path.write_text("file-secret\na note\n", encoding="utf-8")
    return str(path)


def test_a_file_wins_over_the_environment(file: str) -> None:
    given = Given(client_id="flag-id", client_secret_file=file)
    assert find_login(given, OAUTH | BASIC, _never) == _oauth("flag-id", "file-secret")


def test_a_file_goes_with_the_client_of_the_environment(file: str) -> None:
    assert find_login(Given(client_secret_file=file), OAUTH, _never) == _oauth(
        "environment-id", "file-secret"
    )


def test_standard_input_is_read_for_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("typed-secret\nnot this\n"))
    given = Given(username="flag-user", password_file="-")
    assert find_login(given, OAUTH, _never) == _basic("flag-user", "typed-secret")
    assert sys.stdin.readline() == "not this\n", "one line only"


@pytest.mark.parametrize(
    ("environ", "login"),
    [
        (OAUTH, _oauth("environment-id", "environment-secret")),
        (BASIC, _basic("environment-user", "environment-password")),
        (OAUTH | BASIC, _oauth("environment-id", "environment-secret")),
        (OAUTH | {"BW_CLIENT_ID": ""} | BASIC, _basic("environment-user", "environment-password")),
    ],
    ids=["OAuth2", "Basic", "OAuth2 first", "an empty id is none"],
)
def test_the_environment_is_next(environ: dict[str, str], login: Login) -> None:
    assert find_login(Given(), environ, _never) == login


def test_a_user_name_on_the_command_line_asks_for_basic(file: str) -> None:
    assert find_login(Given(username="flag-user"), OAUTH | BASIC, _never) == _basic(
        "flag-user", "environment-password"
    )
    assert find_login(Given(password_file=file), OAUTH | BASIC, _never) == _basic(
        "environment-user", "file-secret"
    )


def test_a_client_on_the_command_line_wins_over_a_user_there() -> None:
    given = Given(client_id="flag-id", username="flag-user")
    assert find_login(given, OAUTH | BASIC, _never) == _oauth("flag-id", "environment-secret")


def test_the_keyring_is_next(keyring: dict[tuple[str, str], str]) -> None:
    keyring["bwtui", "environment-id"] = "kept-secret"
    environ = {"BW_CLIENT_ID": "environment-id"}
    assert find_login(Given(), environ, _never) == _oauth("environment-id", "kept-secret")
    assert find_login(Given(), OAUTH, _never) == _oauth("environment-id", "environment-secret")


@pytest.mark.parametrize(
    "error", [OSError, RuntimeError, None], ids=["OSError", "RuntimeError", "KeyringError"]
)
def test_a_keyring_that_does_not_work_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception] | None
) -> None:
    module = sys.modules["keyring"]

    def fail(_service: str, _user: str) -> str:
        raise (error or module.errors.KeyringError)("no desktop")

    monkeypatch.setattr(module, "get_password", fail)
    asked: list[str] = []
    login = find_login(Given(), {"BW_CLIENT_ID": "me"}, _answers(asked, "asked-secret"))
    assert login == _oauth("me", "asked-secret")


def test_without_a_keyring_it_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert find_login(Given(), {"BW_CLIENT_ID": "me"}, _answers([], "asked-secret")) == _oauth(
        "me", "asked-secret"
    )


def test_somebody_is_asked_last_and_only_for_what_is_missing() -> None:
    asked: list[str] = []
    assert find_login(Given(), NOBODY, _answers(asked, " me \n", "asked-secret")) == _oauth(
        "me", "asked-secret"
    )
    assert [
        question.startswith(start)
        for question, start in zip(asked, ("Client ID", "Client secret of client ID me"), strict=True)
    ] == [True, True]
    asked.clear()
    assert find_login(Given(username="me"), NOBODY, _answers(asked, "asked-secret")) == _basic(
        "me", "asked-secret"
    )
    assert len(asked) == 1


def _answers(asked: list[str], *typed: str) -> Callable[..., str]:
    left = list(typed)

    def prompt(question: str, **_how: object) -> str:
        asked.append(question)
        return left.pop(0)

    return prompt


@pytest.mark.parametrize(
    ("given", "environ", "words"),
    [
        (Given(), NOBODY, "set BW_CLIENT_ID and BW_CLIENT_SECRET"),
        (Given(), {"BW_CLIENT_SECRET": "alone"}, "set BW_CLIENT_ID and BW_CLIENT_SECRET"),
        (Given(), {"BW_CLIENT_ID": "me"}, "The secret of me is missing: set BW_CLIENT_SECRET"),
        (Given(username="me"), OAUTH, "The secret of me is missing: set BW_PASSWORD"),
    ],
    ids=["nothing", "secret alone", "id alone", "user alone"],
)
def test_what_is_missing_is_said_where_nobody_can_be_asked(
    given: Given, environ: dict[str, str], words: str
) -> None:
    with pytest.raises(CredentialsError, match=words) as told:
        find_login(given, environ, None)
    assert "alone" not in str(told.value)


@pytest.mark.parametrize("typed", [("", ""), ("me", "")], ids=["no id", "no secret"])
def test_an_empty_answer_is_none(typed: tuple[str, str]) -> None:
    with pytest.raises(CredentialsError, match="missing"):
        find_login(Given(), NOBODY, _answers([], *typed))


@pytest.mark.parametrize("content", ["", "\n", " \r\n\ufeff\n"])
def test_a_file_of_empty_lines_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secret"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CredentialsError, match="is empty: the secret is its first line"):
        find_login(Given(client_id="me", client_secret_file=str(path)), OAUTH, _never)


def test_empty_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(CredentialsError, match="Standard input is empty"):
        find_login(Given(client_id="me", client_secret_file="-"), OAUTH, _never)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "nowhere", tmp_path, binary):
        with pytest.raises(CredentialsError, match="cannot be read") as told:
            find_login(Given(client_id="me", client_secret_file=str(path)), OAUTH, _never)
        assert str(path) in str(told.value)


def test_logins_are_the_same_wherever_they_come_from() -> None:
    login = Login(oauth=True, user="demo", secret=Secret("s"))
    elsewhere = login._replace(saved_as="work", only_at="https://api.bandwidth.com/api")
    assert login == elsewhere
    assert not login != elsewhere  # noqa: SIM202 - the other operator is asked, too
    assert len({login, elsewhere}) == 1
    assert login != login._replace(user="other")


def test_a_login_does_not_show_its_secret() -> None:
    assert "environment-secret" not in repr(find_login(Given(), OAUTH, _never))


@pytest.mark.parametrize(
    "content",
    [
        b"two  words",
        b"two  words\r\n",
        b" two  words \t\n",
        b"\xef\xbb\xbftwo  words\r\n",
        b"\n\r\n  \ntwo  words\nsecond line\n",
        "\u200btwo  words\u00a0\u2060\n".encode(),
        "two  words\r\n".encode("utf-16"),
        b"\xfe\xff" + "two  words\r\n".encode("utf-16-be"),
    ],
)
def test_a_secret_in_a_file_is_taken_without_what_came_along(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content)
    login = find_login(Given(client_id="me", client_secret_file=str(path)), NOBODY, _never)
    assert login.secret.reveal() == "two  words", "blanks inside may be meant"


def test_the_first_line_of_standard_input_that_says_something_is_the_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\ufeff\n\r\n typed-secret \nnot this\n"))
    assert find_login(Given(client_id="me", client_secret_file="-"), NOBODY, _never) == _oauth(
        "me", "typed-secret"
    )
    assert sys.stdin.readline() == "not this\n", "and nothing behind it is read"


@pytest.mark.parametrize("around", ["{}\r", "{}\n", "{} ", "\ufeff{}", "\u00a0{}\u200b"])
def test_names_and_secrets_are_taken_without_what_came_along_wherever_they_come_from(
    keyring: dict[tuple[str, str], str], around: str
) -> None:
    def dirty(environ: dict[str, str]) -> dict[str, str]:
        return {name: around.format(value) for name, value in environ.items()}

    assert find_login(Given(), dirty(OAUTH), _never) == _oauth("environment-id", "environment-secret")
    assert find_login(Given(), dirty(BASIC), _never) == _basic("environment-user", "environment-password")
    typed = _answers([], around.format("me"), around.format("asked-secret"))
    assert find_login(Given(), NOBODY, typed) == _oauth("me", "asked-secret")
    keyring["bwtui", "me"] = around.format("kept-secret")
    assert find_login(Given(client_id=around.format("me")), NOBODY, _never) == _oauth("me", "kept-secret")


def test_a_file_that_is_no_text_is_refused_without_repeating_it(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"canary\xff\n")
    with pytest.raises(CredentialsError, match="it is not text in UTF-8") as told:
        find_login(Given(client_id="me", client_secret_file=str(path)), OAUTH, _never)
    assert "canary" not in str(told.value)
    assert told.value.__cause__ is None
