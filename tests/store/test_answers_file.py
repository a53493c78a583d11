"""The answers file: every complaint names its line, its key and the way out; what is written can be read."""

import io
import itertools
import re
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bwtui.domain.answers.answers import Answer, Answers, Source, as_meant, wanted_steps
from bwtui.domain.answers.validation import complaints
from bwtui.domain.catalog import QUESTIONS, TABLES
from bwtui.domain.fields import Flag, Text
from bwtui.domain.values.secret import Secret
from bwtui.store.answers_file import AnswersError, AnswersFile, parse, read
from bwtui.store.answers_template import sample, template, write

SECRETS = {key for key, question in QUESTIONS.items() if isinstance(question, Text) and question.secret_from}


def values(file: AnswersFile) -> dict[str, str]:
    return {key: answer.value for key, answer in file.given.items()}


def complaints_about(text: str) -> tuple[str, ...]:
    with pytest.raises(AnswersError) as caught:
        parse(text, "setup.toml")
    assert str(caught.value) == "\n".join(caught.value.complaints)
    return caught.value.complaints


# --- Reading ---------------------------------------------------------------------------------------------------


def test_answers_are_read_by_full_name_with_their_source() -> None:
    file = parse('[site]\nname = "SetupTest"\n[sms]\nzone2 = true\nzone3 = false\n', "setup.toml")
    assert file.given == {
        "site.name": Answer("SetupTest", Source.FILE),
        "sms.zone2": Answer("true", Source.FILE),
        "sms.zone3": Answer("false", Source.FILE),
    }


def test_an_empty_file_answers_nothing() -> None:
    assert parse("", "setup.toml").given == {}
    assert parse("[site]\n", "setup.toml").given == {}


def test_an_empty_answer_is_an_answer() -> None:
    assert values(parse('[voice_app]\ncall_status_url = ""', "x")) == {"voice_app.call_status_url": ""}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"9195551234"', "9195551234"),
        ('"9195551234, 9195551235"', "9195551234,9195551235"),
        ('["9195551234", "9195551235"]', "9195551234,9195551235"),
        ("[]", ""),
    ],
)
def test_many_values_are_one_text_or_an_array(written: str, meant: str) -> None:
    assert values(parse(f"[number]\nnumbers = {written}", "x")) == {"number.numbers": meant}


@pytest.mark.parametrize("written", ["3", '"3"'])
def test_how_many_may_be_a_number(written: str) -> None:
    assert values(parse(f"[number]\nquantity = {written}", "x")) == {"number.quantity": "3"}


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "setup.toml"
    path.write_bytes('\ufeff[site]\r\nname = "Zoë"\r\n'.encode())
    file = read(path)
    assert values(file) == {"site.name": "Zoë"}
    assert file.locate("site.name") == f"{path}:2"


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'[site]\nname = "SetupTest"')))
    file = read("-")
    assert values(file) == {"site.name": "SetupTest"}
    assert file.locate("site.name") == "standard input:2"


def test_a_missing_file_is_told_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(AnswersError, match=r"nothing\.toml: cannot be read: No such file"):
        read(tmp_path / "nothing.toml")


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "setup.toml"
    path.write_bytes('[site]\nname = "Zoë"\n'.encode("latin-1"))
    with pytest.raises(AnswersError, match=r"setup\.toml:2: not UTF-8"):
        read(path)


# --- Complaints ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name =", "setup.toml:1: Invalid value"),
        ("[site]\nname = SetupTest\n", 'setup.toml:2: Invalid value; text and digits stand in quotes: name = "..."'),
        ("[site]\nzip = 02134\n", 'setup.toml:2: Expected newline or end of document after a statement; text and digits stand in quotes: zip = "..."'),
        ('[site]\nname = "Setup\n', "setup.toml:2: Illegal character"),
        ('[site]\nname = "a"\nname = "b"\n', "setup.toml:3: Cannot overwrite a value; the key stands there twice: keep one"),
        ("[site]\n[sms]\n[site]\n", "a table stands once: put its keys together"),
        ("[site\n", "setup.toml:1: Expected ']'"),
        ("[number]\n\nnumbers = ['1'\n", "setup.toml:3: Unclosed array"),
    ],
)  # fmt: skip
def test_what_is_no_toml_is_told_with_its_line_and_what_helps(text: str, told: str) -> None:
    (complaint,) = complaints_about(text)
    assert complaint.startswith("setup.toml:")
    assert told in complaint


