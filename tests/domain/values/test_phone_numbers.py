"""Phone numbers within what somebody has written."""

from bwtui.domain.values.phone_numbers import named_in


def test_the_numbers_that_a_sentence_names_are_found_and_no_part_of_a_longer_one() -> None:
    told = (
        "Phone number +19195551234 is not on the account; nor is 9195551235 (9195551234), order 91955512361."
    )
    assert named_in(told) == ("9195551234", "9195551235")
