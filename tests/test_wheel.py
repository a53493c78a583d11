"""The wheel, as pipx installs it: it has all that the package needs, runs by itself, and brings its man page."""

import argparse
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from typing import Final

import pytest

from bwtui.cli.main import make_parser
from bwtui.exits import Exit
from support.cli_runner import SECONDS, CliRunner

ROOT: Final = Path(__file__).parents[1]
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this very tree; it is built without the network."""
    return _built(ROOT, tmp_path_factory.mktemp("wheel"))


def _built(source: Path, folder: Path) -> Path:
    pytest.importorskip("hatchling", reason="install the development tools: pip install --editable '.[dev]'")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=source, check=True, capture_output=True, timeout=SECONDS,
    )  # fmt: skip
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture
def packed(wheel: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(wheel) as archive:
        yield archive


def test_it_has_every_file_of_the_package_and_no_other(packed: zipfile.ZipFile) -> None:
    package = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "bwtui").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert {"bwtui/py.typed", "bwtui/tui/bwtui.tcss"} <= package
    others = (".dist-info/", ".data/")
    assert {name for name in packed.namelist() if not any(other in name for other in others)} == package


def test_man_page_and_completion_are_where_man_pipx_and_the_shells_look(packed: zipfile.ZipFile) -> None:
    assert {name.partition(".data/data/")[2] for name in packed.namelist()} - {""} == {
        "share/man/man1/bwtui.1",
        "share/bash-completion/completions/bwtui",
        "share/zsh/site-functions/_bwtui",
        "share/fish/vendor_completions.d/bwtui.fish",
    }


@pytest.fixture
def page(packed: zipfile.ZipFile, tmp_path: Path) -> Path:
    """The man page that the wheel brings."""
    (name,) = (name for name in packed.namelist() if name.endswith("/bwtui.1"))
    (tmp_path / "bwtui.1").write_bytes(packed.read(name))
    return tmp_path / "bwtui.1"


def _sections(page: Path) -> dict[str, str]:
    """The text below each heading of a page, without its fonts."""
    plain = re.sub(r"\\f[BIR]", "", page.read_text("ascii")).replace(r"\-", "-")
    headed = re.split(r"^\.S[HS] (.*)$", plain, flags=re.MULTILINE)
    return dict(zip(headed[1::2], headed[2::2], strict=True))


def test_the_man_page_describes_every_option_of_every_command(page: Path) -> None:
    sections = _sections(page)
    parser = make_parser()
    assert _missing(parser, sections["OPTIONS"]) == set()
    (commands,) = (action.choices for action in parser._actions if isinstance(action.choices, dict))
    described = {heading.split()[0]: text for heading, text in sections.items()}
    for name, command in commands.items():
        assert command.description in described[name]
        assert _missing(command, described[name]) == set(), name


def _missing(parser: argparse.ArgumentParser, text: str) -> set[str]:
    """The options that a text says nothing of; each command's own --help goes without saying."""
    options = {action.option_strings[-1] for action in parser._actions if action.option_strings}
    return {option for option in options if not re.search(rf"{option}(?![\w-])", text)} - {"--help"}


def test_the_man_page_knows_the_exit_codes_and_the_variables(page: Path) -> None:
    sections = _sections(page)
    assert re.findall(r"^\d+$", sections["EXIT STATUS"], re.MULTILINE) == [str(int(code)) for code in Exit]
    assert {"BW_ACCOUNT_ID", "BW_CLIENT_SECRET", "BWTUI_STATE_DIR"} <= set(
        re.findall(r"\w+", sections["ENVIRONMENT"])
    )


def test_the_man_page_is_text_and_no_instructions(page: Path) -> None:
    """What begins with a dot is one of the few instructions that it needs."""
    instructions = set(re.findall(r"^[.'](\S+)", page.read_text("ascii"), re.MULTILINE))
    assert instructions == {"TH", "nh", "ad", "SH", "SS", "PP", "TP", "nf", "fi"}


@pytest.mark.skipif(not shutil.which("mandoc"), reason="needs mandoc")
def test_mandoc_finds_nothing_wrong_with_the_man_page(page: Path) -> None:
    found = _shown("mandoc", "-T", "lint", "-W", "warning", str(page)).stdout.splitlines()
    # A date would differ from one build of the same sources to the next: the version stands in its place.
    assert [line for line in found if "missing date" not in line] == []


@pytest.mark.skipif(not shutil.which("groff"), reason="needs groff")
def test_groff_finds_nothing_wrong_with_the_man_page(page: Path) -> None:
    shown = _shown("groff", "-man", "-Tutf8", "-ww", "-z", str(page))
    assert (shown.returncode, shown.stderr) == (0, "")


def _shown(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)


def test_the_page_can_be_made_where_nothing_but_the_build_tool_is_installed() -> None:
    where = f"import sys; sys.path.insert(0, {str(ROOT)!r})"
    made = _shown(
        sys.executable, "-I", "-S", "-c", f"{where}; from bwtui.cli.main import make_parser; make_parser()"
    )
    assert (made.returncode, made.stderr) == (0, "")


def test_it_says_which_program_and_which_packages_it_brings(packed: zipfile.ZipFile) -> None:
    (folder,) = {name.partition("/")[0] for name in packed.namelist() if ".dist-info/" in name}
    entry_points = packed.read(f"{folder}/entry_points.txt").decode().split("\n")
    assert entry_points[:2] == ["[console_scripts]", "bwtui = bwtui.__main__:main"]
    metadata = Parser().parsestr(packed.read(f"{folder}/METADATA").decode())
    assert metadata["Requires-Python"] == PROJECT["requires-python"]
    plain = [one for one in metadata.get_all("Requires-Dist", []) if "extra ==" not in one]
    assert {_spelled(one) for one in plain} == {_spelled(one) for one in PROJECT["dependencies"]}


def _spelled(requirement: str) -> tuple[str, ...]:
    """A requirement whatever the order of its bounds."""
    name = requirement.partition("<")[0].partition(">")[0]
    return name, *sorted(requirement.removeprefix(name).split(","))


def test_it_runs_with_nothing_of_the_repository_beside_it(runner: CliRunner, wheel: Path) -> None:
    where = f"import sys; sys.path.insert(0, {str(wheel)!r}); import bwtui; assert bwtui.__file__.startswith({str(wheel)!r})"
    launcher = (sys.executable, "-c", f"{where}; from bwtui.__main__ import main; sys.exit(main())")
    template = runner.run("template", "--example", launcher=launcher).told()
    assert template.exit == 0, template.err
    runner.write(template.out)
    assert runner.run("plan", "setup.toml", launcher=launcher).told().exit == 0


def test_a_container_is_built_from_files_that_make_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if line.startswith("!"):
            kept, copied = ROOT / line[1:], source / line[1:]
            copied.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if kept.is_dir() else shutil.copy
            copy(kept, copied)
    assert _contents(_built(source, tmp_path / "dist")) == _contents(wheel)


def _contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
