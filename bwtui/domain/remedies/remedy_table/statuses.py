"""Answers without a known code, by their status: bandwidth-api 1.5, 1.7, 11.1."""

from typing import Final

from bwtui.domain.remedies.remedy_table.row import API_USER, CHECK_CLIENT, LINKS, Row

_GONE: Final = "site.delete sippeer.delete sms.delete mms.delete messaging_app.delete voice_app.delete messaging_link.delete voice_link.delete"

_AS_SET_UP: Final = "Look whether number and application are still as this setup made them, and check the account ID ({field})."

STATUSES: Final = (
    Row("voice_package.* voice_numbers.* activation.*", "2xx", "Bandwidth did not do all of it: {text}", "What was done stays done. Do what the text says, then try again; if it does not say enough, ask Bandwidth support."),
    Row("*", "2xx", "Bandwidth's answer could not be used: {text}", "Try again: bwtui first looks at what exists. If that does not help, check that the base URL leads to Bandwidth ({field}) and that no proxy or sign-in page stands between.", "account.base_url"),
    Row("*", "3xx", "Bandwidth redirected to another address, and bwtui does not follow with your credentials.", "Check the base URL ({field}), or choose the environment ({environment}).", "account.base_url"),
    Row("token.*", "401", "Bandwidth does not accept the client ID and its secret.", CHECK_CLIENT),
    Row("*", "401", "Bandwidth does not accept the credentials.", f"Check {{client}}: they must belong to this environment and not be revoked. Or check {{user}}: {API_USER}"),
    Row("*", "402", "The credit of the account is used up.", "Ask your Bandwidth account manager to add credit or to change the trial into a full account, then try again."),
    Row("account.read", "403", "The credentials are right, but not for this account.", "Check the account ID ({field}), or ask your Bandwidth administrator to give the credentials access to this account.", "account.account_id"),
    Row("products.*", "403", "The credentials may not see the products of the account.", "Ask your Bandwidth administrator for a role that may see them. The setup can continue; missing products show later."),
    Row("site.list", "403", "The credentials may look at the account, but not at its sub-accounts: a role is missing.", "Ask your Bandwidth administrator to give the credentials a role that may manage sub-accounts, locations and applications, then test the connection again."),
    Row("number.search", "403", "The credentials may not search for phone numbers.", "Ask your Bandwidth administrator to give the credentials a role that may search and order numbers, then search again."),
    Row("number.located", "403", "The credentials may not list the numbers of a location.", "Ask your Bandwidth administrator to give the credentials a role that may list the numbers of a location, such as Numbers, then try again."),
    Row("number.*", "403", "The credentials may not do this with orders and phone numbers.", "Ask your Bandwidth administrator to give the credentials a role that may search and order numbers, then try again."),
    Row("voice_link.*", "403", "The credentials or the account may not set voice here. On Universal Platform accounts voice is set up differently.", "Ask your Bandwidth administrator for a role that may manage voice, and Bandwidth support whether the account is a Universal Platform account."),
    Row("message.*", "403", "The credentials may not send messages, or see what became of them.", "Ask your Bandwidth administrator to give the credentials a role for messaging, then try again."),
    Row("call.*", "403", "The credentials may not place calls, or see what became of them.", "Ask your Bandwidth administrator to give the credentials a role for voice, such as HttpVoice, then try again."),
    Row("*", "403", "The credentials are right, but lack the role for this.", "Ask your Bandwidth administrator to give the credentials a role that may {role}, then try again."),
    Row("account.read", "404", "Bandwidth finds no such account.", "Check the account ID for typos ({field}); the Bandwidth App shows it. Check the environment too: test and production have different accounts.", "account.account_id"),
    Row(_GONE, "404", "It no longer exists.", "There is nothing to do.", unchanged="Nothing had to be deleted."),
    Row("sms.read mms.read messaging_link.read voice_link.read", "404", "The location has no such setting yet, or no longer exists.", "Try again: bwtui looks first and sets what is missing. If that does not help, check the ID of the location ({field}).", "sippeer.use"),
    Row("products.* site.list", "404", "Bandwidth finds nothing for this account.", "Check the account ID for typos ({field}).", "account.account_id"),
    Row("site.*", "404", "Bandwidth finds no such sub-account.", "Check the ID of the sub-account ({field}). If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "site.use"),
    Row("sippeer.list sippeer.create", "404", "Bandwidth finds no such sub-account to hold the location.", "Check the ID of the sub-account ({field}). If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "site.use"),
    Row("sippeer.* sms.* mms.* number.located " + LINKS, "404", "Bandwidth finds no such location.", "Check the ID of the location ({field}). If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "sippeer.use"),
    Row("number.read", "404", "Bandwidth finds no such order.", "Look for it under Orders in the Bandwidth App before ordering again."),
    Row("number.list", "404", "Bandwidth did not find the list of orders.", "Try again. If that does not help, look under Orders in the Bandwidth App before ordering again."),
    Row("messaging_app.read messaging_app.update", "404", "Bandwidth finds no such messaging application.", "Check its ID ({field}), or leave it empty to create one.", "messaging_app.use"),
    Row("voice_app.read voice_app.update", "404", "Bandwidth finds no such voice application.", "Check its ID ({field}), or leave it empty to create one.", "voice_app.use"),
    Row("message.create", "404", "Bandwidth finds nothing to send messages with for this account.", f"{_AS_SET_UP} Ask your Bandwidth account manager whether the account has HTTP messaging.", "account.account_id"),
    Row("call.create", "404", "Bandwidth finds nothing to place calls with for this account.", f"{_AS_SET_UP} Ask your Bandwidth account manager whether the account has HTTP voice.", "account.account_id"),
    Row("message.read", "404", "Bandwidth finds no log of messages for this account.", "Check the account ID ({field}) and the base URL ({account.base_url}).", "account.account_id"),
    Row("call.read", "404", "Bandwidth does not know the call: one that was just placed may not show yet.", "Look again in a minute."),
    Row("*", "404", "Bandwidth finds nothing at this address.", "Check the account ID ({field}) and the base URL ({account.base_url}).", "account.account_id"),
    Row("*", "408", "Bandwidth stopped waiting for the request.", "Check the network, then try again."),
    Row("site.create", "409", "The sub-account conflicts with an existing one, most likely by its name.", "Choose another name ({field}), or use the existing one by entering its ID ({site.use}).", "site.name"),
    Row("sippeer.create", "409", "The location conflicts with an existing one, most likely by its name.", "Choose another name ({field}), or use the existing one by entering its ID ({sippeer.use}).", "sippeer.name"),
    Row("messaging_app.create", "409", "The application conflicts with an existing one, most likely by its name, or the account lacks HTTP messaging.", "Choose another name ({field}), or use the existing one by entering its ID ({messaging_app.use}).", "messaging_app.name"),
    Row("voice_app.create", "409", "The application conflicts with an existing one, or the account lacks HTTP voice.", "Choose another name ({field}), or use the existing one by entering its ID ({voice_app.use}). Ask your account manager whether the account has HTTP voice.", "voice_app.name"),
    Row("message.create call.create", "409", "Bandwidth does not accept it as the account is now: {text}", f"Do what the text says. {_AS_SET_UP} Then try again: it is not sent again by itself.", "account.account_id"),
    Row("*", "409", "Something else is changing this at the same time, or it already exists.", "Wait a minute, then try again: bwtui first looks at what exists."),
    Row("*", "413", "The request is too large for Bandwidth.", "Shorten long answers, or order fewer numbers at once, then try again."),
    Row("*", "415", "Bandwidth does not accept the format of the request.", "Check that the base URL is that of Bandwidth's account API ({field}). If it is, report this as a fault of bwtui.", "account.base_url"),
    Row("*", "429", "Bandwidth asks for a pause: there were too many requests.", "{pause}, then try again. Searches and orders by other programs on the same account count too."),
    Row("*", "500", "Bandwidth had an internal error.", "Wait a minute, then try again. If that does not help, ask Bandwidth support."),
    Row("*", "502", "A gateway in front of Bandwidth got no proper reply from it.", "Wait a minute, then try again. If that does not help, check the proxy of your network and the base URL ({field}).", "account.base_url"),
    Row("*", "503", "Bandwidth is out of service at the moment.", "Wait a few minutes, then try again."),
    Row("*", "504", "Bandwidth took too long to answer.", "Wait a minute, then try again."),
    Row("*", "4xx", "Bandwidth refused the request: {text}", "Correct what Bandwidth names, then try again. If it names nothing, ask Bandwidth support."),
    Row("*", "5xx", "Bandwidth is in trouble: {text}", "Wait a few minutes, then try again. If that does not help, ask Bandwidth support."),
)  # fmt: skip
"""Every row that is found by a status, for answers without a known code."""
