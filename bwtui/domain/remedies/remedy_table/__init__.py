"""Bandwidth's refusals, their meaning and what to do about each: one row for each operation and code.

To correct a row, no Python is needed. Its columns are
    where it happened · the code · what happened · what to do now · the answer to go to · what was (not) changed.
*Where* names one or more operations, `step.verb`; `step.*` is every verb of a step, `*` is everything. The most exact wins:
`site.create` before `site.*` before `*`. The same code has several meanings, which is why it is never looked up alone.
*Code* is one code, several, or a range; if two rows fit equally, the first one wins.
The last two columns may be left out; what was not changed then follows from the verb.
In the texts, {text} is what Bandwidth wrote, {field} the answer to go to, {site.name} any other answer, {password} the place
of the step's callback password, {role} what its role must allow, {roles} the App's names of the roles that a set-up needs,
{address} the address that Bandwidth recommends, {accounts} for which accounts the credentials are,
{own_address} the base URL of one's own, {basic_end} the day on
which HTTP Basic ends; {client}, {user} and {environment} are credentials and place, {use_client} how to sign in with an OAuth2
client. {use}, {change}, {keep}, {order}, {move}, {give_up}, {choose} and {clear} say how to decide. The wizard fills them in with its
fields and keys, the command line with the words of files and flags.
Sources: the sections of docs/bandwidth-api.md, and *errors*, Bandwidth's own tables of codes (bandwidth-api 0.1).
"""

from typing import Final

from bwtui.domain.remedies.remedy_table.any_step import ANYWHERE, OWN
from bwtui.domain.remedies.remedy_table.campaigns import CAMPAIGN
from bwtui.domain.remedies.remedy_table.messaging_and_voice import APP, FEATURES, LINK
from bwtui.domain.remedies.remedy_table.numbers import ORDER, SEARCH
from bwtui.domain.remedies.remedy_table.row import NOTHING_AT_OWN_ADDRESS, OTHER_ACCOUNT, Row
from bwtui.domain.remedies.remedy_table.statuses import STATUSES
from bwtui.domain.remedies.remedy_table.sub_accounts_and_locations import SIPPEER, SITE

__all__ = ["CODES", "NOTHING_AT_OWN_ADDRESS", "OTHER_ACCOUNT", "STATUSES", "Row"]

CODES: Final = (*OWN, *ANYWHERE, *SITE, *SIPPEER, *FEATURES, *LINK, *APP, *SEARCH, *ORDER, *CAMPAIGN)
"""Every row that is found by a code."""
