"""Answers: where a value comes from, what is wanted, and what is wrong with it."""

from collections.abc import Iterable, Mapping

import pytest

from bwtui.domain.answers.answers import (
    Answer,
    Answers,
    Source,
    missing_secrets,
    superseded,
    uses_existing,
    wanted_steps,
)
from bwtui.domain.answers.validation import Complaint, complaints, complaints_of
from bwtui.domain.catalog import MESSAGING_APP, SITE, SMS, VOICE_APP
from bwtui.domain.values.secret import Secret
from support.guide import guide_answers


def given(source: Source = Source.FILE, **values: str) -> Answers:
    return Answers({key.replace("__", "."): Answer(value, source) for key, value in values.items()})


def guide_but(changes: Mapping[str, str | None]) -> Answers:
    """The guide's answers, one or more of them changed or, with `None`, taken away."""
    complete = guide_answers()
    kept = {key: answer for key, answer in complete.given.items() if key not in changes}
    new = {key: Answer(value, Source.FILE) for key, value in changes.items() if value is not None}
    return Answers(kept | new, complete.secrets)


def blocked(answers: Answers) -> dict[str, str]:
    """Return the complaints that block, by key, as they are told to somebody who writes an answers file."""
    return {complaint.key: complaint.told for complaint in complaints(answers) if complaint.blocks}


def doubted(answers: Answers) -> dict[str, str]:
    """Return the complaints that only warn, by key."""
    return {complaint.key: complaint.text for complaint in complaints(answers) if not complaint.blocks}


def test_the_guides_example_is_without_a_complaint() -> None:
    assert complaints(guide_answers()) == ()


# --- Values and where they come from -----------------------------------------------------------------------------


def test_what_was_given_goes_before_the_default() -> None:
    assert given(sms__zone2="true").answer("sms.zone2") == Answer("true", Source.FILE)
    assert Answers().answer("sms.zone2") == Answer("false", Source.DEFAULT)
    assert Answers().flag("setup.messaging")
    assert not given(setup__messaging="false").flag("setup.messaging")


def test_what_was_not_given_and_has_no_default_is_none() -> None:
    assert Answers().answer("site.name") is None
    assert Answers().answer("sippeer.is_default") is None
    assert Answers().text("site.name") == ""


def test_a_question_that_does_not_exist_cannot_be_asked_for() -> None:
    with pytest.raises(KeyError):
        Answers().text("site.nmae")


@pytest.mark.parametrize("base", ["https://yourSecureSite.com", "https://yourSecureSite.com/"])
def test_callback_urls_are_made_from_the_base_url(base: str) -> None:
    answers = given(setup__callback_base_url=base)
    assert answers.text("messaging_app.callback_url") == "https://yourSecureSite.com/callbacks"
    assert answers.text("voice_app.call_initiated_url") == "https://yourSecureSite.com/callbacks/init"
    assert answers.text("voice_app.call_status_url") == "https://yourSecureSite.com/callbacks/status"
    made = answers.answer("voice_app.call_status_url")
    assert made
    assert made.source is Source.BASE


def test_an_answered_callback_url_goes_before_the_one_that_is_made() -> None:
    answers = given(setup__callback_base_url="https://a.test", messaging_app__callback_url="https://b.test/x")
    assert answers.text("messaging_app.callback_url") == "https://b.test/x"


@pytest.mark.parametrize("base", [None, ""])
def test_without_a_base_url_no_callback_url_is_made(base: str | None) -> None:
    answers = guide_but({"setup.callback_base_url": base, "messaging_app.callback_url": None})
    assert answers.text("messaging_app.callback_url") == ""
    assert set(blocked(answers)) == {"messaging_app.callback_url"}


def test_braces_in_the_base_url_are_text() -> None:
    answers = given(setup__callback_base_url="https://a.test/{setup.secrets}")
    assert answers.text("messaging_app.callback_url") == "https://a.test/{setup.secrets}/callbacks"


def test_an_empty_answer_takes_away_a_default_that_would_be_sent() -> None:
    answers = given(setup__callback_base_url="https://a.test", voice_app__call_status_url="")
    assert answers.text("voice_app.call_status_url") == ""
    assert answers.text("voice_app.call_initiated_url") == "https://a.test/callbacks/init"


