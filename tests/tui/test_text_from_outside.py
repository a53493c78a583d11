"""Text from outside is text: no reply, name or paste can colour, steer or crash a screen."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pytest
from rich.style import Style
from starlette.types import Message, Receive, Scope, Send

from bwtui.tui.line_filters import safe
from bwtui.tui.places import walk as places
from bwtui.tui.widgets.existing_chooser import Chooser
from bwtui.tui.widgets.spinner import Spinner
from support.apply_screen import connected
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, Show, Stage
from support.write_faults import MESSAGING, VOICE, error, fault, location_elsewhere, made_elsewhere

WORDS: Final = "[/bold] [red]x \x9b31m\x85\u202e[@click=app.bell]y[/]"
"""Markup, and what steers a terminal as far as XML can carry it."""
SIGNS: Final = re.compile(r"[^\w ]")
HARMLESS: Final = SIGNS.sub("o", safe(WORDS))
"""Of the same words, and as plain as can be."""
STEERING: Final = "[/bold] [red]x \x1b[31m\x07\x1b]0;title\x07"
"""What steers a terminal in the old way, as JSON and a keyboard can carry it."""

TOLD: Final = "CompanyName|Name|PeerName|AppName|Description|City|MsgCallbackUrl|CustomerName|RateCenter"


class Graffiti:
    """Writes over texts in the replies of an account."""

    def __init__(self, stage: Stage, text: str, *, elements: str = TOLD) -> None:
        self._app: Callable[[Scope, Receive, Send], object] = stage.app
        self._elements = re.compile(rf"(<({elements})>)[^<]+(</\2>)".encode())
        self._text = text.encode()
        stage.app = self  # type: ignore[assignment]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        held: list[Message] = []

        async def write_over(message: Message) -> None:
            if message["type"] == "http.response.start":
                held.append(message)
                return
            body = self._elements.sub(lambda match: match[1] + self._text + match[3], message["body"])
            [start] = held
            start["headers"] = [
                (name, value) for name, value in start["headers"] if name != b"content-length"
            ]
            await send(start)
            await send({**message, "body": body})

        await self._app(scope, receive, write_over)  # type: ignore[misc]


def plain(line: str) -> str:
    """A line with every sign alike, and without what time makes of it."""
    return SIGNS.sub("o", re.sub(r" *\d+\.\d+ s", " 0.0 s", line))


@dataclass
class Seen:
    """What was on the screen at several moments: its lines and the style of each cell."""

    lines: list[list[str]] = field(default_factory=list)
    styles: list[list[list[Style | None]]] = field(default_factory=list)

    def look(self, show: Show) -> None:
        assert all(line.isprintable() for line in show.lines), [
            line for line in show.lines if not line.isprintable()
        ]
        self.lines.append(show.lines)
        self.styles.append(show.styles)


async def tour(stage: Stage, text: str, *, width: int) -> Seen:
    """See every screen of an account whose texts are all the same."""
    await location_elsewhere(stage)
    await made_elsewhere(stage, "/applications", MESSAGING)
    await made_elsewhere(stage, "/applications", VOICE)
    Graffiti(stage, text)
    seen = Seen()
    answers = guide_answers(site__name="Other", messaging_app__name="Other", voice_app__name="Other")
    async with connected(stage, answers, at="connect", size=(width, 30)) as show:
        seen.look(show)
        for place in ("site", "messaging_app", "voice_app"):
            await show.go(place)
            show.screen.query_one(Chooser)._pick.focus()
            await show.press("right", "tab")
            seen.look(show)
            await show.press("tab", "enter")
            seen.look(show)
            show.screen.query_one(Chooser)._pick.focus()
            await show.press("left")
        await show.go("number")
        await show.press("ctrl+f")
        seen.look(show)
        await show.press("ctrl+p")
        seen.look(show)
        await show.press("escape")
        stage.fail(
            "\n".join(
                fault("answer", method="POST", path=path, status=400, times=0, body=error("99", text))
                for path in ("/accounts/*/sites", "/accounts/*/applications")
            )
        )
        await show.go("review")
        seen.look(show)
        await show.press("ctrl+n", "y")
        await show.press("n")  # what is typed before the question about money is seen answers nothing
        assert show.place == "apply", show.text
        seen.look(show)
        await show.press("enter")
        seen.look(show)
    return seen


@pytest.mark.parametrize("width", [80, 120])
async def test_what_an_account_says_colours_nothing_and_is_shown_as_it_is(
    stage: Stage, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Spinner, "start", lambda *_: None)  # it is shown or not, as time will have it
    wild = await tour(stage, WORDS, width=width)
    tame = await tour(Stage(folder=stage.folder / "tame"), HARMLESS, width=width)
    told = safe(WORDS)
    for wild_lines, tame_lines, wild_styles, tame_styles in zip(
        wild.lines, tame.lines, wild.styles, tame.styles, strict=True
    ):
        assert list(map(plain, wild_lines)) == list(map(plain, tame_lines))
        assert wild_styles == tame_styles
    assert sum(told in line for screen in wild.lines for line in screen) > 10


async def test_a_refused_token_is_told_in_bandwidth_s_words_as_text(stage: Stage) -> None:
    stage.login = LOGIN
    body = json.dumps({"error": STEERING, "error_description": STEERING})
    stage.fail(
        fault(
            "answer",
            method="POST",
            path="/oauth2/token",
            status=400,
            times=0,
            body=body,
            content_type="application/json",
        )
    )
    async with stage.show(at="connect", answers=guide_answers()) as show:
        before = show.app.theme
        await show.press("enter")
        Seen().look(show)
        assert not show.workflow.is_connected
        assert show.says("[/bold] [red]x"), show.text
        assert show.app.theme == before


@pytest.mark.parametrize(
    "body", ["<Account><CompanyName>\x1b[31m</CompanyName></Account>", "\x1b[31m\x07", "[/bold]"]
)
async def test_a_reply_that_is_no_document_is_told_as_text(stage: Stage, body: str) -> None:
    stage.login = LOGIN
    stage.fail(fault("answer", method="GET", path="/accounts/**", status=200, times=0, body=body))
    async with stage.show(at="connect", answers=guide_answers()) as show:
        await show.press("enter")
        Seen().look(show)
        assert show.says("! "), show.text


async def test_a_name_with_a_line_end_takes_one_line(stage: Stage) -> None:
    Graffiti(stage, "Demo\nCompany", elements="CompanyName")
    async with connected(stage, at="site") as show:
        assert "account 9900000 Demo Company" in show.lines[0]


@pytest.mark.parametrize("key", ["site.name", "site.description", "messaging_app.callback_url"])
@pytest.mark.parametrize("width", [80, 120])
async def test_what_is_pasted_is_kept_as_it_is_and_shown_as_text(stage: Stage, key: str, width: int) -> None:
    place = key.partition(".")[0]
    async with stage.show(at=place, size=(width, 30)) as show:
        await show.type(key, "")
        show.paste(STEERING)
        await show.settled()
        assert show.answer(key) == STEERING
        assert "x  [3" in show.shown(show.field(key).control)
        assert show.said_at(key).startswith("! ")
        seen = Seen()
        seen.look(show)
        await show.go("review")
        seen.look(show)
        await show.press("ctrl+p")
        seen.look(show)


async def test_answers_that_somebody_else_wrote_are_shown_as_text(stage: Stage) -> None:
    answers = guide_answers(
        site__name=STEERING, site__address_type=STEERING, sms__zone2=STEERING, site__use=STEERING,
        messaging_app__name=STEERING, number__area_code=STEERING, account__environment=STEERING,
    )  # fmt: skip
    async with stage.show(answers=answers) as show:
        seen = Seen()
        for place in places(show.workflow.draft.answers)[:-1]:
            await show.go(place)
            seen.look(show)