def test_a_syntax_error_does_not_repeat_what_may_be_a_secret() -> None:
    assert "canary" not in "".join(complaints_about("[messaging_app]\ncallback_password = canary-7f3a\n"))


@pytest.mark.timeout(20)
def test_absurd_nesting_is_a_complaint_and_no_crash() -> None:
    assert complaints_about("x = " + "[" * 100_000)


@pytest.mark.parametrize("number", ["1" * 5000, "0x" + "f" * 5000])
@pytest.mark.parametrize("key", ["zip", "name"])
def test_absurd_numbers_are_a_complaint_and_no_crash(key: str, number: str) -> None:
    assert complaints_about(f"[site]\n{key} = {number}\n[number]\nquantity = {number}\n")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('nmae = "x"', "site.nmae: no such key; did you mean name?"),
        ('hose_number = "900"', "site.hose_number: no such key; did you mean house_number?"),
        ('houseNumber = "900"', "site.houseNumber: no such key; did you mean house_number?"),
        ('StateCode = "NC"', "site.StateCode: no such key; did you mean state?"),
        ('zip_code = "27606"', "site.zip_code: no such key; did you mean zip?"),
        ('callback_url = "x"', "site.callback_url: no such key; it stands under [messaging_app]"),
        ("colour = 3", "site.colour: no such key; [site] has name, description"),
        ('client_secret = "x"', "site.client_secret: credentials are never in a file: take it away and set BW_CLIENT_SECRET"),
        ("zip = 27606", 'site.zip: put quotes around it, since a number loses leading zeros: zip = "27606"'),
        ("house_number = 900", 'site.house_number: put quotes around it, since a number loses leading zeros: house_number = "900"'),
        ("name = true", 'site.name: text stands in quotes: name = "SetupTest"'),
        ("name = 1.5", 'site.name: text stands in quotes: name = "SetupTest"'),
        ("name = 2026-01-01", 'site.name: text stands in quotes: name = "SetupTest"'),
        ('name = ["a"]', 'site.name: one text in quotes: name = "SetupTest"'),
        ("name = {}", 'site.name: one text in quotes: name = "SetupTest"'),
        ("address_type = 1", 'site.address_type: one of Billing, Service, in quotes: address_type = "Billing"'),
    ],
)  # fmt: skip
def test_a_wrong_key_or_value_is_told_with_the_right_one(line: str, told: str) -> None:
    (complaint,) = complaints_about(f"# Mine\n\n[site]\n{line}\n")
    assert complaint.startswith(f"setup.toml:4: {told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[sms]\ntoll_free = "true"', "setup.toml:2: sms.toll_free: take the quotes away: toll_free = true"),
        ('[sms]\ntoll_free = "False"', "setup.toml:2: sms.toll_free: take the quotes away: toll_free = false"),
        ('[sms]\ntoll_free = "yes"', "setup.toml:2: sms.toll_free: true or false, without quotes: toll_free = true"),
        ("[sms]\ntoll_free = 1", "setup.toml:2: sms.toll_free: true or false, without quotes: toll_free = true"),
        ("[number]\narea_code = 919", 'setup.toml:2: number.area_code: put quotes around it, since a number loses leading zeros: area_code = "919"'),
        ("[number]\nnumbers = [9195551234]", 'setup.toml:2: number.numbers: put quotes around each: numbers = ["+1 (919) 555-1234"]'),
        ("[number]\nquantity = true", 'setup.toml:2: number.quantity: text stands in quotes: quantity = "1"'),
        ("[account]\naccount_id = 9900000", 'setup.toml:2: account.account_id: put quotes around it, since a number loses leading zeros: account_id = "9900000"'),
        ("[account]\nPassword = 'x'", "setup.toml:2: account.Password: credentials are never in a file: take it away and set BW_PASSWORD"),
        ('name = "x"', "setup.toml:1: name: it stands outside of any table: put it under [site] or [sippeer]"),
        ('colour = "x"', "setup.toml:1: colour: it stands outside of any table: put it under a table such as [site]"),
        ('client_id = "x"', "setup.toml:1: client_id: credentials are never in a file"),
        ('site = "x"', "setup.toml:1: site: this is a table: write [site] on a line of its own"),
        ("[[site]]\n", "setup.toml:1: site: this is a table: write [site] on a line of its own"),
        ("[siet]\nname = 1", "setup.toml:1: siet: no such table; did you mean [site]?"),
        ("[sub_account]", "setup.toml:1: sub_account: no such table; did you mean [site]?"),
        ("[Sub-Account]", "setup.toml:1: Sub-Account: no such table; did you mean [site]?"),
        ("[location]", "setup.toml:1: location: no such table; did you mean [sippeer]?"),
        ("[messaging_application]", "setup.toml:1: messaging_application: no such table; did you mean [messaging_app]?"),
        ("[voice_application]", "setup.toml:1: voice_application: no such table; did you mean [voice_app]?"),
        ("[phone_number]", "setup.toml:1: phone_number: no such table; did you mean [number]?"),
        ("[zebra]", "setup.toml:1: zebra: no such table; there are [setup], [account], [site]"),
    ],
)  # fmt: skip
def test_so_are_tables_and_types(text: str, told: str) -> None:
    (complaint,) = complaints_about(text)
    assert complaint.startswith(told)