@pytest.mark.parametrize(
    ("key", "default"),
    [
        ("number.quantity", "1"),
        ("account.environment", "production"),
        ("site.address_type", "Billing"),
        ("number.existing", "report"),
        ("sms.zone2", "false"),
    ],
)
def test_an_empty_answer_keeps_the_default_of_what_bwtui_needs(key: str, default: str) -> None:
    assert Answers({key: Answer("", Source.FILE)}).answer(key) == Answer(default, Source.DEFAULT)


@pytest.mark.parametrize(
    ("url", "environment", "expected"),
    [
        (None, None, "https://api.bandwidth.com/api"),
        (None, ("classic", Source.FILE), "https://dashboard.bandwidth.com/api"),
        (None, ("test", Source.FLAG), "https://test.api.bandwidth.com/api"),
        (Source.STATE, None, "http://127.0.0.1:8080/api"),
        (Source.FILE, ("classic", Source.FILE), "http://127.0.0.1:8080/api"),
        (Source.FLAG, ("classic", Source.FILE), "http://127.0.0.1:8080/api"),
        (Source.FILE, ("classic", Source.FLAG), "https://dashboard.bandwidth.com/api"),
        (Source.ENVIRONMENT, ("classic", Source.FLAG), "https://dashboard.bandwidth.com/api"),
        (Source.ENVIRONMENT, ("classic", Source.FILE), "http://127.0.0.1:8080/api"),
    ],
)
def test_the_stronger_source_of_base_url_and_environment_counts(
    url: Source | None, environment: tuple[str, Source] | None, expected: str
) -> None:
    values = {}
    if url:
        values["account.base_url"] = Answer("http://127.0.0.1:8080/api/", url)
    if environment:
        values["account.environment"] = Answer(*environment)
    assert Answers(values).base_url == expected


def test_an_empty_base_url_is_none() -> None:
    assert given(account__base_url="").base_url == "https://api.bandwidth.com/api"


def test_stronger_answers_cover_weaker_ones_and_leave_the_rest() -> None:
    weaker = given(Source.STATE, site__name="Old", site__city="RALEIGH").given
    both = given(Source.FLAG, site__name="New").over(weaker)
    assert both.answer("site.name") == Answer("New", Source.FLAG)
    assert both.answer("site.city") == Answer("RALEIGH", Source.STATE)


def test_the_sources_stand_from_the_strongest_to_the_weakest() -> None:
    said = [Source.TYPED, Source.FLAG, Source.ENVIRONMENT, Source.LOGIN, Source.FILE, Source.STATE]
    offered = [
        Source.EXAMPLE, Source.RECOMMENDED, Source.ACCOUNT, Source.SUGGESTED, Source.BASE, Source.DEFAULT,
        Source.RULE,
    ]  # fmt: skip
    assert list(Source) == said + offered


@pytest.mark.parametrize(
    ("answers", "base"),
    [
        (given(setup__callback_base_url="https://a.test/x"), "https://a.test/x"),
        (given(messaging_app__callback_url="https://b.test:8443/callbacks"), "https://b.test:8443"),
        (given(messaging_app__inbound_url="https://c.test/in"), "https://c.test"),
        (given(voice_app__call_initiated_url="https://d.test/init"), "https://d.test"),
        (Answers(), ""),
    ],
)
def test_the_public_base_is_as_answered_or_that_of_a_callback_url(answers: Answers, base: str) -> None:
    assert answers.callback_base_url == base


# --- What is wanted ----------------------------------------------------------------------------------------------

MESSAGING = ["sms", "mms", "messaging_app", "messaging_link"]
VOICE = ["voice_app", "voice_link"]


@pytest.mark.parametrize(
    ("messaging", "voice", "number", "steps"),
    [
        ("true", "true", "true", ["site", "sippeer", "sms", "mms", "number", *MESSAGING[2:], *VOICE]),
        ("true", "false", "false", ["site", "sippeer", *MESSAGING]),
        ("false", "true", "false", ["site", "sippeer", *VOICE]),
        ("false", "false", "true", ["site", "sippeer", "number"]),
        ("false", "true", "true", ["site", "sippeer", "number", *VOICE]),
        ("false", "false", "false", []),
    ],
)
def test_the_wishes_say_which_steps_are_wanted(
    messaging: str, voice: str, number: str, steps: list[str]
) -> None:
    answers = given(setup__messaging=messaging, setup__voice=voice, setup__number=number)
    assert [step.key for step in wanted_steps(answers)] == steps


def test_mms_can_be_left_out_alone() -> None:
    assert "mms" not in {step.key for step in wanted_steps(given(mms__enabled="false"))}


