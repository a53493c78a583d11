"""Scripted failures: what a file may say, whom it meets, and what is left of the request."""

import time
from pathlib import Path
from typing import Any

import pytest

from bwtui.simulator.fault_script import Fault, FaultScript, FaultsError, load, parse

SITES = 'path = "/accounts/*/sites"'


def test_a_file_holds_faults_in_order(tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text(
        """
        [[fault]]
        method = "post"
        path = "/accounts/*/orders"
        action = "cut-after"
        nth = 2

        [[fault]]
        action = "order"
        taken = ["9195551234"]
        times = 0
        """
    )
    first, second = load(path)
    assert first == Fault(action="cut-after", method="POST", path="/accounts/*/orders", nth=2)
    assert second == Fault(action="order", taken=("9195551234",), times=0)
    assert parse("") == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[fault]]\naction = 'explode'", "fault 1: action must be one of answer, hang"),
        ("[[fault]]\npath = '/x'", "fault 1: action must be one of"),
        ("[[fault]]\naction = 'hang'\n[[fault]]\naction='hang'\npaht = '/x'", "fault 2: unknown key 'paht'"),
        ("[[fault]]\naction = 'hang'\nnth = 'second'", "nth must be int"),
        ("[[fault]]\naction = 'hang'\nnth = true", "nth must be int"),
        ("[[fault]]\naction = 'hang'\nnth = 0", "nth counts from 1"),
        ("[[fault]]\naction = 'hang'\ntimes = -1", "times cannot be negative"),
        ("[[fault]]\naction = 'answer'\nstatus = 42", "status must be an HTTP status"),
        ("[[fault]]\naction = 'order'", "needs outcome or taken"),
        ("[[fault]]\naction = 'order'\noutcome = 'LOST'", "outcome must be one of COMPLETE, FAILED"),
        ("[[fault]]\naction = 'hang'\ntaken = 1", "belong to action 'order'"),
        ("[[fault]]\naction = 'twice'\nanswered = 3", "answered must be 1 or 2"),
        ("[[fault]]\naction = 'hang'\nanswered = 1", "answered can only belong to action 'twice'"),
        ("[[fault]]\naction = 'lag'", "action 'lag' needs seconds"),
        ("[[fault]]\naction = 'pages'", "action 'pages' needs size"),
        ("[[fault]]\naction = 'pages'\nsize = 0", "size must be at least 1"),
        ("[[fault]]\naction = 'unfiltered'", "action 'unfiltered' needs filters"),
        ("[[fault]]\naction = 'rewrite'", "needs status or leave_out or empty or rename or location"),
        (
            "[[fault]]\naction = 'rewrite'\nlocation = 'away'",
            "location must be one of none, collection, not 'away'",
        ),
        ("[[fault]]\naction = 'normalise'\nforms = ['upper', 'odd']", "forms must be one of upper, suffix"),
        ("[[fault]]\naction = 'hang'\nforms = ['upper']", "forms can only belong to action 'normalise'"),
        (
            "[[fault]]\naction = 'slow'\neffect_after = 3",
            "effect_after can only belong to action 'answer' or 'hang'",
        ),
        ("[[fault]]\naction = 'hang'\neffect_after = -3", "effect_after cannot be negative"),
        ("[[fault]]\naction = 'hang'\neffect_after = 3\neffect = true", "leave effect out"),
        ("[faults]\nx = 1", "unknown key 'faults'"),
        ("[fault]\naction = 'hang'", "[[fault]] tables"),
        ("[[fault", "Expected ']]'"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_name(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "faults.toml"
    path.write_text(text)
    with pytest.raises(FaultsError) as caught:
        load(path)
    assert str(caught.value).startswith(str(path))
    assert complaint in str(caught.value)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match="cannot be read"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("pattern", "path", "meets"),
    [
        ("/accounts/*/sites", "/accounts/1/sites", True),
        ("/accounts/*/sites", "/accounts/1/sites/2", False),
        ("/accounts/*/sites", "/accounts/1/x/sites", False),
        ("/accounts/*/sites/**", "/accounts/1/sites/2/sippeers", True),
        ("**/sms", "/accounts/1/sites/2/sippeers/3/products/messaging/features/sms", True),
        ("**", "/anything/at/all", True),
        ("/accounts/*/AVAILABLENUMBERS", "/accounts/1/availableNumbers", True),
    ],
)
def test_a_star_stays_within_a_segment(pattern: str, path: str, meets: bool) -> None:  # noqa: FBT001
    assert Fault(action="hang", path=pattern).meets("GET", path, "") is meets


def test_faults_count_the_requests_that_they_match_and_the_first_due_wins() -> None:
    first = Fault(action="hang", path="/x", nth=2)
    second = Fault(action="slow", path="/x", nth=2, times=2)
    posts = Fault(action="garbage", method="POST", times=0, query="a=*")
    script = FaultScript([first, second, posts])

    def due(method: str, path: str, query: str) -> Fault | None:
        return script.due(method, path, query)[0]

    assert [due("GET", "/x", "") for _ in range(4)] == [None, first, second, None]
    assert [due("POST", "/y", "a=1"), due("POST", "/y", "")] == [posts, None]


def test_a_header_may_name_a_time_to_come() -> None:
    fault = Fault(action="answer", headers={"X-RateLimit-Reset": "{now+100}", "X-Now": "{now}"})
    filled = fault.filled_headers()
    assert int(filled["X-RateLimit-Reset"]) - time.time() == pytest.approx(100, abs=2)
    assert int(filled["X-Now"]) == pytest.approx(time.time(), abs=2)


async def test_the_nth_request_gets_the_scripted_answer_and_has_no_effect(
    api: Any, bodies: dict[str, str]
) -> None:
    await api.faults(
        f"""
        [[fault]]
        method = "POST"
        {SITES}
        nth = 2
        action = "answer"
        status = 500
        body = "<SiteResponse><ResponseStatus><ErrorCode>1010</ErrorCode></ResponseStatus></SiteResponse>"
        """
    )
    site = f"<Site><Name>{{}}</Name>{bodies['address']}</Site>"
    replies = [await api.post("/sites", site.format(name)) for name in ("One", "Two", "Three")]
    assert [reply.status for reply in replies] == [201, 500, 201]
    assert replies[1].code == (500, "1010")
    assert replies[1].headers["content-type"] == "application/xml"
    assert [held["name"] for held in (await api.state())["sites"]] == ["One", "Three"]


async def test_a_rate_limit_is_scripted_with_its_header_and_an_empty_body(api: Any) -> None:
    await api.faults(
        '[[fault]]\npath = "/accounts/*/availableNumbers"\nquery = "areaCode=919*"\naction = "answer"\nstatus = 429\n'
        'headers = { X-RateLimit-Reset = "{now+2}", Connection = "close" }'
    )
    assert (await api.get("/availableNumbers?areaCode=984&quantity=1")).status == 200
    limited = await api.get("/availableNumbers?areaCode=919&quantity=1")
    assert (limited.status, limited.text) == (429, "")
    assert int(limited.headers["x-ratelimit-reset"]) > time.time()
    assert (await api.get("/availableNumbers?areaCode=919&quantity=1")).status == 200


async def test_an_answer_may_lie_about_a_request_that_had_its_effect(
    api: Any, bodies: dict[str, str]
) -> None:
    await api.faults(
        f'[[fault]]\nmethod = "POST"\n{SITES}\naction = "answer"\nstatus = 502\neffect = true\n'
        'body = "<html><body>Bad Gateway</body></html>"'
    )
    reply = await api.post("/sites", f"<Site><Name>One</Name>{bodies['address']}</Site>")
    assert (reply.status, reply.headers["content-type"]) == (502, "text/html")
    assert len((await api.state())["sites"]) == 1


@pytest.mark.parametrize(("action", "sites"), [("cut-before", 0), ("cut-after", 1), ("cut-reply", 1)])
async def test_a_cut_is_an_error_in_process_with_or_without_the_effect(
    api: Any, bodies: dict[str, str], action: str, sites: int
) -> None:
    await api.faults(f'[[fault]]\nmethod = "POST"\n{SITES}\naction = "{action}"')
    with pytest.raises(ConnectionError):
        await api.post("/sites", f"<Site><Name>One</Name>{bodies['address']}</Site>")
    assert len((await api.state())["sites"]) == sites
    assert (await api.log())[-1]["fault"] == action


async def test_garbage_is_half_a_reply_or_whatever_is_given(api: Any) -> None:
    await api.site()
    whole = await api.get("/sites")
    await api.faults(
        f'[[fault]]\n{SITES}\naction = "garbage"\n[[fault]]\n{SITES}\nnth = 2\naction = "garbage"\nbody = "oops"'
    )
    half = await api.get("/sites")
    assert (half.status, half.text) == (200, whole.text[: len(whole.text) // 2])
    assert (await api.get("/sites")).text == "oops"
    assert (await api.get("/sites")).text == whole.text


@pytest.mark.parametrize("drip", ["false", "true"])
async def test_a_slow_reply_comes_late_and_whole(api: Any, drip: str) -> None:
    whole = await api.get("/sites")
    await api.faults(f'[[fault]]\n{SITES}\naction = "slow"\nseconds = 0.05\ndrip = {drip}')
    begun = time.monotonic()
    assert (await api.get("/sites")).text == whole.text
    assert time.monotonic() - begun >= 0.045


async def test_faults_are_lifted_at_run_time_and_wrong_ones_refused(api: Any) -> None:
    await api.faults(f'[[fault]]\n{SITES}\naction = "answer"\ntimes = 0')
    assert (await api.get("/sites")).status == 500
    assert (await api.get("/sites")).status == 500
    refused = await api.put("///_simulator/faults", "[[fault]]\naction = 'explode'")
    assert refused.status == 400
    assert "explode" in refused.text
    assert (await api.delete("///_simulator/faults")).status == 204
    assert (await api.get("/sites")).status == 200


async def test_a_token_request_can_fail_too(api: Any) -> None:
    await api.faults('[[fault]]\npath = "/oauth2/token"\naction = "answer"\nstatus = 503')
    reply = await api.client.post("/api/v1/oauth2/token", content="grant_type=client_credentials")
    assert reply.status_code == 503


@pytest.fixture
async def site(api: Any) -> str:
    made: str = await api.site()
    await api.peer(made)
    return made


async def ended(api: Any, order: Any) -> Any:
    api.clock.advance(1)
    return await api.get(f"/orders/{order.new_id}")


@pytest.mark.parametrize(
    ("outcome", "completed", "codes"),
    [
        ("COMPLETE", 2, []),
        ("FAILED", 0, ["5005", "5005"]),
        ("PARTIAL", 1, ["5005"]),
        ("BACKORDERED", 0, ["5520"]),
        ("RECEIVED", 0, []),
        ("PROCESSING", 0, []),
    ],
)
async def test_the_end_of_an_order_is_scripted(
    api: Any, site: str, outcome: str, completed: int, codes: list[str]
) -> None:
    await api.faults(f'[[fault]]\naction = "order"\noutcome = "{outcome}"')
    order = await ended(api, await api.order(site, *await api.numbers(quantity=2)))
    assert (order.status, order.value("OrderStatus")) == (200, outcome)
    assert len(order.values("CompletedNumbers/TelephoneNumber/FullNumber")) == completed
    assert order.values("Error/Code") == codes
    second = await ended(api, await api.order(site, *await api.numbers("areaCode=984", 1)))
    assert second.value("OrderStatus") == "COMPLETE"


async def test_a_number_that_was_found_is_taken_when_it_is_ordered(api: Any, site: str) -> None:
    found = await api.numbers(quantity=3)
    await api.faults(f'[[fault]]\naction = "order"\ntaken = ["{found[0]}"]')
    failed = await ended(api, await api.order(site, found[0]))
    assert (failed.value("OrderStatus"), failed.value("Error/TelephoneNumber")) == ("FAILED", found[0])
    assert await api.numbers(quantity=2) == found[1:], (
        "the taken number is gone, the others are still offered"
    )
    assert (await api.state())["sold_elsewhere"] == [found[0]]


async def test_the_first_numbers_of_an_order_are_taken_by_count(api: Any, site: str) -> None:
    await api.faults('[[fault]]\naction = "order"\ntaken = 1\nnth = 2')
    first = await ended(api, await api.order(site, *await api.numbers(quantity=2)))
    assert first.value("OrderStatus") == "COMPLETE"
    numbers = await api.numbers(quantity=3)
    second = await ended(api, await api.order(site, *numbers))
    assert (second.value("OrderStatus"), second.values("FailedNumbers/FullNumber")) == (
        "PARTIAL",
        numbers[:1],
    )


@pytest.mark.parametrize(("answered", "first", "second"), [(1, 201, "COMPLETE"), (2, 201, "FAILED")])
async def test_an_order_that_comes_twice_gets_its_numbers_once(
    api: Any, site: str, answered: int, first: int, second: str
) -> None:
    await api.faults(f'[[fault]]\nmethod = "POST"\naction = "twice"\nanswered = {answered}')
    reply = await api.order(site, *await api.numbers(quantity=1))
    assert reply.status == first
    assert (await ended(api, reply)).value("OrderStatus") == second
    orders = (await api.state())["orders"]
    assert sorted(order["status"] for order in orders) == ["COMPLETE", "FAILED"]


async def test_of_a_request_that_comes_twice_either_copy_may_be_answered(
    api: Any, bodies: dict[str, str]
) -> None:
    site = f"<Site><Name>One</Name>{bodies['address']}</Site>"
    await api.faults('[[fault]]\nmethod = "POST"\naction = "twice"')
    assert (await api.post("/sites", site)).status == 409
    await api.faults('[[fault]]\nmethod = "POST"\naction = "twice"\nanswered = 1\nseconds = 5')
    assert (await api.post("/sites", site.replace("One", "Two"))).status == 201
    api.clock.advance(6)
    assert (await api.get("/sites")).values("Site/Name") == ["One", "Two"]
