"""Start what the simulator does by itself after a request: post events, and take calls from their start to their end."""

import asyncio
from collections.abc import Callable, Coroutine

from bwtui.simulator import callbacks, voice_events
from bwtui.simulator.simulated_account import SimulatedAccount


def start(
    account: SimulatedAccount, note: Callable[[str], None], after_each: Callable[[], None] | None = None
) -> None:
    """Begin with everything that is waiting, and return at once.

    `note` is told of what happens in calls, `after_each` called whenever something has been done.
    """
    posts, account.outbox = account.outbox, []
    calls, account.ringing = account.ringing, []
    account.events.extend(posts)
    for event in posts:
        _begin(account, callbacks.deliver(account, event), after_each)
    for call in calls:
        if call.live:
            _begin(account, voice_events.run(account, call, note), after_each)


def _begin(
    account: SimulatedAccount, work: Coroutine[None, None, None], after_each: Callable[[], None] | None
) -> None:
    task = asyncio.get_running_loop().create_task(work)
    account.errands.add(task)

    def ended(done: "asyncio.Task[None]") -> None:
        account.errands.discard(done)
        if after_each is not None and not done.cancelled():
            after_each()

    task.add_done_callback(ended)
