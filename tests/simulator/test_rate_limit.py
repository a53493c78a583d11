"""A limit of requests in a second."""

from collections.abc import Callable
from typing import Any

from simulator.test_platforms import on


async def test_what_comes_beyond_the_limit_is_refused_until_the_next_second(
    open_client: Callable[..., Any],
) -> None:
    """429 without a body, with the reset in epoch seconds (bandwidth-api 1.7)."""
    api = await on(open_client, "legacy", "requests_a_second = 3")
    api.clock.now = 1_795_000_000.25
    assert [(await api.get("/sites")).status for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = await api.get("/sites")
    assert (refused.text, refused.headers["x-ratelimit-reset"]) == ("", "1795000001")
    api.clock.advance(0.75)
    assert (await api.get("/sites")).status == 200
