"""The faults that XML resources know, acted out by packages, voice numbers and activation orders."""

from typing import Any

import httpx
import pytest

from bwtui.simulator.fault_injection import ConnectionCutError
from bwtui.simulator.persistence import AccountFile, AccountFileError
from bwtui.simulator.settings import Settings
from bwtui.simulator.snapshot import snapshot

PACKAGES = "/voiceConfigurationPackages"
ON_PACKAGES = 'path = "/accounts/*/voiceConfigurationPackages"'
VOICE = "/phoneNumbers/voice"
ORDERS = "///api/v2/accounts/9900000/serviceActivation"


@pytest.fixture
async def site(universal: Any) -> str:
    made: str = await universal.site()
    await universal.peer(made)
    return made


async def names(api: Any) -> list[str]:
    listed = await api.json("GET", PACKAGES)
    assert listed.status == 200
    return [row["name"] for row in listed.data]


async def activate(api: Any, *numbers: str) -> Any:
    body = {"action": "ACTIVATE", "phoneNumbers": list(numbers), "services": {"voice": ["INBOUND"]}}
    return await api.json("POST", ORDERS, body)


async def test_a_package_can_be_answered_and_come_late(universal: Any) -> None:
    await universal.faults(
        f'[[fault]]\nmethod = "POST"\n{ON_PACKAGES}\naction = "answer"\nstatus = 504\neffect_after = 16'
    )
    assert (await universal.json("POST", PACKAGES, {"name": "Late"})).status == 504
    assert await names(universal) == []
    universal.clock.advance(17)
    assert await names(universal) == ["Late"]


async def test_a_package_can_be_made_while_the_connection_is_cut(universal: Any) -> None:
    await universal.faults(f'[[fault]]\nmethod = "POST"\n{ON_PACKAGES}\naction = "cut-after"')
    with pytest.raises((ConnectionCutError, httpx.HTTPError)):
        await universal.json("POST", PACKAGES, {"name": "Cut"})
    assert await names(universal) == ["Cut"]


async def test_a_package_can_be_made_twice(universal: Any) -> None:
    await universal.faults('[[fault]]\nmethod = "POST"\naction = "twice"')
    assert (await universal.json("POST", PACKAGES, {"name": "Twin"})).status == 201
    assert await names(universal) == ["Twin", "Twin"]


async def test_half_a_list_can_be_sent(universal: Any) -> None:
    await universal.package()
    await universal.faults(f'[[fault]]\n{ON_PACKAGES}\naction = "garbage"')
    half = await universal.json("GET", PACKAGES)
    assert half.status == 200
    with pytest.raises(ValueError, match=r"\w"):
        half.body  # noqa: B018 - reading it is the test


async def test_a_rate_limit_is_a_scripted_answer(universal: Any) -> None:
    """Limits of these groups are unknown; 429 is scripted (universal-platform 10.16)."""
    await universal.faults(
        f'[[fault]]\n{ON_PACKAGES}\naction = "answer"\nstatus = 429\nheaders = {{ Retry-After = "1" }}'
    )
    limited = await universal.json("GET", PACKAGES)
    assert (limited.status, limited.headers["retry-after"]) == (429, "1")
    assert await names(universal) == []


async def test_lists_of_packages_lag_while_the_package_itself_is_used(universal: Any, site: str) -> None:
    (number,) = await universal.buy(site)
    await universal.faults('[[fault]]\naction = "lag"\nseconds = 10')
    package = await universal.package("Fresh")
    assert await names(universal) == []
    assert (await universal.json("GET", f"{PACKAGES}/{package}")).status == 404
    assert (await universal.bulk(package, number)).status == 200
    universal.clock.advance(5)
    assert (await universal.json("GET", VOICE)).data[0]["voiceConfigurationPackageId"] is None
    universal.clock.advance(6)
    assert await names(universal) == ["Fresh"]
    assert (await universal.json("GET", VOICE)).data[0]["voiceConfigurationPackageId"] == package


async def test_the_checker_lags_too_if_its_method_is_named(universal: Any, site: str) -> None:
    package, (number,) = await universal.package(), await universal.buy(site)
    await universal.faults(
        '[[fault]]\nmethod = "POST"\npath = "**/serviceActivationChecker"\naction = "lag"\nseconds = 10'
    )
    await universal.bulk(package, number)
    seen = []
    for _ in range(2):
        reply = await universal.json("POST", f"{ORDERS}Checker", {"phoneNumbers": [number]})
        seen.append(reply.data["phoneNumbers"][0]["serviceTypes"]["voice"]["status"])
        universal.clock.advance(11)
    assert seen == ["NOT_READY", "READY_TO_ACTIVATE"]


async def test_what_lags_has_the_switches_of_the_present(universal: Any) -> None:
    for number in range(2):
        await universal.package(f"P{number}")
    await universal.faults('[switches]\npackage_page = 1\n[[fault]]\naction = "lag"\nseconds = 10')
    assert (await universal.json("GET", PACKAGES)).body["page"]["pageSize"] == 1


