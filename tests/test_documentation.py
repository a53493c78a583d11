"""Everything that comments cite is in the repository: the pages on the API have every section and explain every source."""

import io
import re
import tokenize
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from bwtui.domain import catalog, catalog_universal
from bwtui.domain.values.basic_auth import END_DAY, ENDS

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "bandwidth-api.md"
TEXT: Final = PAGE.read_text("utf-8")
PLATFORM_PAGE: Final = (ROOT / "docs" / "universal-platform.md").read_text("utf-8")
GUIDE: Final = "https://dev.bandwidth.com/docs/account/programmatic-setup"

HEADING: Final = re.compile(r"^#{2,3} (\d+(?:\.\d+)?)\b", re.MULTILINE)
ROW: Final = re.compile(r"^\| (\d+\.\d+) \|", re.MULTILINE)
FORM: Final = re.compile(r"^\| ([a-z]) \|", re.MULTILINE)
QUESTION: Final = re.compile(r"^\| (\d+) \|", re.MULTILINE)
EXPLAINED: Final = re.compile(r"^\| `([\w.-]+)` \|", re.MULTILINE)
TAG: Final = re.compile(r"\[([a-z][\w.-]*)\](?!\()")

NUMBER: Final = r"(?:13\.10, \d+\b(?!\.)|\d+(?:\.\d+)?(?: [a-k]\b)?)"
CITATION: Final = re.compile(rf"bandwidth-api ({NUMBER}(?:(?:,\s+(?:# )?| and | to ){NUMBER})*)")
OTHERWISE: Final = re.compile(
    r"\b(?:sheet|reference|ref\.?|section|§) ?\d+(?:\.\d+)?\b"
    r"|errors\.mdx|reference/bandwidth-api"
    r"|bandwidth-api(?!\.md\b| \d)|bandwidth-api\.md,? (?:section )?\d"
    r"|\[(?:guide|oas|errors|docs|raml|py-numbers)\b(?!/)[^\]]*\](?!\()",
    re.IGNORECASE,
)
"""Every spelling that a citation has had, or may be given by mistake."""


def _files() -> list[Path]:
    code = [file for folder in ("bwtui", "tests", "benchmarks") for file in (ROOT / folder).rglob("*.*")]
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    return sorted(
        file
        for file in (*code, *pages)
        if file.suffix in {".py", ".md"} and file not in {PAGE, Path(__file__)}
    )


def _prose(file: Path) -> str:
    """The comments and strings of a module, or a whole page."""
    text = file.read_text("utf-8")
    if file.suffix == ".md":
        return text
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join(token.string for token in tokens if token.type in {tokenize.COMMENT, tokenize.STRING})


def _cited(text: str) -> list[str]:
    """Every section cited in a text, one by one."""
    return [number for found in CITATION.findall(text) for number in re.findall(NUMBER, found)]


def _sections() -> list[str]:
    return [
        found[1] or found[2] for found in re.finditer(rf"{HEADING.pattern}|{ROW.pattern}", TEXT, re.MULTILINE)
    ]


