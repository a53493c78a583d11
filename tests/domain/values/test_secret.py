"""A secret shows itself nowhere but where it is asked to."""

import copy
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import pytest

from bwtui.domain.answers.answers import Answers
from bwtui.domain.values.documents import Element, Request
from bwtui.domain.values.secret import MASK, Secret

CANARY = "c4n4ry-p4ssw0rd"


@dataclass(frozen=True, slots=True)
class Holder:
    name: str
    secret: Secret


def formatted_traceback(secret: Secret) -> str:
    def fail(password: Secret) -> None:
        raise ValueError(f"refused: {password}")

    try:
        fail(secret)
    except ValueError as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    raise AssertionError


def logged(secret: Secret) -> str:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "%s %r", (secret, secret), None)
    return record.getMessage()


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        lambda secret: f"{secret}",
        lambda secret: f"{secret!r:>20}",
        lambda secret: f"{secret} {secret!r}",
        lambda secret: repr([secret, {"a": secret}, (secret,)]),
        lambda secret: repr(Holder("bw", secret)),
        lambda secret: repr(Answers(secrets={"voice_app.callback_password": secret})),
        lambda secret: repr(Request(operation="a", method="POST", path="/", body=Element("P", secret))),
        formatted_traceback,
        logged,
    ],
)
def test_no_way_of_printing_shows_it(show: Callable[[Secret], str]) -> None:
    assert CANARY not in show(Secret(CANARY))


def test_the_locals_of_a_traceback_have_it_masked() -> None:
    """Else the test above would pass without a traceback that looks at locals."""
    assert "password = Secret(...)" in formatted_traceback(Secret(CANARY))


def test_a_persons_text_has_dots_in_its_place_whatever_its_length() -> None:
    assert str(Secret("a")) == str(Secret(CANARY)) == MASK


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_refuses_to_be_pickled(protocol: int) -> None:
    with pytest.raises(TypeError, match="never written"):
        pickle.dumps(Holder("bw", Secret(CANARY)), protocol)


def test_it_refuses_to_become_json() -> None:
    with pytest.raises(TypeError):
        json.dumps({"secret": Secret(CANARY)})


@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy, lambda secret: asdict(Holder("bw", secret))])
def test_it_refuses_to_be_copied_out_of_sight(make: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError, match="never written"):
        make(Secret(CANARY))


def test_a_changed_fact_keeps_its_secret() -> None:
    assert replace(Holder("bw", Secret(CANARY)), name="other").secret.reveal() == CANARY


def test_it_has_no_other_attributes_to_read() -> None:
    assert not hasattr(Secret(CANARY), "__dict__")


def test_secrets_compare_by_their_text_but_never_equal_a_plain_text() -> None:
    assert Secret(CANARY) == Secret(CANARY)
    assert Secret(CANARY) != Secret("other")
    assert Secret(CANARY) != CANARY
    assert len({Secret(CANARY), Secret(CANARY), Secret("other")}) == 2


def test_an_empty_secret_is_none() -> None:
    assert not Secret("")
    assert Secret(" ")
