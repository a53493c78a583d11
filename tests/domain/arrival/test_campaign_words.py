"""The way onto a campaign of the account, in one sentence, however many there are."""

from bwtui.domain.arrival.arrival import Arrival, ArrivalVerdict, Service, for_answers_file
from bwtui.domain.arrival.campaign_words import join_in_file, join_in_wizard

MANY = [f"C{each}" for each in range(7)]


def test_the_only_campaign_is_named_with_its_line() -> None:
    assert join_in_file(["C1"]) == (
        'This account has the campaign C1: write id = "C1" under [campaign], then apply again.'
    )
    assert join_in_wizard(["C1"]) == (
        "This account has the campaign C1: choose it in the step Assign campaign, then apply again."
    )


def test_several_are_named_and_one_is_to_be_chosen() -> None:
    assert join_in_file(["C1", "C2"], "apply") == (
        'This account has the campaigns C1 and C2: write id = "C1" under [campaign], or another of them, then apply.'
    )
    assert join_in_wizard(MANY).startswith(
        "This account has the campaigns C0, C1, C2, C3, C4 and 2 more: choose one in the step"
    )


def test_an_id_from_outside_cannot_steer_a_terminal() -> None:
    assert "\x1b" not in join_in_file(["C\x1b[2J"])


def test_only_what_a_campaign_cures_is_worded_anew() -> None:
    no = Arrival("9195550100", Service.MESSAGES, ArrivalVerdict.NO, "Because.", "In the step.", ("C1",))
    other = Arrival("9195550101", Service.CALLS, ArrivalVerdict.NO, "Because.", "Otherwise.")
    assert [each.next for each in for_answers_file([no, other])] == [join_in_file(["C1"]), "Otherwise."]
