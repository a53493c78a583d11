"""A bwtui with two more steps, added as CONTRIBUTING.md says: each a `Step` in the catalogue, and the simulator's half.

The two are made up: a greeting that callers hear, found again in a list, and the setting that gives it to a location.
This is a program too, to be run with that bwtui: `python -m support.throwaway_step walk FOLDER` prints what the wizard
shows of them, `tour` how the demo walks through them; `later FOLDER` lets an hour pass for the state files there.
"""

import asyncio
import compileall
import json
import shutil
import sys
from pathlib import Path
from typing import Any, Final

import bwtui
from bwtui.cli.commands.demo import DemoHost, Simulated, example_answers
from bwtui.domain.catalog import STEPS
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run import RunState
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.tui.app import WizardApp
from bwtui.tui.demo.tour import tour
from bwtui.tui.draft import Draft
from bwtui.tui.places import REVIEW, WELCOME, walk
from bwtui.tui.workflow import Workflow
from support.apply_screen import SECRETS, connected, say_yes, to_the_actions
from support.guide import guide_answers, let_time_pass
from support.wizard_pilot import WizardHarness

KEYS: Final = ("greeting", "greeting_link")

_STEPS: Final = """
GREETING: Final = Step(
    key="greeting", title="Greeting", api_word="Greeting",
    explanation="What callers hear first.",
    wanted_by=("voice",), role="manage applications", aliases=("welcome",),
    in_doubt="the greeting was created", not_done="Nothing was created.",
    method="POST", path="/accounts/{account_id}/greetings", root="Greeting", produces="greeting_id",
    exported_as="BW_GREETING_ID",
    found_by=FoundInList(root="GreetingsResponse", items="Greetings/Greeting", id="GreetingId", matched_by=("Name",)),
    body=(
        Text(key="name", wire="Name", label="Name", help="The name of the greeting.", required=True, limit=12,
             check=every(at_most(12), not_blank, plain), suggestion="Hello", guide="Good morning", source="guide: at most 12 characters"),
        Choice(key="language", wire="Spoken/Language", label="Language", help="The language of the voice.",
               options=("en", "de"), default="en", guide="de", source="guide"),
    ),
    own=existing_questions("greeting", "4711"),
)  # fmt: skip

GREETING_LINK: Final = Step(
    key="greeting_link", title="Assign greeting", api_word="greeting settings",
    explanation="Plays the greeting to those who call the location.",
    wanted_by=("voice",), after=("voice_link",), role="manage voice", aliases=("assign_greeting",),
    in_doubt="the greeting was assigned", not_done="The location greets as it did.",
    method="PUT", path="/accounts/{account_id}/sites/{site_id}/sippeers/{sippeer_id}/products/origination/greeting",
    root="GreetingSettings",
    found_by=FoundAsSetting(present="GreetingId", change="PUT"),
    body=(
        Ref(wire="GreetingId", output="greeting_id"),
        Flag(key="repeat", wire="Repeat", label="Repeat it", help="Play it until somebody answers.", required=True,
             default=False, guide=True, source="guide"),
    ),
    own=(
        Choice(key="existing", label="If another is assigned already", help="report stops, change replaces it.",
               options=("report", "change"), default="report", source="bwtui"),
    ),
)  # fmt: skip

"""

_SIMULATED: Final = '''"""Greetings of an account, and the one that a location plays."""

from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse, created
from bwtui.simulator.xml import element, leaf, text

_greetings = {}
_settings = {}


def list_all(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, element("GreetingsResponse", element("Greetings", *map(_shown, _greetings))))


def create(request: ApiRequest) -> ApiResponse:
    id_ = str(4711 + len(_greetings))
    _greetings[id_] = _submitted(request)
    return created(request.account_url(f"/greetings/{id_}"), element("GreetingResponse", _shown(id_)))


def get(request: ApiRequest) -> ApiResponse:
    if request.ids["greeting"] not in _greetings:
        raise ErrorResponse(404)
    return ApiResponse(200, element("GreetingResponse", _shown(request.ids["greeting"])))


def update(request: ApiRequest) -> ApiResponse:
    _greetings[request.ids["greeting"]] = _submitted(request)
    return ApiResponse()


def get_setting(request: ApiRequest) -> ApiResponse:
    if request.peer().id not in _settings:
        raise ErrorResponse(404)
    id_, repeat = _settings[request.peer().id]
    settings = element("GreetingSettings", leaf("GreetingId", id_), leaf("Repeat", repeat))
    return ApiResponse(200, element("GreetingSettingsResponse", settings))


def change_setting(request: ApiRequest) -> ApiResponse:
    submitted = request.document("GreetingSettings")
    if text(submitted, "GreetingId") not in _greetings or request.peer().voice_protocol != "HTTP":
        raise ErrorResponse(400, 1003, "there is no such greeting, or the location has no HTTP voice")
    _settings[request.peer().id] = text(submitted, "GreetingId"), text(submitted, "Repeat")
    return get_setting(request)


def _submitted(request: ApiRequest):
    submitted = request.document("Greeting")
    return text(submitted, "Name"), text(submitted, "Spoken/Language")


def _shown(id_: str):
    name, language = _greetings[id_]
    return element(
        "Greeting", leaf("GreetingId", id_), leaf("Name", name), element("Spoken", leaf("Language", language))
    )
'''

