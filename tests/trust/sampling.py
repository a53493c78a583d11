"""The amount that is tried: a part chosen by chance, or this test's share of everything."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeVar

Tried = Callable[[str, int | str], None]
"""Tells for a row of the README's table how often it was tried, or a figure in words."""

SHARDS: Final = 4
"""With `--trust full`, long lists are spread over as many tests, so that they run side by side."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Sample:
    """The cases that one test tries."""

    full: bool
    seed: int
    shard: int

    def moments(self, stride: int) -> Iterator[int]:
        """Numbers from 1 on, without end: all of them, spread over the shards, or one in so many."""
        return count(1 + self.shard, SHARDS) if self.full else count(1 + self.seed % stride, stride)

    def of(self, items: Sequence[_T], few: int) -> Sequence[_T]:
        """All of a list, spread over the shards, or a few of them."""
        if self.full:
            return items[self.shard :: SHARDS]
        return random.Random(self.seed).sample(items, min(few, len(items)))
