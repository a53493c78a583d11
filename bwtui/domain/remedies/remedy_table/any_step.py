"""Codes that mean the same anywhere, and those of bwtui itself."""

from typing import Final

from bwtui.domain.remedies.remedy_table.row import API_USER, CHECK_CLIENT, OURS, Row

# --- Anywhere: bandwidth-api 1.8, errors SystemError and AccountErrorType ----------------------------------------

ANYWHERE: Final = (
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
    Row("*", "UNSENT", "It was not sent, because everything was to stop before it was its turn.", "Try again to continue: it picks up where it stopped."),
    Row("*", "4000 4018 5000 5210 12020", "Bandwidth does not know this account.", "Check the account ID for typos ({field}); the Bandwidth App shows it.", "account.account_id"),
    Row("*", "4012 4022 5012", "The account is locked.", "Ask your Bandwidth account manager to unlock the account, then try again.", "account.account_id"),
    Row("*", "4001", "Bandwidth did not accept one of the values: {text}", "Correct the value that Bandwidth names, then try again."),
    Row("*", "4014 4017 12016", "Bandwidth does not know this sub-account, or does not show it to these credentials.", "Check the ID of the sub-account ({field}). If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "site.use"),
    Row("*", "4020", "Bandwidth assigns the ID itself and wants none in the request.", OURS),
    Row("*", "4023", "The location does not belong to this sub-account.", "Enter the ID of a location of this sub-account ({field}), or leave it empty to create one.", "sippeer.use"),
    Row("*", "4024", "Bandwidth has no route for messages of this account.", "Ask Bandwidth support to set up message routing for the account, then try again."),
    Row("*", "5017", "A phone number could not be moved to this location.", "Look in the Bandwidth App to see where the number is now, and move it there."),
    Row("*", "5217", "The message settings of a number cannot be changed while its location has business texting (A2P) switched on.", "Leave the number as it is, or change the setting of the location ({field}).", "sms.a2p_long_code"),
    Row("*", "5132", "The number cannot join a campaign because texting is off for it.", "Switch texting on for the number in the Bandwidth App."),
    Row("*", "5133", "The number cannot join a campaign because its location does not allow it.", "Set business texting on local numbers to DefaultOn or DefaultOff ({field}).", "sms.a2p_long_code"),
    Row("*", "5183", "Ordering phone numbers is not enabled on this account.", "Ask your Bandwidth account manager to enable number ordering for the account."),
    Row("*", "12017 12035 12041 12055 13576", "A product or feature is missing on the account: {text}", "Ask your Bandwidth account manager to enable what Bandwidth names."),
    Row("*", "12013 12019", "Bandwidth does not know a product or feature by this name: {text}", OURS),
    Row("*", "12054", "The sub-account is locked while its contract is being prepared.", "Ask Bandwidth support to finish the paperwork and unlock it, or use another sub-account ({field}).", "site.use"),
    Row("*", "13019", "Bandwidth knows this country, but does not serve it.", "Use an address in a country that Bandwidth serves ({field}), such as United States.", "site.country"),
    Row("*", "13563", "Bandwidth does not know this location.", "Check the ID of the location ({field}). If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "sippeer.use"),
    Row("*", "13566 12053 12109", "Bandwidth's address service is not working.", "Wait a few minutes, then try again. If that does not help, ask Bandwidth support."),
    Row("*", "16008", "A notification of this kind already exists.", "There is nothing to do: the existing one stays in force."),
    Row("*", "7309", "Bandwidth does not know the sub-account that the number should go to.", "Check the ID of the sub-account ({field}).", "site.use"),
    Row("*", "7312", "Bandwidth does not know the location that the number should go to.", "Check the ID of the location ({field}).", "sippeer.use"),
    Row("*", "12130", "The account has no HTTP messaging.", "Ask your Bandwidth account manager to enable HTTP messaging (version 2) on the account, then try again."),
    Row("voice_numbers.*", "VCS-0044", "The number was just ordered, and Bandwidth has not made it ready yet: it cannot be put into the voice package.", "Try again in some minutes. The number is yours already; nothing is ordered again."),
    Row("*", "4026", "The services of the Universal Platform are switched off for this account.", "Check which platform the account is on ({field}), or ask your Bandwidth account manager to switch them on.", "account.platform"),
    Row("*", "12150 12161", "The account has no HTTP voice.", "Ask your Bandwidth account manager to enable HTTP voice on the account, then try again."),
    Row("*", "13651", "A voice feature is missing on the account: {text}", "If the account is on the Universal Platform, say so ({field}): voice is set up by a voice package there. Otherwise ask your Bandwidth account manager to enable HTTP voice for incoming calls.", "account.platform"),
    Row("*", "13547", "This account cannot have locations, because it lacks the products for them.", "Ask your Bandwidth account manager to enable messaging, or voice for incoming and outgoing calls, on the account."),
    Row("*", "13607", "SMS is not enabled on the account.", "Ask your Bandwidth account manager to enable SMS on the account, then try again."),
)  # fmt: skip

_NEW_CLIENT: Final = "in the Bandwidth App, Account > API Credentials > Create, with the roles {roles}. The secret is shown once."

# --- What bwtui itself finds: the codes are those of `domain.runs.problem.OwnCode` --------------------------------------------

OWN: Final = (
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
    Row("voice_numbers.*", "IN_OTHER_PACKAGE", "{own}", "To move it, {move}; otherwise leave its number out of this setup.", "voice_numbers.existing"),
    Row("campaign.*", "ON_OTHER_CAMPAIGN", "{own}", "To move it, {move}; otherwise choose its campaign, or none ({campaign.id}).", "campaign.existing"),
    Row("campaign.*", "NOT_READY", "{own}", "Nothing is lost and nothing is ordered twice: run it again in some minutes, or hours, to look."),
    Row("*", "NOT_READY", "{own}", "Bandwidth may need some minutes: try again later. If a reason names something to do first, do it; a service that you can do without can be left out."),
    Row("*", "CHANGED_SINCE", "{own}", "Run the teardown again: it shows what has changed, and asks.", unchanged="It was left as it is."),
    Row("*", "STILL_SHOWN", "{own}", "Run the teardown again in a minute: it looks whether it is gone."),
    Row("*", "STILL_AGEING", "{own}", "Run the teardown again later, about 30 days after the numbers were released at the latest: it removes the rest.", unchanged="The location stays until then, and its sub-account too."),
    Row("*", "PLATFORM_UNKNOWN", "{own}", "Say which ({field}), or ask your Bandwidth administrator to give the credentials the role for voice packages (VCP); then try again.", "account.platform"),
    Row("voice_link.*", "OTHER_PLATFORM", "{own}", "Say that it is universal, or leave it to bwtui ({field}); to set voice up as on the legacy platform all the same, {change}.", "account.platform"),
    Row("*", "TRIAL_ACCOUNT", "{own}", "Leave it out for now, or ask Bandwidth for a full account. A trial account has a voice application and a number of its own."),
    Row("*", "NUMBERS_GONE", "{own}", "Look for them in the App; if they were released, {give_up}.", "number.quantity"),
    Row("*", "NUMBERS_AGEING", "{own}", "Find out in the App who has done so. Nothing is bought instead by itself: to do without such a number, or to have another one, {give_up}.", "number.quantity"),
    Row("*", "ORDER_IN_DOUBT", "{own}", "Look for it in the App; if it came to nothing, {give_up}."),
    Row("number.*", "MORE_THAN_AGREED", "{own}", "Apply again: it looks first, and asks before it orders.", unchanged="What is on the account stays, and nothing more was ordered."),
    Row("*", "NOTHING_FOUND", "{own}", "Try another area code ({field}), a city or a state.", "number.area_code"),
    Row("*", "NO_PASSWORD", "{own}", "Give it ({password})."),
    Row("*", "WHICH_ACCOUNT", "{own}", "Enter the account ID ({field}).", "account.account_id"),
    Row("*", "CLIENT_REFUSED", "Bandwidth does not accept the client ID and its secret: one of the two is wrong, or the secret has expired.", CHECK_CLIENT),
    Row("*", "NO_TOKEN", "{own}", "Wait a minute, then try again: it picks up where it stopped. If that does not help, check the base URL ({field}) and the proxy of your network.", "account.base_url"),
    Row("*", "BASIC_ENDED", "HTTP Basic ended on {basic_end}: Bandwidth does not accept user names and passwords any more.", f"Make an OAuth2 client: {_NEW_CLIENT} If the menu lacks it, ask your administrator for the role Credential access. Then {{use_client}}."),
    Row("*", "BASIC_REFUSED", "Bandwidth does not accept the user name and the password.", f"Check {{user}}: {API_USER} HTTP Basic ends on {{basic_end}}; make an OAuth2 client: {_NEW_CLIENT} Then {{use_client}}."),
)  # fmt: skip
