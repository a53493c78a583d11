"""`bwtui listen`: receives callbacks on this machine and shows them as they come."""

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Mapping
from contextlib import AsyncExitStack, ExitStack, suppress
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import NamedTuple

from bwtui.callbacks.app import ListenerApp
from bwtui.callbacks.bxml import DEFAULT_SENTENCE, speak
from bwtui.callbacks.echo import MOST_ECHOES, Echo
from bwtui.callbacks.inbox import Inbox, Received
from bwtui.callbacks.logins import CallbackLogin, CallbackLogins
from bwtui.callbacks.server import ListenerServer
from bwtui.cli.callback_lines import MARGIN, callback_lines
from bwtui.cli.interactive import ask_callback_password
from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.printing import tell_problem
from bwtui.cli.redirecting import Redirecting
from bwtui.cli.session import (
    NoSetupError,
    Session,
    UsageError,
    open_session,
    refuse_other_account,
    report_errors,
    state_file,
)
from bwtui.cli.style import Mark, hint, marked, warning
from bwtui.credentials import Given
from bwtui.domain.answers.answers import wanted_steps
from bwtui.domain.callbacks.callback_events import MessageEvent
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.values.checks import http_url, no_query
from bwtui.domain.values.hosts import is_loopback
from bwtui.domain.values.secret import Secret
from bwtui.ending_signals import ENDING_SIGNALS
from bwtui.exits import Exit, exit_for, status_for
from bwtui.listener_services import text_sender
from bwtui.store.listener_file import Listener, only_listener, remove_listener, write_listener
from bwtui.store.state import StateFile


