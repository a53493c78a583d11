"""Signing in by plain questions: an OAuth2 client is asked for, another way is offered and says why it may not work."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from bwtui.simulator.server import RunningSimulator
from support.claims import jwt
from support.cli_runner import BASIC, CliRunner, fault
from support.linear_talk import TO_REVIEW, Talk, talk

WISHES = TO_REVIEW[:4]
AT_BANDWIDTH = "https://api.bandwidth.com/api"

UNTOLD = (("Platform:", ""),)
"""A token names roles; without one a legacy account and a missing role look the same, and the person is asked."""

TO_ANOTHER_WAY = (
    *(*TO_REVIEW[:5], ("What next?", "3"), ("Client ID:", ""), ("Client secret:", "")),
    ("Account ID:", ""),
    *(("3 optional questions", "yes"), ("Which one?", "3"), ("Sign in with:", "2")),
)
"""From the start to the question for a user, after a client was refused."""


def test_an_oauth2_client_is_asked_for_and_another_way_is_offered_at_the_end(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator, {})
    with talk(runner) as shown:
        shown.follow(WISHES)
        shown.wait_for("Client ID:")
        assert "Basic" not in shown.news
        shown.follow((("Client ID:", "demo"), ("Client secret:", "demo-secret"), ("Account ID:", "")))
        shown.answer("3 optional questions", "yes")
        shown.wait_for("Which one?")
        assert "3. Sign in with [1 OAuth2]" in shown.news
        shown.follow((("Which one?", ""), ("Name:", "!")))
        assert "Connected to Demo Company" in shown.text
        assert shown.end() == 130


def test_who_chooses_another_way_is_asked_for_what_it_takes(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator)
    runner.environ["BW_CLIENT_SECRET"] = "not-this-one"
    with talk(runner) as shown:
        shown.follow(TO_ANOTHER_WAY)
        shown.wait_for("User name:")
        assert "Warning" not in shown.news, "a simulator takes Basic"
        shown.follow(
            (
                ("User name:", "demo"),
                ("Password:", "demo-secret"),
                ("Which one?", ""),
                *UNTOLD,
                ("Name:", "!"),
            )
        )
        assert "Connected to Demo Company" in shown.text
        assert shown.end() == 130


def test_who_goes_back_from_there_is_asked_again_and_nothing_breaks(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator)
    runner.environ["BW_CLIENT_SECRET"] = "not-this-one"
    with talk(runner) as shown:
        shown.follow(TO_ANOTHER_WAY)
        shown.follow((("User name:", "<"), ("User name:", "demo"), ("Password:", "demo-secret")))
        shown.follow(
            (
                ("Account ID:", ""),
                ("3 optional", ""),
                *UNTOLD,
                ("Name:", "!"),
            )
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
        shown.follow((*TO_REVIEW[:5], *UNTOLD, ("Name:", "!")))
        assert "HTTP Basic" not in shown.text
        assert shown.end() == 130


def test_the_only_account_of_the_credentials_is_offered(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator)
    del runner.environ["BW_ACCOUNT_ID"]
    with talk(runner) as shown:
        shown.follow((*WISHES, ("Client ID:", ""), ("Client secret:", "")))
        shown.answer("3 optional", "")
        shown.wait_for("Account ID:")
        assert shown.news.rpartition("\n")[2].endswith("[9900000]: ")
        shown.follow((("Account ID:", ""), ("Name:", "!")))
        assert "Connected to Demo Company" in shown.text
        assert shown.end() == 130


@contextmanager
def talk_with_a_wrong_secret(runner: CliRunner, simulator: RunningSimulator) -> Iterator[Talk]:
    """Answer everything up to the account, which only credentials that count could name."""
    runner.connect(simulator)
    del runner.environ["BW_ACCOUNT_ID"]
    runner.environ["BW_CLIENT_SECRET"] = "wrong-canary"
    with talk(runner) as shown:
        shown.follow((*WISHES, ("Client ID:", ""), ("Client secret:", "")))
        shown.answer("3 optional", "")
        yield shown


def test_where_no_token_can_be_had_the_account_is_asked_for_all_the_same(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    with talk_with_a_wrong_secret(runner, simulator) as shown:
        shown.follow((("Client ID:", ""), ("Client secret:", "")))
        shown.wait_for("Account ID:")
        shown.follow(
            (
                ("Account ID:", "<"),
                ("3 optional", "<"),
            )
        )
        shown.follow((("Client secret:", "demo-secret"), ("3 optional", "")))
        shown.follow((("Account ID:", ""), ("Name:", "!")))
        assert shown.end() == 130
        assert "wrong-canary" not in shown.text


def test_a_wrong_secret_is_refused_once_and_asked_again_before_the_account(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    refused = "Bandwidth does not accept the client ID and its secret: one of the two is wrong"
    with talk_with_a_wrong_secret(runner, simulator) as shown:
        shown.wait_for("Client ID:")
        assert refused in shown.news
        shown.follow(
            (("Client ID:", ""), ("Client secret:", "demo-secret"), ("Account ID:", ""), ("Name:", "!"))
        )
        assert shown.end() == 130
        assert shown.text.count(refused) == 1


def test_after_a_refusal_enter_leads_to_the_client_id_and_its_secret(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator)
    runner.environ["BW_CLIENT_ID"] = "somebody-else"
    with talk(runner) as shown:
        shown.follow((*WISHES, ("Connect as somebody-else", "")))
        shown.wait_for("What next?")
        assert "2. change the answers: Client ID and Client secret" in shown.news
        shown.follow((("What next?", ""), ("Client ID:", "demo"), ("Client secret:", ""), ("Name:", "!")))
        assert shown.end() == 130


def test_the_environment_is_asked_only_where_no_base_url_of_ones_own_counts(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator)
    with talk(runner) as shown:
        shown.follow((*WISHES, ("Connect as demo", "no"), ("Client ID:", ""), ("Client secret:", "")))
        assert f"base URL {simulator.base_url}. Testing" in shown.text, "it is told"
        shown.follow((("Account ID:", ""), ("3 optional", "yes"), ("Which one?", "1"), ("Base URL:", "-")))
        shown.follow((("Which one?", ""), ("Environment:", "!")))
        assert shown.end() == 130


def test_a_user_of_basic_is_asked_for_the_account_without_a_look(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator, BASIC)
    del runner.environ["BW_ACCOUNT_ID"]
    with talk(runner) as shown:
        shown.follow((*WISHES, ("Sign in with:", ""), ("User name:", ""), ("Password:", "")))
        shown.answer("2 optional", "")
        shown.wait_for("Account ID:")
        assert "Looking" not in shown.news
        shown.follow((("Account ID:", "9900000"), *UNTOLD, ("Name:", "!")))
        assert shown.end() == 130


def test_roles_that_are_missing_are_told_in_a_line_each(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    body = json.dumps({"access_token": jwt({"accounts": ["1"], "roles": ["Configuration"]})})
    fault(simulator, f"[[fault]]\npath = '/oauth2/token'\naction = 'answer'\nstatus = 200\nbody = '{body}'\n")
    with talk(runner.connect(simulator)) as shown:
        shown.follow(TO_REVIEW[:5])
        shown.wait_for("Platform:")
        assert "Warning: These credentials are for account 1, not for 9900000." in shown.news
        assert "Warning: Phone number: the credentials seem to lack the role Ordering" in shown.news
        shown.answer("Platform:", "!")
        assert shown.end() == 130
