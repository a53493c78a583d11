"""Every refusal that is known has an explanation of its own, and whatever is not known is shown as it is."""

import re
import string
from collections.abc import Iterator

import pytest

from bwtui.domain.remedies.remedies import explain, row_for, sentences
from bwtui.domain.remedies.remedy_table import CODES, STATUSES, Row
from bwtui.domain.remedies.remedy_words import COMMAND_LINE_WORDS, RemedyWords
from bwtui.domain.runs.problem import Kind, OwnCode, Problem
from bwtui.domain.walk.problem_text import _QuestionWords
from bwtui.linear.error_text import WORDING as LINEAR
from bwtui.tui.error_text import told

SITE = (
    "12533 12526 12529 12534 12535 12536 12537 12538 12539 12540 12541 12542 12543 12544 12545 12546 12547 12548 12549 "
    "12550 12551 12552 12553 12554 12579 12580 12605 12606 12644 13044 13045 13052 13103 12113 12112 12024 12016 12046 "
    "1003 12015 13019 4015 4016"
)
SIPPEER = (
    "13500 13501 13502 13503 13504 13506 13507 13509 13510 13522 13524 13547 13550 13552 13553 13563 13566 13567 13569 "
    "13576 13581 13582 13590 13591 13592 13593 13594 13595 13685 13686 13688 13691 13693 5200 5207 5218 5230 5253 "
    "12112 12113"
)
SMS = "13567 13576 13606 13607 13608 13609 13610 13614 13636 13637 13638 13639 13640 13641 13642 13674"
APP = "12800 12801 12803 12806 12812 12961 12962 12964 12974 12976 12977 12130 12150 12161 12103 13629"
ORDER = (
    "5005 5007 5008 5009 5012 5016 5018 5020 5022 5023 5052 5060 5093 5094 5095 5183 5211 5213 5214 5215 5218 5222 5257 "
    "5522 5525 5526 5527 5001"
)

KNOWN = {
    "1 anywhere": {"site.create": "1000 1001 1003 1006 1010 1019", "number.read": "1000 1001 1006 1010 1019"},
    "1 products": {
        "products.read": "12013 12019 12016",
        "sms.create": "13607 13576",
        "messaging_app.create": "12130",
        "voice_app.create": "12150 12161",
        "voice_link.create": "13651",
        "number.create": "5183 5016",
        "sippeer.create": "13547",
        "number.search": "4014",
    },
    "2 sub-accounts": {
        "site.create": SITE,
        "site.update": SITE,
        "site.read": "12016",
        "site.delete": "12016 12031 12054 12059",
    },
    "3 locations": {
        "sippeer.create": SIPPEER,
        "sippeer.update": SIPPEER,
        "sippeer.read": "13563 12016",
        "sippeer.delete": "13613 13622 13555 13556 13557 13558 13652 13679 13681 13605",
        "number.create": "5020",
    },
    "4 products of a location": {
        "sms.create": SMS,
        "sms.update": SMS,
        "sms.delete": "13624 13673",
        "mms.create": "13623 13606 13608 12784 13607",
        "messaging_link.update": "13628 13629 13645 13648",
        "messaging_link.create": "13628 13629 13645 13648",
        "voice_link.create": "13629 13646 13647 13648 13649 13650 13651",
        "voice_link.update": "13629 13646 13647 13648 13649 13650 13651",
        "messaging_app.delete": "12107",
        "voice_app.delete": "12107 13653",
        "sippeer.delete": "13555 13613 13622 13652",
        "site.delete": "12031",
    },
    "5 applications": {
        "messaging_app.create": f"{APP} 12802 12960 13065 13066",
        "messaging_app.update": APP,
        "voice_app.create": f"{APP} 12802 12963 13047 13048 13049",
        "voice_app.update": APP,
        "messaging_app.delete": "12107 13629",
        "voice_app.delete": "12107 13653 13629",
    },
    "6 searching": {
        "number.search": "4000 4001 4002 4003 4004 4005 4006 4007 4008 4009 4010 4011 4014 4015 4016 4017 4018 4020 4021 "
        "4022 4023 4024 5005 5018 12016",
        "number.create": "5041",
    },
    "7 orders": {
        "number.create": ORDER,
        "number.read": ORDER,
        "number.disconnect": "5001 5006",
        "number.list": "1003 1006 16008",
    },
}
"""Every code that docs/bandwidth-api.md names in sections 1 to 7, with the operations that it belongs to."""