_PATHS: Final = """
    Path(_ACCOUNT + "/greetings", _other, {"GET": greetings.list_all, "POST": greetings.create}),
    Path(_ACCOUNT + "/greetings/{greeting}", _other, {"GET": greetings.get, "PUT": greetings.update}),
    Path(
        _PRODUCTS + "/origination/greeting",
        _other,
        {"GET": greetings.get_setting, "PUT": greetings.change_setting},
    ),
)
"""


def add_steps(folder: Path) -> Path:
    """Copy the package into a folder, with the two steps; give what is to be first in `PYTHONPATH`."""
    package = folder / "bwtui"
    shutil.copytree(Path(bwtui.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    _change(package / "domain/catalog.py", ("\nSTEPS: Final = (", f"{_STEPS}STEPS: Final = ("))
    _change(
        package / "domain/catalog.py",
        ("\n    VOICE_LINK,\n", "\n    VOICE_LINK, GREETING, GREETING_LINK,\n"),
    )
    (package / "simulator/greetings.py").write_text(_SIMULATED, encoding="utf-8")
    _change(package / "simulator/routes.py", ("    disconnects,\n", "    disconnects,\n    greetings,\n"))
    _change(package / "simulator/routes.py", ("\n)\n\n_PACKAGES", f"{_PATHS}\n_PACKAGES"))
    compileall.compile_dir(package, quiet=1)
    return folder


def _change(path: Path, change: tuple[str, str]) -> None:
    old, new = change
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path} has changed: where does the step go?"
    before, _, after = text.rpartition(old)
    path.write_text(f"{before}{new}{after}", encoding="utf-8")


async def _walk(folder: Path) -> dict[str, Any]:
    """Print the wizard's screens: the forms of the two steps, Review, Done, and Done again after a restart."""
    harness = WizardHarness(folder=folder)
    answers = guide_answers(greeting__name=None, greeting__language=None, greeting_link__repeat=None)
    told: dict[str, Any] = {"walk": walk(answers)}
    async with connected(harness, answers, at=KEYS[0]) as wizard:
        told["fields"] = [field.key for field in wizard.fields if field.display]
        await wizard.type("greeting.name", "Thirteen left")
        told["too long"] = wizard.said_at("greeting.name")
        await wizard.type("greeting.name", "Good evening")
        await wizard.choose("greeting.language", "de")
        await wizard.press_shown("Next")
        told["next"] = wizard.place
        told["fields of the link"] = [field.key for field in wizard.fields if field.display]
        told["link"] = wizard.words
        await wizard.choose("greeting_link.repeat", "true")
        await wizard.go(REVIEW)
        told["plan"] = wizard.plan
        rows = [title for _, title in wizard.plan]
        await to_the_actions(wizard)
        await wizard.press(*["down"] * rows.index("Greeting"), "r")
        told["request"] = " ".join("".join(await wizard.read()).split())
        await wizard.press("escape")
        await say_yes(wizard)
        told["in the end"] = wizard.place
        told["proven"] = wizard.workflow.is_proven
    async with connected(harness, SECRETS, at=KEYS[0]) as wizard:
        told["signs"] = {key: wizard.rail[key] for key in KEYS}
        told["there already"] = wizard.words
    told["writes"] = await harness.writes()
    return told


async def _tour() -> dict[str, Any]:
    """The stops of the tour, to its end."""
    with Simulated(lambda: RunningSimulator(Settings(order_seconds=0))) as simulated:
        simulated.base_url()
        workflow = Workflow(DemoHost(simulated), Draft(example_answers(), RunState()), Bookmark())
        app = WizardApp(workflow, WELCOME)
        async with app.run_test(size=(80, 24)):
            stops = [stop.name async for stop in tour(app)]
            return {"stops": stops, "proven": workflow.is_proven}


def _main(what: str, folder: Path) -> object:
    assert {step.key for step in STEPS} >= set(KEYS), "this is to be run with the bwtui that has the steps"
    match what:
        case "walk":
            return asyncio.run(_walk(folder))
        case "tour":
            return asyncio.run(_tour())
        case _:
            let_time_pass(folder)
            return None


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_main(sys.argv[1], Path(sys.argv[-1]))))