def _part(number: str) -> str:
    """A section from its heading to the next one."""
    found = re.search(rf"^#{{2,3}} {re.escape(number)}\b.*?(?=^#{{2,3}} |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, number
    return found[0]


KNOWN: Final = {
    *_sections(),
    *(f"11.1 {form}" for form in FORM.findall(_part("11.1"))),
    *(f"13.10, {number}" for number in QUESTION.findall(_part("13.10"))),
}
CITING: Final = {str(file.relative_to(ROOT)): _cited(_prose(file)) for file in _files()}
CODES: Final = set(re.findall(r"\b\d{4,5}\b", TEXT + PLATFORM_PAGE))
REFUSED: Final = re.compile(r"ErrorResponse\(\s*\d{3},\s*(\d{4,5})\b")
SOURCES: Final = [
    source
    for name in ("catalog.py", "catalog_universal.py")
    for source in re.findall(r'source="([^"]+)"', (ROOT / "bwtui" / "domain" / name).read_text("utf-8"))
]


def test_every_cited_section_is_there() -> None:
    missing = {name: set(cited) - KNOWN for name, cited in CITING.items()}
    assert {name: sections for name, sections in missing.items() if sections} == {}


def test_every_cited_section_on_the_universal_platform_is_there() -> None:
    there = {*HEADING.findall(PLATFORM_PAGE), *ROW.findall(PLATFORM_PAGE)}
    cited = {
        number
        for file in _files()
        for found in re.findall(
            rf"universal-platform ({NUMBER}(?:(?:,\s+| and | to ){NUMBER})*)", _prose(file)
        )
        for number in re.findall(NUMBER, found)
    }
    assert len(cited) > 15
    assert cited <= there


def test_citations_are_found_where_they_are() -> None:
    assert _cited("(bandwidth-api 4.1 to 4.3, 12.6 and 11.1 f): 409") == ["4.1", "4.3", "12.6", "11.1 f"]
    assert _cited("bandwidth-api 10.7,\n    # 11.5: the body") == ["10.7", "11.5"]
    assert _cited("(bandwidth-api 13.10, 3); bandwidth-api 13.3, 13.10, 19 and 13.4") == [
        "13.10, 3", "13.3", "13.10, 19", "13.4",
    ]  # fmt: skip
    assert sum(map(len, CITING.values())) > 100


def test_no_citation_is_spelled_otherwise() -> None:
    spelled = {str(file): [found[0] for found in OTHERWISE.finditer(_prose(file))] for file in _files()}
    assert {name: otherwise for name, otherwise in spelled.items() if otherwise} == {}


@pytest.mark.parametrize(
    "text",
    ["(sheet 7.7)", "reference 2.5", "see section 7", "[oas availableNumbers]", "[errors.mdx]", "bandwidth-api.md 4.1",
     "bandwidth-api §7", "reference/bandwidth-api.md", "ref 3.1", "[errors 13607, 12130]"],
)  # fmt: skip
def test_another_spelling_would_be_seen(text: str) -> None:
    assert OTHERWISE.search(text)


def test_sections_are_unique_and_ascend() -> None:
    numbers = [tuple(map(int, number.split("."))) for number in _sections()]
    assert len(numbers) > 70
    assert all(one < next_ for one, next_ in pairwise(numbers))


def test_a_section_stands_in_its_chapter() -> None:
    for chapter in re.split(r"^(?=## \d)", TEXT, flags=re.MULTILINE)[1:]:
        numbers = [
            found[1] or found[2]
            for found in re.finditer(rf"{HEADING.pattern}|{ROW.pattern}", chapter, re.MULTILINE)
        ]
        assert {number.partition(".")[0] for number in numbers} == {numbers[0]}


def test_every_source_is_explained_once_and_used() -> None:
    explained = EXPLAINED.findall(_part("0.1"))
    used = {*TAG.findall(TEXT), *(_tag(part) for source in SOURCES for part in _parts(source))}
    assert len(explained) == len(set(explained))
    assert used == set(explained)


def _parts(source: str) -> list[str]:
    """Each source of a limit, without the remark that the guide is none."""
    return [part for part in source.split("; ") if part != "not in the guide"]


def _tag(part: str) -> str:
    return re.split(r"[ :,]", part)[0]


def test_the_catalogue_says_where_each_of_its_sources_is() -> None:
    said = f"{catalog.__doc__}{catalog_universal.__doc__}"
    assert GUIDE in said
    assert "https://github.com/Bandwidth/api-docs" in said
    assert GUIDE in TEXT
    assert len(SOURCES) > 50
    for source in SOURCES:
        for part in _parts(source):
            assert re.search(rf"\b{re.escape(_tag(part))}\b", said), source


def test_every_code_of_the_catalogue_is_in_the_page() -> None:
    named = [code for part in _errors() for code in re.findall(r"\b\d{4,5}\b", part)]
    assert len(named) > 15
    assert set(named) <= CODES


def _errors() -> list[str]:
    """Return the error codes that catalogue sources name, without the limits after the colon."""
    return [found.partition(":")[0] for source in SOURCES for found in re.findall(r"errors [^;)]*", source)]


def test_every_code_that_the_simulator_answers_with_is_in_the_page() -> None:
    modules = (ROOT / "bwtui" / "simulator").glob("*.py")
    answered = {code for file in modules for code in REFUSED.findall(file.read_text("utf-8"))}
    assert len(answered) > 80
    assert answered <= CODES


def test_the_simulators_own_page_says_what_each_of_its_modules_holds() -> None:
    folder = ROOT / "bwtui" / "simulator"
    rows = re.findall(r"^\| (`.*?) \|", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    modules = [file.name for file in folder.glob("*.py") if file.name != "__init__.py"]
    assert sorted(re.findall(r"`(\w+\.py)`", "".join(rows))) == sorted(modules)


def test_every_link_within_the_page_leads_to_a_heading() -> None:
    headings = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    linked = set(re.findall(r"\]\(#([^)]+)\)", TEXT))
    assert linked
    assert linked <= anchors


def test_the_page_names_nothing_that_a_reader_cannot_reach() -> None:
    assert not re.search(r"/work\b|/tmp\b|shared/|session", TEXT)


def test_pages_name_the_day_on_which_basic_ends_and_the_roles_that_a_client_needs() -> None:
    reference = (ROOT / "docs" / "reference.md").read_text("utf-8")
    for page in (reference, (ROOT / "README.md").read_text("utf-8")):
        assert END_DAY in page
    assert ENDS in _part("1.2")
    assert [
        step.app_role for step in catalog.STEPS if step.app_role and step.app_role.name not in reference
    ] == []