def test_wanting_nothing_is_told() -> None:
    nothing = guide_answers(setup__messaging="false", setup__voice="false", setup__number="false")
    assert set(blocked(nothing)) == {"setup.messaging"}


def test_an_existing_object_is_used_only_where_one_can_be() -> None:
    assert uses_existing(SITE, given(site__use="12345")) == "12345"
    assert uses_existing(SITE, Answers()) == ""
    assert uses_existing(SMS, Answers()) == ""


# --- What is missing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    ["account.account_id", "site.name", "site.house_number", "site.street_name", "site.city", "site.state", "site.zip",
     "sippeer.name", "messaging_app.name", "messaging_app.callback_url", "voice_app.name", "voice_app.call_initiated_url"],
)  # fmt: skip
@pytest.mark.parametrize("empty", [None, ""])
def test_what_is_required_is_asked_for_by_name(key: str, empty: str | None) -> None:
    answers = guide_but({key: empty})
    told = blocked(answers)
    assert set(told) == {key}
    assert key.partition(".")[2] in told[key]


def test_nothing_is_asked_about_a_step_that_is_not_wanted() -> None:
    answers = guide_answers(
        setup__messaging="false", messaging_app__name=None, messaging_app__callback_url=None
    )
    assert complaints(answers) == ()


def test_nothing_is_asked_about_an_object_that_is_there_already() -> None:
    answers = guide_answers(
        site__use="12345", site__name=None, site__zip=None, sippeer__use="500709", sippeer__name=None,
        voice_app__use="app-2", voice_app__name=None, voice_app__call_initiated_url=None, sippeer__is_default=None,
    )  # fmt: skip
    assert complaints(answers) == ()


def test_a_location_is_used_only_together_with_its_sub_account() -> None:
    assert set(blocked(guide_answers(sippeer__use="500709"))) == {"site.use"}


def test_inbound_and_outbound_urls_stand_for_the_required_one() -> None:
    answers = guide_answers(
        messaging_app__callback_url=None,
        messaging_app__inbound_url="https://yourSecureSite.com/in",
        messaging_app__outbound_url="https://yourSecureSite.com/out",
    )
    assert complaints(answers) == ()
    assert superseded(MESSAGING_APP, answers) == {"MsgCallbackUrl"}
    assert superseded(MESSAGING_APP, guide_answers()) == frozenset()


def test_an_outbound_url_alone_is_not_enough() -> None:
    answers = guide_answers(messaging_app__outbound_url="https://yourSecureSite.com/out")
    told = blocked(answers)
    assert set(told) == {"messaging_app.inbound_url"}
    assert "needs the inbound URL too" in told["messaging_app.inbound_url"]


# --- Limits ------------------------------------------------------------------------------------------------------

KINDS = [
    ("site.name", "x" * 10, "x" * 11),
    ("site.name", "a", " "),
    ("site.customer_provided_id", "x" * 10, "x" * 11),
    ("site.customer_name", "x" * 50, "x" * 51),
    ("site.state", "NY", "NYC"),
    ("site.state", "NY", "N"),
    ("site.state", "NY", "XX"),
    ("site.zip", "02139", "021390"),
    ("site.zip", "02139", "2139"),
    ("site.plus_four", "0001", "00001"),
    ("site.plus_four", "0001", "001"),
    ("site.address_type", "Service", "Dlda"),
    ("site.address_type", "Billing", "billing"),
    ("sippeer.is_default", "true", "yes"),
    ("sms.zone2", "false", "False"),
    ("sms.toll_free", "true", "1"),
    ("sms.a2p_long_code", "DefaultOff", "DEFAULT_OFF"),
    ("messaging_app.callback_url", "https://yourSecureSite.com/x", "yourSecureSite.com/x"),
    ("messaging_app.callback_user", "x" * 6, "x" * 5),
    ("messaging_app.callback_user", "x" * 63, "x" * 64),
    ("voice_app.call_initiated_url", "https://yourSecureSite.com/x", "/x"),
    ("voice_app.call_status_url", "https://yourSecureSite.com/x", "https://"),
    ("number.quantity", "5000", "5001"),
    ("number.area_code", "212", "112"),
    ("account.account_id", "9900000", "9900000x"),
    ("account.environment", "classic", "prod"),
    ("account.base_url", "https://api.bandwidth.com/api", "http://api.bandwidth.com/api"),
    ("setup.callback_base_url", "https://yourSecureSite.com", "https://yourSecureSite.com?a=1"),
]


