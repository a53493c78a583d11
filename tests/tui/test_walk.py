"""From Welcome to Done with the keys that each screen shows; and the account then holds what Review promised."""

import re
from xml.etree import ElementTree as ET

import pytest

from bwtui.domain.answers.answers import possible_steps, wanted_steps
from bwtui.domain.values.phone_numbers import readable
from bwtui.domain.values.secret import MASK
from bwtui.exits import Exit
from bwtui.tui.places import walk
from bwtui.tui.screens.review import ReviewScreen
from support.apply_screen import to_the_actions
from support.guide import guide_answers
from support.wizard_pilot import ShownWizard, WizardHarness, fill

SHOWN_MASK, LOGGED_MASK = MASK, "***"

Leaves = list[tuple[str, str]]


def leaves(xml: str) -> Leaves:
    """Every text of a document with its path, in order."""

    def below(element: ET.Element, path: str) -> Leaves:
        here = f"{path}/{element.tag}"
        if len(element) == 0:
            return [(here, (element.text or "").replace(SHOWN_MASK, LOGGED_MASK))]
        return [leaf for child in element for leaf in below(child, here)]

    return below(ET.fromstring(xml), "")


async def promised(wizard: ShownWizard) -> dict[str, Leaves]:
    """Each request that Review shows, in full: by method and path, and its root, the texts of its document."""
    assert isinstance(wizard.screen, ReviewScreen)
    found: dict[str, Leaves] = {}
    await to_the_actions(wizard)
    for _ in wizard.screen._plan:
        await wizard.press_shown("Request")
        if "Nothing is sent" not in wizard.text:
            head, _, document = "\n".join(await wizard.read()).partition("\n\n")
            told = leaves(document.replace("\n", ""))
            found[_named(re.sub(r"\s", "", head), told)] = told
        await wizard.press("escape", "down")
    return found


async def received(harness: WizardHarness) -> dict[str, Leaves]:
    """Each request by which the account was changed, the same way."""
    return {
        _named(f"{entry['method']}{entry['path'].removeprefix('/api')}", leaves(entry["body"])): leaves(entry["body"])
        for entry in await harness.log()
        if entry["method"] != "GET" and not entry["path"].endswith("/oauth2/token")
    }  # fmt: skip


def _named(request: str, told: Leaves) -> str:
    """Two applications are made at the same place: their kind tells them apart."""
    kind = dict(told).get("/Application/ServiceType", "")
    return f"{request} {kind}".strip()


def filled(text: str, outputs: dict[str, str]) -> str:
    """A text of Review with the ids that were not known then."""
    return re.sub(r"\{(\w+)\}", lambda match: outputs.get(match[1], match[0]), text)


async def assert_kept_its_promise(
    harness: WizardHarness, wizard: ShownWizard, promise: dict[str, Leaves]
) -> None:
    """Check that exactly the requests on Review were sent, element by element."""
    run = wizard.workflow.draft.run
    orders = run.step("number").orders
    outputs = {**run.outputs, "customer_order_id": orders[-1].customer_order_id if orders else ""}
    expected = {
        filled(request, outputs): [(path, filled(text, outputs)) for path, text in told]
        for request, told in promise.items()
    }
    assert await received(harness) == expected


async def sign_in(wizard: ShownWizard) -> None:
    """Say on Connect who is asking, and test it."""
    assert wizard.place == "connect"
    assert wizard.focused == "login.user", "what is missing first has the focus"
    for text in ("demo", "demo-secret", "9900000"):
        await wizard.press(*text, "enter")
    assert wizard.focused == "account.environment"
    await wizard.press("enter")
    assert wizard.says("✓ Connected to Demo Company."), wizard.text


async def apply(wizard: ShownWizard, *, order: bool = True) -> None:
    """Say yes on Review, and to the order as well."""
    await wizard.press_shown("Apply")
    assert wizard.says("This costs money.") if order else wizard.says("to account 9900000 now")
    await wizard.press("y")


async def test_the_guide_is_walked_with_the_keys_that_are_shown_and_the_account_holds_what_review_promised(
    harness: WizardHarness,
) -> None:
    harness.account.campaigns.clear()  # the guide knows none
    async with harness.show() as wizard:
        await wizard.press_shown("Next")
        await sign_in(wizard)
        await wizard.press_shown("Next")
        await fill(wizard, guide_answers())
        assert wizard.place == "review"
        promise = await promised(wizard)
        assert len(promise) == len(wanted_steps(guide_answers()))
        assert await harness.writes() == [], "looking has changed nothing"
        await apply(wizard)
        assert wizard.place == "done"
        assert wizard.says("✓ Set up. Everything was read back from Bandwidth and is as it should be.")
        outputs = wizard.workflow.draft.run.outputs
        for name in ("site_id", "sippeer_id", "messaging_app_id", "voice_app_id"):
            assert wizard.says(f"read back {outputs[name]}")
        [number] = wizard.workflow.draft.run.numbers
        assert wizard.says(f"read back {readable(number)}")
        await assert_kept_its_promise(harness, wizard, promise)
        await wizard.press_shown("Finish")
        assert wizard.app.return_value == Exit.DONE


@pytest.mark.parametrize(
    "wishes", [(), ("messaging",), ("voice",), ("number",)], ids=lambda wishes: "+".join(wishes) or "none"
)
async def test_what_is_not_wanted_is_in_neither_rail_review_nor_plan(
    harness: WizardHarness, wishes: tuple[str, ...]
) -> None:
    async with harness.show() as wizard:
        for wish in ("messaging", "voice", "number"):
            await wizard.choose(f"setup.{wish}", "true" if wish in wishes else "false")
        wanted = [
            step
            for step in possible_steps(guide_answers())
            if set(step.wanted_by).intersection(wishes) and ("number" in wishes or not step.names_numbers)
        ]
        assert list(wizard.rail)[2:-3] == [step.key for step in wanted]
        await wizard.press_shown("Next")
        if not wishes:
            assert wizard.rail["welcome"] == "!"
            await wizard.press_shown("Back")
            assert "Nothing is chosen" in wizard.said_at("setup.messaging")
            return
        await sign_in(wizard)
        await wizard.press_shown("Next")
        answers = guide_answers(
            **{f"setup__{wish}": "true" if wish in wishes else "false" for wish in ("messaging", "voice", "number")}
        )  # fmt: skip
        await fill(wizard, answers)
        assert list(walk(wizard.workflow.draft.answers)) == list(wizard.rail)
        assert wizard.plan == [("order" if step.paid else step.verb, step.title) for step in wanted]
        promise = await promised(wizard)
        assert len(promise) == len(wanted)
        await apply(wizard, order="number" in wishes)
        assert wizard.place == "done"
        await assert_kept_its_promise(harness, wizard, promise)
        state = await harness.state()
        assert bool(state["orders"]) == ("number" in wishes)
        kinds = {"Messaging-V2": "messaging", "Voice-V2": "voice"}
        assert {kinds[each["service_type"]] for each in state["applications"]} == set(wishes) - {"number"}
