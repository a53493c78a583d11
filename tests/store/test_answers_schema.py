"""The JSON Schema of the answers file: editors mark with it what bwtui refuses, and nothing that it takes."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bwtui.domain.answers.answers import Answer, Answers, Source, as_meant
from bwtui.domain.answers.validation import complaints, complaints_of
from bwtui.domain.catalog import QUESTIONS, TABLES
from bwtui.domain.fields import Choice, Flag, Question, Text
from bwtui.store.answers_file import AnswersError, parse
from bwtui.store.answers_schema import schema
from bwtui.store.answers_template import SCHEMA_FILE, sample, template, toml_text, write
from support.guide import guide_answers
from trust.canaries import MESSAGING

SCHEMA: Final = json.loads(schema())
VALIDATOR: Final = Draft202012Validator(SCHEMA)
VALUES_ALONE: Final = Draft202012Validator({key: part for key, part in SCHEMA.items() if key != "allOf"})
"""The schema without what must be answered, for files of a single answer."""
EXAMPLE: Final = template(example=True)
OPEN: Final = {name: question for name, question in QUESTIONS.items() if not question.is_secret}
TAPLO: Final = shutil.which("taplo", path=str(Path(sys.executable).parent)) or ""

MISTAKES: Final = {
    "a misspelt key": ('name = "SetupTest"', 'nmae = "SetupTest"'),
    "a misspelt table": ("[sippeer]", "[sipper]"),
    "an answer outside of any table": ("\n[setup]", "\nmessaging = true\n[setup]"),
    "a needed answer left out": ('city = "RALEIGH"', ""),
    "a needed answer left empty": ('city = "RALEIGH"', 'city = ""'),
    "a name that is too long": ('name = "SetupTest"', 'name = "SetupTest and more"'),
    "yes in quotes": ("# messaging = true", 'messaging = "true"'),
    "a choice that there is not": ('address_type = "Billing"', 'address_type = "Home"'),
    "a ZIP code without quotes": ('zip = "27606"', "zip = 27606"),
    "a secret in the file": ("[messaging_app]", f'[messaging_app]\ncallback_password = "{MESSAGING}"'),
    "an id with a blank in it": ("[site]", '[site]\ngiven_up = "12 345"'),
    "a number with no search": ('area_code = "919"', ""),
}


def accepts(text: str, validator: Draft202012Validator = VALIDATOR) -> bool:
    valid: bool = validator.is_valid(tomllib.loads(text))
    return valid


def reader_accepts(text: str) -> bool:
    """Return True if the reader takes a file and nothing in it blocks; the account may come from elsewhere."""
    try:
        read = dict(parse(text, "setup.toml").given)
    except AnswersError:
        return False
    read.setdefault("account.account_id", Answer("9900000", Source.ENVIRONMENT))
    return not any(complaint.blocks for complaint in complaints(Answers(read)))


def test_it_is_a_schema_that_names_every_question_with_its_help_and_no_secret() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    described = {
        f"{table}.{key}": entry["description"]
        for table, part in SCHEMA["properties"].items()
        for key, entry in part["properties"].items()
    }
    assert list(described) == list(OPEN)
    assert all(question.help in described[name] for name, question in OPEN.items())


@pytest.mark.parametrize(
    "text", [EXAMPLE, write(guide_answers())], ids=["the example", "the guide's answers"]
)
def test_it_accepts_what_bwtui_accepts(text: str) -> None:
    assert reader_accepts(text)
    assert accepts(text)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_it_refuses_a_mistake_that_bwtui_refuses(mistake: str) -> None:
    old, new = MISTAKES[mistake]
    assert old in EXAMPLE
    wrong = EXAMPLE.replace(old, new, 1)
    assert not reader_accepts(wrong)
    assert not accepts(wrong)


def test_an_empty_template_is_marked_where_it_has_to_be_filled_in() -> None:
    text = template(example=False)
    assert accepts(text, VALUES_ALONE)
    assert not accepts(text)


@pytest.mark.parametrize(
    "text",
    [
        EXAMPLE.replace('name = "SetupTest"', 'use = "12345"'),
        EXAMPLE.replace("# messaging = true", "messaging = false").replace(
            'name = "Production Server"', "", 1
        ),
        EXAMPLE.replace('area_code = "919"', 'numbers = ["+19195551234", "9195551235"]'),
        EXAMPLE.replace('area_code = "919"', 'area_code = "919"\nquantity = 2'),
    ],
    ids=["an object that is there", "no messages", "an array of numbers", "a count without quotes"],
)
def test_it_asks_for_no_more_than_bwtui_does(text: str) -> None:
    assert reader_accepts(text)
    assert accepts(text)


# --- Any answer ------------------------------------------------------------------------------------------------


def _written(question: Question, value: str) -> str:
    return value if isinstance(question, Flag) else toml_text(value)


def _likely(question: Question) -> st.SearchStrategy[str]:
    """Answers of all kinds, most of them near what is right."""
    match question:
        case Flag():
            return st.sampled_from(("true", "false"))
        case Choice(options=options):
            return st.sampled_from((*options, "", "other"))
        case Text(limit=limit):
            letters = st.text(
                st.sampled_from("0123456789abcXYZ-.*:/ é"), max_size=(limit or 30) + 2
            )  # as long as allowed, and longer
            return st.one_of(st.just(sample(question)), letters)


@pytest.mark.parametrize("name", OPEN)
def test_what_the_catalogue_shows_as_an_answer_is_accepted(name: str) -> None:
    question = QUESTIONS[name]
    table, _, key = name.partition(".")
    shown = {sample(question), str(question.guide).lower() if isinstance(question, Flag) else question.guide}
    for value in shown - {"", "none", None}:
        text = f"[{table}]\n{key} = {_written(question, str(value))}\n"
        assert parse(text, "setup.toml").given
        assert accepts(text, VALUES_ALONE), value


@settings(deadline=None, max_examples=400)
@given(
    drawn=st.sampled_from(list(OPEN)).flatmap(lambda name: st.tuples(st.just(name), _likely(QUESTIONS[name])))
)
def test_whatever_it_refuses_of_one_answer_bwtui_refuses_too(drawn: tuple[str, str]) -> None:
    name, typed = drawn
    table, _, key = name.partition(".")
    value = as_meant(name, typed)  # the form in which it is sent
    text = f"[{table}]\n{key} = {_written(QUESTIONS[name], value)}\n"
    if not accepts(text, VALUES_ALONE):
        assert any(complaint.blocks for complaint in complaints_of(name, value))


@settings(deadline=None, max_examples=150)
@given(left_out=st.sets(st.sampled_from([name for name in OPEN if not name.startswith("account.")])))
def test_whatever_it_misses_bwtui_misses_too_and_the_other_way_round(left_out: set[str]) -> None:
    answers = Answers({name: one for name, one in guide_answers().given.items() if name not in left_out})
    missing = any(
        complaint.is_missing or complaint.key == "number.area_code"
        for complaint in complaints(answers)
        if complaint.blocks
    )
    assert accepts(write(answers)) is not missing


@pytest.mark.parametrize("table", TABLES)
def test_a_key_that_is_nobodys_is_refused_in_every_table(table: str) -> None:
    assert not accepts(f"[{table}]\nnobodys = true\n", VALUES_ALONE)


# --- taplo, which editors use ----------------------------------------------------------------------------------


def _checked_by_taplo(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Check a file with the schema beside it, where the file's own first line says that it is."""
    (folder / SCHEMA_FILE).write_text(schema(), encoding="utf-8")
    (folder / "setup.toml").write_text(text, encoding="utf-8")
    command = [TAPLO, "check", "--no-auto-config", "setup.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False)


@pytest.mark.skipif(not TAPLO, reason="there is no wheel of taplo for this machine")
def test_taplo_finds_the_schema_by_the_first_line_and_accepts_the_example(tmp_path: Path) -> None:
    assert EXAMPLE.startswith(f"#:schema {SCHEMA_FILE}\n")
    ended = _checked_by_taplo(tmp_path, EXAMPLE)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.skipif(not TAPLO, reason="there is no wheel of taplo for this machine")
@pytest.mark.parametrize("mistake", MISTAKES)
def test_taplo_refuses_a_mistake(tmp_path: Path, mistake: str) -> None:
    ended = _checked_by_taplo(tmp_path, EXAMPLE.replace(*MISTAKES[mistake], 1))
    assert ended.returncode == 1
    assert "error" in ended.stderr
