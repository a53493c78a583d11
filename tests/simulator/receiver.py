"""A server on loopback that receives callbacks, and answers each as a test says."""

import contextlib
import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Received:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def authorization(self) -> str | None:
        return self.headers.get("authorization")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says to it; nothing in time if `event` is given and not set."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    event: threading.Event | None = None


Script = Callable[[Received], Answer]


@dataclass(slots=True)
class Receiver:
    """Where requests arrive; `script` decides on the answers."""

    url: str
    requests: list[Received] = field(default_factory=list)
    script: Script = lambda _: Answer()

    @property
    def events(self) -> list[Any]:
        """The message events that came in, one after the other."""
        return [event for request in self.requests if request.raw for event in request.body]


def challenging(user: str, password: str, answer: Answer = Answer()) -> Script:
    """A script that asks for credentials, and answers a request that has the right ones."""
    wanted = "Basic " + b64encode(f"{user}:{password}".encode()).decode()
    challenge = Answer(401, headers={"WWW-Authenticate": 'Basic realm=""'})
    return lambda request: answer if request.authorization == wanted else challenge


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            raw = self.rfile.read(int(headers.get("content-length", 0)))
            request = Received(self.command, self.path, headers, raw)
            receiver.requests.append(request)
            answer = receiver.script(request)
            if answer.event is not None:
                answer.event.wait(20)
            with contextlib.suppress(ConnectionError):  # of one who has not waited
                self.reply(answer)

        def reply(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST  # noqa: N815 - the name that the library looks for

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()
