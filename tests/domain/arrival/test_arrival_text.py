"""Verdicts in words: one line for all numbers that share one, and nothing from outside that is markup."""

from bwtui.domain.arrival.arrival import Arrival, ArrivalVerdict, Service
from bwtui.domain.arrival.arrival_text import arrival_fields, arrival_lines, arrival_text, brief_arrivals

NO = ("It is on no 10DLC campaign.", "Put it on one.")


def test_numbers_that_share_a_verdict_share_a_line() -> None:
    numbers = [f"91955501{each:02}" for each in range(7)]
    arrivals = [Arrival(number, Service.MESSAGES, ArrivalVerdict.NO, *NO) for number in numbers]
    arrivals.append(Arrival("8335550100", Service.MESSAGES, ArrivalVerdict.YES))
    first, second = arrival_lines(arrivals)
    assert first.numbers == tuple(numbers)
    assert "+1 (919) 555-0104 and 2 more: no. It is on no 10DLC campaign. Put it on one." in first.sentence
    assert second.sentence == "Messages from +1 (833) 555-0100: yes."


def test_each_verdict_has_its_sign_on_the_screen() -> None:
    text = arrival_text(
        Arrival("9195550100", Service.CALLS, verdict, "Because.", "Do.") for verdict in ArrivalVerdict
    )
    assert [line[0] for line in text.splitlines()[1:]] == ["✓", "…", "!", "?"]


def test_without_numbers_there_is_no_heading() -> None:
    assert arrival_text(()) == ""


def test_machines_get_every_number_by_itself() -> None:
    assert arrival_fields([Arrival("9195550100", Service.MESSAGES, ArrivalVerdict.NOT_YET, "Because.", "Wait.")]) == [
        {"number": "+19195550100", "service": "messages", "verdict": "not yet", "because": "Because.", "next": "Wait.",
         "campaigns": ()}
    ]  # fmt: skip


def test_in_brief_each_service_has_its_verdicts() -> None:
    messages = Arrival("9195550100", Service.MESSAGES, ArrivalVerdict.NO, *NO)
    calls = Arrival("9195550100", Service.CALLS, ArrivalVerdict.YES)
    assert brief_arrivals([messages, calls]) == "messages no, calls yes"
    later = Arrival("9195550101", Service.MESSAGES, ArrivalVerdict.NOT_YET)
    assert brief_arrivals([messages, calls, later, messages]) == "messages no/not yet, calls yes"
    assert brief_arrivals([]) == ""