def test_all_complaints_come_at_once() -> None:
    text = '[site]\nnmae = "x"\nzip = 27606\n\n[sms]\ntoll_free = "true"\n\n[lcation]\n'
    assert [complaint.split(": ")[0] for complaint in complaints_about(text)] == [
        "setup.toml:2", "setup.toml:3", "setup.toml:6", "setup.toml:8",
    ]  # fmt: skip


@pytest.mark.parametrize("table", ["messaging_app", "voice_app"])
@pytest.mark.parametrize("key", ["callback_password", "callback_pasword", "Password"])
@pytest.mark.parametrize("value", ['"canary-7f3a"', "73"])
def test_a_secret_is_refused_says_where_it_goes_and_is_not_repeated(table: str, key: str, value: str) -> None:
    (complaint,) = complaints_about(f"[{table}]\n{key} = {value}")
    variable = QUESTIONS[f"{table}.callback_password"]
    assert isinstance(variable, Text)
    assert f"never in a file: take it away and set {variable.secret_from}, or wait to be asked" in complaint
    assert value.strip('"') not in complaint


def test_whatever_stands_at_a_wrong_key_is_not_repeated() -> None:
    text = '[site]\nsecret_thing = "canary-7f3a"\n[nowhere]\npass = "canary-7f3a"\n[account]\ntoken = "canary-7f3a"'
    assert "canary" not in "".join(complaints_about(text))


# --- Lines -----------------------------------------------------------------------------------------------------