class Options(NamedTuple):
    """The options of `bwtui listen`."""

    setup: SetupOptions
    login: Given
    port: int
    host: str
    say: str | None
    echo: bool
    public_url: str | None
    restore: bool
    yes: bool
    json: bool


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Receive callbacks until it is stopped."""
    output = Output(as_json=options.json)
    return report_errors(output, lambda: _listen(options, environ, output))


def _listen(options: Options, environ: Mapping[str, str], output: Output) -> int:
    session = _session(options, environ, output)
    file = state_file(options.setup, environ)
    with ExitStack() as held:
        held.enter_context(only_listener(file.path.parent, file.name))
        redirecting = (
            Redirecting(session, file.path.parent, file.name, agreed=options.yes) if session else None
        )
        if redirecting:
            _sign_in(redirecting, options, output)
        if redirecting and options.restore:
            code = asyncio.run(redirecting.restore())
            output.event("result", status=status_for(code), exit=int(code))
            return code
        return asyncio.run(Listening(options, output, session, redirecting, file).execute())


def _sign_in(redirecting: Redirecting, options: Options, output: Output) -> None:
    """Find the credentials, where URLs are to be changed or put back. Raises `UsageError`."""
    if options.public_url or options.restore or options.echo:
        redirecting.sign_in(options.login)
    elif redirecting.is_redirected:
        try:
            redirecting.sign_in(options.login)
        except UsageError as error:
            output.say(warning(f"{redirecting.still_redirected} {error}"), indent=2)


def _session(options: Options, environ: Mapping[str, str], output: Output) -> Session | None:
    """Open the setup, if there is one. Raises `UsageError` for options that need one, or do not go together."""
    if options.public_url and (wrong := http_url(options.public_url) or no_query(options.public_url)):
        raise UsageError(f"--public-url: {wrong}")
    if options.public_url and options.restore:
        raise UsageError(
            "--restore puts the old URLs back and ends; --public-url sets new ones. Give one of the two."
        )
    try:
        session = open_session(options.setup, environ, output)
    except NoSetupError:
        if options.public_url or options.restore or options.echo or options.setup.name != SetupOptions().name:
            raise
        return None
    refuse_other_account(session)
    return session


class Listening:
    """One `bwtui listen`: serve, show, and put everything back on the way out."""

    def __init__(
        self, options: Options, output: Output, session: Session | None, redirecting: Redirecting | None,
        file: StateFile,
    ) -> None:  # fmt: skip
        self._options = options
        self._output = output
        self._session = session
        self._redirecting = redirecting
        self._folder, self._name = file.path.parent, file.name
        self._inbox = Inbox()
        self._token = Secret(token_urlsafe(32))
        self._started = datetime.now(UTC)
        self._ending = asyncio.Event()
        self._signal: signal.Signals | None = None
        self._reader_left = False
        self._echo: Echo | None = None
        self._answers: set[asyncio.Task[None]] = set()

    async def execute(self) -> Exit:
        """Listen until a signal comes."""
        logins = _logins(self._session)
        if self._options.echo and not logins.messages:
            raise UsageError(
                "--echo sends messages, which costs money, and needs callback credentials on the messaging application: "
                "without them anybody who knows the URL could make it send."
            )
        app = ListenerApp(self._inbox, logins, speak(self._options.say or DEFAULT_SENTENCE), self._token)
        try:
            server = ListenerServer(app, self._options.host, self._options.port)
        except (OSError, OverflowError) as error:
            return self._cannot_listen(error)
        loop = asyncio.get_running_loop()
        for which in ENDING_SIGNALS:
            loop.add_signal_handler(which, self._on_signal, which)
        showing = threading.Thread(target=self._show_all, args=(loop,), name="callbacks", daemon=True)
        try:
            async with AsyncExitStack() as opened:
                if self._options.echo and self._session and self._redirecting:
                    sender = text_sender(self._redirecting.login, self._session.answers)
                    self._echo = Echo(await opened.enter_async_context(sender), self._started)
                    self._output.say(
                        marked(
                            Mark.COSTS,
                            f"Each answer to an incoming message costs money; at most {MOST_ECHOES} are sent.",
                        ),
                        indent=2,
                    )
                code = await self._serve(app, server, showing)
                if self._answers:
                    await asyncio.wait(self._answers, timeout=10)
        except ProblemError as error:
            tell_problem(self._output, error.problem)
            code = exit_for(error.problem.kind)
        finally:
            remove_listener(self._folder, self._name)
            self._inbox.close()
            await server.stop()
            if showing.ident:
                await asyncio.to_thread(showing.join, 5)
        if self._reader_left:
            raise BrokenPipeError
        self._output.event("result", status=status_for(code), exit=int(code))
        return code

    async def _serve(self, app: ListenerApp, server: ListenerServer, showing: threading.Thread) -> Exit:
        await server.start()
        host = self._options.host
        local = host if is_loopback(host) and host != "localhost" else "127.0.0.1"
        write_listener(
            self._folder, self._name, Listener(os.getpid(), server.port, self._token.reveal(), local)
        )
        if not is_loopback(host):
            text = f"{host} is not loopback: whoever reaches this machine can post here."
            self._output.say(warning(text), indent=2)
        base = f"http://{f'[{host}]' if ':' in host else host}:{server.port}"
        if self._redirecting and self._redirecting.can_restore:
            back = await self._unless_ending(self._redirecting.restore())
            if self._options.public_url and back is not None and back is not Exit.DONE:
                return back  # what is on disk holds the only way back, and is not written over
        if self._options.public_url and self._redirecting:
            base = self._options.public_url.rstrip("/")
            agreed = await self._unless_ending(self._redirecting.redirect(base, app.checks))
            if agreed is not None and agreed is not Exit.DONE:
                return await self._leave(agreed)
        if not self._ending.is_set():
            self._tell_ready(base, server.port)
            showing.start()
        await self._ending.wait()
        return await self._leave(ENDING_SIGNALS[self._signal] if self._signal else Exit.FAILED)

    async def _leave(self, code: Exit) -> Exit:
        """Put the URLs back while callbacks are still answered. A second signal ends that at once."""
        self._ending.clear()
        if self._redirecting and self._redirecting.can_restore:
            back = await self._unless_ending(self._redirecting.restore())
            if back is None:
                self._output.say(self._redirecting.still_redirected)
                return code
            return code if back is Exit.DONE else back
        return code

    async def _unless_ending(self, work: Awaitable[Exit]) -> Exit | None:
        """Wait for some work; a signal ends it, and then the result is `None`."""
        task = asyncio.ensure_future(work)
        ending = asyncio.ensure_future(self._ending.wait())
        await asyncio.wait((task, ending), return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            return None
        return task.result()

    def _tell_ready(self, base: str, port: int) -> None:
        paths = {"messaging": "/callbacks", "voice": "/callbacks/init"}
        urls = {service: f"{base}{path}" for service, path in paths.items()}
        self._output.event("ready", urls=urls, port=port)
        self._output.say(
            marked(Mark.DONE, f"Listening: messages at {urls['messaging']}, calls at {urls['voice']}"),
            indent=2,
        )
        self._output.say(hint("Any other path works too. Ctrl+C ends it."))

    def _cannot_listen(self, error: Exception) -> Exit:
        if isinstance(error, OverflowError):
            self._output.say(
                f"There is no port {self._options.port}: give --port a number up to 65535, 0 for any free one."
            )
            return Exit.INVALID
        why = getattr(error, "strerror", None) or error
        self._output.say(
            f"Cannot listen on {self._options.host} port {self._options.port}: {why}. Give another --port or --host."
        )
        return Exit.FAILED

    def _on_signal(self, which: signal.Signals) -> None:
        self._signal = self._signal or which
        self._output.say("")  # the terminal shows ^C
        self._ending.set()

    def _answer(self, received: Received) -> None:
        """Answer an incoming message with its own text, where that was asked for."""
        event = received.event
        if not self._echo or not isinstance(event, MessageEvent) or not event.is_inbound:
            return
        if why := self._echo.claim(received):
            self._output.say(hint(f"Message {event.message_id} is not answered: {why}."))
            return
        task = asyncio.ensure_future(self._send_answer(self._echo, event))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _send_answer(self, echo: Echo, event: MessageEvent) -> None:
        try:
            sent = await echo.answer(event)
        except ProblemError as error:
            tell_problem(self._output, error.problem, "Answer")
            return
        self._output.event("echoed", message=event.message_id, sent=sent)
        self._output.say(marked(Mark.COSTS, f"Answered {event.message_id} with message {sent}."), indent=2)

    # --- in the thread that shows ---

    def _show_all(self, loop: asyncio.AbstractEventLoop) -> None:
        """Show what arrives until the inbox is closed; a slow terminal keeps nobody from being answered."""
        try:
            while received := self._inbox.next():
                self._show(received)
                if self._echo:
                    loop.call_soon_threadsafe(self._answer, received)
        except OSError:
            self._reader_left = True  # whoever read us has left
        finally:
            with suppress(RuntimeError):  # the loop has ended before
                loop.call_soon_threadsafe(self._ending.set)

    def _show(self, received: Received) -> None:
        if self._output.as_json:
            self._output.event("callback", **received.fields)
            return
        for line in callback_lines(received.event, received.at, duplicate=received.duplicate):
            self._output.row(line, indent=MARGIN)


def _logins(session: Session | None) -> CallbackLogins:
    """Return the callback credentials of the setup; asks for passwords that are not in the environment."""
    if session is None:
        return CallbackLogins()
    found: dict[bool, CallbackLogin] = {}
    for step in wanted_steps(session.answers):
        parts = step.callback_parts
        user = session.answers.text(step.key_of("callback_user")) if parts else ""
        if user:
            password = ask_callback_password(session, step)
            found[any(part.answers_calls for part in parts)] = CallbackLogin(user, password)
    return CallbackLogins(messages=found.get(False), calls=found.get(True))
