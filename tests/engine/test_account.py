"""Reading the account before anything is asked about it, and what there is to choose from."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bwtui.api.client import Basic, Client, OAuth, token_url_for
from bwtui.api.wire import Node, parse
from bwtui.connected_services import ConnectedServices
from bwtui.domain.account.account import AvailableNumber
from bwtui.domain.catalog import MESSAGING_APP, NUMBER, SIPPEER, SITE, SMS, VOICE_APP
from bwtui.domain.remedies.remedies import sentences
from bwtui.domain.runs.problem import Kind, ProblemError, Stopped
from bwtui.domain.values.secret import Secret
from bwtui.engine import account
from bwtui.engine.waiting import Pace
from bwtui.services import Services
from bwtui.simulator.settings import Settings
from support.guide import guide_answers
from support.in_process import BASE_URL, QUICK, Harness
from support.write_faults import MESSAGING, VOICE, fault, location_elsewhere, made_elsewhere
from support.write_faults import SITE as SITE_BODY

ANSWERS = guide_answers()
SITES = "/accounts/9900000/sites"
APPLICATIONS = "/accounts/9900000/applications"


@asynccontextmanager
async def services(
    harness: Harness,
    *,
    basic: bool = False,
    secret: str = "demo-secret",
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Services]:
    credentials = (
        Basic("demo", Secret(secret)) if basic else OAuth("demo", Secret(secret), token_url_for(BASE_URL))
    )
    timing = replace(QUICK, patience=0.1) if transport else QUICK
    transport = transport or httpx.ASGITransport(harness.app)
    async with Client(
        base_url=BASE_URL, credentials=credentials, timing=timing, transport=transport
    ) as client:
        yield ConnectedServices(client, Pace(), lambda _: None)


# --- The account -------------------------------------------------------------------------------------------------


async def test_it_tells_who_the_account_is_and_where(harness: Harness) -> None:
    async with services(harness) as live:
        read = await live.read_account(ANSWERS)
    assert read.company == "Demo Company"
    assert read.reachable == ("9900000",)
    assert "HttpVoice" in read.roles
    assert read.lacking == {}
    assert read.address["Address/HouseNumber"] == "900"
    assert read.address["Address/City"] == "RALEIGH"
    assert read.address["Address/AddressType"] == "Service"
    assert set(read.address) <= {question.wire for question in SITE.questions}


async def test_it_reads_each_thing_once_and_changes_nothing(harness: Harness) -> None:
    async with services(harness) as live:
        await live.read_account(ANSWERS)
    seen = [f"{entry['method']} {entry['path'].removeprefix('/api')}" for entry in await harness.log()]
    assert seen[0] == "POST /v1/oauth2/token"
    here = "GET /accounts/9900000"
    campaigns = "GET /v2/accounts/9900000/tendlc/campaigns"
    assert sorted(seen[1:]) == [
        *(here, f"{here}/applications", f"{here}/products", f"{here}/sites"),
        campaigns,
    ]


async def test_basic_has_no_token_that_could_name_accounts(harness: Harness) -> None:
    async with services(harness, basic=True) as live:
        read = await live.read_account(ANSWERS)
    assert (read.company, read.reachable, read.roles) == ("Demo Company", (), ())


async def test_what_is_there_is_told_for_the_step_that_could_use_it(harness: Harness) -> None:
    site_id, _ = await location_elsewhere(harness)
    messaging = await made_elsewhere(harness, "/applications", MESSAGING)
    voice = await made_elsewhere(harness, "/applications", VOICE)
    async with services(harness) as live:
        there = (await live.read_account(ANSWERS)).candidates
    assert {key: [(each.id, each.name) for each in listed] for key, listed in there.items()} == {
        "site": [(site_id, "SetupTest")],
        "messaging_app": [(messaging, "Production Server")],
        "voice_app": [(voice, "Setup Test Voice")],
        "campaign": [("CDEMO01", "Messages to customers of Demo Company")],
    }
    assert there["site"][0].leaves["description"] == ("Not ours",)
    assert there["voice_app"][0].leaves["callinitiatedcallbackurl"] == ("https://example.com/init",)


async def test_what_the_account_lacks_is_told_for_every_step_wanted_or_not(tmp_path: Path) -> None:
    harness = Harness(
        folder=tmp_path, settings=Settings(missing_products=frozenset({"MMS", "OrigHttpVoice"}))
    )
    async with services(harness) as live:
        read = await live.read_account(guide_answers(setup__voice="false", setup__messaging="false"))
    assert read.lacking == {"mms": "MMS", "voice_app": "OrigHttpVoice"}


async def test_an_address_that_a_sub_account_could_not_have_is_left_out(harness: Harness) -> None:
    parts = {
        "HouseNumber": "1",
        "City": " Cary ",
        "Zip": "27513-1234",
        "StateCode": "North Carolina",
        "AddressType": "Dispatch",
    }
    body = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    body = f"<AccountResponse><Account><Address>{body}</Address></Account></AccountResponse>"
    harness.fail(fault("answer", method="GET", path="/accounts/9900000", status=200, body=body))
    async with services(harness) as live:
        read = await live.read_account(ANSWERS)
    assert read.address == {"Address/HouseNumber": "1", "Address/City": "Cary"}


@pytest.mark.parametrize("basic", [False, True], ids=["OAuth2", "Basic"])
async def test_a_wrong_secret_is_told_as_such(harness: Harness, *, basic: bool) -> None:
    async with services(harness, basic=basic, secret="wrong") as live:
        with pytest.raises(ProblemError) as caught:
            await live.read_account(ANSWERS)
    assert caught.value.problem.kind is Kind.CREDENTIALS


async def test_an_account_that_does_not_exist_is_what_is_told_whatever_failed_first(harness: Harness) -> None:
    async with services(harness) as live:
        with pytest.raises(ProblemError) as caught:
            await live.read_account(guide_answers(account_id="1234"))
    assert (caught.value.problem.operation, caught.value.problem.status) == ("account.read", 404)


async def test_an_account_of_somebody_else_is_no_account_without_anything_in_it(tmp_path: Path) -> None:
    harness = Harness(folder=tmp_path, settings=Settings(foreign_accounts=frozenset({"1234"})))
    async with services(harness) as live:
        with pytest.raises(ProblemError) as caught:
            await live.read_account(guide_answers(account_id="1234"))
    problem = caught.value.problem
    assert (problem.operation, problem.status) == ("account.read", 403)
    assert "These credentials are for account 9900000, not for 1234." in sentences(problem)


async def test_a_host_that_does_not_answer_is_told_as_unreachable(harness: Harness) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    async with services(harness, transport=httpx.MockTransport(refuse)) as live:
        with pytest.raises(ProblemError) as caught:
            await live.read_account(ANSWERS)
    assert caught.value.problem.kind is Kind.UNREACHABLE


@pytest.mark.parametrize("path", ["/accounts/9900000", "/accounts/9900000/products", SITES, APPLICATIONS])
async def test_what_a_user_without_the_role_may_not_read_is_left_empty(harness: Harness, path: str) -> None:
    await made_elsewhere(harness, "/sites", SITE_BODY.format("There"))
    await made_elsewhere(harness, "/applications", VOICE)
    harness.fail(fault("answer", method="GET", path=path, status=403))
    async with services(harness) as live:
        read = await live.read_account(ANSWERS)
    assert bool(read.company) is (path != "/accounts/9900000")
    assert bool(read.candidates["site"]) is (path != SITES)
    assert bool(read.candidates["voice_app"]) is (path != APPLICATIONS)


@pytest.mark.parametrize("path", [SITES, APPLICATIONS])
async def test_a_list_that_fails_otherwise_is_no_empty_list(harness: Harness, path: str) -> None:
    harness.fail(fault("answer", method="GET", path=path, status=400))
    async with services(harness) as live:
        with pytest.raises(ProblemError) as caught:
            await live.read_account(ANSWERS)
    assert caught.value.problem.status == 400


# --- What a step could use ---------------------------------------------------------------------------------------


async def test_locations_are_listed_once_their_sub_account_is_chosen(harness: Harness) -> None:
    site_id, peer_id = await location_elsewhere(harness)
    async with services(harness) as live:
        assert await live.list_candidates(SIPPEER, ANSWERS) == ()
        (found,) = await live.list_candidates(SIPPEER, guide_answers(site__use=site_id))
    assert (found.id, found.name, found.leaves["isdefaultpeer"]) == (peer_id, "Main", ("true",))


async def test_applications_of_the_other_sort_are_no_candidates(harness: Harness) -> None:
    voice = await made_elsewhere(harness, "/applications", VOICE)
    async with services(harness) as live:
        assert await live.list_candidates(MESSAGING_APP, ANSWERS) == ()
        assert [each.id for each in await live.list_candidates(VOICE_APP, ANSWERS)] == [voice]


async def test_settings_and_orders_are_nothing_to_choose_from(harness: Harness) -> None:
    async with services(harness) as live:
        assert await live.list_candidates(SMS, ANSWERS) == ()
        assert await live.list_candidates(NUMBER, ANSWERS) == ()
    assert await harness.log() == []


async def test_locations_of_a_sub_account_that_is_gone_are_refused(harness: Harness) -> None:
    async with services(harness) as live:
        with pytest.raises(ProblemError) as caught:
            await live.list_candidates(SIPPEER, guide_answers(site__use="123"))
    assert caught.value.problem.kind is Kind.NOT_FOUND


# --- Numbers -----------------------------------------------------------------------------------------------------


async def test_numbers_are_found_with_where_they_are(harness: Harness) -> None:
    async with services(harness) as live:
        found = await live.search_numbers(ANSWERS, 3)
    assert len(found) == 3
    assert {(each.city, each.rate_center, each.state) for each in found} == {("RALEIGH", "RALEIGH", "NC")}
    assert all(each.number.startswith("919") and len(each.number) == 10 for each in found)


async def test_one_number_is_a_list_of_one(harness: Harness) -> None:
    async with services(harness) as live:
        assert len(await live.search_numbers(ANSWERS, 1)) == 1


async def test_toll_free_numbers_are_nowhere(harness: Harness) -> None:
    answers = guide_answers(number__area_code=None, number__toll_free_pattern="8**")
    async with services(harness) as live:
        found = await live.search_numbers(answers, 2)
    assert found == tuple(AvailableNumber(number=each.number) for each in found)
    assert all(each.number.startswith("8") for each in found)
    assert len(found) == 2


async def test_without_numbers_the_search_finds_none(harness: Harness) -> None:
    harness.fail(
        fault("answer", method="GET", path="**/availableNumbers", status=200, body="<SearchResult/>")
    )
    async with services(harness) as live:
        assert await live.search_numbers(ANSWERS, 5) == ()


async def test_a_search_for_nothing_is_refused_in_the_words_of_the_api(harness: Harness) -> None:
    async with services(harness) as live:
        with pytest.raises(ProblemError) as caught:
            await live.search_numbers(guide_answers(number__area_code=None), 5)
    assert (caught.value.problem.operation, caught.value.problem.code) == ("number.search", "4010")


async def test_thousands_of_numbers_keep_nobody_waiting(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []
    available = account.available

    def noting(document: Node) -> tuple[AvailableNumber, ...]:
        threads.append(threading.current_thread())
        return available(document)

    monkeypatch.setattr(account, "available", noting)
    async with services(harness) as live:
        found = await live.search_numbers(ANSWERS, 5000)
        assert len({each.number for each in found}) == 5000
        await live.search_numbers(ANSWERS, 10)
    assert [thread is threading.main_thread() for thread in threads] == [False, True]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<SearchResult/>", ()),
        ("<SearchResult><ResultCount>0</ResultCount><TelephoneNumberDetailList/></SearchResult>", ()),
        (
            ("<SearchResult><TelephoneNumberDetailList><TelephoneNumberDetail><city> CARY </city><RATECENTER>CARY      "
            "</RATECENTER><State>NC</State><telephoneNumber>+19195551234</telephoneNumber></TelephoneNumberDetail>"
            "<TelephoneNumberDetail><City>NOWHERE</City></TelephoneNumberDetail></TelephoneNumberDetailList></SearchResult>"),
            (AvailableNumber(number="9195551234", city="CARY", rate_center="CARY", state="NC"),),
        ),
        (
            ("<SearchResult><TelephoneNumberList><TelephoneNumber>8885551234</TelephoneNumber><TelephoneNumber/>"
            "<TelephoneNumber>8885551234</TelephoneNumber></TelephoneNumberList></SearchResult>"),
            (AvailableNumber(number="8885551234"),),
        ),
    ],
    ids=["empty", "count of nothing", "other case and names", "plain, one twice"],
)  # fmt: skip
def test_every_shape_of_a_result_is_read(body: str, found: tuple[AvailableNumber, ...]) -> None:
    assert account.available(parse(body.encode())) == found


# --- After the wish to stop --------------------------------------------------------------------------------------


LOOKS: dict[str, Callable[[Services], Awaitable[object]]] = {
    "the account": lambda live: live.read_account(ANSWERS),
    "candidates": lambda live: live.list_candidates(VOICE_APP, ANSWERS),
    "a search": lambda live: live.search_numbers(ANSWERS, 5),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
async def test_no_answer_is_waited_for_after_the_wish_to_stop(
    harness: Harness, look: Callable[[Services], Awaitable[object]]
) -> None:
    asked = asyncio.Event()

    async def silence(_request: httpx.Request) -> httpx.Response:
        asked.set()
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    async with services(harness, basic=True, transport=httpx.MockTransport(silence)) as live:
        looking = asyncio.ensure_future(look(live))
        await asked.wait()
        live.stop()
        with pytest.raises(Stopped):
            await looking