TRICKY = r'''
[setup]   # a comment with = and [brackets]
callback_base_url = "https://yourSecureSite.com" # "quotes"

[ "site" ]
description = """
[sms]
name = "inside"
\""" still = inside """" # "[
"name" = "SetupTest"
customer_name = 'its = [odd\'
county = QQQ
[mms]
'it' is "odd"QQQ
[number]
numbers = [ # one = ]
  "9195551234",
  "9195551235", # name = "x"
]
order_name = "a # b"
[sms]
"zone2" = true
[voice_app]
name = "V"
'''.replace("QQQ", "'" * 3)


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("setup.callback_base_url", 3),
        ("site.description", 6),
        ("site.name", 10),
        ("site.customer_name", 11),
        ("site.county", 12),
        ("number.numbers", 16),
        ("number.order_name", 20),
        ("sms.zone2", 22),
        ("voice_app.name", 24),
    ],
)
def test_keys_are_located_in_spite_of_strings_and_comments(key: str, line: int) -> None:
    assert key in parse(TRICKY, "setup.toml").given
    assert parse(TRICKY, "setup.toml").locate(key) == f"setup.toml:{line}"
    assert parse(TRICKY.replace("\n", "\r\n"), "setup.toml").locate(key) == f"setup.toml:{line}"


def test_what_is_not_answered_is_located_at_its_table_or_in_the_file() -> None:
    file = parse(TRICKY, "setup.toml")
    assert file.locate("site.zip") == "setup.toml:5"
    assert file.locate("messaging_app.name") == "setup.toml"


def test_dotted_keys_and_inline_tables_are_located() -> None:
    text = '\nsite.name = "A"\nsite . "zip" = "27606"\nsms = { zone2 = true,\tzone3 = false }\n'
    file = parse(text, "setup.toml")
    assert {key: file.locate(key) for key in file.given} == {
        "site.name": "setup.toml:2",
        "site.zip": "setup.toml:3",
        "sms.zone2": "setup.toml:4",
        "sms.zone3": "setup.toml:4",
    }


printable = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)


@st.composite
def answers(draw: st.DrawFn) -> Answers:
    keys = draw(st.sets(st.sampled_from(sorted(QUESTIONS.keys() - SECRETS)), max_size=8))
    value = {
        key: draw(st.sampled_from(["true", "false"]) if isinstance(QUESTIONS[key], Flag) else printable)
        for key in keys
    }
    return Answers({key: Answer(text, Source.FILE) for key, text in value.items()})


