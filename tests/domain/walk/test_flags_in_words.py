"""Values that are sent as `true` or `false` are shown to people as yes and no."""

from bwtui.domain.account.account import Candidate
from bwtui.domain.account.findings import Difference
from bwtui.domain.catalog import LOCATION, SMS
from bwtui.domain.planning.actions import Action, Verdict
from bwtui.domain.planning.value_changes import value_changes
from bwtui.domain.walk.walk_text import settings_of


def test_the_settings_of_one_that_is_there() -> None:
    there = Candidate("500709", "Main", {"IsDefaultPeer": ("true",)})
    assert list(settings_of(LOCATION, there)) == ["Default location: yes"]


def test_a_change_of_a_value_that_is_always_the_same() -> None:
    zone = Difference("SipPeerSmsFeatureSettings/Zone1", "true", "false")
    action = Action(SMS, Verdict.CHANGE, differences=(zone,))
    assert list(map(str, value_changes(action))) == ["Zone 1: “no” -> “yes”"]