@pytest.mark.parametrize(("key", "right", "wrong"), KINDS)
def test_a_value_within_its_limit_passes_and_one_beyond_blocks(key: str, right: str, wrong: str) -> None:
    assert not [complaint for complaint in complaints_of(key, right) if complaint.blocks]
    (complaint,) = complaints_of(key, wrong)
    assert complaint.key == key
    assert complaint.blocks
    answers = guide_but({key: wrong})
    assert blocked(answers)[key].startswith(complaint.text)


@pytest.mark.parametrize("length", [6, 63, 5, 64])
def test_a_password_has_6_to_63_characters_and_is_not_repeated(length: int) -> None:
    password = "Zq" * 32
    answers = guide_answers()
    answers = Answers(
        answers.given, {**answers.secrets, "voice_app.callback_password": Secret(password[:length])}
    )
    told = blocked(answers)
    assert (told == {}) is (6 <= length <= 63)
    assert not any("Zq" in text for text in told.values())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("site.description", "x" * 251),
        ("site.city", "x" * 101),
        ("site.street_name", "x" * 201),
        ("site.country", "Canada"),
        ("sippeer.name", "x" * 51),
        ("voice_app.call_status_url", "https://example.com/status"),
        ("voice_app.call_status_url", "https://yourSecureSite.com:99/status"),
    ],
)
def test_what_only_other_sources_know_is_said_and_does_not_block(key: str, value: str) -> None:
    answers = guide_but({key: value})
    assert blocked(answers) == {}
    assert set(doubted(answers)) == {key}


def test_complaints_stand_in_the_order_of_the_screens() -> None:
    """Whatever is wrong with them: missing, beyond a limit, or not to be combined."""
    answers = guide_answers(
        voice_app__call_status_url="x",
        messaging_app__outbound_url="https://a.test/",
        site__zip="1",
        site__name=None,
    )
    assert [complaint.key for complaint in complaints(answers)] == [
        "site.name", "site.zip", "messaging_app.inbound_url", "voice_app.call_status_url",
    ]  # fmt: skip


def test_a_complaint_blocks_unless_it_says_otherwise() -> None:
    assert Complaint("site.name", "x").blocks


# --- Callback credentials ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["messaging_app.callback_url", "messaging_app.inbound_url", "messaging_app.outbound_url",
                                 "voice_app.call_initiated_url", "voice_app.call_status_url"])  # fmt: skip
def test_with_credentials_every_callback_url_is_https(key: str) -> None:
    url = "http://yourSecureSite.com/x"
    inbound = {"messaging_app.inbound_url": "https://yourSecureSite.com/in"}
    answers = guide_but((inbound if key == "messaging_app.outbound_url" else {}) | {key: url})
    told = blocked(answers)
    assert set(told) == {key}
    assert "https://yourSecureSite.com/x" in told[key]
    assert "https is required" in told[key]


def test_with_credentials_a_url_that_is_made_from_the_base_is_https_too() -> None:
    answers = guide_answers(
        setup__callback_base_url="http://yourSecureSite.com", messaging_app__callback_url=None
    )
    assert set(blocked(answers)) == {"messaging_app.callback_url"}


def test_a_url_that_is_not_sent_need_not_be_https() -> None:
    answers = guide_answers(
        messaging_app__callback_url="http://yourSecureSite.com/old",
        messaging_app__inbound_url="https://yourSecureSite.com/in",
    )
    assert blocked(answers) == {}


def test_without_credentials_http_is_allowed() -> None:
    answers = guide_but(
        {"voice_app.call_initiated_url": "http://yourSecureSite.com/x", "voice_app.callback_user": None}
    )
    assert complaints(Answers(answers.given)) == ()


def test_a_password_needs_a_user() -> None:
    told = blocked(guide_answers(voice_app__callback_user=None))
    assert set(told) == {"voice_app.callback_user"}
    assert "give the user, or take the password away" in told["voice_app.callback_user"]


def test_a_user_needs_a_password_which_is_asked_for() -> None:
    without = Answers(guide_answers().given)
    assert missing_secrets(VOICE_APP, without) == ("voice_app.callback_password",)
    assert missing_secrets(MESSAGING_APP, without) == ("messaging_app.callback_password",)
    assert missing_secrets(VOICE_APP, guide_answers()) == ()
    assert missing_secrets(VOICE_APP, Answers()) == ()
    assert missing_secrets(SITE, without) == ()


