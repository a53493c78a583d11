"""A list of setups, one a row: its cells are answers, over those that all rows share."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from bwtui.domain.answers.answers import Answer, Answers, Source, taken, uses_existing, wanted_steps
from bwtui.domain.answers.validation import Complaint, complaints
from bwtui.domain.catalog import QUESTIONS, STEPS, parent_of
from bwtui.domain.fields import Flag, Text
from bwtui.domain.lists.list_heading import ACCOUNT_TABLE, NAME, Heading, read_heading
from bwtui.domain.platform import FoundPlatform, Platform
from bwtui.domain.runs.setup import is_setup_name, why_no_setup_name
from bwtui.domain.steps import FoundInList, Step
from bwtui.domain.values.phone_numbers import readable, ten_digits
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.text import single_line, split_list, visible
from bwtui.domain.values.yes_or_no import read_yes_or_no

_LONGEST_TEXT: Final = 400
"""Most characters of a complaint: it may quote a cell, and a cell may be endless."""

_LONGEST_NAME: Final = 80
"""Most characters of a name in complaints; none that long is right."""

_SHORTENED: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?E[+-][0-9]{2,3}")
"""A number as a spreadsheet shortens it: `9.19555E+09`."""

_ERRORS: Final = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|#+)|Err:[0-9]+")
"""Values that a spreadsheet writes where it has none."""

_MONTH: Final = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATES: Final = re.compile(rf"[0-9]{{1,2}}-{_MONTH}|{_MONTH}-[0-9]{{2}}")
"""What spreadsheets make of `3-12`."""


class ListComplaint(NamedTuple):
    """Something wrong or doubtful about a list, and what to do about it."""

    row: int | None
    """The row, the first below the heading is 1; `None` if it is about the heading or the whole list."""
    name: str
    """The row's cell `name`, on one line."""
    column: str
    """The heading of the column; empty if it is about the whole row or list."""
    text: str


class Row(NamedTuple):
    """One row of a list: a setup, and its answers over the shared ones."""

    number: int
    """Its place: the first below the heading is 1, and empty rows count."""
    name: str
    answers: Answers
    doubts: tuple[ListComplaint, ...] = ()
    """Everything that is doubtful about it but blocks nothing."""


class NamedRow(NamedTuple):
    """One row of a list of which only the name is of interest: its setup is there already."""

    number: int
    name: str


class RowRange(NamedTuple):
    """Some rows of a list, both ends included."""

    first: int
    last: int | None
    """`None` for the last row of the list."""

    def holds(self, number: int) -> bool:
        """Return True if the row of this number is one of them."""
        return self.first <= number and (self.last is None or number <= self.last)


def row_range(text: str) -> RowRange:
    """Read `3`, `1-500` or `501-`. Raises `ValueError` with a sentence for anything else."""
    found = re.fullmatch(r"([0-9]{1,9})(?:(-)([0-9]{1,9})?)?", text.strip())
    if found:
        first = int(found[1])
        last = int(found[3]) if found[3] else None if found[2] else first
        if first > 0 and (last is None or first <= last):
            return RowRange(first, last)
    raise ValueError(f"“{text}” is not a range of rows, such as 3, 1-500 or 501-; the first row is 1")


def names_of(
    heading: Sequence[str], cells: Sequence[Sequence[str]]
) -> tuple[tuple[NamedRow, ...], tuple[ListComplaint, ...]]:
    """Return the names of a list's rows, and what is wrong with them; its answers are not looked at."""
    head = read_heading(heading, frozenset())
    wrong = [ListComplaint(None, "", column, text) for column, text in head.wrong if column == NAME]
    rows = [
        NamedRow(number, _name(row, head)) for number, row in enumerate(cells, 1) if any(map(visible, row))
    ]
    if not wrong:
        wrong += [ListComplaint(*row, NAME, text) for row in rows for text in _about_name(row.name)]
        wrong += _repeated(rows, _name_of)
    wrong += _none_in(rows)
    return tuple(rows), tuple(wrong)


def rows_of(
    heading: Sequence[str],
    cells: Sequence[Sequence[str]],
    base: Answers,
    shared: frozenset[str] = frozenset(),
) -> tuple[tuple[Row, ...], tuple[ListComplaint, ...]]:
    """Check a whole list; return its rows, and everything that is wrong with it.

    An empty cell leaves the answer to `base`, whose secrets go to the rows that answer the user they belong to.
    `shared` are the keys of steps that are done once for all rows, by the answers of `base`.
    """
    head = read_heading(heading, shared)
    wrong = [ListComplaint(None, "", column, text) for column, text in head.wrong]
    rows: list[Row] = []
    for number, row in enumerate(cells, 1):
        if any(map(visible, row)):
            read, complained = _row(number, row, head, base)
            rows.append(read)
            wrong += complained
    wrong += [ListComplaint(None, "", "", f"{key}: {text}") for key, text in _about_account(base)]
    wrong += _none_in(rows)
    wrong += _repeated(rows, lambda row: (*_name_of(row), *_numbers_of(row), *_objects_of(row, shared)))
    shortened = (each._replace(text=_clipped(each.text)) for each in wrong)
    return tuple(rows), tuple(sorted(shortened, key=lambda complaint: complaint.row or 0))