NAMED = sorted(
    {
        (operation, code)
        for section in KNOWN.values()
        for operation, codes in section.items()
        for code in codes.split()
    }
)

KEYS = frozenset(
    f"{step}.{answer}"
    for step, answers in {
        "account": "account_id base_url platform",
        "site": "given_up name description customer_provided_id customer_name house_prefix house_number house_suffix "
        "pre_directional street_name street_suffix post_directional address_line_2 city state zip plus_four county country "
        "address_type use",
        "sippeer": "name is_default use given_up",
        "sms": "toll_free short_code zone2 zone3 zone4 zone5 a2p_long_code existing",
        "mms": "enabled existing",
        "messaging_link": "existing",
        "campaign": "id existing",
        "voice_link": "existing",
        "number": "numbers area_code npa_nxx npa_nxxx rate_center state city zip lata local_vanity ends_in toll_free_vanity "
        "toll_free_pattern quantity partial_allowed replace_taken existing",
        "messaging_app": "name callback_url inbound_url outbound_url callback_user use given_up",
        "voice_app": "name call_initiated_url call_status_url callback_user use given_up",
        "voice_package": "name description use given_up",
        "voice_numbers": "existing",
    }.items()
    for answer in answers.split()
)
STEPS = (
    *("token", "account", "products", "site", "sippeer", "sms", "mms", "number"),
    *("messaging_app", "messaging_link", "voice_app", "voice_link"),
    *("platform", "voice_package", "voice_numbers", "activation", "campaign"),
)
VERBS = ("read", "list", "look", "create", "update", "delete", "search", "located", "disconnect")
SECRETS = ("BWTUI_MESSAGING_CALLBACK_PASSWORD", "BWTUI_VOICE_CALLBACK_PASSWORD")
PATTERNS = ("[", "]", "\\", "^", "$", ".*", ".+", "(?", "|")
"""Characters that give a regular expression away; 8** is Bandwidth's own notation for a toll-free pattern."""


def refused(
    operation: str, code: str = "", status: int | None = 400, text: str = "Said by the API"
) -> Problem:
    return Problem(operation=operation, kind=Kind.FAILED, text=text, status=status, code=code)


def unreachable(operation: str, *, unclear: bool) -> Problem:
    return Problem(operation=operation, kind=Kind.UNREACHABLE, text="timed out", unclear=unclear)


def operations_of(row: Row) -> Iterator[str]:
    """Name operations at which a row applies."""
    for on in row.on.split():
        if on == "*":
            yield from (f"{step}.create" for step in STEPS)
        else:
            yield on.replace(".*", ".create")


def a_code_of(row: Row) -> str:
    return row.code.split()[0].partition("-")[0]


EVERYTHING = [
    *(refused(operation, a_code_of(row)) for row in CODES for operation in operations_of(row)),
    *(
        refused(operation, status=int(row.code.split()[0].replace("xx", "18")))
        for row in STATUSES
        for operation in operations_of(row)
    ),
    *(refused(operation, code) for operation, code in NAMED),
    *(
        unreachable(f"{step}.{verb}", unclear=unclear)
        for step in STEPS
        for verb in VERBS
        for unclear in (True, False)
    ),
    *(
        Problem(operation=f"{step}.look", kind=kind, text="Our own words")
        for step in STEPS
        for kind in Kind
        if kind is not Kind.UNREACHABLE
    ),
]


def test_every_code_that_the_documentation_names_has_its_own_row() -> None:
    assert not [f"{code} at {operation}" for operation, code in NAMED if not row_for(operation, code)]


def test_no_row_is_hidden_behind_an_earlier_one() -> None:
    for row in CODES:
        reached = {
            row_for(operation, code)
            for operation in row.on.split()
            for code in row.code.split()
            if "-" not in code
        }
        assert row in reached or "-" in row.code, row


def test_every_remedy_says_what_happened_what_was_not_changed_and_what_to_do() -> None:
    for problem in EVERYTHING:
        remedy = explain(problem)
        for part in (remedy.happened, remedy.unchanged, remedy.todo):
            assert part[0] not in string.ascii_lowercase or part.startswith("bwtui")
            assert part.endswith((".", "”"))
            assert "{" not in part
            assert "}" not in part
            assert "  " not in part
            assert len(part) < 420
        assert remedy.unchanged
        assert remedy.todo


