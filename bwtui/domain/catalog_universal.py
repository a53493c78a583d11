"""The part of the catalogue that only the Universal Platform has: voice package, its numbers, their activation.

The sources are those of `catalog`; `up` is https://dev.bandwidth.com/docs/universal-platform, and `band` the official
client's source, https://github.com/Bandwidth/cli.
"""

from typing import Final

from bwtui.domain import roles
from bwtui.domain.existing_questions import existing_questions
from bwtui.domain.fields import Choice, Const, Flag, Ref, Text
from bwtui.domain.platform import Platform
from bwtui.domain.steps import Deleted, FoundAsActivation, FoundAsAssignment, FoundInList, Step, WrittenBack
from bwtui.domain.values.checks import at_most, every, not_blank, package_name, plain

_PACKAGES = "/v2/accounts/{account_id}/voiceConfigurationPackages"
_VOICE_NUMBERS = "/v2/accounts/{account_id}/phoneNumbers/voice"

VOICE_PACKAGE: Final = Step(
    key="voice_package", title="Voice package", api_word="Voice Configuration Package",
    explanation="A voice package carries the voice application and the phone numbers whose calls it answers.",
    wanted_by=("voice",), platform=Platform.UNIVERSAL, role="manage voice packages (VCP)", app_role=roles.VOICE_PACKAGES, aliases=("vcp", "package"),
    in_doubt="the voice package was created", not_done="Nothing was created.",
    method="POST", path=_PACKAGES, at_origin=True, is_json=True, root="data", produces="voice_package_id",
    exported_as="BW_VOICE_PACKAGE_ID",
    found_by=FoundInList(root="data", items="data", id="voiceConfigurationPackageId", matched_by=("name",), change="PATCH"),
    undo=Deleted(),
    body=(
        Text(key="name", wire="name", label="Name", help="Shown in the Bandwidth App.", required=True, limit=50,
             check=every(not_blank, package_name, at_most(50)), default="Voice", guide="Setup Test Voice",
             source="bwtui: at most 50 letters, digits, blanks, dots and hyphens, since no source names a limit"),
        Text(key="description", wire="description", label="Description", help="What the package is for.",
             check=plain, limit=250, warn=at_most(250), example="Calls of the main location", source="up: create a package"),
        Ref(wire="httpVoiceV2ApplicationId", output="voice_app_id", label="Voice application"),
    ),
    own=existing_questions("voice package", "6a1f0d2c-54c8-4a8b-9b39-2f5e3b0f6c11"),
)  # fmt: skip

VOICE_NUMBERS: Final = Step(
    key="voice_numbers", title="Package numbers", api_word="package assignment", verb="add",
    explanation="Puts the phone numbers into the voice package, so that its application answers their calls.",
    wanted_by=("voice",), platform=Platform.UNIVERSAL, after=("number",), on_screen=False, role="manage voice packages (VCP)", app_role=roles.VOICE_PACKAGES,
    in_doubt="the numbers were put into the voice package", not_done="The numbers are in the packages that they were in.",
    method="POST", path=f"{_PACKAGES}/{{voice_package_id}}/phoneNumbers/bulk", at_origin=True, is_json=True, root="data",
    found_by=FoundAsAssignment(listed_at=_VOICE_NUMBERS),
    undo=WrittenBack(method="POST", body=(
        Const(wire="action", label="Action", value="REMOVE", source="bwtui: inferred, since sources name ADD alone"),
        Ref(wire="phoneNumbers[]", output="numbers", label="Phone numbers"),
    )),
    body=(
        Const(wire="action", label="Action", value="ADD", source="band: repeating it changes nothing"),
        Ref(wire="phoneNumbers[]", output="numbers", label="Phone numbers"),
    ),
    own=(
        Choice(key="existing", label="If a number is in another package",
               help="Moving it takes it out of the other one. report: ask before anything is written; move: move it.",
               options=("report", "move"), default="report", source="bwtui; band: adding moves a number"),
    ),
)  # fmt: skip

ACTIVATION: Final = Step(
    key="activation", title="Activate", api_word="service activation", verb="activate",
    explanation="Switches services on for the phone numbers. A number that was ordered before its package needs it.",
    wanted_by=("voice", "messaging"), platform=Platform.UNIVERSAL, after=("voice_numbers", "messaging_link", "number"),
    role="manage numbers", app_role=roles.NUMBERS, aliases=("activate", "service_activation"),
    in_doubt="the services were switched on", not_done="The services of the numbers are as they were.",
    method="POST", path="/accounts/{account_id}/serviceActivation", is_json=True, root="data",
    found_by=FoundAsActivation(listed_at=_VOICE_NUMBERS, checked_at="/accounts/{account_id}/serviceActivationChecker"),
    body=(
        Const(wire="action", label="Action", value="ACTIVATE", source="up: service activation"),
        Ref(wire="phoneNumbers[]", output="numbers", label="Phone numbers"),
        Flag(key="inbound", wire="services/voice[]", sends="INBOUND", shown_as="inboundActivated", label="Incoming calls",
             help="Calls to the numbers reach your server.", default=True, guide=True, wanted_by="voice", source="up: service activation"),
        Flag(key="outbound_national", wire="services/voice[]", sends="OUTBOUND_NATIONAL", shown_as="outboundNationalActivated",
             label="Outgoing calls, national", help="Your server can call numbers of the same country.", default=True, guide=True, wanted_by="voice",
             source="up: service activation"),
        Flag(key="outbound_international", wire="services/voice[]", sends="OUTBOUND_INTERNATIONAL", shown_as="outboundInternationalActivated",
             label="Outgoing calls, international", help="Leave it off unless you need it: whoever gets hold of your credentials can run up costs with calls abroad.",
             default=False, wanted_by="voice", source="up: service activation; bwtui: off, against toll fraud"),
        Flag(key="messages", wire="services/messaging[]", sends="ALL", label="Messages", help="The numbers can send and receive messages.",
             default=True, guide=True, wanted_by="messaging", source="up: service activation"),
    ),
)  # fmt: skip
