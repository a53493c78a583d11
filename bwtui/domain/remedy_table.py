"""Bandwidth's refusals, their meaning and what to do about each: one row for each operation and code.

To correct a row, no Python is needed. Its columns are
    where it happened · the code · what happened · what to do now · the answer to go to · what was (not) changed.
*Where* names one or more operations, `step.verb`; `step.*` is every verb of a step, `*` is everything. The most exact wins:
`site.create` before `site.*` before `*`. The same code has several meanings, which is why it is never looked up alone.
*Code* is one code, several, or a range; if two rows fit equally, the first one wins.
The last two columns may be left out; what was not changed then follows from the verb.
In the texts, {text} is what Bandwidth wrote, {field} the answer to go to, {site.name} any other answer, {password} the place
of the step's callback password, {role} what its role must allow, {address} the address that Bandwidth recommends; {client},
{user} and {environment} are credentials and place. {use}, {change}, {keep}, {order}, {give_up}, {choose} and {clear} say how
to decide. The wizard fills them in with its fields and keys, the command line with the words of files and flags.
Sources: the sections of docs/bandwidth-api.md, and *errors*, Bandwidth's own tables of codes (bandwidth-api 0.1).
"""

from typing import Final, NamedTuple


class Row(NamedTuple):
    """One refusal and its remedy."""

    on: str
    code: str
    happened: str
    todo: str
    field: str = ""
    unchanged: str = ""


# --- What several rows say ---------------------------------------------------------------------------------------

_APPS: Final = "messaging_app.* voice_app.*"
_LINKS: Final = "messaging_link.* voice_link.*"

_OURS: Final = "This is not one of your answers. Try again; if that does not help, report it as a fault of bwtui, with Bandwidth's reply."
_NOT_SENT: Final = (
    "bwtui never sends this setting, so it comes from the account or from a location that was set up elsewhere. Ask Bandwidth "
    "support what the account requires, or create the location in the Bandwidth App and enter its ID ({field})."
)
_OTHER_SEARCH: Final = "Search again and choose other numbers, or let bwtui order the next one of the same search: say yes to “{field}”."

# --- Anywhere: bandwidth-api 1.8, errors SystemError and AccountErrorType ----------------------------------------

