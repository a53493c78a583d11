"""Read whether the messages and calls of phone numbers will arrive. Only GET; what cannot be read is unknown."""

import asyncio
from collections.abc import Iterable, Mapping

from bwtui.api.client import Client
from bwtui.api.wire import find, has, text
from bwtui.domain.answers.answers import Answers, chosen_existing, uses_existing, wanted_steps
from bwtui.domain.arrival.arrival import (
    Arrival,
    CallFacts,
    Lost,
    MessageFacts,
    Service,
    SmsSettings,
    Unread,
    VoiceRow,
    as_lost,
    calls_arrive,
    messages_arrive,
    unknown,
)
from bwtui.domain.catalog import (
    CAMPAIGN,
    LOCATION,
    MESSAGING_APP,
    MESSAGING_LINK,
    SITE,
    SMS,
    VOICE_APP,
    VOICE_LINK,
)
from bwtui.domain.catalog_universal import VOICE_NUMBERS, VOICE_PACKAGE
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.planning.requests import Known, read_request
from bwtui.domain.platform import Platform
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import Step
from bwtui.domain.values.phone_numbers import is_toll_free
from bwtui.engine.order_look_up import OrderLookUp
from bwtui.engine.registration import RegistrationReader
from bwtui.engine.replies import flatten, or_nothing
from bwtui.engine.unread import nothing_read, or_unread
from bwtui.engine.voice_number_look_up import VoiceNumberLookUp
from bwtui.engine.waiting import Pace


async def read_arrivals(
    client: Client, answers: Answers, run: RunState, lost: Lost | None = None
) -> tuple[Arrival, ...]:
    """Return a verdict for each number of the run and each wanted service, the numbers in their order.

    `lost` has the numbers that are lost, where that was just read.
    """
    if not run.numbers:
        return ()
    reader = _Reader(client, answers, run)
    services = [
        reader.messages() if MESSAGING_LINK in wanted_steps(answers) else None,
        reader.calls() if VOICE_APP in wanted_steps(answers) else None,
    ]
    reading = or_unread(reader.lost(lost), "Whether it is in service cannot be read")
    missing, by_service = await asyncio.gather(reading, asyncio.gather(*filter(None, services)))
    arrivals = (arrival for of_number in zip(*by_service, strict=True) for arrival in of_number)
    return as_lost(arrivals, missing)


