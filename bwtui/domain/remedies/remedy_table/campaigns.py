"""Codes of orders that put numbers on a 10DLC campaign."""

from typing import Final

from bwtui.domain.remedies.remedy_table.row import OURS, Row

_ELSEWHERE: Final = "Choose another campaign ({field}), or leave it empty to do without one."

# --- Number options: bandwidth-api 13.7 --------------------------------------------------------------------------

CAMPAIGN: Final = (
    Row("campaign.*", "1001 1005 1009", "The campaign was not set for a number: {text}", "Try again in some minutes: Bandwidth may take it then. If that does not help, ask Bandwidth support."),
    Row("campaign.*", "1022", "Bandwidth does not accept the notation of a phone number: {text}", OURS),
    Row("campaign.*", "5132", "A number cannot join the campaign, because texting is off for it: {text}", "Switch texting on for the number in the Bandwidth App, then try again."),
    Row("campaign.*", "5133", "A number cannot join the campaign, because its location does not allow it: {text}", "Set business texting to DefaultOn or DefaultOff ({field}), then try again.", "sms.a2p_long_code"),
    Row("campaign.*", "5135 5138", "Bandwidth does not know what is to be done with the campaign: {text}", OURS),
    Row("campaign.*", "5139", "The account has no business texting (A2P) on local numbers.", "Ask your Bandwidth account manager to enable it, or leave the campaign empty ({field}).", "campaign.id"),
    Row("campaign.*", "5145 5166", "A number cannot join the campaign, because its location has no SMS: {text}", "Try again: bwtui switches SMS on first. If SMS failed, solve that first."),
    Row("campaign.*", "5217 5225", "The location switches business texting on or off for all of its numbers, so that none can have a campaign of its own.", "Set it to DefaultOn or DefaultOff ({field}), then try again.", "sms.a2p_long_code"),
    Row("campaign.*", "12128", "The campaign is not among those of this account.", f"Check its ID in the Bandwidth App. A campaign may take an hour after its registration until numbers can join it. {_ELSEWHERE}", "campaign.id"),
    Row("campaign.*", "12189", "Bandwidth does not know this campaign.", f"Check its ID in the Bandwidth App. {_ELSEWHERE}", "campaign.id"),
    Row("campaign.*", "12192", "The campaign is not active: {text}", f"Numbers can join it once it is registered: look at it in the Bandwidth App. {_ELSEWHERE}", "campaign.id"),
    Row("campaign.*", "12220", "The carriers' partner (DCA2) rejected the campaign: {text}", f"The reason is shown with the campaign in the Bandwidth App: correct it there, or appeal. {_ELSEWHERE}", "campaign.id"),
    Row("campaign.*", "12822", "The ID of the campaign is not one that Bandwidth accepts.", f"Check it for typos. {_ELSEWHERE}", "campaign.id"),
)  # fmt: skip
