"""bwtui at work on a simulated account, in one process: the real client, engine and state file over ASGI."""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from bwtui.api.client import Basic, Client, Clock, OAuth, Timeouts, token_url_for
from bwtui.cli.applying import Apply
from bwtui.cli.output import Output
from bwtui.cli.removing import Teardown
from bwtui.connected_services import ConnectedServices
from bwtui.domain.answers.answers import Answers
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Event
from bwtui.domain.runs.setup import Setup
from bwtui.domain.values.secret import Secret
from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from bwtui.simulator.app import create_app
from bwtui.simulator.fault_script import FaultScript, parse
from bwtui.simulator.settings import Settings
from bwtui.simulator.simulated_account import SimulatedAccount
from bwtui.store.state import StateFile
from support.guide import guide_answers

BASE_URL = "http://127.0.0.1:8080/api"
QUICK = Timeouts(connect=1, read=1, overall=2, backoff=0.01, patience=2)


def quick_pace(**changes: Any) -> Pace:
    """Return waits that suit a test, where nothing takes effect late; each has a wish to stop of its own."""
    quick = Pace(
        settle=0, attempt=0, visible=0, look=0.01, first_poll=0.01, longest_poll=0.05, located=0.5, restored=0, provisioned=0.5,
        joined=0.5, longest_join_poll=0.05,
    )  # fmt: skip
    return replace(quick, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyOutcome:
    """The result of one run of `apply`."""

    exit: Exit
    events: list[dict[str, Any]]
    out: str
    """The events as they were printed."""
    said: str

    @property
    def result(self) -> dict[str, Any]:
        """The last line of `--json`."""
        return self.events[-1]


class _Dated(httpx.ASGITransport):
    """The line to an app, with what a server adds to each answer: the time by its clock."""

    def __init__(self, app: ASGIApp, account: SimulatedAccount) -> None:
        super().__init__(app)
        self._account = account

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        response.headers.setdefault("Date", formatdate(self._account.clock(), usegmt=True))
        return response


@dataclass(kw_only=True)
class Harness:
    """bwtui in this process, with a state file of its own, over a simulated account."""

    folder: Path
    settings: Settings = field(default_factory=lambda: Settings(order_seconds=0))
    answers: Answers = field(default_factory=guide_answers)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.account = SimulatedAccount(self.settings)
        self.app = create_app(self.settings, self.account)
        self.file = StateFile(self.folder)

    def line(self) -> httpx.AsyncBaseTransport:
        """Return the transport that carries the requests of a run to the account."""
        return _Dated(self.app, self.account)

    def fail(self, faults: str) -> None:
        """Script failures, TOML; an empty text lifts them."""
        self.account.script = FaultScript(parse(faults, "test"))

    @property
    def run(self) -> RunState:
        """The run in the state file."""
        setup = self.file.load()
        return setup.run if setup else RunState()

    async def apply(
        self,
        answers: Answers | None = None,
        *,
        yes: bool = True,
        basic: bool = False,
        secret: str = "demo-secret",
        timing: Timeouts = QUICK,
        pace: Pace | None = None,
    ) -> ApplyOutcome:
        """Run `apply` once, as the command line does, with waits that suit a test: nothing takes effect late here."""
        answers = answers or self.answers
        setup = self.file.load() or Setup(account_id=answers.text("account.account_id"), base_url=BASE_URL)
        kept = [setup._replace(answers=answers.given)]
        self.file.save(kept[0])

        def keep(events: Sequence[Event]) -> None:
            kept[0] = kept[0].after(events)
            self.file.save(kept[0])

        async def confirm(_question: str) -> bool:
            return yes

        out, err = io.StringIO(), io.StringIO()
        credentials = (
            Basic("demo", Secret(secret)) if basic else OAuth("demo", Secret(secret), token_url_for(BASE_URL))
        )
        transport = self.line()
        pace = pace or quick_pace()
        async with Client(
            base_url=BASE_URL, credentials=credentials, timing=timing, transport=transport, clock=self.clock
        ) as client:
            services = ConnectedServices(client, pace, keep)
            work = Apply(services, answers, setup.run, Output(as_json=True, stdout=out, stderr=err), confirm)
            code = await work.execute()
        events = [json.loads(line) for line in out.getvalue().splitlines()]
        return ApplyOutcome(exit=code, events=events, out=out.getvalue(), said=err.getvalue())

    async def teardown(
        self,
        *,
        agree: Callable[[str], bool] | None = lambda _: True,
        word: str | None = None,
        release: bool = False,
        show: bool = False,
        pace: Pace | None = None,
    ) -> ApplyOutcome:
        """Run `teardown` once; `agree` answers its questions, `word` is what is typed where a word is asked for."""
        kept = [self.file.load() or Setup(account_id="", base_url="")]

        def keep(events: Sequence[Event]) -> None:
            kept[0] = kept[0].after(events)
            self.file.save(kept[0])

        async def confirm(question: str) -> bool:
            return bool(agree and agree(question))

        async def typed(_question: str) -> str:
            return word or ""

        out, err = io.StringIO(), io.StringIO()
        output = Output(as_json=True, stdout=out, stderr=err)
        credentials = OAuth("demo", Secret("demo-secret"), token_url_for(BASE_URL))
        async with Client(
            base_url=BASE_URL, credentials=credentials, timing=QUICK, transport=self.line(), clock=self.clock
        ) as client:
            services = ConnectedServices(client, pace or quick_pace(), keep)
            command = Teardown(
                services, self.answers, kept[0].run, output, confirm if agree else None,
                word=None if word is None else typed, release=release,
            )  # fmt: skip
            code = await (command.show() if show else command.execute())
        events = [json.loads(line) for line in out.getvalue().splitlines()]
        return ApplyOutcome(exit=code, events=events, out=out.getvalue(), said=err.getvalue())

    async def _ask(self, path: str, method: str = "GET") -> Any:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://127.0.0.1:8080"
        ) as client:
            reply = await client.request(method, path)
            return reply.json() if reply.content else None

    async def log(self) -> list[dict[str, Any]]:
        """Every API request that the simulator saw."""
        seen: list[dict[str, Any]] = await self._ask("/_simulator/log")
        return seen

    async def forget_log(self) -> None:
        """Make the simulator forget the requests that it saw."""
        await self._ask("/_simulator/log", "DELETE")

    async def state(self) -> dict[str, Any]:
        """Return the content of the simulated account."""
        held: dict[str, Any] = await self._ask("/_simulator/state")
        return held

    async def writes(self) -> list[str]:
        """The requests that may have changed the account, tokens aside: `POST /api/accounts/9900000/sites`."""
        return [
            f"{entry['method']} {entry['path']}"
            for entry in await self.log()
            if entry["method"] != "GET" and not entry["path"].endswith("/oauth2/token")
        ]