def test_no_remedy_shows_a_pattern_or_sends_to_a_field_that_does_not_exist() -> None:
    for problem in EVERYTHING:
        remedy = explain(problem)
        said = f"{remedy.happened} {remedy.unchanged} {remedy.todo}"
        without_tables = re.sub(r"under \[\w+\]", "", said)
        assert not [pattern for pattern in PATTERNS if pattern in without_tables]
        assert remedy.field in KEYS | {""}
        words = said.replace(",", " ").replace("(", " ").replace(")", " ").replace(";", " ").split()
        keys = {
            word.rstrip(".")
            for word in words
            if word.split(".")[0] in {key.split(".")[0] for key in KEYS} and "." in word[:-1]
        }
        assert keys <= KEYS


def test_a_placeholder_in_a_row_is_one_that_is_filled_in() -> None:
    names = {"text", "own", "step", "field", "password", "role", "address", "client", "user", "environment"}
    names |= {"roles", "accounts", "basic_end", "use_client", "pause"}
    names |= {"use", "change", "keep", "order", "move", "give_up", "choose", "clear", *KEYS}
    for row in (*CODES, *STATUSES):
        used = {name for text in row for _, name, _, _ in string.Formatter().parse(text) if name}
        assert used <= names, row
        assert ("{field}" not in row.todo) or row.field, row
        assert "{text}" not in row.happened or row.happened.endswith(": {text}"), row


@pytest.mark.parametrize(
    ("code", "operations"),
    [
        ("13524", ("sippeer.create", "sippeer.update")),
        ("13691", ("sippeer.create", "sippeer.update", "sms.create")),
        ("13605", ("sippeer.create", "sippeer.delete")),
        ("13606", ("sippeer.create", "sms.create", "mms.create")),
        ("12054", ("site.create", "site.delete", "sippeer.create")),
        ("12016", ("site.delete", "site.read", "number.create")),
        ("13648", ("messaging_link.update", "voice_link.create")),
        ("13629", ("messaging_link.update", "voice_link.create", "voice_app.delete")),
        ("5017", ("number.create", "sippeer.update")),
        ("5217", ("number.create", "sms.update", "sippeer.create")),
        *(
            (code, ("number.create", "sippeer.create"))
            for code in ("5218", "5219", "5220", "5221", "5222", "5223")
        ),
        *(
            (code, ("number.search", "site.create"))
            for code in (
                "4000",
                "4001",
                "4014",
                "4015",
                "4016",
                "4017",
                "4018",
                "4020",
                "4022",
                "4023",
                "4024",
            )
        ),
    ],
)
def test_a_code_with_several_meanings_is_told_by_its_operation(
    code: str, operations: tuple[str, ...]
) -> None:
    told = [explain(refused(operation, code)).happened for operation in operations]
    assert len(set(told)) == len(told)


def test_the_recommended_address_is_part_of_what_to_do() -> None:
    details = {
        "Address/HouseNumber": "900", "Address/StreetName": "Main Campus", "Address/StreetSuffix": "Dr",
        "Address/City": "Raleigh", "Address/StateCode": "NC", "Address/Zip": "27606",
    }  # fmt: skip
    for operation in ("site.create", "sippeer.create"):
        problem = Problem(
            operation=operation, kind=Kind.CONFLICT, text="", status=409, code="12112", details=details
        )
        assert (
            "Use the address that Bandwidth recommends: 900 Main Campus Dr, Raleigh NC 27606."
            in explain(problem).todo
        )


def test_a_recommended_address_may_have_other_parts_or_only_its_first_line() -> None:
    parts = {
        "HouseNumber": "12", "HouseSuffix": "B", "PreDirectional": "N", "StreetName": "MAIN", "PostDirectional": "NW",
        "AddressLine2": "Floor 2", "City": "RALEIGH", "StateCode": "NC", "Zip": "27606", "PlusFour": "5177",
    }  # fmt: skip
    problem = Problem(operation="site.create", kind=Kind.CONFLICT, text="", code="12112", details=parts)
    assert "12B N MAIN NW, Floor 2, RALEIGH NC 27606-5177." in explain(problem).todo
    line = {"AddressLine1": "900 MAIN CAMPUS DR", "City": "RALEIGH"}
    problem = Problem(operation="site.create", kind=Kind.CONFLICT, text="", code="12112", details=line)
    assert "900 MAIN CAMPUS DR, RALEIGH." in explain(problem).todo


def test_without_a_recommended_address_the_person_is_told_what_to_check() -> None:
    todo = explain(refused("site.create", "12112", 409)).todo
    assert "street" in todo
    assert "recommends" not in todo


