"""Switches in the file of faults, and what happens to those that are not valid."""

import re
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bwtui.simulator import fault_script, switches
from bwtui.simulator.fault_script import FaultsError
from bwtui.simulator.switches import Switches, load, parse

EXAMPLE = """
[switches]
ready_after_tries = 3
basic_ends = 2026-12-02
reason_codes = ["A-1"]

[[fault]]
path = "/accounts/*/sites"
action = "hang"
"""


def test_switches_and_faults_share_a_file(tmp_path: Path) -> None:
    file = tmp_path / "faults.toml"
    file.write_text(EXAMPLE, "utf-8")
    assert load(file) == Switches(ready_after_tries=3, basic_ends=date(2026, 12, 2), reason_codes=("A-1",))
    assert [fault.action for fault in fault_script.load(file)] == ["hang"]
    assert parse("") is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("unknown = 1", "unknown key 'unknown'"),
        ("fresh = 1", "fresh must be true or false"),
        ("refusal = 'loud'", "refusal must be one of empty, errors"),
        ("package_page = 0", "package_page must be a whole number of at least 1"),
        ("package_page = true", "package_page must be a whole number"),
        ("ready_after_tries = 'often'", "ready_after_tries must be a whole number or 'never'"),
        ("ready_after_seconds = -1", "ready_after_seconds must be a number of at least 0"),
        ("basic_ends = '2026-12-02'", "basic_ends must be a date"),
        ("basic_ends = 2026-12-02T00:00:00Z", "basic_ends must be a date"),
        ("reason_codes = 'A'", "reason_codes must be a list of texts"),
        ("not_ready = ''", "not_ready must be a text"),
        ("invalid_client_status = 403", "invalid_client_status must be one of 401, 400"),
    ],
)
def test_a_wrong_switch_is_told_with_its_place(line: str, words: str) -> None:
    with pytest.raises(FaultsError, match=f"file: switches: {re.escape(words)}"):
        parse(f"[switches]\n{line}", "file")


def test_switches_are_one_table() -> None:
    with pytest.raises(FaultsError, match=r"must be written as a \[switches\] table"):
        parse("switches = 1")
    with pytest.raises(FaultsError, match="file: "):
        parse("[switches", "file")


def test_every_switch_is_described() -> None:
    described = re.findall(r"^    ([a-z_]+) {2,}\S", switches.__doc__ or "", re.MULTILINE)
    assert described == [field.name for field in fields(Switches)]


async def test_switches_are_changed_and_put_back_at_run_time(open_client: Any) -> None:
    api = open_client(platform="universal", switches=Switches(package_page=1))
    refused = await api.put("///_simulator/faults", "[switches]\nfresh = 7")
    assert (refused.status, "fresh" in refused.text) == (400, True)
    await api.faults("[switches]\npackage_page = 2")
    await api.faults('[[fault]]\naction = "order"\noutcome = "FAILED"')
    assert api.account.switches.package_page == 2, "faults alone leave the switches as they are"
    assert (await api.delete("///_simulator/faults")).status == 204
    assert api.account.switches.package_page == 1
