"""The list that is measured: ten rows are wrong in ways that only the account can tell."""

from pathlib import Path

from benchmarks.lists import BEGIN, END, Measured, Trial, with_earlier, write_list
from benchmarks.wrong_rows import THERE, WRONG, places
from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.store.answers_file import read
from bwtui.store.list_file import read_list

STATE = {"sites": [{"name": name, "id": f"{place}0000"} for place, name in enumerate(THERE, 1)]}


def test_what_is_wrong_cannot_be_seen_in_the_list(tmp_path: Path) -> None:
    wrong = places(30)
    assert len(wrong) == len(WRONG) == 10
    write_list(tmp_path, 30, wrong, STATE)
    account = {"account.account_id": Answer("9900000", Source.FLAG)}
    base = Answers({**read(str(tmp_path / "setup.toml")).given, **account})
    rows = read_list(str(tmp_path / "stores.csv"), base)
    assert len(rows) == 30
    used = {row.number for row in rows if row.answers.text("site.use")}
    assert used <= set(wrong)


def test_a_trial_is_right_only_if_each_wrong_row_is_told_what_is_wrong_with_it() -> None:
    told = {row: f"{wrong.told}, and more" for row, wrong in places(30).items()}
    found = Measured(Trial("ten wrong", has_wrong=True), 30, 1.0, 20, 0, 60.0, 100, 0, 0, 20, told)
    assert found.is_right
    assert not found._replace(doubles=1).is_right
    assert not found._replace(lacking=1).is_right
    assert not found._replace(done=19).is_right
    assert not found._replace(failed=told | {min(told): "something else"}).is_right


def test_what_is_measured_alone_takes_its_row_and_leaves_the_others() -> None:
    head = "| list | s |\n| --- | --- |\n"
    page = f"before\n{BEGIN}\n{head}| one process | 1 |\n| two processes | 2 |\n\n{END}\nafter\n"
    assert with_earlier(page, f"{head}| two processes | 3 |\n") == (
        f"{head}| one process | 1 |\n| two processes | 3 |\n"
    )
    assert with_earlier(f"{BEGIN}\n{END}", f"{head}| one process | 4 |\n") == f"{head}| one process | 4 |\n"
