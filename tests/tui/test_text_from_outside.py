"""Text from outside is text: no reply, name or paste can colour, steer or crash a screen."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pytest
from rich.style import Style
from starlette.types import Message, Receive, Scope, Send

from bwtui.domain.values.text import safe
from bwtui.tui.places import walk as places
from bwtui.tui.widgets.existing_chooser import Chooser
from bwtui.tui.widgets.spinner import Spinner
from support.apply_screen import connected
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, ShownWizard, WizardHarness
from support.write_faults import MESSAGING, VOICE, error, fault, location_elsewhere, made_elsewhere

WORDS: Final = "[/bold] [red]x \x9b31m\x85\u202e[@click=app.bell]y[/]"
"""Markup, and what steers a terminal as far as XML can carry it."""
SIGNS: Final = re.compile(r"[^\w ]")
HARMLESS: Final = SIGNS.sub("o", safe(WORDS))
"""Of the same words, and as plain as can be."""
STEERING: Final = "[/bold] [red]x \x1b[31m\x07\x1b]0;title\x07"
"""Control characters of the C1 set, as JSON and a keyboard can carry them."""

TOLD: Final = "CompanyName|Name|PeerName|AppName|Description|City|MsgCallbackUrl|CustomerName|RateCenter"


class Graffiti:
    """Writes over texts in the replies of an account."""

    def __init__(self, harness: WizardHarness, text: str, *, elements: str = TOLD) -> None:
        self._app: Callable[[Scope, Receive, Send], object] = harness.app
        self._elements = re.compile(rf"(<({elements})>)[^<]+(</\2>)".encode())
        self._text = text.encode()
        harness.app = self  # type: ignore[assignment]

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
    """The screen at several moments: its lines and the style of each cell."""

    lines: list[list[str]] = field(default_factory=list)
    styles: list[list[list[Style | None]]] = field(default_factory=list)

    def look(self, wizard: ShownWizard) -> None:
        assert all(line.isprintable() for line in wizard.lines), [
            line for line in wizard.lines if not line.isprintable()
        ]
        self.lines.append(wizard.lines)
        self.styles.append(wizard.styles)


async def tour(harness: WizardHarness, text: str, *, width: int) -> Seen:
    """See every screen of an account whose texts are all the same."""
    await location_elsewhere(harness)
    await made_elsewhere(harness, "/applications", MESSAGING)
    await made_elsewhere(harness, "/applications", VOICE)
    Graffiti(harness, text)
    seen = Seen()
    answers = guide_answers(site__name="Other", messaging_app__name="Other", voice_app__name="Other")
    async with connected(harness, answers, at="connect", size=(width, 30)) as wizard:
        seen.look(wizard)
        for place in ("site", "messaging_app", "voice_app"):
            await wizard.go(place)
            wizard.screen.query_one(Chooser)._pick.focus()
            await wizard.press("right", "tab")
            seen.look(wizard)
            await wizard.press("tab", "enter")
            seen.look(wizard)
            wizard.screen.query_one(Chooser)._pick.focus()
            await wizard.press("left")
        await wizard.go("number")
        await wizard.press("ctrl+f")
        seen.look(wizard)
        await wizard.press("ctrl+p")
        seen.look(wizard)
        await wizard.press("escape")
        harness.fail(
            "\n".join(
                fault("answer", method="POST", path=path, status=400, times=0, body=error("99", text))
                for path in ("/accounts/*/sites", "/accounts/*/applications")
            )
        )
        await wizard.go("review")
        seen.look(wizard)
        await wizard.press("ctrl+n", "y")
        await wizard.press("w")  # keys typed before the question about money is seen do not answer it
        assert wizard.place == "apply", wizard.text
        seen.look(wizard)
        await wizard.press("enter")
        seen.look(wizard)
    return seen


@pytest.mark.parametrize("width", [80, 120])
async def test_what_an_account_says_colours_nothing_and_is_shown_as_it_is(
    harness: WizardHarness, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Spinner, "start", lambda *_: None)  # timing decides whether it is shown
    wild = await tour(harness, WORDS, width=width)
    tame = await tour(WizardHarness(folder=harness.folder / "tame"), HARMLESS, width=width)
    told = safe(WORDS)
    for wild_lines, tame_lines, wild_styles, tame_styles in zip(
        wild.lines, tame.lines, wild.styles, tame.styles, strict=True
    ):
        assert list(map(plain, wild_lines)) == list(map(plain, tame_lines))
        assert wild_styles == tame_styles
    assert sum(told in line for screen in wild.lines for line in screen) > 5, (
        "the title of a narrow screen has room for the host only"
    )


async def test_of_a_refused_token_nothing_of_the_answer_is_shown(harness: WizardHarness) -> None:
    harness.login = LOGIN
    body = json.dumps({"error": STEERING, "error_description": STEERING})
    harness.fail(
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
    async with harness.show(at="connect", answers=guide_answers()) as wizard:
        before = wizard.app.theme
        await wizard.press("enter")
        Seen().look(wizard)
        assert not wizard.workflow.is_connected
        assert wizard.says("The token service is in trouble"), wizard.text
        assert not wizard.says("[/bold] [red]x"), wizard.text
        assert wizard.app.theme == before


@pytest.mark.parametrize(
    "body", ["<Account><CompanyName>\x1b[31m</CompanyName></Account>", "\x1b[31m\x07", "[/bold]"]
)
async def test_a_reply_that_is_no_document_is_told_as_text(harness: WizardHarness, body: str) -> None:
    harness.login = LOGIN
    harness.fail(fault("answer", method="GET", path="/accounts/**", status=200, times=0, body=body))
    async with harness.show(at="connect", answers=guide_answers()) as wizard:
        await wizard.press("enter")
        Seen().look(wizard)
        assert wizard.says("! "), wizard.text


async def test_a_name_with_a_line_end_takes_one_line(harness: WizardHarness) -> None:
    Graffiti(harness, "Demo\nCompany", elements="CompanyName")
    async with connected(harness, at="site") as wizard:
        assert "account 9900000 Demo Company" in wizard.lines[0]


@pytest.mark.parametrize("key", ["site.name", "site.description", "messaging_app.callback_url"])
@pytest.mark.parametrize("width", [80, 120])
async def test_pasted_text_is_kept_and_shown_literally(harness: WizardHarness, key: str, width: int) -> None:
    place = key.partition(".")[0]
    async with harness.show(at=place, size=(width, 30)) as wizard:
        await wizard.type(key, "")
        wizard.paste(STEERING)
        await wizard.settled()
        assert wizard.answer(key) == STEERING
        assert "x  [3" in wizard.shown(wizard.field(key).control)
        assert wizard.said_at(key).startswith("! ")
        seen = Seen()
        seen.look(wizard)
        await wizard.go("review")
        seen.look(wizard)
        await wizard.press("ctrl+p")
        seen.look(wizard)


@pytest.mark.parametrize(
    "account",
    [
        {"account__environment": STEERING},
        {"account__base_url": STEERING},
        {"account__base_url": "https://["},
        {"account__platform": STEERING},
    ],
    ids=" ".join,
)
async def test_answers_that_somebody_else_wrote_are_shown_as_text(
    harness: WizardHarness, account: dict[str, str]
) -> None:
    answers = guide_answers(
        site__name=STEERING, site__address_type=STEERING, sms__zone2=STEERING, site__use=STEERING,
        messaging_app__name=STEERING, number__area_code=STEERING, **account,
    )  # fmt: skip
    async with harness.show(answers=answers) as wizard:
        seen = Seen()
        for place in places(wizard.workflow.draft.answers)[:-1]:
            await wizard.go(place)
            seen.look(wizard)
