"""What a setup on the Universal Platform exports does what it says, on the simulator."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.cli_runner import OAUTH, CliRunner, held

TO: Final = "+19195550123"


@pytest.mark.skipif(not shutil.which("curl"), reason="the script needs curl")
def test_the_exports_of_a_setup_on_the_universal_platform_can_be_used(tmp_path: Path) -> None:
    with RunningSimulator(Settings(platform="universal")) as simulator:
        runner = CliRunner(home=tmp_path).connect(simulator)
        example = runner.run("template", "--example").told().out
        runner.write(example.replace('# platform = "auto"', 'platform = "universal"'))
        applied = runner.run("apply", "setup.toml", "--yes", "--json").told()
        assert applied.exit == 0, applied.err

        exported = json.loads(runner.run("export", "--format", "json").told().out)
        assert (exported["platform"], exported["status"]) == ("universal", "done")
        assert exported["outputs"] == applied.outputs
        package, number = applied.outputs["voice_package_id"], applied.outputs["numbers"][0]
        assert f"BW_VOICE_PACKAGE_ID={package}\n" in runner.run("export", "--format", "env").told().out
        runbook = runner.run("export", "--format", "markdown").told().out
        assert f"| Calls | Voice package | {package} | done |" in runbook

        runner.write(runner.run("export", "--format", "curl").told().out, "first.sh")
        used = subprocess.run(
            ["sh", "first.sh", TO], cwd=runner.home, env={"PATH": "/usr/bin:/bin", **OAUTH},
            capture_output=True, text=True, check=False, timeout=20,
        )  # fmt: skip
        assert used.returncode == 0, used.stdout + used.stderr
        assert re.findall(r"^\d{3}$", used.stdout, re.MULTILINE) == ["202", "201"]
        (call,) = held(simulator.origin)["calls"]
        assert number in json.dumps(call)
        assert TO in json.dumps(call)