# --- Searching for numbers ---------------------------------------------------------------------------------------


def search(**values: str) -> Answers:
    return guide_but({"number.area_code": None} | {f"number.{key}": value for key, value in values.items()})


@pytest.mark.parametrize(
    "values",
    [
        {"area_code": "919"},
        {"npa_nxx": "919439"},
        {"npa_nxxx": "9194391"},
        {"city": "RALEIGH", "state": "NC"},
        {"rate_center": "RALEIGH", "state": "NC"},
        {"state": "NC"},
        {"zip": "02139"},
        {"lata": "426"},
        {"area_code": "919", "state": "NC", "zip": "27606"},
        {"area_code": "919", "local_vanity": "CARS"},
        {"area_code": "919", "local_vanity": "CARS", "ends_in": "true"},
        {"npa_nxx": "919439", "local_calling_area": "true"},
        {"rate_center": "RALEIGH", "state": "NC", "local_calling_area": "false"},
        {"toll_free_pattern": "8**"},
        {"toll_free_vanity": "BANDWID"},
        {"numbers": "9195551234"},
        {"numbers": "9195551234,9195551235"},
        {"numbers": "9195551234", "area_code": "919"},
    ],
)
def test_the_searches_that_bandwidth_takes_pass(values: dict[str, str]) -> None:
    assert complaints(search(**values)) == ()


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({}, "area_code"),
        ({"numbers": " , "}, "area_code"),
        ({"area_code": "919", "npa_nxx": "919439"}, "area_code"),
        ({"npa_nxx": "919439", "npa_nxxx": "9194391"}, "area_code"),
        ({"city": "RALEIGH"}, "state"),
        ({"rate_center": "RALEIGH", "area_code": "919"}, "state"),
        ({"area_code": "919", "ends_in": "true"}, "ends_in"),
        ({"area_code": "919", "local_calling_area": "true"}, "local_calling_area"),
        ({"toll_free_pattern": "8**", "state": "NC"}, "toll_free_pattern"),
        ({"toll_free_vanity": "BANDWID", "area_code": "800"}, "toll_free_pattern"),
        ({"toll_free_vanity": "BANDWID", "toll_free_pattern": "8**"}, "toll_free_pattern"),
        ({"numbers": "9195551234,9195551234"}, "numbers"),
        ({"numbers": "9195551234,+1 (919) 555-1234"}, "numbers"),
        ({"numbers": "12345"}, "numbers"),
        ({"area_code": "919", "quantity": "0"}, "quantity"),
    ],
)
def test_the_searches_that_bandwidth_refuses_are_told_first(values: dict[str, str], key: str) -> None:
    assert set(blocked(search(**values))) == {f"number.{key}"}


def test_a_local_vanity_search_without_an_area_code_is_doubtful_only() -> None:
    answers = search(local_vanity="CARS")
    assert blocked(answers) == {}
    assert set(doubted(answers)) == {"number.area_code"}


@pytest.mark.parametrize(("count", "many"), [(5000, False), (5001, True)])
def test_an_order_has_at_most_5000_numbers(count: int, many: bool) -> None:  # noqa: FBT001
    numbers: Iterable[str] = (f"919{2_000_000 + place}" for place in range(count))
    assert ("number.numbers" in blocked(search(numbers=",".join(numbers)))) is many


def test_a_first_location_is_said_to_become_the_default_one_even_if_not_wanted() -> None:
    answers = guide_answers(sippeer__is_default="false")
    assert blocked(answers) == {}
    assert "so yes is sent" in doubted(answers)["sippeer.is_default"]
    assert doubted(guide_answers(sippeer__is_default="false", site__use="12345")) == {}


def test_a_callback_user_has_no_colon_since_http_basic_ends_it_there() -> None:
    assert (
        "colon"
        in blocked(guide_answers(messaging_app__callback_user="some:body"))["messaging_app.callback_user"]
    )


def test_a_password_of_a_step_that_is_not_wanted_is_not_looked_at() -> None:
    answers = guide_answers(setup__voice="false")
    short = Answers(answers.given, {**answers.secrets, "voice_app.callback_password": Secret("short")})
    assert not blocked(short)


def test_an_application_that_is_used_needs_no_inbound_url() -> None:
    answers = guide_answers(messaging_app__use="0fff897a", messaging_app__outbound_url="https://host.net/out")
    assert "messaging_app.inbound_url" not in blocked(answers)