def _about_account(base: Answers) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the account, which is one for all rows."""
    for each in complaints(base):
        if each.blocks and _is_about_account(each):
            yield each.key, each.told


def _is_about_account(complaint: Complaint) -> bool:
    return complaint.key.startswith(f"{ACCOUNT_TABLE}.")


def _none_in(rows: Sequence[object]) -> list[ListComplaint]:
    return [] if rows else [ListComplaint(None, "", "", "There is no row below the heading.")]


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


# --- One row ---------------------------------------------------------------------------------------------------


def _row(number: int, cells: Sequence[str], head: Heading, base: Answers) -> tuple[Row, list[ListComplaint]]:
    """Return a row, and everything that is wrong with it."""
    filled = {
        column: cell
        for place, cell in enumerate(cells)
        if (column := head.columns.get(place)) and visible(cell)
    }
    filled.pop(NAME, "")
    name = _name(cells, head)
    # A name that is wrong is told once, not for each object that would be called by it.
    answers = _over(filled, base, name if is_setup_name(name) else f"row-{number}")
    mangled = {key: sentence for key, cell in filled.items() if (sentence := _mangled(cell))}
    wrong = [(NAME, sentence) for sentence in _about_name(name)] if NAME in head.columns.values() else []
    wrong += [("", sentence) for sentence in _about_cells(cells, head)]
    wrong += mangled.items()
    doubts = [(key, sentence) for key, cell in filled.items() if (sentence := _doubtful(cell))]
    if any(column for place, column in head.columns.items() if place >= len(cells)):
        doubts.append(("", "It ends before the heading does: the cells that are missing count as empty."))
    for each in complaints(answers):
        point = each.key, _told(each, filled, base)
        if not each.blocks:
            doubts.append(point)
        # Where the heading is wrong, what is missing may be in a column that was not read.
        elif not (each.key in mangled or _is_about_account(each) or (each.is_missing and head.wrong)):
            wrong.append(point)
    found, doubtful = (
        [ListComplaint(number, name, column, text) for column, text in texts] for texts in (wrong, doubts)
    )
    return Row(number, name, answers, tuple(doubtful)), found


def _name(cells: Sequence[str], head: Heading) -> str:
    """Return the name that a row says, on one line; empty for none."""
    said = (cell for place, cell in enumerate(cells) if head.columns.get(place) == NAME)
    return single_line(visible(next(said, "")))[:_LONGEST_NAME]


def _over(filled: Mapping[str, str], base: Answers, name: str) -> Answers:
    """Return the answers of a row's cells over those that all rows share, with names of its own instead of default ones."""
    written = {key: _as_written(key, cell) for key, cell in filled.items()}
    given = {key: value for key, value in base.given.items() if key not in _rests(written)}
    for key, typed in written.items():
        given |= {each: Answer(value, Source.FILE) for each, value in taken(key, typed, written).items()}
    answers = Answers(_default_names(name) | given)
    return answers._replace(secrets=_secrets_of(answers, base.secrets))


def _default_names(name: str) -> dict[str, Answer]:
    """Return the names of objects that need not be answered: rows that all took the default would collide."""
    return {
        step.key_of(question.key): Answer(name.replace("_", "-")[: question.limit], Source.DEFAULT)
        for step in STEPS
        for question in _identity(step)
        if question.default
    }


def _as_written(key: str, cell: str) -> str:
    """Return a cell as an answers file would have it: a yes is `true`."""
    answer = read_yes_or_no(visible(cell)) if isinstance(QUESTIONS[key], Flag) else None
    return cell if answer is None else str(answer).lower()


def _rests(written: Mapping[str, str]) -> frozenset[str]:
    """Return the questions whose shared answer belongs to another one: the ZIP extension, where the row has a ZIP code."""
    return frozenset(
        f"{key.partition('.')[0]}.{question.rest_goes_to}"
        for key in written
        if isinstance(question := QUESTIONS[key], Text) and question.rest_goes_to
    )


def _secrets_of(answers: Answers, secrets: Mapping[str, Secret]) -> dict[str, Secret]:
    """Return the secrets whose user is answered."""
    return {
        key: secret
        for key, secret in secrets.items()
        if isinstance(question := QUESTIONS[key], Text)
        if answers.text(f"{key.partition('.')[0]}.{question.goes_with}")
    }


def _about_name(name: str) -> Iterator[str]:
    if not name:
        yield "A name is needed: what is done for the row is kept by it."
    elif why := why_no_setup_name(name):
        yield f"This cannot name a setup: {why}."


