"""A row of the table, and what several rows say."""

from typing import Final, NamedTuple


class Row(NamedTuple):
    """One refusal and its remedy."""

    on: str
    code: str
    happened: str
    todo: str
    field: str = ""
    unchanged: str = ""


APPS: Final = "messaging_app.* voice_app.*"
LINKS: Final = "messaging_link.* voice_link.*"

OURS: Final = "This is not one of your answers. Try again; if that does not help, report it as a fault of bwtui, with Bandwidth's reply."
NOT_SENT: Final = (
    "bwtui never sends this setting, so it comes from the account or from a location that was set up elsewhere. Ask Bandwidth "
    "support what the account requires, or create the location in the Bandwidth App and enter its ID ({field})."
)
OTHER_ACCOUNT: Final = Row(
    "account.read",
    "",
    "{accounts}",
    "Correct the account ID ({field}), or sign in with credentials of that account.",
    "account.account_id",
)
"""What is said of a refused account where the credentials say which accounts they are for."""
NOTHING_AT_OWN_ADDRESS: Final = Row(
    "account.read",
    "404",
    "There is no such account at {own_address}.",
    "Check the base URL ({field}), its path above all: that of Bandwidth is /api. Or check the account ID for typos "
    "({account.account_id}).",
    "account.base_url",
)
"""The remedy for an account that is not found, without a code, where the base URL is one of the person's own."""
OTHER_SEARCH: Final = "Search again and choose other numbers, or let bwtui order the next one of the same search: say yes to “{field}”."
CHECK_CLIENT: Final = (
    "Check {client}: both must be complete, belong together, and be of this environment. "
    "To make another secret: Bandwidth App, Account > API Credentials, the client, Generate New Secret."
)
API_USER: Final = "upper and lower case matter, and it must be an API user, not your sign-in to the App."