@pytest.mark.parametrize(
    "status", [401, 402, 403, 404, 408, 409, 413, 415, 418, 429, 500, 502, 503, 504, 599, 303, 200, 700]
)
@pytest.mark.parametrize("step", STEPS)
def test_an_answer_without_a_body_is_explained_by_its_status(status: int, step: str) -> None:
    for verb in VERBS:
        problem = refused(f"{step}.{verb}", status=status, text="")
        remedy = explain(problem)
        assert remedy.happened
        assert remedy.todo
        assert f"status {status}" in sentences(problem)


def test_an_answer_without_words_is_not_quoted_behind_its_explanation() -> None:
    text = "The server answered 404 Not Found without saying why."
    told = sentences(Problem(operation="account.read", kind=Kind.NOT_FOUND, status=404, text=text))
    assert told.endswith(" (status 404)")
    assert "without saying why" not in told


def test_a_missing_account_is_most_likely_a_typo() -> None:
    remedy = explain(refused("account.read", status=404, text=""))
    assert "typos" in remedy.todo
    assert remedy.field == "account.account_id"


def test_credentials_that_lack_a_role_are_told_from_wrong_ones() -> None:
    token = explain(refused("token.create", status=401, text=""))
    basic = explain(refused("account.read", status=401, text=""))
    role = explain(refused("site.list", status=403, text=""))
    account = explain(refused("account.read", status=403, text=""))
    assert len({token.happened, basic.happened, role.happened, account.happened}) == 4
    assert "BW_CLIENT_SECRET" in token.todo
    assert "BW_USERNAME" in basic.todo
    assert "role" in role.happened
    assert account.field == "account.account_id"


@pytest.mark.parametrize("words", [COMMAND_LINE_WORDS, _QuestionWords({})], ids=["command line", "wizard"])
def test_a_user_of_basic_is_told_when_it_ends_and_how_to_make_a_client(words: RemedyWords) -> None:
    before = explain(refused("account.read", OwnCode.BASIC_REFUSED, 401), words)
    after = explain(refused("account.read", OwnCode.BASIC_ENDED, 401), words)
    assert after.happened.startswith("HTTP Basic ended on 2 December 2026")
    assert "HTTP Basic ends on 2 December 2026" in before.todo
    assert words.user in before.todo
    for remedy in (before, after):
        assert "Account > API Credentials > Create" in remedy.todo
        assert "shown once" in remedy.todo
        for role in ("Configuration", "Ordering", "Messaging", "HTTP Application Management", "HttpVoice"):
            assert role in remedy.todo
        assert words.use_client in remedy.todo


@pytest.mark.parametrize("words", [COMMAND_LINE_WORDS, _QuestionWords({})], ids=["command line", "wizard"])
def test_a_refused_client_is_told_that_a_secret_expires_and_where_to_make_another(words: RemedyWords) -> None:
    remedy = explain(refused("token", OwnCode.CLIENT_REFUSED, 401), words)
    assert "the secret has expired" in remedy.happened
    assert words.client in remedy.todo
    assert "Account > API Credentials" in remedy.todo
    assert "Generate New Secret" in remedy.todo


def test_a_missing_role_is_named_as_the_app_has_it() -> None:
    assert "manage sub-accounts, such as Configuration" in explain(refused("site.create", status=403)).todo


def test_a_refused_order_may_still_show_unless_its_number_was_taken_and_it_was_waited_for() -> None:
    unchanged = explain(refused("number.create", "5012")).unchanged
    assert (
        unchanged
        == "No number was ordered, as far as Bandwidth shows so far; bwtui looks again before it orders."
    )


def test_a_refused_order_says_that_it_cost_nothing() -> None:
    assert (
        explain(refused("number.create", "5213")).unchanged
        == "No number was ordered and nothing was charged."
    )


def test_a_number_that_an_order_did_not_get_costs_nothing_though_others_may_have_been_bought() -> None:
    unchanged = explain(refused("number.read", "5005", 200)).unchanged
    assert "not bought" in unchanged
    assert "what it did get is on the account" in unchanged


def test_an_order_that_got_nothing_cost_nothing() -> None:
    assert (
        explain(refused("number.read", "5018", 200)).unchanged
        == "No number was ordered and nothing was charged."
    )


def test_a_partial_order_does_not_say_that_nothing_was_bought() -> None:
    for operation in ("number.create", "number.read"):
        assert "were bought" in explain(refused(operation, "5017", 200)).unchanged


