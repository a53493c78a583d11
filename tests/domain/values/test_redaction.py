"""What is given to others has no phone number and no query of a URL in it."""

import pytest

from bwtui.domain.values.redaction import redacted


@pytest.mark.parametrize(
    "number",
    [
        "9195551234",
        "+19195551234",
        "19195551234",
        "+1 (919) 555-1234",
        "(919) 555-1234",
        "919-555-1234",
        "919.555.1234",
    ],
)
@pytest.mark.parametrize("around", ["{}", "<TN>{}</TN>", '"{}",', "/tns/{}?x", "line\\n{}\\n", "of {}, and"])
def test_a_phone_number_keeps_its_last_four_digits_only(number: str, around: str) -> None:
    told = redacted(around.format(number))
    assert "1234" in told
    assert "555" not in told
    assert "919" not in told


@pytest.mark.parametrize(
    "text",
    [
        "590cde45-c05d-44e3-a77a-591919555123",
        "9900000",
        '"at": 1764429866.123',
        "2026-11-29T15:24:26Z",
        "919",
        "27606-5177",
    ],
)
def test_ids_times_and_zip_codes_stay(text: str) -> None:
    assert redacted(text) == text


def test_a_url_keeps_neither_user_nor_query() -> None:
    told = redacted('"https://me:canary@example.com/callbacks?token=canary#canary", next')
    assert "canary" not in told
    assert told.startswith('"https://example.com/callbacks?')
    assert told.endswith('", next')