async def test_a_package_that_a_path_names_exists_though_others_lag(universal: Any, site: str) -> None:
    (number,) = await universal.buy(site)
    await universal.faults('[[fault]]\nmethod = "POST"\naction = "lag"\nseconds = 10')
    assert (await universal.bulk(await universal.package(), number)).status == 200


async def test_an_activation_order_lags_and_ends_all_the_same(universal: Any, site: str) -> None:
    package, (number,) = await universal.package(), await universal.buy(site)
    await universal.bulk(package, number)
    await universal.faults('[[fault]]\naction = "lag"\nseconds = 10')
    placed = await activate(universal, number)
    path = f"{ORDERS}/{placed.data['orderId']}"
    assert (await universal.json("GET", path)).status == 404
    universal.clock.advance(11)
    assert (await universal.json("GET", path)).data["orderStatus"] == "RECEIVED"
    universal.clock.advance(11)
    assert (await universal.json("GET", path)).data["orderStatus"] == "COMPLETE"
    assert (await universal.json("GET", VOICE)).data[0]["inboundActivated"]


@pytest.mark.parametrize(
    ("links", "total"), [("true", "true"), ("false", "true"), ("true", "false"), ("false", "false")]
)
async def test_pages_of_packages_can_be_made_shorter(universal: Any, links: str, total: str) -> None:
    for number in range(3):
        await universal.package(f"P{number}")
    await universal.faults(
        f'[[fault]]\n{ON_PACKAGES}\naction = "pages"\nsize = 2\nlinks = {links}\ntotal = {total}'
    )
    first = await universal.json("GET", PACKAGES)
    assert [row["name"] for row in first.data] == ["P0", "P1"]
    assert ("totalElements" in first.body["page"]) is (total == "true")
    following = [link["href"] for link in first.body["links"] if link["rel"] == "next"]
    assert len(following) == (1 if links == "true" else 0)
    for url in following:
        assert [row["name"] for row in (await universal.client.get(url)).json()["data"]] == ["P2"]


async def test_pages_of_voice_numbers_can_be_made_shorter_and_end_early(universal: Any, site: str) -> None:
    await universal.buy(site, 3)
    await universal.faults(f'[[fault]]\npath = "**{VOICE}"\naction = "pages"\nsize = 2\nlinks = false')
    page = await universal.json("GET", f"{VOICE}?limit=1000")
    assert (len(page.data), page.body["page"]) == (2, {"afterCursor": None})


async def test_the_filter_by_package_can_be_ignored(universal: Any, site: str) -> None:
    package = await universal.package()
    await universal.buy(site)
    wanted = f"{VOICE}?voiceConfigurationPackageId={package}"
    assert (await universal.json("GET", wanted)).data == []
    await universal.faults('[[fault]]\naction = "unfiltered"\nfilters = ["voiceConfigurationPackageId"]')
    assert len((await universal.json("GET", wanted)).data) == 1


async def test_names_in_json_can_be_left_out_emptied_and_renamed(universal: Any, site: str) -> None:
    """The outbound flags may have other names (universal-platform 10.19); `data` null is an anomaly (0)."""
    await universal.buy(site)
    await universal.faults(
        '[[fault]]\naction = "rewrite"\nleave_out = ["links"]\n'
        'rename = { outboundNationalActivated = "outboundNational" }'
    )
    read = await universal.json("GET", VOICE)
    assert "links" not in read.body
    assert read.data[0]["outboundNational"] is False
    assert "outboundNationalActivated" not in read.data[0]
    await universal.faults('[[fault]]\naction = "rewrite"\nstatus = 202\nempty = ["data"]')
    emptied = await universal.json("GET", VOICE)
    assert (emptied.status, emptied.data) == (202, None)


async def test_values_in_json_can_be_kept_in_another_form(universal: Any) -> None:
    await universal.faults('[[fault]]\naction = "normalise"\nforms = ["blanks", "ids"]')
    made = await universal.json("POST", PACKAGES, {"name": "Main   office"})
    assert made.data["name"] == "Main office"
    package = made.data["voiceConfigurationPackageId"]
    assert package == package.upper() != package.lower()
    assert (await universal.json("GET", f"{PACKAGES}/{package}")).status == 200


async def test_packages_and_activations_are_still_there_after_a_restart(
    universal: Any, site: str, tmp_path: Any
) -> None:
    application = await universal.voice_app()
    package, (number,) = (
        await universal.package(httpVoiceV2ApplicationId=application),
        await universal.buy(site),
    )
    await universal.bulk(package, number)
    placed = await activate(universal, number)
    universal.clock.advance(6)
    assert (await universal.json("GET", VOICE)).data[0]["inboundActivated"]
    saved = AccountFile(tmp_path / "account.json")
    saved.save(universal.account)
    again = saved.load(universal.settings)
    assert snapshot(again) == snapshot(universal.account)
    assert again.packages == universal.account.packages
    assert again.activations == universal.account.activations
    assert placed.data["orderId"] in again.activations


async def test_an_account_is_not_continued_on_another_platform(universal: Any, tmp_path: Any) -> None:
    saved = AccountFile(tmp_path / "account.json")
    saved.save(universal.account)
    with pytest.raises(AccountFileError, match="its platform is universal"):
        saved.load(Settings())
