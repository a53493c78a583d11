"""Codes of message settings, applications and their links."""

from typing import Final

from bwtui.domain.remedies.remedy_table.row import APPS, OURS, Row

# --- SMS and MMS: bandwidth-api 4.1 and 4.2 ----------------------------------------------------------------------

FEATURES: Final = (
    Row("sms.* mms.*", "13609", "The account has no HTTP messaging, so a location cannot have it either.", "Ask your Bandwidth account manager to enable HTTP messaging (version 2) on the account, then try again."),
    Row("mms.*", "13576", "The account has no MMS: {text}", "Ask your Bandwidth account manager to enable it, or do without picture messages: say no to “{field}”.", "mms.enabled"),
    Row("sms.*", "13576", "The account lacks a messaging feature: {text}", "Ask your Bandwidth account manager to enable the feature that Bandwidth names, or say no to the option that needs it: toll-free numbers ({field}), short codes ({sms.short_code}).", "sms.toll_free"),
    Row("sms.*", "13606", "The location already sends messages by other means than HTTP.", "Use another location ({field}), or ask Bandwidth support to switch this one to HTTP messaging.", "sippeer.use"),
    Row("mms.*", "13606", "The location already sends picture messages by other means than HTTP.", "Use another location ({field}), or say no to MMS ({mms.enabled}).", "sippeer.use"),
    Row("sms.* mms.*", "13608", "The protocol for messages and its settings do not match.", OURS),
    Row("sms.* mms.*", "13610", "The location already sends messages by other means.", "Use another location ({field}), or ask Bandwidth support to switch this one to HTTP messaging.", "sippeer.use"),
    Row("sms.* mms.*", "13567", "Bandwidth does not know this protocol for messages; bwtui asks for HTTP.", OURS),
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

LINK: Final = (
    Row("messaging_app.* messaging_link.*", "13629", "Bandwidth does not know this messaging application.", "Check its ID ({field}), or leave that empty to create one. If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "messaging_app.use"),
    Row("voice_app.* voice_link.*", "13629", "Bandwidth does not know this voice application.", "Check its ID ({field}), or leave that empty to create one. If this setup created it, look for it in the App; if somebody removed it, {give_up}.", "voice_app.use"),
    Row("messaging_link.*", "13628", "The ID of the messaging application is not one that Bandwidth accepts.", "Check the ID ({field}), or leave it empty to create an application.", "messaging_app.use"),
    Row("messaging_link.*", "13645", "The location has no SMS over HTTP yet, which must come before its application.", "Try again: bwtui switches SMS on first. If SMS failed, solve that first."),
    Row("messaging_link.*", "13648", "A voice application cannot be linked for messages.", "Enter the ID of a messaging application ({field}), or leave it empty to create one.", "messaging_app.use"),
    Row("voice_link.*", "13648", "A messaging application cannot be linked for calls.", "Enter the ID of a voice application ({field}), or leave it empty to create one.", "voice_app.use"),
    Row("voice_link.*", "13646", "The location has SIP voice servers, which HTTP voice does not allow.", "Use another location ({field}), or remove its voice servers in the Bandwidth App.", "sippeer.use"),
    Row("voice_link.*", "13647", "Bandwidth does not know this protocol for calls; bwtui asks for HTTP.", OURS),
    Row("voice_link.*", "13649", "The location is set to SIP voice, where no application can be linked.", "Try again: bwtui asks for HTTP voice together with the application. If that does not help, use another location ({field}).", "sippeer.use"),
    Row("voice_link.*", "13630", "The voice settings of the location are incomplete: {text}", "Look at the location in the Bandwidth App, or use another one ({field}).", "sippeer.use"),
    Row("voice_link.*", "13650", "The account has no voice application, so the location cannot have HTTP voice.", "Try again: bwtui creates the application first. If you entered the ID of an existing one, check it ({field}).", "voice_app.use"),
    Row("voice_link.*", "12161 12150", "HTTP voice is not switched on for the account.", "Ask your Bandwidth account manager to enable HTTP voice on the account, then try again."),
)  # fmt: skip

# --- Applications: bandwidth-api 5 -------------------------------------------------------------------------------

APP: Final = (
    Row(APPS, "12800", "A callback password was given without a user.", "Enter the user ({field}), or take the password away ({password}).", "{step}.callback_user"),
    Row(APPS, "12977", "A callback user was given without a password.", "Give the password ({password}), or leave the user empty ({field}).", "{step}.callback_user"),
    Row(APPS, "12976", "The callback user cannot be changed without its password.", "Give the password of the user ({field}) too ({password}), then try again.", "{step}.callback_user"),
    Row("messaging_app.*", "12812", "A callback user and password may only be sent to an https URL.", "Begin the callback URL with https:// ({field}), or leave the callback user empty ({messaging_app.callback_user}).", "messaging_app.callback_url"),
    Row("voice_app.*", "12812", "A callback user and password may only be sent to an https URL.", "Begin the callback URLs with https:// ({field} and {voice_app.call_status_url}), or leave the callback user empty ({voice_app.callback_user}).", "voice_app.call_initiated_url"),
    Row(APPS, "12801", "Bandwidth does not know this kind of application.", OURS),
    Row(APPS, "12806", "The application has no name.", "Give it a name ({field}).", "{step}.name"),
    Row("messaging_app.*", "12802", "The URL for incoming messages is missing.", "Enter the callback URL ({field}), or the one for incoming messages ({messaging_app.inbound_url}).", "messaging_app.callback_url"),
    Row("voice_app.*", "12802", "The URL that Bandwidth asks about incoming calls is missing.", "Enter it ({field}).", "voice_app.call_initiated_url"),
    Row("messaging_app.*", "12803 12974", "A callback URL is not complete.", "Write it in full, such as https://yourSecureSite.com/callbacks; a port must be 80, 443 or 1024 and above ({field}).", "messaging_app.callback_url"),
    Row("voice_app.*", "12803 12974", "A callback URL is not complete.", "Write both in full, such as https://yourSecureSite.com/callbacks/init; a port must be 80, 443 or 1024 and above ({field}, {voice_app.call_status_url}).", "voice_app.call_initiated_url"),
    Row("messaging_app.*", "12960", "Two different callback URLs were sent where only one is allowed.", "Keep the callback URL only ({field}).", "messaging_app.callback_url"),
    Row("messaging_app.*", "13065", "The common callback URL cannot be combined with those for incoming and outgoing messages.", "Keep the callback URL ({field}), or the other two ({messaging_app.inbound_url}, {messaging_app.outbound_url}).", "messaging_app.callback_url"),
    Row("messaging_app.*", "13066", "The common callback user cannot be combined with one for incoming or outgoing messages.", "Keep one callback user for the application ({field}); if the application has others, remove them in the Bandwidth App.", "messaging_app.callback_user"),
    Row(APPS, "12961", "The callback method is neither GET nor POST.", "bwtui leaves the method to Bandwidth: correct it at the application in the Bandwidth App, or use another one ({field}).", "{step}.use"),
    Row(APPS, "12962", "The application has a setting that its kind cannot have: {text}", "Check that the ID is that of the right kind of application ({field}), or leave it empty to create one.", "{step}.use"),
    Row("voice_app.*", "12963", "The method of status events is set, but their URL is not.", "Enter the call-status URL ({field}).", "voice_app.call_status_url"),
    Row(APPS, "12964", "The kind of an application cannot be changed.", "Enter the ID of an application of the right kind ({field}), or leave it empty to create one.", "{step}.use"),
    Row("voice_app.*", "13047", "The time limit of the callbacks is not between 1 and 25 seconds.", "bwtui leaves the limit to Bandwidth: correct it at the application in the Bandwidth App, or use another one ({field}).", "voice_app.use"),
    Row("voice_app.*", "13049", "The time limit of the callbacks is not a whole number of seconds.", "bwtui leaves the limit to Bandwidth: correct it at the application in the Bandwidth App, or use another one ({field}).", "voice_app.use"),
    Row("voice_app.*", "13048", "The method of the fallback is set, but its URL is not.", "bwtui sets no fallback: complete it at the application in the Bandwidth App, or use another one ({field}).", "voice_app.use"),
    Row(APPS, "12103", "The account is not set up for HTTP messaging, so bwtui cannot tell which applications and locations there are.", "Ask Bandwidth support to set up HTTP messaging for the account."),
    Row("messaging_app.* messaging_link.*", "12130", "The account has no HTTP messaging.", "Ask your Bandwidth account manager to enable HTTP messaging (version 2) on the account, then try again."),
    Row("voice_app.*", "12150", "The account has no HTTP voice.", "Ask your Bandwidth account manager to enable HTTP voice on the account, then try again. Messaging can be set up without it."),
    Row("voice_app.*", "12161", "HTTP voice is not switched on in the account's network settings.", "Ask Bandwidth support to enable HTTP voice in Edge Management, then try again."),
    Row("messaging_app.delete voice_app.delete", "13629", "The application no longer exists.", "There is nothing to do.", unchanged="Nothing had to be deleted."),
    Row("messaging_app.delete voice_app.delete", "12107", "Locations or voice packages still use the application: {text}", "bwtui has removed its own links. Remove those of the others in the Bandwidth App, then run the teardown again."),
    Row("voice_app.delete", "13653", "This is the last voice application, and locations still have HTTP voice: {text}", "Run the teardown again: it sets the location that bwtui created back to SIP first. Change the others in the Bandwidth App."),
)  # fmt: skip
