"""Point the callback URLs of a setup's applications at a listener, and back. What is on disk is the caller's concern."""

from urllib.parse import urlsplit

from bwtui.api.client import Client
from bwtui.api.wire import find, has
from bwtui.domain.account.findings import Leaves
from bwtui.domain.answers.answers import Answers
from bwtui.domain.callbacks.redirect import (
    Redirect,
    Redirection,
    Returned,
    WayBack,
    applications,
    back,
    has_credentials,
    redirect_to,
    there,
    url_request,
)
from bwtui.domain.catalog import STEPS
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.planning.requests import read_request
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import Step
from bwtui.domain.values.hosts import is_loopback, is_on_the_internet
from bwtui.engine.replies import flatten, or_nothing

_STEPS = {step.key: step for step in STEPS}


class Redirector:
    """Changes callback URLs of one setup's applications, and of no others."""

    def __init__(self, client: Client, answers: Answers, run: RunState) -> None:
        self._client = client
        self._answers = answers
        self._run = run
        self._known = known_so_far(answers, run)

    async def plan(self, public_url: str) -> Redirection:
        """Read the applications and return what would be changed; changes nothing.

        Raises:
            ProblemError: one cannot be read, or cannot be pointed there, or there is none.
        """
        self._refuse_what_bandwidth_cannot_reach(public_url)
        redirects = []
        for step, id_ in applications(self._answers, self._run):
            shown = await self._read(step, id_)
            if shown is None:
                raise _problem(step, Kind.NOT_FOUND, f"{step.title} {id_} does not exist (any more).")
            if has_credentials(shown) and urlsplit(public_url).scheme != "https":
                raise _problem(
                    step, Kind.INVALID,
                    f"{step.title} has callback credentials, which Bandwidth sends to https only: give --public-url an "
                    "https URL.",
                )  # fmt: skip
            if redirect := redirect_to(step, id_, shown, public_url):
                redirects.append(redirect)
        if not redirects:
            text = "This setup has no application yet whose callback URLs could be changed."
            raise ProblemError(Problem(operation="listen.redirect", kind=Kind.NOT_FOUND, text=text))
        base_url, account_id = self._answers.base_url, self._answers.account_id
        return Redirection(account_id, base_url, public_url, tuple(redirects))

    async def point(self, redirect: Redirect) -> None:
        """Point one application at the listener. Raises `ProblemError`."""
        step = _STEPS[redirect.step]
        await self._client.send(url_request(step, redirect.id, there(redirect), self._known))

    async def bring_back(self, redirect: Redirect, *, certain: bool) -> Returned:
        """Point one application back, except for what somebody else has changed meanwhile.

        `certain` is false where a request that points it away may still be under way. Raises `ProblemError`.
        """
        step = _STEPS[redirect.step]
        shown = await self._read(step, redirect.id)
        if shown is None:
            return Returned(redirect, WayBack.GONE)
        urls, found = back(redirect, step, shown, certain=certain)
        if urls:
            await self._client.send(url_request(step, redirect.id, urls, self._known))
        return Returned(redirect, WayBack.LEFT if found else WayBack.RESTORED, found)

    async def _read(self, step: Step, id_: str) -> Leaves | None:
        reply = await or_nothing(self._client, read_request(step, id_, self._known))
        if reply is None:
            return None
        if not has(reply.document, step.root):
            raise _problem(
                step, Kind.FAILED, f"Bandwidth's answer holds no {step.api_word}; it says nothing about it."
            )
        return flatten(find(reply.document, step.root))

    def _refuse_what_bandwidth_cannot_reach(self, public_url: str) -> None:
        host = urlsplit(public_url).hostname or ""
        if not is_on_the_internet(host) and not is_loopback(urlsplit(self._answers.base_url).hostname or ""):
            text = f"Bandwidth cannot reach {host}: give --public-url the public URL of a tunnel to this machine."
            raise ProblemError(Problem(operation="listen.redirect", kind=Kind.INVALID, text=text))


def _problem(step: Step, kind: Kind, text: str) -> ProblemError:
    return ProblemError(Problem(operation=step.operation("read"), kind=kind, text=text))
