"""Seeded worlds: nothing twice, nothing lost, never a false "done", however the account behaves and whenever we die.

2,000 worlds in the normal run, in shards that run side by side; `--worlds 100000` and `--world-seed S` try others.
100,000 by one command:

    PYTHONPATH=tests python -m worlds 100000 --jobs 2
"""

from collections.abc import Callable

import pytest

from worlds.batch import told, try_seeds

SHARDS = 20


@pytest.mark.timeout(0)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_promise_holds_in_every_world(
    shard: int, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    count, first = request.config.getoption("--worlds"), request.config.getoption("--world-seed")
    tally = try_seeds(range(first + shard, first + count, SHARDS))
    record_property("worlds", tally.worlds)
    assert not tally.broken, "\n" + "\n".join(told(tally, most=1))
