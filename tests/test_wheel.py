"""The wheel, as pipx installs it: it has all that the package needs, and runs by itself."""

import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from typing import Final

import pytest

from support.cli_runner import SECONDS, CliRunner

ROOT: Final = Path(__file__).parents[1]
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this very tree; it is built without the network."""
    pytest.importorskip("hatchling", reason="install the development tools: pip install --editable '.[dev]'")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT, check=True, capture_output=True, timeout=SECONDS,
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
    assert {name for name in packed.namelist() if ".dist-info/" not in name} == package


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