def test_what_was_not_changed_follows_from_the_verb() -> None:
    assert explain(refused("site.create", "12529")).unchanged == "Nothing was created."
    assert explain(refused("site.update", "12529")).unchanged == "The settings are as they were."
    assert explain(refused("site.delete", "12031")).unchanged == "Nothing was deleted."
    assert explain(refused("number.search", "4010")).unchanged == "Nothing was changed: this was only a look."
    assert explain(refused("number.disconnect", "5001")).unchanged == "No number was released."
    assert "MMS was not switched on" in explain(refused("mms.create", "13623")).unchanged


@pytest.mark.parametrize("verb", ["create", "update", "delete", "disconnect"])
@pytest.mark.parametrize(
    "step", ["site", "sippeer", "sms", "mms", "number", "messaging_app", "voice_app", "voice_link"]
)
def test_an_unclear_outcome_promises_nothing_and_is_safe_to_run_again(step: str, verb: str) -> None:
    for problem in (
        unreachable(f"{step}.{verb}", unclear=True),
        Problem(operation=f"{step}.{verb}", kind=Kind.FAILED, text="", status=500, unclear=True),
        Problem(operation=f"{step}.{verb}", kind=Kind.FAILED, text="", status=500, code="1010", unclear=True),
    ):
        remedy = explain(problem)
        assert remedy.unchanged.startswith("It is not known whether")
        assert "bwtui looks for it before trying again" in remedy.unchanged
        assert "looks first and never creates or buys anything twice" in remedy.todo


def test_a_request_that_never_left_changed_nothing() -> None:
    remedy = explain(unreachable("number.create", unclear=False))
    assert remedy.unchanged == "No number was ordered and nothing was charged."
    assert remedy.field == "account.base_url"


@pytest.mark.parametrize(
    "operation", ["site.update", "sms.delete", "messaging_link.create", "voice_link.update"]
)
def test_a_change_that_may_be_repeated_does_not_pretend_to_know_what_the_lost_answer_said(
    operation: str,
) -> None:
    for problem in (unreachable(operation, unclear=False), refused(operation, status=502, text="")):
        remedy = explain(problem)
        assert remedy.unchanged.startswith("It is not known whether")
        assert remedy.unchanged.endswith("doing it again does no harm.")


def test_the_fate_of_an_order_is_told_where_it_gives_no_code_but_its_status() -> None:
    told = [
        explain(Problem(operation="number.read", kind=Kind.FAILED, text="Order 1.", code=code))
        for code in ("BACKORDERED", "PARTIAL", "FAILED")
    ]
    assert len({remedy.happened for remedy in told}) == 3
    assert "stays open" in told[0].unchanged
    assert "were bought" in told[1].unchanged
    assert "nothing was charged" in told[2].unchanged


def test_the_token_service_is_known_with_or_without_a_verb() -> None:
    for operation in ("token", "token.create"):
        remedy = explain(refused(operation, status=401, text=""))
        assert "BW_CLIENT_ID" in remedy.todo
        assert "no request reached the account" in remedy.unchanged


def test_a_look_is_never_unclear() -> None:
    for operation in ("site.list", "number.read", "number.located", "account.read"):
        assert (
            explain(unreachable(operation, unclear=True)).unchanged
            == "Nothing was changed: this was only a look."
        )


def test_an_unreadable_yes_to_a_write_does_not_say_that_nothing_was_created() -> None:
    assert explain(refused("site.create", status=201, text="<html>")).unchanged.startswith("It is not known")


def test_a_state_that_cannot_be_written_denies_nothing_that_was_done_before() -> None:
    told = sentences(
        Problem("setup.keep", Kind.FAILED, "state.json cannot be written: No space left on device.")
    )
    assert told == (
        "state.json cannot be written: No space left on device. What was done on the account before stays. "
        "Once it can be written, try again: it picks up where it stopped."
    )


def test_a_pause_is_told_with_its_end_where_bandwidth_says_it() -> None:
    limited = Problem("site.create", Kind.RATE_LIMITED, "Too many requests.", 429)
    assert "Wait a minute, then try again." in sentences(limited)
    told = sentences(limited._replace(details={"reset": "2026-11-29T22:59:00Z"}))
    assert "Wait until 2026-11-29T22:59:00Z, then try again." in told