class _Reader:
    """Reads what decides about the numbers of one setup."""

    def __init__(self, client: Client, answers: Answers, run: RunState) -> None:
        self._client = client
        self._answers = answers
        self._numbers = run.numbers
        self._orders = run.orders
        self._known = known_so_far(answers, run)
        for step in wanted_steps(answers):
            if used := uses_existing(step, answers):
                self._known[step.produces] = used

    async def messages(self) -> list[Arrival]:
        registrations = RegistrationReader(self._client, self._known)
        local = tuple(number for number in self._numbers if not is_toll_free(number))
        toll_free = tuple(number for number in self._numbers if is_toll_free(number))
        async with asyncio.TaskGroup() as group:
            sms = group.create_task(or_unread(self._sms(), "SMS of the location cannot be read"))
            linked = group.create_task(
                or_unread(self._linked(), "The link of the messaging application cannot be read")
            )
            campaigns = group.create_task(registrations.campaigns(local))
            verified = {number: group.create_task(registrations.verification(number)) for number in toll_free}
        registered = {
            **campaigns.result(),
            **{number: verification.result() for number, verification in verified.items()},
        }
        wanted, campaign = _id(self._known, MESSAGING_APP), chosen_existing(CAMPAIGN, self._answers)
        return [
            messages_arrive(
                MessageFacts(number, sms.result(), linked.result(), wanted, registered[number], campaign)
            )
            for number in self._numbers
        ]

    async def calls(self) -> list[Arrival]:
        match self._answers.platform:
            case Platform.UNIVERSAL:
                return await self._calls_by_package()
            case Platform.LEGACY:
                return await self._calls_by_location()
            case _:
                unread = Unread(
                    "It is not known which platform the account is on.", "Connect, or give --platform."
                )
                return [unknown(number, Service.CALLS, unread) for number in self._numbers]

    async def _calls_by_package(self) -> list[Arrival]:
        rows = await or_unread(self._rows(), "The list of voice numbers cannot be read")
        if isinstance(rows, Unread):
            return [unknown(number, Service.CALLS, rows) for number in self._numbers]
        ids = sorted({row.package_id for row in rows.values() if row.package_id})
        carried = await asyncio.gather(*(self._application_of(id_) for id_ in ids))
        applications = dict(zip(ids, carried, strict=True))
        urls = await self._urls(carried)
        wanted = _id(self._known, VOICE_APP)
        facts = []
        for number in self._numbers:
            row = rows.get(number, VoiceRow())
            # Without a package that alone is said: there is no application to speak of.
            application = applications.get(row.package_id, wanted)
            facts.append(CallFacts(number, row, "HTTP", application, wanted, _url_of(application, urls)))
        return list(map(calls_arrive, facts))

    async def _calls_by_location(self) -> list[Arrival]:
        origination = await or_unread(
            self._origination(), "The voice settings of the location cannot be read"
        )
        protocol, application = (origination, origination) if isinstance(origination, Unread) else origination
        urls = await self._urls([application])
        wanted, url = _id(self._known, VOICE_APP), _url_of(application, urls)
        return [
            calls_arrive(CallFacts(number, None, protocol, application, wanted, url))
            for number in self._numbers
        ]

    # --- one thing each ---

    async def lost(self, known: Lost | None) -> Lost:
        """Return the numbers that are not in service on the location, unless that is known."""
        if known is not None or any(name not in self._known for name in (SITE.produces, LOCATION.produces)):
            return known or Lost()
        looker = OrderLookUp(self._client, self._known, Pace(), lambda: True)
        (located, refused), (ageing, _) = await asyncio.gather(looker.located(), looker.ageing(self._orders))
        if refused:
            raise ProblemError(refused)
        gone = tuple(number for number in self._numbers if number not in (located or ()))
        return Lost(gone, tuple(number for number in self._numbers if number in ageing))

    async def _sms(self) -> SmsSettings:
        leaves = await self._setting(SMS)
        settings = "sippeersmsfeaturesettings"
        return SmsSettings(
            is_on=bool(_first(leaves, f"{settings}/protocol")),
            a2p=_first(leaves, f"{settings}/a2plongcode"),
            toll_free=_first(leaves, f"{settings}/tollfree").lower(),
        )

    async def _linked(self) -> str:
        return _first(await self._setting(MESSAGING_LINK), "httpmessagingv2appid")

    async def _origination(self) -> tuple[str, str]:
        leaves = await self._setting(VOICE_LINK)
        return _first(leaves, "voiceprotocol"), _first(leaves, "httpsettings/httpvoicev2appid")

    async def _setting(self, step: Step) -> Mapping[str, tuple[str, ...]]:
        """Return the values of a setting of the location; none if there is no such setting."""
        request = read_request(step, "", self._known)
        if any(name not in self._known for name in (SITE.produces, LOCATION.produces)):
            raise nothing_read(request, "The location of this setup is not known yet.")
        reply = await or_nothing(self._client, request)
        if reply is None:
            return {}
        if not has(reply.document, step.root):
            raise nothing_read(request, f"Bandwidth's answer holds no {step.api_word}.")
        return flatten(find(reply.document, step.root))

    async def _rows(self) -> dict[str, VoiceRow]:
        look_up = VoiceNumberLookUp(self._client, self._answers, self._known)
        found = await look_up.look(VOICE_NUMBERS, self._numbers, self._known.package_id)
        return {
            number: VoiceRow(
                row.get("voiceconfigurationpackageid", ""), row.get("inboundactivated", "").lower()
            )
            for number, row in found.rows.items()
        }

    async def _application_of(self, package_id: str) -> str | Unread:
        async def read() -> str:
            request = read_request(VOICE_PACKAGE, package_id, self._known)
            package = find((await self._client.send(request)).document, VOICE_PACKAGE.root)
            if not package:
                raise nothing_read(request, "Bandwidth's answer holds no voice package.")
            return text(package, "httpVoiceV2ApplicationId")

        return await or_unread(read(), "The voice package cannot be read")

    async def _urls(self, applications: Iterable[str | Unread]) -> dict[str, str | Unread]:
        """Return the call-initiated URL of each application that is known."""
        ids = sorted({id_ for id_ in applications if isinstance(id_, str) and id_})
        reading = (or_unread(self._url(id_), "The voice application cannot be read") for id_ in ids)
        return dict(zip(ids, await asyncio.gather(*reading), strict=True))

    async def _url(self, id_: str) -> str:
        request = read_request(VOICE_APP, id_, self._known)
        reply = await self._client.send(request)
        if not has(reply.document, VOICE_APP.root):
            raise nothing_read(request, "Bandwidth's answer holds no application.")
        return text(find(reply.document, VOICE_APP.root), "CallInitiatedCallbackUrl")


def _first(leaves: Mapping[str, tuple[str, ...]], path: str) -> str:
    return next(filter(None, leaves.get(path, ())), "")


def _id(known: Known, step: Step) -> str:
    return known.id(step.produces) if step.produces in known else ""


def _url_of(application: str | Unread, urls: Mapping[str, str | Unread]) -> str | Unread:
    """Return the URL of an application; of one that is not there, no complaint of its own."""
    return urls.get(application, "-") if isinstance(application, str) else application
