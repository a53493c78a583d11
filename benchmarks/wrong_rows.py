"""Rows that are wrong in ten ways which only the account can tell, spread over a list, and what makes them so.

Four lie on sub-accounts that are there before, whose locations refuse one request each; the others ask for what is not
there, or make what somebody else has made.
"""

import base64
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

HEADING: Final = (
    "name", "site.name", "site.use", "sippeer.name", "number.area_code", "number.numbers",
    "messaging_app.name", "messaging_app.use", "voice_app.name", "voice_package.name",
)  # fmt: skip
THERE: Final = ("No Places", "Bad Place", "No SMS", "No Link", "Taken Name")
"""The sub-accounts that are there before, by name: ten characters are theirs at most."""
_NOBODY: Final = "00000000-0000-4000-8000-000000000000"
_TAKEN_APPLICATION: Final = "Taken by another team"

_SITE: Final = (
    "<Site><Name>{}</Name><Address><HouseNumber>900</HouseNumber><StreetName>Main Campus Dr</StreetName>"
    "<City>RALEIGH</City><StateCode>NC</StateCode><Zip>27606</Zip><AddressType>Billing</AddressType></Address></Site>"
)
_APPLICATION: Final = (
    "<Application><ServiceType>Voice-V2</ServiceType><AppName>{}</AppName>"
    "<CallInitiatedCallbackUrl>https://example.com/calls</CallInitiatedCallbackUrl>"
    "<CallInitiatedMethod>POST</CallInitiatedMethod></Application>"
)
_REFUSAL: Final = "<{root}><ResponseStatus><ErrorCode>{code}</ErrorCode><Description>{text}</Description></ResponseStatus></{root}>"


class Wrong(NamedTuple):
    """One way of being wrong."""

    what: str
    told: str
    """The beginning of what the row has to be told."""
    cells: Mapping[str, str]
    """Cells instead of the usual ones; `{Name}` of a sub-account that is there stands for its id."""


class _Refused(NamedTuple):
    """A request that the account refuses below one of its sub-accounts."""

    site: str
    method: str
    path: str
    status: int
    body: str = ""


WRONG: Final = (
    Wrong("a sub-account of this name is there", "A sub-account of this name already exists", {"site.name": "Taken Name"}),
    Wrong("the sub-account to use is not there", "Sub-account 99999999 does not exist", {"site.use": "99999999"}),
    Wrong("locations may not be made there", "Location: The server answered 403",
          {"site.name": "No Places", "site.use": "{No Places}"}),
    Wrong("the location is refused for its name", "Location: The name of the location is reserved",
          {"site.name": "Bad Place", "site.use": "{Bad Place}"}),
    Wrong("SMS is not enabled there", "SMS: HTTP SMS is not enabled", {"site.name": "No SMS", "site.use": "{No SMS}"}),
    Wrong("the messaging application cannot be linked there", "Assign messaging: The application is blocked",
          {"site.name": "No Link", "site.use": "{No Link}"}),
    Wrong("the messaging application to use is not there", f"Messaging application {_NOBODY} does not exist",
          {"messaging_app.name": "", "messaging_app.use": _NOBODY}),
    Wrong("a voice application of this name is there", "A voice application of this name already exists",
          {"voice_app.name": _TAKEN_APPLICATION}),
    Wrong("there is no number with this area code", "Bandwidth has no new numbers in this area",
          {"number.area_code": "907"}),
    Wrong("the number cannot be had", "Phone number: 1 more needed",
          {"number.area_code": "", "number.numbers": "9195550100"}),
)  # fmt: skip

_REFUSED: Final = (
    _Refused("No Places", "POST", "", 403),
    _Refused("Bad Place", "POST", "", 400,
             _REFUSAL.format(root="SipPeerResponse", code=13500, text="The name of the location is reserved")),
    _Refused("No SMS", "POST", "/*/products/messaging/features/sms", 403,
             _REFUSAL.format(root="SipPeerSmsFeatureResponse", code=12100, text="HTTP SMS is not enabled")),
    _Refused("No Link", "PUT", "/*/products/messaging/applicationSettings", 400,
             _REFUSAL.format(root="ApplicationsSettingsResponse", code=12112, text="The application is blocked")),
)  # fmt: skip


class Account(NamedTuple):
    """A simulated account by its base URL, `http://127.0.0.1:1234/api`."""

    base_url: str
    account_id: str
    login: str
    """User and password, as `user:password`."""

    def send(self, method: str, url: str, content: str) -> None:
        """Send a request, which has to succeed."""
        headers = {
            "Authorization": f"Basic {base64.b64encode(self.login.encode()).decode()}",
            "Content-Type": "application/xml",
        }
        request = urllib.request.Request(url, content.encode(), headers, method=method)  # noqa: S310 - the simulator's
        with urllib.request.urlopen(request) as reply:  # noqa: S310
            reply.read()

    def make(self, path: str, document: str) -> None:
        """Make an object."""
        self.send("POST", f"{self.base_url}/accounts/{self.account_id}{path}", document)


def make_what_is_there(account: Account) -> None:
    """Make the sub-accounts and the application that are there before."""
    for name in THERE:
        account.make("/sites", _SITE.format(name))
    account.make("/applications", _APPLICATION.format(_TAKEN_APPLICATION))


def refusals(state: Mapping[str, Any]) -> str:
    """Return the faults by which the account refuses what it has to, TOML."""
    ids = {site["name"]: site["id"] for site in state["sites"]}
    return "".join(
        f'[[fault]]\nmethod = "{each.method}"\npath = "/accounts/*/sites/{ids[each.site]}/sippeers{each.path}"\n'
        f'action = "answer"\nstatus = {each.status}\nbody = "{each.body}"\ntimes = 0\n'
        for each in _REFUSED
    )


def places(rows: int) -> dict[int, Wrong]:
    """Return the rows that are wrong, by their numbers: one in the middle of each tenth of the list."""
    size = rows // len(WRONG)
    return {place * size + (size + 1) // 2: wrong for place, wrong in enumerate(WRONG)}


def cells_of(row: int, wrong: Wrong | None, state: Mapping[str, Any]) -> Sequence[str]:
    """Return the cells of a row, in the order of the heading: everything is named after it, but for what is wrong."""
    ids = {site["name"]: site["id"] for site in state["sites"]}
    usual = {key: f"Object {row}" for key in HEADING if key.endswith(".name")}
    cells = {**usual, "name": f"store-{row}", "number.area_code": "919"}
    if wrong:
        cells |= {
            key: ids.get(cell.strip("{}"), cell) if "{" in cell else cell for key, cell in wrong.cells.items()
        }
    return [cells.get(key, "") for key in HEADING]