def _about_cells(cells: Sequence[str], head: Heading) -> Iterator[str]:
    """Complain about what stands in no column."""
    if any(visible(cell) for place, cell in enumerate(cells) if head.columns.get(place) == ""):
        yield "There is something in a column without a heading: give it one, or empty the cell."
    if any(map(visible, cells[head.width :])):
        yield (
            f"It has {len(cells)} cells, and the heading {head.width}: put quotes around a text with a comma in it."
        )


def _mangled(cell: str) -> str:
    """Say what a spreadsheet has made of a cell; empty if nothing is known to be lost."""
    text = visible(cell)
    if _ERRORS.fullmatch(text):
        return f"“{text}” is a spreadsheet's word for an error or a narrow column: type the value."
    if any(_SHORTENED.fullmatch(part) for part in (text, *split_list(text))):
        return (
            f"A spreadsheet has shortened a number to “{text}”, and its digits are lost: "
            "make the column Text there, and type it again."
        )
    return ""


def _doubtful(cell: str) -> str:
    text = visible(cell)
    return (
        f"“{text}” looks like a date that a spreadsheet made of something else."
        if _DATES.fullmatch(text)
        else ""
    )


def _told(complaint: Complaint, filled: Mapping[str, str], base: Answers) -> str:
    if complaint.is_missing:
        return f"{complaint.text} Fill in the cell, or answer it for all rows in the answers file."
    if complaint.key in base.given and complaint.key not in filled:
        return f"{complaint.told} That is answered for all rows."
    return complaint.told


# --- Rows that get into each other's way -----------------------------------------------------------------------


_AnyRow = TypeVar("_AnyRow", "NamedRow", "Row")

_Claim = tuple[Hashable, str, str]
"""Something that only one row may have, its column, and the complaint if `{row}` has it too."""


def _repeated(
    rows: Sequence[_AnyRow], claims_of: Callable[[_AnyRow], Iterable[_Claim]]
) -> Iterator[ListComplaint]:
    """Complain about rows that claim what an earlier one has."""
    seen: dict[Hashable, int] = {}
    for row in rows:
        for what, column, text in claims_of(row):
            first = seen.setdefault(what, row.number)
            if first != row.number:
                yield ListComplaint(row.number, row.name, column, text.format(row=first))


def _name_of(row: NamedRow | Row) -> Iterator[_Claim]:
    if row.name:
        # Some file systems take names for the same that differ in capital letters only.
        yield (NAME, row.name.casefold()), NAME, "Row {row} has this name too: each needs its own."


def _numbers_of(row: Row) -> Iterator[_Claim]:
    for step in wanted_steps(row.answers):
        if step.paid:
            key = step.key_of("numbers")
            for number in {*filter(None, map(ten_digits, split_list(row.answers.text(key))))}:
                yield (
                    number,
                    key,
                    f"{readable(number)} is ordered by row {{row}} too: one number can be had once.",
                )


def _objects_of(row: Row, shared: frozenset[str]) -> Iterator[_Claim]:
    """Yield what an object to be made is found by again: two rows that make the same one would share it or collide."""
    for step in _steps_on_any_platform(row.answers):
        values = tuple(row.answers.text(step.key_of(question.key)) for question in _identity(step))
        if any(values) and step.key not in shared and not uses_existing(step, row.answers):
            key = step.key_of(_identity(step)[0].key)
            yield (step.key, _inside(step, row), values), key, _about_twin(step, row.answers)


def _identity(step: Step) -> tuple[Text, ...]:
    """Return the questions whose answers tell an object from others of its kind; none for what is in no list."""
    if not isinstance(step.found_by, FoundInList):
        return ()
    matched_by = step.found_by.matched_by
    return tuple(part for part in step.body if isinstance(part, Text) and part.wire in matched_by)


def _steps_on_any_platform(answers: Answers) -> Iterable[Step]:
    """Return the steps to do; while it is not known which platform the account is on, those of each."""
    if answers.platform and answers.platform.is_settled:
        return wanted_steps(answers)
    platforms = [answers.on(FoundPlatform(each)) for each in Platform if each.is_settled]
    return {step.key: step for each in platforms for step in wanted_steps(each)}.values()


def _inside(step: Step, row: Row) -> str | int:
    """Return the existing object that a new one would belong to, or the row where the row makes that one."""
    parent = parent_of(step)
    return (uses_existing(parent, row.answers) or row.number) if parent else ""


def _about_twin(step: Step, answers: Answers) -> str:
    only = step.platform if answers.platform is None else None
    where = f" on the {only.told}" if only else ""
    share = ", share it by --share applications" if step.callback_parts else ""
    name = _identity(step)[0]
    leave_out = (
        f", take {step.key_of(name.key)} out of the answers file, so that each is called by its row"
        if name.default
        else ""
    )
    return (
        f"Row {{row}} makes a {step.title.lower()} of this name too{where}: give each row its own{leave_out}{share}, "
        f"or answer {step.key_of('use')} with the ID of one that exists."
    )
