"""Signing in by plain questions: an OAuth2 client is asked for, another way is offered and says why it may not work."""

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import BASIC, CliRunner
from support.linear_talk import TO_REVIEW, talk

WISHES = TO_REVIEW[:4]
AT_BANDWIDTH = "https://api.bandwidth.com/api"


def test_an_oauth2_client_is_asked_for_and_another_way_is_offered_at_the_end(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator, {})
    with talk(runner) as shown:
        shown.follow(WISHES)
        shown.wait_for("Client ID:")
        assert "Basic" not in shown.news
        shown.follow((("Client ID:", "demo"), ("Client secret:", "demo-secret"), ("Account ID:", "")))
        shown.follow((("Environment:", ""), ("Base URL:", ""), ("1 optional question", "yes")))
        shown.wait_for("Which one?")
        assert "1. Sign in with [1 OAuth2]" in shown.news
        shown.follow((("Which one?", ""), ("Name:", "!")))
        assert "Connected to Demo Company" in shown.text
        assert shown.end() == 130


def test_who_chooses_another_way_is_asked_for_what_it_takes(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator)
    runner.environ["BW_CLIENT_SECRET"] = "not-this-one"
    with talk(runner) as shown:
        shown.follow((*TO_REVIEW[:5], ("What next?", "3"), ("Client ID:", ""), ("Client secret:", "")))
        shown.follow((("Account ID:", ""), ("Environment:", ""), ("Base URL:", "")))
        shown.follow((("1 optional question", "yes"), ("Which one?", "1"), ("Sign in with:", "2")))
        shown.wait_for("User name:")
        assert "Warning" not in shown.news, "a simulator takes Basic"
        shown.follow(
            (("User name:", "demo"), ("Password:", "demo-secret"), ("Which one?", ""), ("Name:", "!"))
        )
        assert "Connected to Demo Company" in shown.text
        assert shown.end() == 130


def test_who_goes_back_from_there_is_asked_again_and_nothing_breaks(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator)
    runner.environ["BW_CLIENT_SECRET"] = "not-this-one"
    with talk(runner) as shown:
        shown.follow((*TO_REVIEW[:5], ("What next?", "3"), ("Client ID:", ""), ("Client secret:", "")))
        shown.follow((("Account ID:", ""), ("Environment:", ""), ("Base URL:", "")))
        shown.follow((("1 optional question", "yes"), ("Which one?", "1"), ("Sign in with:", "2")))
        shown.follow((("User name:", "<"), ("User name:", "demo"), ("Password:", "demo-secret")))
        shown.follow(
            (("Account ID:", ""), ("Environment:", ""), ("Base URL:", ""), ("1 optional", ""), ("Name:", "!"))
        )
        assert "Connected to Demo Company" in shown.text
        assert shown.end() == 130


def test_an_api_user_at_bandwidth_is_warned_before_anything_is_sent(runner: CliRunner) -> None:
    runner.environ |= {"BW_ACCOUNT_ID": "9900000", "BW_API_URL": AT_BANDWIDTH, **BASIC}
    with talk(runner) as shown:
        shown.follow(WISHES)
        shown.wait_for("Connect as demo")
        assert "Warning: HTTP Basic end" in shown.news
        assert "on 2 December 2026: api.bandwidth.com" in shown.news
        shown.answer("Connect as demo", "no")
        shown.wait_for("Sign in with:")
        assert shown.news.rpartition("\n")[2].endswith("[2 Basic]: ")
        shown.answer("Sign in with:", "!")
        assert shown.end() == 130


def test_an_api_user_elsewhere_is_not_warned(runner: CliRunner, simulator: RunningSimulator) -> None:
    with talk(runner.connect(simulator, BASIC)) as shown:
        shown.follow((*TO_REVIEW[:5], ("Name:", "!")))
        assert "HTTP Basic" not in shown.text
        assert shown.end() == 130
