"""The demo in a terminal of 80x24: Enter alone, from Welcome to a call that was answered and spoken to."""

from support.cli_runner import CliRunner
from support.pty_screen import screen

MOST = 60


def test_enter_alone_leads_to_a_reply_and_an_answered_call(runner: CliRunner) -> None:
    with screen(runner, "demo") as shown:
        for _ in range(MOST):
            if "Back to Done" in shown.text:
                break
            shown.type("\r").still(0.3)
        shown.expect("✓ Delivered: +1 (919) 555-0142 has the message.")
        shown.expect("✓ Reply from +1 (919) 555-0142:").expect("✓ Answered: +1 (919) 555-0142 took the call.")
        shown.expect("✓ Spoken to whoever answered:")
        assert "demo-secret" not in shown.text
        shown.type("\r").at("Done").type("q")
        assert shown.end() == 0
        shown.is_as_before()