_ANYWHERE: Final = (
    Row("*", "1000", "Bandwidth had an internal error.", "Wait a minute, then try again. If that does not help, ask Bandwidth support."),
    Row("*", "1001", "Bandwidth does not let these credentials do this.", "Ask your Bandwidth administrator to give the credentials the role that this needs, then try again."),
    Row("*", "1002 1004 1006 1011 1012 1013 1014", "A value is outside what Bandwidth allows: {text}", "Correct the value that Bandwidth names, then try again."),
    Row("site.create site.update", "1003", "Something that Bandwidth requires is missing, usually the address: {text}", "Fill in the address, beginning with the house number ({field}), street, city, state and ZIP code, then try again.", "site.house_number"),
    Row("*", "1003", "Something that Bandwidth requires is missing: {text}", "Fill in what Bandwidth names, then try again."),
    Row("*", "1005 1007 1008 1009", "Bandwidth does not accept one of the values: {text}", "Correct or leave out the value that Bandwidth names, then try again."),
    Row("*", "1010", "Something unexpected happened at Bandwidth, and they have recorded it: {text}", "Wait a minute, then try again. If that does not help, give Bandwidth support the ID in its reply."),
    Row("*", "1015", "Something of this kind already exists: {text}", "Use the existing one by entering its ID, or choose another name."),
    Row("*", "1016", "Bandwidth does not know what the request was about: {text}", "Somebody may have removed it. Look in the Bandwidth App, then try again."),
    Row("*", "1019", "Bandwidth could not make sense of the request: {text}", "Look for unusual characters in your answers, then try again. If that does not help, report it as a fault of bwtui."),
    Row("*", "NOT_YET", "What was just created does not show yet: {text}", "Bandwidth may need a moment: try again in a minute. If it is still missing then, look for it in the App."),
    Row("*", "UNSENT", "It was not sent, because you had asked to stop before it was its turn.", "Try again when you want to continue: it picks up where it stopped."),
    Row("*", "4000 4018 5000 5210 12020", "Bandwidth does not know this account.", "Check the account ID for typos ({field}); the Bandwidth App shows it.", "account.account_id"),
    Row("*", "4012 4022 5012", "The account is locked.", "Ask your Bandwidth account manager to unlock the account, then try again.", "account.account_id"),
    Row("*", "4001", "Bandwidth did not accept one of the values: {text}", "Correct the value that Bandwidth names, then try again."),
    Row("*", "4014 4017 12016", "Bandwidth does not know this sub-account, or does not show it to these credentials.", "Check the ID of the sub-account ({field}). If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "site.use"),
    Row("*", "4020", "Bandwidth assigns the ID itself and wants none in the request.", _OURS),
    Row("*", "4023", "The location does not belong to this sub-account.", "Enter the ID of a location of this sub-account ({field}), or leave it empty to create one.", "sippeer.use"),
    Row("*", "4024", "Bandwidth has no route for messages of this account.", "Ask Bandwidth support to set up message routing for the account, then try again."),
    Row("*", "5017", "A phone number could not be moved to this location.", "Look in the Bandwidth App to see where the number is now, and move it there."),
    Row("*", "5217", "The message settings of a number cannot be changed while its location has business texting (A2P) switched on.", "Leave the number as it is, or change the setting of the location ({field}).", "sms.a2p_long_code"),
    Row("*", "5132", "The number cannot join a campaign because texting is off for it.", "Switch texting on for the number in the Bandwidth App."),
    Row("*", "5133", "The number cannot join a campaign because its location does not allow it.", "Set business texting on local numbers to DefaultOn or DefaultOff ({field}).", "sms.a2p_long_code"),
    Row("*", "5183", "Ordering phone numbers is not enabled on this account.", "Ask your Bandwidth account manager to enable number ordering for the account."),
    Row("*", "12017 12035 12041 12055 13576", "A product or feature is missing on the account: {text}", "Ask your Bandwidth account manager to enable what Bandwidth names."),
    Row("*", "12013 12019", "Bandwidth does not know a product or feature by this name: {text}", _OURS),
    Row("*", "12054", "The sub-account is locked while its contract is being prepared.", "Ask Bandwidth support to finish the paperwork and unlock it, or use another sub-account ({field}).", "site.use"),
    Row("*", "13019", "Bandwidth knows this country, but does not serve it.", "Use an address in a country that Bandwidth serves ({field}), such as United States.", "site.country"),
    Row("*", "13563", "Bandwidth does not know this location.", "Check the ID of the location ({field}). If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "sippeer.use"),
    Row("*", "13566 12053 12109", "Bandwidth's address service is not working.", "Wait a few minutes, then try again. If that does not help, ask Bandwidth support."),
    Row("*", "16008", "A notification of this kind already exists.", "There is nothing to do: the existing one stays in force."),
    Row("*", "7309", "Bandwidth does not know the sub-account that the number should go to.", "Check the ID of the sub-account ({field}).", "site.use"),
    Row("*", "7312", "Bandwidth does not know the location that the number should go to.", "Check the ID of the location ({field}).", "sippeer.use"),
    Row("*", "12130", "The account has no HTTP messaging.", "Ask your Bandwidth account manager to enable HTTP messaging (version 2) on the account, then try again."),
    Row("*", "12150 12161", "The account has no HTTP voice.", "Ask your Bandwidth account manager to enable HTTP voice on the account, then try again."),
    Row("*", "13651", "A voice feature is missing on the account: {text}", "Ask your Bandwidth account manager to enable HTTP voice for incoming calls, and say whether the account is a Universal Platform account, where voice is set up differently."),
    Row("*", "13547", "This account cannot have locations, because it lacks the products for them.", "Ask your Bandwidth account manager to enable messaging, or voice for incoming and outgoing calls, on the account."),
    Row("*", "13607", "SMS is not enabled on the account.", "Ask your Bandwidth account manager to enable SMS on the account, then try again."),
)  # fmt: skip

# --- Sub-accounts: bandwidth-api 2.1 and 2.4, errors AdminError and AdminValidationError -------------------------

_SITE: Final = (
    Row("site.*", "12533", "The sub-account has no name.", "Give it a name ({field}).", "site.name"),
    Row("site.*", "12526", "Bandwidth does not accept the name of the sub-account.", "Use letters, digits, blanks, dots and dashes only, 10 characters at most ({field}).", "site.name"),
    Row("site.*", "12529", "The name of the sub-account is too long.", "Shorten it; up to 10 characters are always accepted, more than 50 never ({field}).", "site.name"),
    Row("site.*", "4015", "The name of the sub-account is too long, or has a character that Bandwidth does not accept.", "Use letters, digits, blanks, dots and dashes only, 10 characters at most ({field}).", "site.name"),
    Row("site.*", "4016", "The description of the sub-account is too long, or has a character that Bandwidth does not accept.", "Use letters, digits, blanks, dots and dashes only, 250 characters at most, or leave it empty ({field}).", "site.description"),
    Row("site.*", "12015", "There is already a sub-account with this ID.", "Try again: Bandwidth assigns the ID itself. To use the existing one, enter its ID ({field}).", "site.use"),
    Row("site.*", "12534", "Bandwidth assigns the ID of a sub-account itself and wants none.", _OURS),
    Row("site.*", "12544", "Bandwidth does not accept your own ID for the sub-account.", "Use digits only, 10 at most, or leave it empty ({field}).", "site.customer_provided_id"),
    Row("site.*", "12606", "Your own ID for the sub-account is too long.", "Shorten it to 10 characters, or leave it empty ({field}).", "site.customer_provided_id"),
    Row("site.*", "12545", "Bandwidth wants a contact person, which a sub-account does not have.", "Add a contact to the account itself in the Bandwidth App, then try again."),
    Row("site.*", "12546", "The sub-account has no address.", "Fill in the address, beginning with the house number ({field}).", "site.house_number"),
    Row("site.*", "13044", "What comes before the house number is too long.", "Shorten it to 6 characters, or leave it empty ({field}).", "site.house_prefix"),
    Row("site.*", "12536", "The address has no house number.", "Enter the house number ({field}).", "site.house_number"),
    Row("site.*", "12537", "The house number is too long.", "Enter the number alone, 45 characters at most ({field}); the street has its own field ({site.street_name}).", "site.house_number"),
    Row("site.*", "12547", "What comes after the house number is too long.", "Shorten it to 45 characters, or leave it empty ({field}).", "site.house_suffix"),
    Row("site.*", "12548", "The direction before the street is too long.", "Choose N, S, E, W, NE, NW, SE or SW, or leave it empty ({field}).", "site.pre_directional"),
    Row("site.*", "12549", "The direction after the street is too long.", "Choose N, S, E, W, NE, NW, SE or SW, or leave it empty ({field}).", "site.post_directional"),
    Row("site.*", "12605", "One of the two directions of the street is not a compass direction.", "Choose N, S, E, W, NE, NW, SE or SW before the street ({field}) and after it ({site.post_directional}), or leave them empty.", "site.pre_directional"),
    Row("site.*", "12538", "The address has no street.", "Enter the name of the street ({field}).", "site.street_name"),
    Row("site.*", "12539", "The name of the street is too long.", "Shorten it to 200 characters ({field}).", "site.street_name"),
    Row("site.*", "13045", "The street suffix is too long.", "Use the short form, such as Dr or Ave, or leave it empty ({field}).", "site.street_suffix"),
    Row("site.*", "12550", "The second address line is too long.", "Shorten it to 200 characters, or leave it empty ({field}).", "site.address_line_2"),
    Row("site.*", "12540", "The address has no city.", "Enter the city ({field}).", "site.city"),
    Row("site.*", "12541", "The name of the city is too long.", "Shorten it to 100 characters ({field}).", "site.city"),
    Row("site.*", "12542", "The address has no state.", "Enter the two letters of the state, such as NC ({field}).", "site.state"),
    Row("site.*", "12543", "The state is not written as two letters.", "Enter its two letters, such as NC ({field}).", "site.state"),
    Row("site.*", "12535 12837", "There is no state with these two letters.", "Enter the two letters that the post office uses, such as NC ({field}).", "site.state"),
    Row("site.*", "12024", "The state does not belong to the country of the address.", "Check the state ({field}) and the country ({site.country}).", "site.state"),
    Row("site.*", "13038", "The state and the ZIP code do not match.", "Check the state ({field}) and the ZIP code ({site.zip}).", "site.state"),
    Row("site.*", "12644", "The address has no ZIP code.", "Enter the five digits of the ZIP code ({field}).", "site.zip"),
    Row("site.*", "12551", "The ZIP code is too long.", "Enter its five digits only ({field}); the four digits after the hyphen have their own field ({site.plus_four}).", "site.zip"),
    Row("site.*", "13103", "The ZIP code is not five digits.", "Enter five digits, including a leading zero ({field}).", "site.zip"),
    Row("site.*", "12552", "The ZIP extension is too long.", "Enter four digits, or leave it empty ({field}).", "site.plus_four"),
    Row("site.*", "13052", "The ZIP extension is not the one in the ZIP code.", "Leave the extension empty, or make both the same ({field}).", "site.plus_four"),
    Row("site.*", "12553", "The name of the county is too long.", "Shorten it to 45 characters, or leave it empty ({field}).", "site.county"),
    Row("site.*", "12580", "The address has no country.", "Enter United States ({field}).", "site.country"),
    Row("site.*", "12554", "The kind of address is missing.", "Choose Billing or Service ({field}).", "site.address_type"),
    Row("site.*", "12579", "Bandwidth does not know this kind of address.", "Choose Billing or Service ({field}).", "site.address_type"),
    Row("site.*", "12046", "The request has settings that only UC Trunking accounts may have.", _OURS),
    Row("site.*", "12112", "Bandwidth found the address, but writes it differently.", "{address} The parts of the address are next to each other ({field}).", "site.street_name"),
    Row("site.*", "12113 12110 12133", "Bandwidth could not find this street address.", "Check house number, street ({field}), city and ZIP code as the post office writes them.", "site.street_name"),
    Row("site.create site.update", "12054", "Some settings of the sub-account are only for agent accounts, or it is locked for its contract: {text}", "Show this reply to Bandwidth support and ask what the account allows, or use another sub-account ({field}).", "site.use"),
    Row("site.delete", "12054", "The sub-account is locked while its contract is being prepared, so it cannot be removed.", "Ask Bandwidth support to unlock it, then run the teardown again."),
    Row("site.delete", "12016", "The sub-account no longer exists.", "There is nothing to do.", unchanged="Nothing had to be deleted."),
    Row("site.delete", "12031", "The sub-account still has locations.", "Run the teardown again: it removes locations first. Locations that bwtui did not create are left alone; remove those in the Bandwidth App if you want the sub-account gone."),
    Row("site.delete", "12059", "The sub-account has a billing ID, and can no longer be removed.", "Leave it, or ask your Bandwidth account manager to close it."),
)  # fmt: skip

# --- Locations: bandwidth-api 3.1 and 3.4, errors SipPeerValidationError -----------------------------------------

_SIPPEER: Final = (
    Row("sippeer.*", "13500", "The location has no name.", "Give it a name ({field}).", "sippeer.name"),
    Row("sippeer.*", "13501", "The name of the location is too long.", "Shorten it to 50 characters ({field}).", "sippeer.name"),
    Row("sippeer.*", "13502", "Bandwidth does not accept the name of the location.", "Use letters and digits only; if it has blanks or dashes, try it without them ({field}).", "sippeer.name"),
    Row("sippeer.create", "13524", "The sub-account already has a location of this name.", "Choose another name ({field}), or use the existing one by entering its ID ({sippeer.use}).", "sippeer.name"),
    Row("sippeer.update", "13524", "Another location of the sub-account already has this name.", "Choose a name that no other location has ({field}).", "sippeer.name"),
    Row("sippeer.*", "13522", "The first location of a sub-account must be its default one.", "Say yes to default location ({field}).", "sippeer.is_default"),
    Row("sippeer.*", "13525", "The location to change no longer exists.", "Check the ID of the location ({field}), or leave it empty to create one.", "sippeer.use"),
    Row("sippeer.*", "13503", "The description of the location is too long.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13550", "The description of the location has a character that Bandwidth does not accept.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13510", "The destination of the location is not an address that Bandwidth accepts.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13688", "This account cannot give a location a final destination.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.create", "13691", "A value of the new location is not accepted, such as its billing identifier: {text}", _NOT_SENT, "sippeer.use"),
    Row("sippeer.update", "13691", "A value of the location cannot be changed in this way, such as its billing identifier: {text}", "Compare the location with your answers in the Bandwidth App, or use another one ({field}).", "sippeer.use"),
    Row("*", "13691", "Bandwidth did not accept a value of the location: {text}", "Show this reply to Bandwidth support: the code stands for several things."),
    Row("sippeer.*", "13504", "The location has both single voice servers and groups of them.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13506", "The location has more than 10 voice servers.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13507", "The location has more than one group of voice servers.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13509 13594", "A server of the location is neither an IP address nor a domain name.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13537 13539 13541 13549 13561", "The account requires servers (hosts) at every location.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13553", "The location lists the same server twice.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.create sippeer.update", "13605", "The location lists the same server twice.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.delete", "13605", "Numbers of the location are being moved in from another carrier.", "Wait until that order is finished or cancel it in the Bandwidth App, then run the teardown again."),
    Row("*", "13605", "Bandwidth refuses this because of servers or incoming number transfers at the location: {text}", "Look at the location in the Bandwidth App, or show this reply to Bandwidth support."),
    Row("sippeer.*", "13606", "A number of the location forwards its calls to itself.", "Correct the call forwarding of that number in the Bandwidth App."),
    Row("sippeer.*", "13552", "An IP address of the location, with its port, is in use elsewhere.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13569", "An IP address of the location is in use elsewhere.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13593", "The network of a server is written with a size that Bandwidth does not accept.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13595", "The network address of a server is not the first address of its network.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13590-13595", "Outgoing calls of a server are not allowed with these settings.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13685", "A new location cannot leave its call routing unchanged.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13686", "A new location cannot have its call routing switched off.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "5200", "The account has no call routing plans.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "5217", "Numbers of the location have business texting settings (A2P) that stand in the way.", "Look at the numbers of the location in the Bandwidth App, or ask Bandwidth support."),
    Row("sippeer.*", "5218", "A call route of the location leads to a private IP address.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "5219 5220", "A call route of the location leads to a server that Bandwidth cannot reach.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "5221", "A call route of the location has a priority that is too high.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "5222", "A call route of the location has a weight that is too high.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "5223", "The priorities of the location's call routes leave one out.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "5207-5253", "The call routing plan of the location is not accepted: {text}", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13576", "The location needs a feature that the account lacks: {text}", "Ask your Bandwidth account manager to enable the feature that Bandwidth names."),
    Row("sippeer.*", "13581", "The caller name settings of the location lack their display part.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13582", "The caller name settings of the location lack their enforced part.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13693", "Call verification and Pindrop cannot both be on.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "13567", "Bandwidth does not know this protocol for messages.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.*", "12112", "Bandwidth found the address of the location, but writes it differently.", "{address} bwtui sends no address with a location: enter it in the Bandwidth App, then give the ID of the location ({field}).", "sippeer.use"),
    Row("sippeer.*", "12113 13565 13584", "Bandwidth could not find the address of the location.", _NOT_SENT, "sippeer.use"),
    Row("sippeer.delete", "13613", "The location still has SMS.", "Run the teardown again: it switches SMS off first."),
    Row("sippeer.delete", "13622", "The location still has MMS.", "Run the teardown again: it switches MMS off first."),
    Row("sippeer.delete", "13555", "The location still has phone numbers, or numbers on their way to it.", "Release or move its numbers, wait for open transfers, then run the teardown again; released numbers can stay visible for about 30 days."),
    Row("sippeer.delete", "13556", "The location still has a server for outgoing calls.", "Remove that server in the Bandwidth App, then run the teardown again."),
    Row("sippeer.delete", "13557 13563", "The location no longer exists.", "There is nothing to do.", unchanged="Nothing had to be deleted."),
    Row("sippeer.delete", "13558", "The default location can only be removed as the last one of its sub-account.", "Remove the other locations first, or make another one the default in the Bandwidth App."),
    Row("sippeer.delete", "13652", "The location still has HTTP voice.", "Run the teardown again: it sets voice back to SIP first."),
    Row("sippeer.delete", "13679", "Bandwidth itself uses this location to pass messages on.", "Leave it, or ask Bandwidth support."),
    Row("sippeer.delete", "13681", "An order that waits for numbers still points to this location.", "Finish or cancel that order in the Bandwidth App, then run the teardown again."),
)  # fmt: skip

# --- SMS and MMS: bandwidth-api 4.1 and 4.2 ----------------------------------------------------------------------

_FEATURES: Final = (
    Row("sms.* mms.*", "13609", "The account has no HTTP messaging, so a location cannot have it either.", "Ask your Bandwidth account manager to enable HTTP messaging (version 2) on the account, then try again."),
    Row("mms.*", "13576", "The account has no MMS: {text}", "Ask your Bandwidth account manager to enable it, or do without picture messages: say no to “{field}”.", "mms.enabled"),
    Row("sms.*", "13576", "The account lacks a messaging feature: {text}", "Ask your Bandwidth account manager to enable the feature that Bandwidth names, or say no to the option that needs it: toll-free numbers ({field}), short codes ({sms.short_code}).", "sms.toll_free"),
    Row("sms.*", "13606", "The location already sends messages by other means than HTTP.", "Use another location ({field}), or ask Bandwidth support to switch this one to HTTP messaging.", "sippeer.use"),
    Row("mms.*", "13606", "The location already sends picture messages by other means than HTTP.", "Use another location ({field}), or say no to MMS ({mms.enabled}).", "sippeer.use"),
    Row("sms.* mms.*", "13608", "The protocol for messages and its settings do not match.", _OURS),
    Row("sms.* mms.*", "13610", "The location already sends messages by other means.", "Use another location ({field}), or ask Bandwidth support to switch this one to HTTP messaging.", "sippeer.use"),
    Row("sms.* mms.*", "13567", "Bandwidth does not know this protocol for messages; bwtui asks for HTTP.", _OURS),
    Row("sms.* mms.*", "13614", "SMPP messaging is not enabled on the account; bwtui asks for HTTP.", "Use a location that has not been set up for SMPP ({field}).", "sippeer.use"),
    Row("sms.*", "13636", "The setting for business texting on local numbers is not one that Bandwidth knows.", "Choose DefaultOn, DefaultOff, ON or OFF, or leave it empty ({field}).", "sms.a2p_long_code"),
    Row("sms.*", "13637", "The location has a campaign, but nothing that may use it.", "Say yes to toll-free numbers ({field}), short codes or business texting, or remove the campaign from the location in the Bandwidth App.", "sms.toll_free"),
    Row("sms.*", "13638", "This account requires a campaign for the kinds of texting that are switched on.", "Register a campaign in the Bandwidth App and give it to the location there, or leave business texting empty ({field}).", "sms.a2p_long_code"),
    Row("sms.*", "13639", "The account may not use this campaign.", "Give the location a campaign of this account in the Bandwidth App, or leave business texting empty ({field}).", "sms.a2p_long_code"),
    Row("sms.*", "13640", "The account may not use this class of messages.", "Ask Bandwidth support which message classes the account has, or leave business texting empty ({field}).", "sms.a2p_long_code"),
    Row("sms.*", "13641", "Business texting on local numbers needs a class of messages.", "Leave business texting empty ({field}) and set it with its class in the Bandwidth App.", "sms.a2p_long_code"),
    Row("sms.*", "13642", "A class of messages is set, but business texting on local numbers is off.", "Set business texting to DefaultOn ({field}), or remove the class in the Bandwidth App.", "sms.a2p_long_code"),
    Row("sms.* mms.*", "13674", "The location has a network of servers that only Bandwidth's staff may enter.", "Ask Bandwidth support to enter it, or use another location ({field}).", "sippeer.use"),
    Row("sms.*", "13672", "Toll-free texting cannot be switched off while toll-free numbers here have settings of their own.", "Say yes to toll-free numbers ({field}), or reset those numbers in the Bandwidth App.", "sms.toll_free"),
    Row("sms.*", "13677", "Short codes cannot be switched off while the location has short codes that send messages.", "Say yes to short codes ({field}).", "sms.short_code"),
    Row("mms.*", "13607", "MMS needs SMS, and SMS is not enabled on the account.", "Ask your Bandwidth account manager to enable SMS and MMS on the account, or say no to MMS ({field}).", "mms.enabled"),
    Row("mms.*", "13623", "MMS came before SMS: the location has no SMS yet.", "Try again: bwtui switches SMS on first. If SMS failed, solve that first."),
    Row("mms.*", "13644", "MMS on toll-free numbers needs SMS on toll-free numbers.", "Say yes to toll-free numbers under SMS ({field}), then try again.", "sms.toll_free"),
    Row("sms.* mms.*", "12784", "The account cannot have MMS, because its SMS is not set up.", "Ask your Bandwidth account manager to set up SMS on the account, or say no to MMS ({field}).", "mms.enabled"),
    Row("sms.* mms.*", "12692", "Bandwidth is still working on an earlier change of the messaging settings.", "Wait a minute, then try again."),
    Row("sms.delete", "13624", "SMS cannot be removed while the location has MMS.", "Run the teardown again: it switches MMS off first."),
    Row("sms.*", "13624", "SMS cannot be switched off while the location has MMS.", "Leave SMS on, or switch MMS off first."),
    Row("sms.*", "13673", "SMS cannot be switched off while numbers of the location can send messages.", "Release the numbers or move them to another location, then try again."),
)  # fmt: skip

# --- Links of applications: bandwidth-api 4.3 and 4.4 ------------------------------------------------------------

_LINK: Final = (
    Row("messaging_app.* messaging_link.*", "13629", "Bandwidth does not know this messaging application.", "Check its ID ({field}), or leave that empty to create one. If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "messaging_app.use"),
    Row("voice_app.* voice_link.*", "13629", "Bandwidth does not know this voice application.", "Check its ID ({field}), or leave that empty to create one. If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "voice_app.use"),
    Row("messaging_link.*", "13628", "The ID of the messaging application is not one that Bandwidth accepts.", "Check the ID ({field}), or leave it empty to create an application.", "messaging_app.use"),
    Row("messaging_link.*", "13645", "The location has no SMS over HTTP yet, which must come before its application.", "Try again: bwtui switches SMS on first. If SMS failed, solve that first."),
    Row("messaging_link.*", "13648", "A voice application cannot be linked for messages.", "Enter the ID of a messaging application ({field}), or leave it empty to create one.", "messaging_app.use"),
    Row("voice_link.*", "13648", "A messaging application cannot be linked for calls.", "Enter the ID of a voice application ({field}), or leave it empty to create one.", "voice_app.use"),
    Row("voice_link.*", "13646", "The location has SIP voice servers, which HTTP voice does not allow.", "Use another location ({field}), or remove its voice servers in the Bandwidth App.", "sippeer.use"),
    Row("voice_link.*", "13647", "Bandwidth does not know this protocol for calls; bwtui asks for HTTP.", _OURS),
    Row("voice_link.*", "13649", "The location is set to SIP voice, where no application can be linked.", "Try again: bwtui asks for HTTP voice together with the application. If that does not help, use another location ({field}).", "sippeer.use"),
    Row("voice_link.*", "13630", "The voice settings of the location are incomplete: {text}", "Look at the location in the Bandwidth App, or use another one ({field}).", "sippeer.use"),
    Row("voice_link.*", "13650", "The account has no voice application, so the location cannot have HTTP voice.", "Try again: bwtui creates the application first. If you entered the ID of an existing one, check it ({field}).", "voice_app.use"),
    Row("voice_link.*", "12161 12150", "HTTP voice is not switched on for the account.", "Ask your Bandwidth account manager to enable HTTP voice on the account, then try again."),
)  # fmt: skip

# --- Applications: bandwidth-api 5 -------------------------------------------------------------------------------

_APP: Final = (
    Row(_APPS, "12800", "A callback password was given without a user.", "Enter the user ({field}), or take the password away ({password}).", "{step}.callback_user"),
    Row(_APPS, "12977", "A callback user was given without a password.", "Give the password ({password}), or leave the user empty ({field}).", "{step}.callback_user"),
    Row(_APPS, "12976", "The callback user cannot be changed without its password.", "Give the password of the user ({field}) too ({password}), then try again.", "{step}.callback_user"),
    Row("messaging_app.*", "12812", "A callback user and password may only be sent to an https URL.", "Begin the callback URL with https:// ({field}), or leave the callback user empty ({messaging_app.callback_user}).", "messaging_app.callback_url"),
    Row("voice_app.*", "12812", "A callback user and password may only be sent to an https URL.", "Begin the callback URLs with https:// ({field} and {voice_app.call_status_url}), or leave the callback user empty ({voice_app.callback_user}).", "voice_app.call_initiated_url"),
    Row(_APPS, "12801", "Bandwidth does not know this kind of application.", _OURS),
    Row(_APPS, "12806", "The application has no name.", "Give it a name ({field}).", "{step}.name"),
    Row("messaging_app.*", "12802", "The URL for incoming messages is missing.", "Enter the callback URL ({field}), or the one for incoming messages ({messaging_app.inbound_url}).", "messaging_app.callback_url"),
    Row("voice_app.*", "12802", "The URL that Bandwidth asks about incoming calls is missing.", "Enter it ({field}).", "voice_app.call_initiated_url"),
    Row("messaging_app.*", "12803 12974", "A callback URL is not complete.", "Write it in full, such as https://yourSecureSite.com/callbacks; a port must be 80, 443 or 1024 and above ({field}).", "messaging_app.callback_url"),
    Row("voice_app.*", "12803 12974", "A callback URL is not complete.", "Write both in full, such as https://yourSecureSite.com/callbacks/init; a port must be 80, 443 or 1024 and above ({field}, {voice_app.call_status_url}).", "voice_app.call_initiated_url"),
    Row("messaging_app.*", "12960", "Two different callback URLs were sent where only one is allowed.", "Keep the callback URL only ({field}).", "messaging_app.callback_url"),
    Row("messaging_app.*", "13065", "The common callback URL cannot be combined with those for incoming and outgoing messages.", "Keep the callback URL ({field}), or the other two ({messaging_app.inbound_url}, {messaging_app.outbound_url}).", "messaging_app.callback_url"),
    Row("messaging_app.*", "13066", "The common callback user cannot be combined with one for incoming or outgoing messages.", "Keep one callback user for the application ({field}); if the application has others, remove them in the Bandwidth App.", "messaging_app.callback_user"),
    Row(_APPS, "12961", "The callback method is neither GET nor POST.", "bwtui leaves the method to Bandwidth: correct it at the application in the Bandwidth App, or use another one ({field}).", "{step}.use"),
    Row(_APPS, "12962", "The application has a setting that its kind cannot have: {text}", "Check that the ID is that of the right kind of application ({field}), or leave it empty to create one.", "{step}.use"),
    Row("voice_app.*", "12963", "The method of status events is set, but their URL is not.", "Enter the call-status URL ({field}).", "voice_app.call_status_url"),
    Row(_APPS, "12964", "The kind of an application cannot be changed.", "Enter the ID of an application of the right kind ({field}), or leave it empty to create one.", "{step}.use"),
    Row("voice_app.*", "13047", "The time limit of the callbacks is not between 1 and 25 seconds.", "bwtui leaves the limit to Bandwidth: correct it at the application in the Bandwidth App, or use another one ({field}).", "voice_app.use"),
    Row("voice_app.*", "13049", "The time limit of the callbacks is not a whole number of seconds.", "bwtui leaves the limit to Bandwidth: correct it at the application in the Bandwidth App, or use another one ({field}).", "voice_app.use"),
    Row("voice_app.*", "13048", "The method of the fallback is set, but its URL is not.", "bwtui sets no fallback: complete it at the application in the Bandwidth App, or use another one ({field}).", "voice_app.use"),
    Row(_APPS, "12103", "The account is not set up for HTTP messaging, so bwtui cannot tell which applications and locations there are.", "Ask Bandwidth support to set up HTTP messaging for the account."),
    Row("messaging_app.* messaging_link.*", "12130", "The account has no HTTP messaging.", "Ask your Bandwidth account manager to enable HTTP messaging (version 2) on the account, then try again."),
    Row("voice_app.*", "12150", "The account has no HTTP voice.", "Ask your Bandwidth account manager to enable HTTP voice on the account, then try again. Messaging can be set up without it."),
    Row("voice_app.*", "12161", "HTTP voice is not switched on in the account's network settings.", "Ask Bandwidth support to enable HTTP voice in Edge Management, then try again."),
    Row("messaging_app.delete voice_app.delete", "13629", "The application no longer exists.", "There is nothing to do.", unchanged="Nothing had to be deleted."),
    Row("messaging_app.delete voice_app.delete", "12107", "Locations still use the application: {text}", "Run the teardown again: it removes the links that bwtui created. Remove other links in the Bandwidth App."),
    Row("voice_app.delete", "13653", "This is the last voice application, and locations still have HTTP voice: {text}", "Run the teardown again: it sets the location that bwtui created back to SIP first. Change the others in the Bandwidth App."),
)  # fmt: skip

# --- Searching numbers: bandwidth-api 6, errors SearchErrorType --------------------------------------------------

_SEARCH: Final = (
    Row("number.search", "4000", "Bandwidth does not accept the area code.", "Enter three digits, the first from 2 to 9, such as 919 ({field}).", "number.area_code"),
    Row("number.search", "4001", "Bandwidth does not know this rate center in this state.", "Enter its abbreviation ({field}) and the state ({number.state}), or search by city.", "number.rate_center"),
    Row("number.search", "4002", "Bandwidth does not accept the area code and exchange.", "Enter six digits ({field}), seven ({number.npa_nxxx}) or the area code alone ({number.area_code}): only one of the three.", "number.npa_nxx"),
    Row("number.search", "4003", "Bandwidth does not accept the word for a toll-free number.", "Enter 4 to 7 letters or digits; if that is refused too, exactly 7 ({field}).", "number.toll_free_vanity"),
    Row("number.search", "4004", "Bandwidth does not accept the toll-free pattern.", "Enter three characters: 8** for any toll-free number, or 80* for 800 numbers ({field}).", "number.toll_free_pattern"),
    Row("number.search", "4005", "Bandwidth does not know this city in this state.", "Check the city ({field}) and the state ({number.state}), or search by area code.", "number.city"),
    Row("number.search", "4006", "Bandwidth does not accept the state.", "Enter its two letters, such as NC ({field}).", "number.state"),
    Row("number.search", "4007", "Bandwidth does not accept the ZIP code.", "Enter five digits ({field}).", "number.zip"),
    Row("number.search", "4008", "Bandwidth does not accept the calling area number (LATA).", "Enter up to five digits, or search by area code ({field}).", "number.lata"),
    Row("number.search", "4009", "The search failed because of an error at Bandwidth.", "Wait a minute, then search again."),
    Row("number.search", "4010", "Bandwidth cannot search in this way: {text}", "Correct what Bandwidth names, or search by area code alone ({field}). A city or rate center needs a state; a word in the number needs an area code.", "number.area_code"),
    Row("number.search", "4011", "Bandwidth does not accept one of the phone numbers.", "Enter ten digits each ({field}).", "number.numbers"),
    Row("number.search", "4014", "These credentials may not search for phone numbers.", "Ask your Bandwidth administrator to give the credentials a role that may search and order numbers, then search again."),
    Row("number.search", "4015", "The search asks for details that Bandwidth does not know.", _OURS),
    Row("number.search", "4016", "The search asks for a price class (tier) that Bandwidth does not know.", _OURS),
    Row("number.search", "4017", "Bandwidth does not know this phone number.", "Check its ten digits ({field}), or search for one instead.", "number.numbers"),
    Row("number.search", "4018", "The search asks for a page that does not exist.", _OURS),
    Row("number.search", "4020", "Bandwidth cannot sort the results in this way.", "Leave the sorting empty, and search again."),
    Row("number.search", "4021", "Bandwidth cannot sort the results of this kind of search.", "Leave the sorting empty, and search again."),
    Row("number.search", "4022", "Bandwidth does not know this choice of protected numbers.", "Choose NONE, ONLY or MIXED, or leave it empty."),
    Row("number.search", "4023", "Bandwidth has no new numbers in this area.", "Search in a neighbouring area, or by another area code ({field}).", "number.area_code"),
    Row("number.search", "4024", "These numbers have a price class (tier) that the account may not order.", "Search elsewhere ({field}), or ask your Bandwidth account manager for access to this class.", "number.area_code"),
)  # fmt: skip

# --- Orders, and numbers in place: bandwidth-api 7 and 8, errors OrderErrorType ----------------------------------

_ORDER: Final = (
    Row("number.*", "5001", "Bandwidth could not read the list of phone numbers.", "Check the numbers: ten digits each ({field}).", "number.numbers"),
    Row("number.*", "5002", "Bandwidth does not accept the order or search as it is: {text}", "Correct what Bandwidth names, then try again."),
    Row("number.*", "5003", "Bandwidth could not put the number into service.", "Look at the order in the Bandwidth App before ordering again, and ask Bandwidth support.", unchanged="Whether the number is on the account is shown by the order in the Bandwidth App."),
    Row("number.*", "5005", "Somebody else got the phone number first: it can no longer be ordered.", _OTHER_SEARCH, "number.replace_taken"),
    Row("number.*", "5006", "A number could not be released, because it is not on this account.", "Look in the Bandwidth App to see if it was already released. If so, there is nothing to do.", unchanged="This number was not released; others of the same request may have been."),
    Row("number.*", "5007", "The account has reached the limit of numbers that it may order.", "Order fewer ({field}), or ask your Bandwidth account manager to raise the limit.", "number.quantity"),
    Row("number.*", "5008", "None of the phone numbers is valid.", "Check them: ten digits each ({field}), or search instead.", "number.numbers"),
    Row("number.*", "5009", "Bandwidth does not accept this quantity of numbers.", "Enter a number from 1 to 5000 ({field}).", "number.quantity"),
    Row("number.*", "5011", "The account has no price classes (tiers), so it cannot order numbers.", "Ask your Bandwidth account manager to set them up."),
    Row("number.*", "5012", "The account is locked, so nothing can be ordered.", "Ask your Bandwidth account manager to unlock the account, then try again."),
    Row("number.*", "5016", "Bandwidth does not know the sub-account that the order names.", "Check the ID of the sub-account ({field}). If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "site.use"),
    Row("number.*", "5017", "Only some of the numbers were available.", "Keep these, or search again for the rest. You can choose to accept part of an order ({field}).", "number.partial_allowed", "The numbers that were available were bought; the others were not and cost nothing."),
    Row("number.*", "5018", "None of the numbers was available: all were taken in the meantime.", _OTHER_SEARCH, "number.replace_taken", "No number was ordered and nothing was charged."),
    Row("number.*", "5019", "The order is still under way.", "Come back later: bwtui keeps reading the same order.", unchanged="The order continues, and is not placed again."),
    Row("number.*", "5020", "The sub-account has no default location, and the order names none.", "Make a default location ({field}), then try again.", "sippeer.is_default"),
    Row("number.*", "5022", "The order names no sub-account.", _OURS),
    Row("number.*", "5023", "Bandwidth does not know the location that the order names.", "Check the ID of the location ({field}).", "sippeer.use"),
    Row("number.*", "5041", "The number cannot be held, because it is no longer available.", _OTHER_SEARCH, "number.replace_taken"),
    Row("number.*", "5052", "Bandwidth does not accept the order's own ID.", "Try again: bwtui creates a new one. If that does not help, report it as a fault of bwtui."),
    Row("number.*", "5060", "Only an order that waits for numbers can be closed.", "Look at the order in the Bandwidth App: it may already be finished.", unchanged="The order is as it was."),
    Row("number.*", "5061", "Bandwidth does not know this order.", "Look for it under Orders in the Bandwidth App before ordering again.", unchanged="Nothing was changed: this was only a look."),
    Row("number.*", "5086", "The order took too long at Bandwidth.", "Try again: bwtui looks for the order before it places one.", unchanged="It is not known whether the order was placed."),
    Row("number.*", "5093", "The order lists the same number twice.", "Remove one of them ({field}).", "number.numbers"),
    Row("number.*", "5094", "The sub-account of the order is locked.", "Ask Bandwidth support to unlock it, or use another sub-account ({field}).", "site.use"),
    Row("number.*", "5095 5211 5215", "The order has more numbers than an order may have.", "Order 5000 at most ({field}), and the rest with another setup.", "number.quantity"),
    Row("number.*", "5183", "Ordering phone numbers is not enabled on this account.", "Ask your Bandwidth account manager to enable number ordering, or do without a number for now."),
    Row("number.*", "5212", "The order has no phone numbers.", "Enter the numbers ({field}), or search for some.", "number.numbers"),
    Row("number.*", "5213", "One of the phone numbers cannot be ordered.", "Check its ten digits ({field}), or search for another.", "number.numbers"),
    Row("number.*", "5214", "None of the numbers in the list can be ordered.", "Check their ten digits ({field}), or search instead.", "number.numbers"),
    Row("number.*", "5217", "Bandwidth does not accept the answer about part of an order.", "Answer yes or no ({field}).", "number.partial_allowed"),
    Row("number.*", "5218", "Another order is taking this number right now.", "If that is an order of yours, wait for it. " + _OTHER_SEARCH, "number.replace_taken"),
    Row("number.*", "5219 5220 5221 5223", "The number cannot be moved between these accounts.", "Choose another number ({field}), or ask Bandwidth support about moving it.", "number.numbers"),
    Row("number.*", "5222", "The account may not order numbers of this price class (tier).", "Choose a number from another area ({field}), or ask your Bandwidth account manager for access to this class.", "number.area_code"),
    Row("number.*", "5257", "Only numbers of the United States and Canada (+1) can be ordered in this way.", "Enter ten-digit numbers without a foreign country code ({field}).", "number.numbers"),
    Row("number.*", "5520 5521", "The order waits until Bandwidth has enough numbers.", "Come back later, or close the order in the Bandwidth App.", unchanged="The order stays open, and is not placed again."),
    Row("number.read", "BACKORDERED", "The order waits until Bandwidth has enough numbers.", "Come back later and try again: bwtui keeps reading the same order. Or close the order in the Bandwidth App.", unchanged="The order stays open, and is not placed again."),
    Row("number.read", "FAILED", "Bandwidth could not fill the order: {text}", _OTHER_SEARCH, "number.replace_taken", "No number was ordered and nothing was charged."),
    Row("number.read", "PARTIAL", "The order brought only some of the numbers: {text}", "Try again for the rest, or order fewer ({field}).", "number.quantity", "The numbers that were available were bought; the others were not and cost nothing."),
    Row("number.*", "5522", "An order for particular numbers cannot wait until they are available.", "Choose numbers that are available now ({field}).", "number.numbers"),
    Row("number.*", "5525", "Few numbers are left in this area: an order can wait for only a few more.", "Order fewer ({field}), or search in another area.", "number.quantity"),
    Row("number.*", "5526", "Few numbers are left in this area, and Bandwidth made the order smaller: {text}", "Look at the order in the Bandwidth App, and search in another area for the rest ({field}).", "number.area_code", "The order was made smaller, not refused."),
    Row("number.*", "5527", "Few numbers are left in this area, and no order may wait for more.", "Search in another area ({field}).", "number.area_code"),
    Row("number.*", "12016", "Bandwidth does not know the sub-account of this search or order.", "Check the ID of the sub-account ({field}).", "site.use"),
    Row("number.*", "13536 12512", "The number is not on this location.", "Look in the Bandwidth App to see where it is; a number that was just ordered may need a minute."),
    Row("number.list", "1003 1006", "Bandwidth could not list the orders: {text}", _OURS),
)  # fmt: skip

# --- What bwtui itself finds: the codes are those of `domain.run.Own` --------------------------------------------

_OWN: Final = (
    Row("*", "SAME_NAME", "{own}", "To use it, {use}; otherwise choose another name.", "{step}.use"),
    Row("*", "UNLIKE", "{own}", "Take back the answers that differ, or use another one.", "{step}.use"),
    Row("*", "LIKE_OURS", "{own}", "It has the name of what this setup was about to create: compare them in the App. To use it, {use}; otherwise choose another name.", "{step}.use"),
    Row("*", "SEVERAL", "{own}", "Say which one: {choose}. The other stays on the account: if nobody uses it, delete it in the Bandwidth App.", "{step}.use"),
    Row("*", "UNKNOWN_ID", "{own}", "Correct its ID ({field}).", "{step}.use"),
    Row("*", "REMOVED", "{own}", "To create it again, with what depends on it, {give_up}.", "{step}.use"),
    Row("*", "STILL_THERE", "{own}", "It need not be created again: {clear}.", "{step}.use"),
    Row("number.*", "OTHER_NUMBERS", "{own}", "To use the numbers that are there, {keep}; to order more, {order}.", "number.existing"),
    Row("*", "SET_OTHERWISE", "{own}", "To set it as answered, {change}; otherwise choose another location.", "{step}.existing"),
    Row("number.*", "BOUGHT_TWICE", "{own}", "Release those that you do not need in the Bandwidth App, and then {give_up}; or ask for as many as there are ({field}).", "number.quantity"),
    Row("*", "NUMBERS_GONE", "{own}", "Look for them in the App; if they were released, {give_up}."),
    Row("*", "ORDER_IN_DOUBT", "{own}", "Look for it in the App; if it came to nothing, {give_up}."),
    Row("*", "NOTHING_FOUND", "{own}", "Try another area code ({field}), a city or a state.", "number.area_code"),
    Row("*", "NO_PASSWORD", "{own}", "Give it ({password})."),
)  # fmt: skip

CODES: Final = (*_OWN, *_ANYWHERE, *_SITE, *_SIPPEER, *_FEATURES, *_LINK, *_APP, *_SEARCH, *_ORDER)
"""Every row that is found by a code."""

# --- No code, only a status: bandwidth-api 1.5, 1.7, 11.1 --------------------------------------------------------

_GONE: Final = "site.delete sippeer.delete sms.delete mms.delete messaging_app.delete voice_app.delete messaging_link.delete voice_link.delete"

STATUSES: Final = (
    Row("*", "2xx", "Bandwidth's answer could not be used: {text}", "Try again: bwtui first looks at what exists. If that does not help, check that the base URL leads to Bandwidth ({field}) and that no proxy or sign-in page stands between.", "account.base_url"),
    Row("*", "3xx", "Bandwidth redirected to another address, and bwtui does not follow with your credentials.", "Check the base URL ({field}), or choose the environment ({environment}).", "account.base_url"),
    Row("token.*", "400 401 403", "Bandwidth does not accept the client ID and its secret.", "Check {client}: both must be complete, belong together, and belong to this environment ({environment}). To sign in with a user name and password instead, give {user}."),
    Row("token.*", "404", "This base URL issues no tokens.", "Check the base URL ({field}), or leave it empty and choose the environment ({environment}).", "account.base_url"),
    Row("*", "401", "Bandwidth does not accept the credentials.", "Check {user}: upper and lower case matter, and it must be an API user, not your sign-in to the App. HTTP Basic ends on 2026-12-02. Or check {client}: they must belong to this environment and not be revoked."),
    Row("*", "402", "The credit of the account is used up.", "Ask your Bandwidth account manager to add credit or to change the trial into a full account, then try again."),
    Row("account.read", "403", "The credentials are right, but not for this account.", "Check the account ID ({field}), or ask your Bandwidth administrator to give the credentials access to this account.", "account.account_id"),
    Row("products.*", "403", "The credentials may not see the products of the account.", "Ask your Bandwidth administrator for a role that may see them. The setup can continue; missing products show later."),
    Row("site.list", "403", "The credentials may look at the account, but not at its sub-accounts: a role is missing.", "Ask your Bandwidth administrator to give the credentials a role that may manage sub-accounts, locations and applications, then test the connection again."),
    Row("number.search", "403", "The credentials may not search for phone numbers.", "Ask your Bandwidth administrator to give the credentials a role that may search and order numbers, then search again."),
    Row("number.*", "403", "The credentials may not do this with orders and phone numbers.", "Ask your Bandwidth administrator to give the credentials a role that may search and order numbers, then try again."),
    Row("voice_link.*", "403", "The credentials or the account may not set voice here. On Universal Platform accounts voice is set up differently.", "Ask your Bandwidth administrator for a role that may manage voice, and Bandwidth support whether the account is a Universal Platform account."),
    Row("*", "403", "The credentials are right, but lack the role for this.", "Ask your Bandwidth administrator to give the credentials a role that may {role}, then try again."),
    Row("account.read", "404", "Bandwidth finds no such account.", "Check the account ID for typos ({field}); the Bandwidth App shows it. Check the environment too: test and production have different accounts.", "account.account_id"),
    Row(_GONE, "404", "It no longer exists.", "There is nothing to do.", unchanged="Nothing had to be deleted."),
    Row("sms.read mms.read messaging_link.read voice_link.read", "404", "The location has no such setting yet, or no longer exists.", "Try again: bwtui looks first and sets what is missing. If that does not help, check the ID of the location ({field}).", "sippeer.use"),
    Row("products.* site.list", "404", "Bandwidth finds nothing for this account.", "Check the account ID for typos ({field}).", "account.account_id"),
    Row("site.*", "404", "Bandwidth finds no such sub-account.", "Check the ID of the sub-account ({field}). If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "site.use"),
    Row("sippeer.list sippeer.create", "404", "Bandwidth finds no such sub-account to hold the location.", "Check the ID of the sub-account ({field}). If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "site.use"),
    Row("sippeer.* sms.* mms.* number.located " + _LINKS, "404", "Bandwidth finds no such location.", "Check the ID of the location ({field}). If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "sippeer.use"),
    Row("number.read", "404", "Bandwidth finds no such order.", "Look for it under Orders in the Bandwidth App before ordering again."),
    Row("number.list", "404", "Bandwidth did not find the list of orders.", "Try again. If that does not help, look under Orders in the Bandwidth App before ordering again."),
    Row("messaging_app.read messaging_app.update", "404", "Bandwidth finds no such messaging application.", "Check its ID ({field}), or leave it empty to create one.", "messaging_app.use"),
    Row("voice_app.read voice_app.update", "404", "Bandwidth finds no such voice application.", "Check its ID ({field}), or leave it empty to create one.", "voice_app.use"),
    Row("*", "404", "Bandwidth finds nothing at this address.", "Check the account ID ({field}) and the base URL ({account.base_url}).", "account.account_id"),
    Row("*", "408", "Bandwidth stopped waiting for the request.", "Check the network, then try again."),
    Row("site.create", "409", "The sub-account conflicts with an existing one, most likely by its name.", "Choose another name ({field}), or use the existing one by entering its ID ({site.use}).", "site.name"),
    Row("sippeer.create", "409", "The location conflicts with an existing one, most likely by its name.", "Choose another name ({field}), or use the existing one by entering its ID ({sippeer.use}).", "sippeer.name"),
    Row("messaging_app.create", "409", "The application conflicts with an existing one, most likely by its name, or the account lacks HTTP messaging.", "Choose another name ({field}), or use the existing one by entering its ID ({messaging_app.use}).", "messaging_app.name"),
    Row("voice_app.create", "409", "The application conflicts with an existing one, or the account lacks HTTP voice.", "Choose another name ({field}), or use the existing one by entering its ID ({voice_app.use}). Ask your account manager whether the account has HTTP voice.", "voice_app.name"),
    Row("*", "409", "Something else is changing this at the same time, or it already exists.", "Wait a minute, then try again: bwtui first looks at what exists."),
    Row("*", "413", "The request is too large for Bandwidth.", "Shorten long answers, or order fewer numbers at once, then try again."),
    Row("*", "415", "Bandwidth does not accept the format of the request.", "Check that the base URL is that of Bandwidth's account API ({field}). If it is, report this as a fault of bwtui.", "account.base_url"),
    Row("*", "429", "Bandwidth asks for a pause: there were too many requests.", "Wait a minute, then try again. Searches and orders by other programs on the same account count too."),
    Row("*", "500", "Bandwidth had an internal error.", "Wait a minute, then try again. If that does not help, ask Bandwidth support."),
    Row("*", "502", "A gateway in front of Bandwidth got no proper reply from it.", "Wait a minute, then try again. If that does not help, check the proxy of your network and the base URL ({field}).", "account.base_url"),
    Row("*", "503", "Bandwidth is out of service at the moment.", "Wait a few minutes, then try again."),
    Row("*", "504", "Bandwidth took too long to answer.", "Wait a minute, then try again."),
    Row("*", "4xx", "Bandwidth refused the request: {text}", "Correct what Bandwidth names, then try again. If it names nothing, ask Bandwidth support."),
    Row("*", "5xx", "Bandwidth is in trouble: {text}", "Wait a few minutes, then try again. If that does not help, ask Bandwidth support."),
)  # fmt: skip
"""Every row that is found by a status, for answers without a known code."""