def test_an_unknown_code_still_shows_status_code_and_text() -> None:
    problem = refused("site.create", "99999", 422, "A new {kind} of trouble")
    happened = explain(problem).happened
    for part in ("422", "99999", "A new {kind} of trouble"):
        assert part in happened
        assert part in sentences(problem)


def test_the_paragraph_always_shows_status_code_and_text() -> None:
    for problem in EVERYTHING:
        said = sentences(problem)
        assert problem.text in said
        assert problem.is_own or problem.code in said
        assert problem.status is None or str(problem.status) in said


def test_text_from_outside_stays_on_one_line_and_cannot_steer_the_terminal() -> None:
    problem = refused("site.create", "1003", 400, "Address\n  is\x1b[31m required\u202e")
    assert "“Address is [31m required”" in sentences(problem)


def test_a_web_page_instead_of_a_reason_does_not_fill_the_screen() -> None:
    assert len(explain(refused("site.create", status=418, text="x" * 9000)).happened) < 400


def test_what_bwtui_itself_found_wrong_is_told_in_its_own_words() -> None:
    problem = Problem(operation="site.look", kind=Kind.CONFLICT, text="Two of {this} name")
    assert explain(problem).happened == "Two of {this} name."
    assert explain(problem).field == "site.use"
    assert explain(Problem(operation="sms.look", kind=Kind.CONFLICT, text="x")).field == ""


@pytest.mark.parametrize("step", ["messaging_app", "voice_app"])
def test_an_application_is_told_its_own_fields_and_its_own_environment_variable(step: str) -> None:
    remedy = explain(refused(f"{step}.create", "12977"))
    variable = f"BWTUI_{step.removesuffix('_app').upper()}_CALLBACK_PASSWORD"
    assert variable in SECRETS
    assert variable in remedy.todo
    assert remedy.field == f"{step}.callback_user"


# --- The Universal Platform --------------------------------------------------------------------------------------

PLATFORM_PROBLEMS = {
    ("voice_link.look", OwnCode.PLATFORM_UNKNOWN): (
        "Say which (account.platform), or ask your Bandwidth administrator to give the credentials the role for voice packages "
        "(VCP); then try again."
    ),
    ("voice_link.look", OwnCode.OTHER_PLATFORM): (
        "Say that it is universal, or leave it to bwtui (account.platform); to set voice up as on the legacy platform all the "
        'same, answer existing = "change" under [voice_link].'
    ),
    ("site.look", OwnCode.TRIAL_ACCOUNT): (
        "Leave it out for now, or ask Bandwidth for a full account. A trial account has a voice application and a number of its own."
    ),
    ("voice_numbers.look", OwnCode.IN_OTHER_PACKAGE): (
        'To move it, answer existing = "move" under [voice_numbers]; otherwise leave its number out of this setup.'
    ),
    ("activation.read", OwnCode.NOT_READY): (
        "Bandwidth may need some minutes: try again later. If a reason names something to do first, do it; a service that you can do without can be left out."
    ),
    ("voice_numbers.create", "VCS-0044"): (
        "Try again in some minutes. The number is yours already; nothing is ordered again."
    ),
    ("activation.check", "4026"): (
        "Check which platform the account is on (account.platform), or ask your Bandwidth account manager to switch them on."
    ),
    ("voice_app.create", "12150"): (
        "Ask your Bandwidth account manager to enable HTTP voice on the account, then try again. Messaging can be set up "
        "without it."
    ),
}


@pytest.mark.parametrize(
    ("where", "todo"), PLATFORM_PROBLEMS.items(), ids=[code for _, code in PLATFORM_PROBLEMS]
)
def test_what_the_universal_platform_refuses_has_a_remedy(where: tuple[str, str], todo: str) -> None:
    operation, code = where
    problem = Problem(operation=operation, kind=Kind.CONFLICT, text="Told.", code=code)
    assert explain(problem).todo == todo


def test_moving_a_number_is_one_key_on_review() -> None:
    problem = Problem(
        operation="voice_numbers.look", kind=Kind.CONFLICT, text="There.", code=OwnCode.IN_OTHER_PACKAGE
    )
    assert "To move it, press V on Review;" in told(problem)
    assert "To move it, choose on Review to move it;" in LINEAR.told(problem)


def test_that_a_server_says_nothing_is_no_fact_beside_the_explanation() -> None:
    silent = Problem(
        operation="account.read",
        kind=Kind.NOT_FOUND,
        status=404,
        text="The server answered 404 Not Found without saying why.",
    )
    assert "404" in told(silent)
    assert "without saying why" not in told(silent)