@given(given_answers=answers())
@example(given_answers=Answers({"number.numbers": Answer(" 1,,2 ,", Source.FILE)}))
@example(
    given_answers=Answers({"site.name": Answer("\x00\x1f\x7f\x85\u2028\U0001f600\"\\'''\r\n", Source.FILE)})
)
@settings(deadline=None)
def test_what_is_written_is_read_back_and_each_key_found_on_its_line(given_answers: Answers) -> None:
    text = write(given_answers)
    file = parse(text, "setup.toml")
    assert file.given == {
        key: Answer(as_meant(key, answer.value), Source.FILE) for key, answer in given_answers.given.items()
    }
    table, where = "", {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("["):
            table = line.strip("[]")
        elif line:
            where[f"{table}.{line.split(' ')[0]}"] = f"setup.toml:{number}"
    assert {key: file.locate(key) for key in file.given} == where


@given(text=st.text(st.sampled_from("[]site.name=\"'#\n\\ {},true")))
@example(text='"""" = 1')
@settings(max_examples=400, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    told: tuple[str, ...] = ()
    try:
        parse(text, "setup.toml")
    except AnswersError as error:
        told = error.complaints or ("nothing",)
    assert all(complaint.startswith("setup.toml") for complaint in told)


# --- Writing ---------------------------------------------------------------------------------------------------


def test_answers_are_written_in_the_order_of_the_guide() -> None:
    given_answers = {
        "sms.zone2": Answer("true", Source.STATE),
        "number.numbers": Answer("9195551234,9195551235", Source.FLAG),
        "site.name": Answer("Setup", Source.FLAG),
    }
    assert write(Answers(given_answers)) == (
        '[site]\nname = "Setup"\n\n[sms]\nzone2 = true\n\n[number]\nnumbers = ["9195551234", "9195551235"]\n'
    )


def test_a_secret_is_never_written() -> None:
    secret = {"messaging_app.callback_password": Secret("canary-7f3a")}
    assert write(Answers({}, secret)) == ""
    leaky = {"messaging_app.callback_password": Answer("canary-7f3a", Source.FLAG)}
    with pytest.raises(ValueError, match="never written") as caught:
        write(Answers(leaky))
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("example", [True, False])
def test_a_template_mentions_every_question_once_under_its_table(example: bool) -> None:  # noqa: FBT001
    table, mentioned = "", []
    for line in template(example=example).splitlines():
        bare = line.removeprefix("# ")
        if line.startswith("["):
            table = line.strip("[]")
        elif bare.split(" = ")[0].split(":")[0] in {question.key for question in TABLES.get(table, ())}:
            mentioned.append(f"{table}.{bare.split(' = ')[0].split(':')[0]}")
    assert mentioned == list(QUESTIONS)


def test_the_example_is_what_the_guide_sends_without_its_credentials() -> None:
    wanted = {
        key: str(question.guide).lower() if isinstance(question.guide, bool) else question.guide
        for key, question in QUESTIONS.items()
        if question.guide not in ("", None) and "callback_user" not in key and key not in SECRETS
    }
    assert values(parse(template(example=True), "example.toml")) == wanted
    assert wanted["number.area_code"] == "919"


def test_the_example_is_complete_but_for_the_account() -> None:
    file = parse(template(example=True), "example.toml")
    account = {"account.account_id": Answer("9900000", Source.ENVIRONMENT)}
    assert not [complaint for complaint in complaints(Answers({**file.given, **account})) if complaint.blocks]


PLATFORMS = pytest.mark.parametrize("platform", ["auto", "legacy", "universal"])


@PLATFORMS
def test_the_example_works_on_either_platform_and_nothing_is_said_of_the_other(platform: str) -> None:
    given = {
        **parse(template(example=True), "example.toml").given,
        "account.account_id": Answer("9900000", Source.ENVIRONMENT),
        "account.platform": Answer(platform, Source.FLAG),
    }
    assert not [complaint.key for complaint in complaints(Answers(given)) if _is_of_voice(complaint.key)]
    assert not [complaint for complaint in complaints(Answers(given)) if complaint.blocks]
    keys = [step.key for step in wanted_steps(Answers(given))]
    assert ("voice_link" in keys) is (platform != "universal")
    assert ("voice_package" in keys) is (platform == "universal")


def _is_of_voice(key: str) -> bool:
    return key.partition(".")[0] in ("voice_link", "voice_package", "voice_numbers", "activation")


@PLATFORMS
def test_a_file_needs_no_answer_for_the_other_platform(platform: str) -> None:
    text = template(example=True).partition("\n[voice_link]\n")[0]
    assert "[voice_package]" not in text
    given = {
        **parse(text, "example.toml").given,
        "account.account_id": Answer("9900000", Source.ENVIRONMENT),
        "account.platform": Answer(platform, Source.FLAG),
    }
    assert not [complaint for complaint in complaints(Answers(given)) if complaint.blocks]


@pytest.mark.parametrize("example", [True, False])
def test_a_template_explains_at_its_head_what_stands_in_brackets(example: bool) -> None:  # noqa: FBT001
    head, _, rest = template(example=example).partition("\n\n[")
    told = head.replace("\n# ", " ")
    sources = re.findall(r"^# .*\[([a-z][^\]]*)\]$", rest, re.MULTILINE)
    tags = {re.split(r"[:;, ]", source.replace("\n# ", " "))[0] for source in sources}
    assert {"guide", "oas", "bwtui", "up"} <= tags
    assert [tag for tag in tags if f" {tag}: " not in told] == []
    assert "oas: Bandwidth's OpenAPI file;" in told


@pytest.mark.parametrize("example", [True, False])
def test_a_template_says_what_only_one_platform_has(example: bool) -> None:  # noqa: FBT001
    tables = re.split(r"^\[(\w+)\]$", template(example=example), flags=re.MULTILINE)[1:]
    said = {
        table: re.search("Only on the (.*?), and ignored elsewhere", text.replace("\n# ", " "))
        for table, text in zip(tables[::2], tables[1::2], strict=True)
    }
    assert {table: found[1] for table, found in said.items() if found} == {
        "voice_link": "legacy platform",
        "voice_package": "Universal Platform",
        "voice_numbers": "Universal Platform",
        "activation": "Universal Platform",
    }
    assert "# Optional, only on the Universal Platform, one of USA, CAN." in template(example=example)


def test_the_plain_template_leaves_empty_what_must_be_filled_in() -> None:
    found = values(parse(template(example=False), "setup.toml"))
    assert {key for key, value in found.items() if not value} == {
        "site.name", "site.house_number", "site.street_name", "site.city", "site.state", "site.zip",
        "sippeer.name", "messaging_app.name", "voice_app.name", "setup.callback_base_url", "number.area_code",
    }  # fmt: skip
    assert all(
        value == str(QUESTIONS[key].default).lower()
        for key, value in found.items()
        if isinstance(QUESTIONS[key], Flag)
    )


WISHES = ("messaging", "voice", "number")


@pytest.mark.parametrize(
    "wanted", [kept for count in (1, 2, 3) for kept in itertools.combinations(WISHES, count)], ids="+".join
)
def test_filling_in_what_has_empty_quotes_is_enough(wanted: tuple[str, ...]) -> None:
    blank = parse(_only(template(example=False), wanted), "setup.toml").given
    filled = {
        key: Answer(answer.value or sample(QUESTIONS[key]), Source.FILE) for key, answer in blank.items()
    }
    account = {"account.account_id": Answer("9900000", Source.ENVIRONMENT)}
    assert not [complaint for complaint in complaints(Answers({**filled, **account})) if complaint.blocks]


def test_a_blank_that_has_another_way_may_stay_empty() -> None:
    filled = template(example=False)
    for blank, instead in (
        ('area_code = ""', 'city = "RALEIGH"\nstate = "NC"'),
        ("\n[messaging_app]\n", '\n[messaging_app]\ncallback_url = "https://example.com/m"\n'),
        ("\n[voice_app]\n", '\n[voice_app]\ncall_initiated_url = "https://example.com/v"\n'),
    ):
        assert filled.count(blank) == 1
        filled = filled.replace(blank, f"{blank}\n{instead}" if blank.startswith("area") else instead)
    file = parse(filled, "setup.toml")
    complained = {complaint.key for complaint in complaints(Answers(file.given)) if complaint.blocks}
    required = {key for key, answer in file.given.items() if not answer.value and QUESTIONS[key].required}
    assert complained == required | {"account.account_id"}


def _only(text: str, wanted: tuple[str, ...]) -> str:
    """The template with no more than some wishes."""
    for wish in set(WISHES) - set(wanted):
        assert text.count(f"\n# {wish} = true\n") == 1
        text = text.replace(f"\n# {wish} = true\n", f"\n{wish} = false\n")
    return text


def test_nothing_that_must_be_answered_is_commented_out() -> None:
    for block in template(example=False).split("\n\n"):
        *_, line = block.splitlines()
        assert not ("# Required." in block and line.startswith("# ")), block


@pytest.mark.parametrize("example", [True, False])
def test_what_is_commented_out_is_right_once_the_mark_is_gone(example: bool) -> None:  # noqa: FBT001
    for line in template(example=example).splitlines():
        key, equals, value = line.removeprefix("# ").partition(" = ")
        if equals and key.isidentifier():
            assert isinstance(tomllib.loads(f"{key} = {value}")[key], str | bool)


@pytest.mark.parametrize("example", [True, False])
def test_no_template_shows_a_default_that_is_not_filled_in(example: bool) -> None:  # noqa: FBT001
    assert "{" not in template(example=example)


@pytest.mark.parametrize("example", [True, False])
def test_credentials_and_the_account_are_commented_out(example: bool) -> None:  # noqa: FBT001
    lines = template(example=example).splitlines()
    assert "# callback_password: set BWTUI_MESSAGING_CALLBACK_PASSWORD, or wait to be asked" in lines
    assert "# callback_password: set BWTUI_VOICE_CALLBACK_PASSWORD, or wait to be asked" in lines
    assert lines.count('# callback_user = "Your-User-id"') == 2
    assert '# account_id = "9900000"' in lines
    assert "Your-Password" not in "".join(lines)


def test_a_template_line_fits_a_terminal_of_a_hundred_columns() -> None:
    assert max(map(len, template(example=False).splitlines())) <= 100


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_told_so(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "setup.toml"
    path.write_bytes('[site]\r\nname = "SetupTest"\r\n'.encode(encoding))
    with pytest.raises(AnswersError) as told:
        read(path)
    assert told.value.complaints == (f"{path}:1: this is UTF-16: save the file as UTF-8",)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("name = “SetupTest”", "“ ”"),
        ("name = „SetupTest“", "„ “"),
        ("name = ‘SetupTest’", "‘ ’"),  # noqa: RUF001
        ("“name” = 'SetupTest'", "“ ”"),
        ("name = “Setup 'Test'”", "“ ”"),
    ],
)
def test_typographic_quotes_are_told_with_their_line(line: str, shown: str) -> None:
    with pytest.raises(AnswersError) as told:
        parse(f"[site]\n# “quoted”\n{line}\n", "setup.toml")
    (complaint,) = told.value.complaints
    assert complaint.startswith("setup.toml:3: ")
    assert f'these quotes are typographic ({shown}): type straight ones, "' in complaint
    assert "SetupTest" not in complaint


def test_typographic_quotes_inside_of_straight_ones_are_text() -> None:
    assert values(parse('[site]\nname = "“A” & ‘B’"', "x")) == {"site.name": "“A” & ‘B’"}  # noqa: RUF001


def test_how_an_answer_was_taken_is_told_with_its_line() -> None:
    text = """[setup]
callback_base_url = "bwtui.dev"
[site]
zip = "27606-5177"
state = "NC "
plus_four = ""
"""
    file = parse(text, "setup.toml")
    assert values(file) == {
        "setup.callback_base_url": "https://bwtui.dev",
        "site.zip": "27606",
        "site.plus_four": "5177",
        "site.state": "NC",
    }
    assert file.notes == (
        "setup.toml:2: setup.callback_base_url: “bwtui.dev” is taken as https://bwtui.dev.",
        "setup.toml:4: site.zip: “27606-5177” is taken as 27606, ZIP extension 5177.",
    )


def test_a_zip_code_is_not_divided_where_the_file_names_another_extension() -> None:
    file = parse('[site]\nplus_four = "1234"\nzip = "27606-5177"', "x")
    assert values(file) == {"site.plus_four": "1234", "site.zip": "27606-5177"}
    assert file.notes == ()


def test_sloppy_values_are_taken_as_they_are_meant() -> None:
    text = """[site]
        name = "\u200b Setup\u00a0Test \ufeff"
        state = "nc"
        zip = "27606 "
        address_type = "service "
        [number]
        numbers = ["(919) 555\u20111000", "tel:+19195551001", "919 555 1002\u00a0"]
        state = "north carolina"
        [account]
        environment = "Test"
        base_url = "HTTPS://API.Bandwidth.com/"
    """
    assert values(parse(text, "x")) == {
        "site.name": "Setup Test",
        "site.state": "NC",
        "site.zip": "27606",
        "site.address_type": "Service",
        "number.numbers": "9195551000,9195551001,9195551002",
        "number.state": "NC",
        "account.environment": "test",
        "account.base_url": "https://api.bandwidth.com/api",
    }
