"""A slow line between a terminal and the program in it: when what is written arrives."""

from dataclasses import dataclass, field
from typing import Final

FRAME: Final = 88
"""Bytes that SSH (36), TCP and IP (52) put around each piece."""
_PIECE: Final = 128
_LARGEST: Final = 1360
"""Bytes that fit into one packet."""


@dataclass(slots=True, kw_only=True)
class Line:
    """Half the round trip each way, and a serial rate towards the terminal with a bounded buffer before it."""

    round_trip: float = 0.2
    """Seconds."""
    bits_per_second: float = 50_000
    buffer: int = 64 * 1024
    """Bytes that may wait, as in sshd and the kernel; whoever writes more has to wait."""
    _free_at: float = field(default=0.0, init=False)

    @property
    def one_way(self) -> float:
        return self.round_trip / 2

    def seconds_until_room(self, now: float) -> float:
        """Return the seconds until the buffer takes more."""
        return max(0.0, self._free_at - now - self.buffer * 8 / self.bits_per_second)

    def carry(self, data: bytes, now: float) -> list[tuple[float, bytes]]:
        """Return the parts of the data with the time at which each arrives."""
        start = max(now, self._free_at)
        packets = -(-len(data) // _LARGEST)
        rate = self.bits_per_second / 8 * len(data) / (len(data) + packets * FRAME)
        self._free_at = start + len(data) / rate
        return [
            (start + min(end, len(data)) / rate + self.one_way, data[end - _PIECE : end])
            for end in range(_PIECE, len(data) + _PIECE, _PIECE)
        ]
