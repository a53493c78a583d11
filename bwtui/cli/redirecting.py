"""`bwtui listen --public-url`: callback URLs that point here for a while, and the way back."""

from collections.abc import MutableMapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from typing import Final, assert_never

from bwtui.cli.interactive import login_for
from bwtui.cli.interruption import Confirm, Interruption
from bwtui.cli.printing import print_wait, tell_problem
from bwtui.cli.session import Session
from bwtui.cli.style import INDENT, Mark, row, warning
from bwtui.credentials import Given, Login
from bwtui.domain.callbacks.redirect import Redirect, Redirection, Returned, WayBack
from bwtui.domain.callbacks.redirect_text import RESTORE, redirected_text
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.runs.setup import is_same_service
from bwtui.domain.walk.walk import TITLES
from bwtui.engine.redirect import Redirector
from bwtui.exits import Exit, exit_for
from bwtui.listener_services import redirector, wrong_with_tunnel
from bwtui.store.redirect_file import read_redirection, remove_redirection, write_redirection

_CHECKS: Final = "/.bwtui/check/"


class Redirecting:
    """Redirects the callback URLs of one setup: the old ones are on disk before the first is changed."""

    def __init__(self, session: Session, folder: Path, name: str, *, agreed: bool) -> None:
        """`agreed`: the change was agreed to on the command line. Raises `StateError`."""
        self._session = session
        self._folder = folder
        self._name = name
        self._agreed = agreed
        self._login: Login | None = None
        self._redirection = read_redirection(folder, name)
        self._is_certain = False
        """True once each request that points URLs away was answered: none can take its effect later."""

    @property
    def is_redirected(self) -> bool:
        """True while URLs point away, or may do so."""
        return self._redirection is not None

    @property
    def can_restore(self) -> bool:
        """True if URLs point away and somebody has signed in who can put them back."""
        return self.is_redirected and self._login is not None

    @property
    def still_redirected(self) -> str:
        """A sentence for somebody who leaves them so."""
        assert self._redirection, "asked only while they are"
        return redirected_text(
            self._redirection.public_url, self._session.options.commands.of(*RESTORE), is_listening=False
        )

    def sign_in(self, given: Given) -> None:
        """Find the credentials. Raises `UsageError`."""
        self._login = login_for(self._session, given)

    @property
    def login(self) -> Login:
        """The credentials, once they were found."""
        assert self._login, "signed in before"
        return self._login

    async def redirect(self, public_url: str, checks: MutableMapping[str, str]) -> Exit:
        """Point the URLs at a public URL that leads here, after asking. `checks` has the answers of this listener.

        Raises:
            ProblemError: the URL does not lead here, or the account cannot be read.
            StateError: the old URLs cannot be written down; nothing was changed.
        """
        assert not self.is_redirected, "the old URLs on disk would be lost"
        await _check(public_url, checks)
        async with self._opened() as api:
            redirection = await api.plan(public_url)
            while True:
                self._print_plan(redirection)
                if not await self._may_redirect():
                    return Exit.INVALID if self._confirm is None else Exit.FAILED
                now = await api.plan(public_url)
                if now == redirection:
                    break
                self._session.output.say(
                    "The URLs have changed since you were asked. This is what would be done now:"
                )
                redirection = now
            write_redirection(self._folder, self._name, redirection)
            self._redirection, self._is_certain = redirection, False
            return await self._point(api, redirection)

    async def restore(self) -> Exit:
        """Put the old URLs back. What cannot be put back stays on disk, to be tried again.

        Raises:
            ProblemError: the URLs belong to another account, or its address cannot be used.
            StateError: the file cannot be changed.
        """
        redirection = self._redirection
        if redirection is None:
            self._session.output.say("No callback URLs are redirected: there is nothing to put back.")
            return Exit.DONE
        self._refuse_other_account(redirection)
        left: list[Redirect] = []
        code = Exit.DONE
        async with self._opened() as api:
            for redirect in redirection.redirects:
                try:
                    self._print_returned(await api.bring_back(redirect, certain=self._is_certain))
                except ProblemError as error:
                    self._print_problem(error.problem, redirect)
                    left.append(redirect)
                    code = exit_for(error.problem.kind)
        if left:
            self._redirection = redirection._replace(redirects=tuple(left))
            write_redirection(self._folder, self._name, self._redirection)
            self._session.output.say(self.still_redirected)
        else:
            remove_redirection(self._folder, self._name)
            self._redirection = None
        return code

    async def _point(self, api: Redirector, redirection: Redirection) -> Exit:
        for redirect in redirection.redirects:
            try:
                await api.point(redirect)
            except ProblemError as error:
                self._print_problem(error.problem, redirect)
                return exit_for(error.problem.kind)
            self._session.output.event(
                "redirected", step=redirect.step, id=redirect.id, urls=dict(redirect.new)
            )
        self._is_certain = True
        return Exit.DONE

    async def _may_redirect(self) -> bool:
        if self._confirm is None:
            text = "This changes callback URLs on the account. Nothing was written. Add --yes to agree to it."
            self._session.output.say(warning(text), indent=2)
            return False
        return await self._confirm(
            "Point these callback URLs here until bwtui listen ends, and put them back then? [y/N] "
        )

    @property
    def _confirm(self) -> Confirm | None:
        return Interruption(self._session, agreed=self._agreed, mark=Mark.CHANGE).confirm

    def _refuse_other_account(self, redirection: Redirection) -> None:
        answers = self._session.answers
        is_same = redirection.account_id == answers.account_id
        if not (is_same and is_same_service(redirection.base_url, answers.base_url)):
            text = (
                f"The redirected URLs belong to account {redirection.account_id} on {redirection.base_url}. Run the same "
                "command for that account to put them back."
            )
            raise ProblemError(Problem(operation="listen.restore", kind=Kind.CONFLICT, text=text))

    def _opened(self) -> AbstractAsyncContextManager[Redirector]:
        return redirector(
            self.login,
            self._session.answers,
            self._session.run,
            on_wait=partial(print_wait, self._session.output),
        )

    # --- what is printed ---

    def _print_plan(self, redirection: Redirection) -> None:
        for redirect in redirection.redirects:
            for wire, old in redirect.old.items():
                self._session.output.event(
                    "redirect",
                    step=redirect.step,
                    id=redirect.id,
                    element=wire,
                    old=old,
                    new=redirect.new[wire],
                )
                text = f"{wire}: {old} → {redirect.new[wire]}"
                self._session.output.say(
                    row(Mark.CHANGE, TITLES[redirect.step], "change", text), indent=INDENT
                )

    def _print_returned(self, returned: Returned) -> None:
        redirect = returned.redirect
        self._session.output.event(
            "restored", step=redirect.step, id=redirect.id, way=returned.way.value, urls=dict(redirect.old)
        )
        match returned.way:
            case WayBack.RESTORED:
                mark, word, text = Mark.DONE, "restored", ", ".join(dict.fromkeys(redirect.old.values()))
            case WayBack.LEFT:
                mark, word = Mark.OPEN, "left"
                text = f"somebody has set {returned.found} meanwhile, which was left as it is"
            case WayBack.GONE:
                mark, word, text = Mark.OPEN, "gone", f"{redirect.id} does not exist any more"
            case _:
                assert_never(returned.way)
        self._session.output.say(row(mark, TITLES[redirect.step], word, text), indent=INDENT)

    def _print_problem(self, problem: Problem, redirect: Redirect) -> None:
        tell_problem(self._session.output, problem, TITLES[redirect.step])


async def _check(public_url: str, checks: MutableMapping[str, str]) -> None:
    """Raise `ProblemError` unless the public URL leads to this listener: it alone can answer a path of its own."""
    path, answer = f"{_CHECKS}{token_urlsafe(16)}", token_urlsafe(16)
    checks[path] = answer
    try:
        wrong = await wrong_with_tunnel(public_url, path, answer)
    finally:
        del checks[path]
    if wrong:
        text = f"{public_url} does not lead to this listener: {wrong}. Nothing was changed. Does the tunnel run, and to this port?"
        raise ProblemError(Problem(operation="listen.redirect", kind=Kind.UNREACHABLE, text=text))
