"""Explanations of problems: what happened, what was not changed, and what to do now.

The facts are in `remedy_table`; this module finds the row for a problem: by operation and code, since the same code
means different things in different places, then by status, then by the absence of an answer.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from string import Formatter
from typing import Final, NamedTuple

from bwtui.domain.answers.answers import Answers, is_left_out
from bwtui.domain.catalog import PAID_STEP, QUESTIONS, STEPS, step_of
from bwtui.domain.remedies.remedy_table import CODES, NOTHING_AT_OWN_ADDRESS, OTHER_ACCOUNT, STATUSES, Row
from bwtui.domain.remedies.remedy_words import COMMAND_LINE_WORDS, RemedyWords
from bwtui.domain.runs.problem import (
    EARLIER,
    OWN_ADDRESS,
    SIGNED_IN_BY,
    SIGNED_IN_WITH,
    TAKEN,
    UNSAID,
    Kind,
    Problem,
)
from bwtui.domain.values.basic_auth import END_DAY
from bwtui.domain.values.text import single_line


class Remedy(NamedTuple):
    """The explanation of a problem for a person. It may contain text from outside: never markup."""

    happened: str
    """One sentence in plain words on the problem itself."""
    unchanged: str
    """A sentence on what was not created, bought or billed."""
    todo: str
    """Advice: what to type and where, or whom to ask for what."""
    field: str = ""
    """The answer to correct, `site.name`; empty if none would help."""


def explain(problem: Problem, words: RemedyWords = COMMAND_LINE_WORDS) -> Remedy:
    """Explain a problem and what to do, in the words of a front end; an unknown one still shows its status, code and text."""
    accounts = problem.details.get("accounts", "")
    row = (
        OTHER_ACCOUNT if accounts else row_for(problem.operation, problem.code) or _row_without_code(problem)
    )
    field = row.field.replace("{step}", problem.operation.partition(".")[0])
    if field not in QUESTIONS:  # a request before all steps, or a step that does not ask this
        field = ""
    signed_in_with = problem.details.get(SIGNED_IN_WITH, "")
    known = {
        **{key: words.field(key) for key in _fields_named(row)},
        **_decisions(problem, field, words),
        "text": _told(problem.text),
        "own": _sentence(single_line(problem.text)) or "Something went wrong, and nothing says what.",
        "status": str(problem.status),
        "code": single_line(problem.code),
        "field": words.field(field),
        "client": signed_in_with or words.client,
        "use_client": words.use_client,
        "user": signed_in_with or words.user,
        "environment": words.environment,
        "password": words.password(_password(problem.operation)),
        "role": _role(problem.operation),
        "roles": _app_roles(),
        "accounts": accounts,
        "own_address": single_line(problem.details.get(OWN_ADDRESS, "")),
        "basic_end": END_DAY,
        "address": _advised_address(problem.details),
        "pause": f"Wait until {reset}" if (reset := problem.details.get("reset")) else "Wait a minute",
    }
    happened, todo = _filled(row.happened, known), f"{_filled(row.todo, known)}{_log_in_again(problem)}"
    if problem.unclear and not _only_looks(problem.operation):
        doubt = _in_doubt(problem.operation, "bwtui looks for it before trying again")
        return Remedy(happened=happened, unchanged=doubt, todo=f"{todo} {_SAFE_AGAIN}", field=field)
    if problem.operation == PAID_STEP.operation("watch"):
        return Remedy(happened=happened, unchanged=_ORDER_PLACED, todo=todo, field=field)
    unchanged = _besides_earlier(problem, row.unchanged or _unchanged(problem))
    return Remedy(happened=happened, unchanged=unchanged, todo=todo, field=field)


def _log_in_again(problem: Problem) -> str:
    """Return the sentence on a refused login that was saved; empty if the credentials are of none."""
    login = problem.details.get(SIGNED_IN_BY)
    return f" To log in with it: bwtui login --account {login}" if login else ""


def _fields_named(row: Row) -> Iterable[str]:
    """Yield the answers that a row names in its texts, besides the one to go to."""
    for _, name, _, _ in Formatter().parse(f"{row.happened}{row.todo}"):
        if name and name in QUESTIONS:
            yield name


def _decisions(problem: Problem, field: str, words: RemedyWords) -> dict[str, str]:
    """Return how to decide about a problem: the answers that would do it."""
    step = problem.operation.partition(".")[0]
    table = (field or step).partition(".")[0]
    id_ = problem.details.get("id", "")
    return {
        "use": words.answer(f"{table}.use", id_),
        "give_up": words.answer(f"{table}.given_up", id_),
        **{way: words.answer(f"{step}.existing", way) for way in ("change", "keep", "order", "move")},
        "choose": words.choose(f"{table}.use"),
        "clear": words.clear(f"{table}.given_up"),
    }


def _password(operation: str) -> str:
    """Return the full name of the step's callback password; empty if it has none."""
    step = step_of(operation)
    return next((step.key_of(each.key) for each in step.questions if each.is_secret), "") if step else ""


def _role(operation: str) -> str:
    """Return what the credentials must be allowed to do, to follow "a role that may"."""
    step = step_of(operation)
    if step is None:
        return "manage sub-accounts, locations and applications"
    return f"{step.role}, such as {step.app_role.name}" if step.app_role else step.role


def _app_roles() -> str:
    """List the roles that a set-up needs, as the Bandwidth App names them; not those of what is done only if it is asked for."""
    steps = (step for step in STEPS if not is_left_out(step, Answers()))
    return ", ".join(dict.fromkeys(step.app_role.name for step in steps if step.app_role))


def sentences(problem: Problem, words: RemedyWords = COMMAND_LINE_WORDS) -> str:
    """Explain a problem in one paragraph, with its status, code and Bandwidth's own text, if any."""
    remedy = explain(problem, words)
    return _with_facts(f"{remedy.happened} {remedy.unchanged} {remedy.todo}", problem)


def at_answer(problem: Problem, words: RemedyWords = COMMAND_LINE_WORDS) -> str:
    """Explain a problem next to the answer that must be changed, with Bandwidth's own text."""
    remedy = explain(problem, words)
    return _with_facts(f"{remedy.happened} {remedy.todo}", problem)


def with_advice(text: str, problem: Problem | None, words: RemedyWords = COMMAND_LINE_WORDS) -> str:
    """Return what bwtui itself found, with what to do about it; any other text as it is."""
    if problem is None or not problem.is_own or problem.text not in text:
        return text
    return f"{_sentence(text)} {explain(problem, words).todo}"


def _with_facts(said: str, problem: Problem) -> str:
    text = single_line(problem.text)
    facts = (
        f"status {problem.status}" if problem.status is not None else "",
        f"code {single_line(problem.code)}" if problem.code and not problem.is_own else "",
        f"“{text}”" if text and text not in said and not text.endswith(UNSAID) else "",
    )
    added = ", ".join(fact for fact in facts if fact and fact not in said)
    return f"{said} ({added})" if added else said


def row_for(operation: str, code: str) -> Row | None:
    """Return the row for a code: the operation's own, else its step's, else the general one, else `None`."""
    return _nearest(_codes(), operation, code) if code else None


# --- Without a known code ----------------------------------------------------------------------------------------

_ONCE_MORE: Final = "Correct what it names, then try again."
_UNREACHED: Final = Row(
    "*", "", "The API could not be reached, or did not answer: {text}",
    "Check the network, VPN and proxy, and the base URL ({field}); then try again: it picks up where it stopped.",
    "account.base_url",
)  # fmt: skip
_UNANSWERED: Final = Row(
    "*", "", "The connection ended before Bandwidth had answered: {text}",
    "Check the network, then try again: it picks up where it stopped.",
)  # fmt: skip
_KEEP: Final = "setup.keep"
_UNKEPT: Final = Row("*", "", "{own}", "Once it can be written, try again: it picks up where it stopped.")
_WITHOUT_ANSWER: Final[dict[Kind, Row]] = {
    Kind.CREDENTIALS: Row("*", "", "{own}", "Give {client}, or {user}, then try again."),
    Kind.NOT_FOUND: Row("*", "", "{own}", "Look in the Bandwidth App to see if it still exists, then correct the answer and try again.", "{step}.use"),
    Kind.CONFLICT: Row("*", "", "{own}", "Decide, change the answer, then try again.", "{step}.use"),
    Kind.RATE_LIMITED: Row("*", "", "{own}", "{pause}, then try again."),
    Kind.INVALID: Row("*", "", "{own}", _ONCE_MORE),
    Kind.FAILED: Row("*", "", "{own}", "Try again. If that does not help, report it as a fault of bwtui."),
}  # fmt: skip
"""Rows for problems without an answer from Bandwidth; the problem's text is our own and says what happened."""
_UNKNOWN: Final = Row(
    "*", "", "Bandwidth answered with status {status}, which bwtui does not know: {text}", _ONCE_MORE
)
_UNKNOWN_CODE: Final = (
    "Bandwidth answered with status {status} and code {code}, which bwtui does not know: {text}"
)


def _row_without_code(problem: Problem) -> Row:
    """Return the row for the status; an unknown code is shown as it is."""
    if problem.status is None:
        if problem.kind is Kind.UNREACHABLE:
            return _UNANSWERED if problem.unclear else _UNREACHED
        is_unkept = problem.operation == _KEEP and problem.kind is Kind.FAILED
        row = _UNKEPT if is_unkept else _WITHOUT_ANSWER[problem.kind]
        step = step_of(problem.operation)
        return row if step and step.is_listed else row._replace(field="")
    if OWN_ADDRESS in problem.details:
        return NOTHING_AT_OWN_ADDRESS
    exact, family = str(problem.status), f"{problem.status // 100}xx"
    row = (
        _nearest(_statuses(), problem.operation, exact)
        or _nearest(_statuses(), problem.operation, family)
        or _UNKNOWN
    )
    # What comes with a message or a call is a word, such as `request-validation`, and no code to look up.
    return row._replace(happened=_UNKNOWN_CODE) if problem.code and problem.operation not in _TRIED else row


@cache
def _codes() -> Mapping[tuple[str, str], Row]:
    return _index(CODES)


@cache
def _statuses() -> Mapping[tuple[str, str], Row]:
    return _index(STATUSES)


def _index(rows: Iterable[Row]) -> Mapping[tuple[str, str], Row]:
    """Index rows by operation and code; the first of several wins."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        for operation in row.on.split():
            for code in _spelled_out(row.code):
                found.setdefault((operation, code), row)
    return found


def _spelled_out(codes: str) -> Iterable[str]:
    for code in codes.split():
        first, _, last = code.partition("-")
        if first.isdigit() and last.isdigit():
            yield from map(str, range(int(first), int(last) + 1))
        else:
            yield code


def _nearest(rows: Mapping[tuple[str, str], Row], operation: str, code: str) -> Row | None:
    step = operation.partition(".")[0]
    return rows.get((operation, code)) or rows.get((f"{step}.*", code)) or rows.get(("*", code))


# --- What was not changed ----------------------------------------------------------------------------------------

_LOOKS: Final = frozenset({"read", "list", "look", "search", "located"})
_LOOKED: Final = "Nothing was changed: this was only a look."
_ORDER_PLACED: Final = (
    "The order was placed and its outcome is not known yet; the next run watches it and does not order again."
)
_SAFE_AGAIN: Final = "Trying again is safe: bwtui looks first and never creates or buys anything twice."

_AS_IT_WAS: Final = {
    "update": "The settings are as they were.",
    "delete": "Nothing was deleted.",
    "disconnect": "No number was released.",
    _KEEP: "What was done on the account before stays.",
    "watch": "What the order did not do is as it was; what it did stays.",
}
"""The sentence on what a refused request did not change, by its verb."""

_TRIED: Final = {"message.create": "No message was sent", "call.create": "No call was placed"}
"""The beginning of the sentence on a message or a call that was refused."""

_NOT_SHOWN: Final = (
    "No number was ordered, as far as Bandwidth shows so far; bwtui looks again before it orders."
)

_IN_PART: Final = (
    "What the order did not get was not bought and costs nothing; what it did get is on the account."
)


def _only_looks(operation: str) -> bool:
    step, _, verb = operation.partition(".")
    return verb in _LOOKS or step in ("token", "account", "products")


def _unchanged(problem: Problem) -> str:
    """Return the sentence that follows from the verb, the status and whether the request can be repeated."""
    step, verb = step_of(problem.operation), problem.operation.partition(".")[2]
    answered_well = problem.status is not None and problem.status < 300
    is_order = step is not None and step.paid and verb == "read"
    if is_order and problem.code and (answered_well or problem.status is None):
        return _IN_PART
    if problem.operation.partition(".")[0] == "token":
        return "Nothing was changed: no request reached the account."
    if _only_looks(problem.operation):
        return _LOOKED
    if answered_well and not problem.code:
        return _in_doubt(problem.operation, "bwtui looks for it before trying again")
    if _repeatable(problem.operation) and _without_verdict(problem):
        return _in_doubt(problem.operation, "doing it again does no harm")
    if problem.operation in _TRIED:
        text = _TRIED[problem.operation]
        return f"{text} as far as Bandwidth shows." if _without_verdict(problem) else f"{text}."
    if verb == "create" and step:
        may_show_late = problem.status is not None and problem.code not in TAKEN
        return _NOT_SHOWN if step.paid and may_show_late else step.not_done
    if verb == "watch" and problem.kind is Kind.UNREACHABLE:
        return "The order goes on by itself; the next run looks at it, and orders nothing beside it."
    return _AS_IT_WAS.get(problem.operation if verb == "keep" else verb, "Nothing was changed.")


def _besides_earlier(problem: Problem, unchanged: str) -> str:
    """Return the sentence without a claim that an earlier attempt, whose outcome is not known, may prove wrong."""
    step, earlier = step_of(problem.operation), single_line(problem.details.get(EARLIER, ""))
    if step is None or not earlier or _only_looks(problem.operation):
        return unchanged
    is_refused = unchanged in (step.not_done, _NOT_SHOWN)
    if not step.paid:
        return (
            _in_doubt(problem.operation, "bwtui looks for it before trying again")
            if is_refused
            else unchanged
        )
    text = "This order bought nothing, as far as Bandwidth shows so far." if is_refused else unchanged
    return (
        f"{text} It is not known whether an earlier order ({earlier}) was placed, and is billed; bwtui looks for it before it "
        "orders again."
    )


def _without_verdict(problem: Problem) -> bool:
    """Return True if no answer from Bandwidth says that the request was refused."""
    if problem.status is None:
        return problem.kind is Kind.UNREACHABLE
    return problem.status == 408 or problem.status >= 500


def _repeatable(operation: str) -> bool:
    """Return True for a PUT or DELETE, which can be sent again whatever the first one did."""
    step, verb = step_of(operation), operation.partition(".")[2]
    return verb in ("update", "delete") or (verb == "create" and step is not None and step.is_repeatable)


def _in_doubt(operation: str, still: str) -> str:
    step, verb = step_of(operation), operation.partition(".")[2]
    match verb:
        case "create" if step:
            effect = step.in_doubt
        case "update":
            effect = "the settings were changed"
        case "delete":
            effect = "it was deleted"
        case "disconnect":
            effect = "the numbers were released"
        case _:
            effect = "the request had its effect"
    return f"It is not known whether {effect}; {still}."


# --- Words -------------------------------------------------------------------------------------------------------

_ENDS: Final = (".", "!", "?", "…", "”")
_TELLING: Final = 300
"""Most characters of Bandwidth's text inside a sentence; a longer one may be a web page."""


def _filled(text: str, known: Mapping[str, str]) -> str:
    """Fill in the placeholders of a row, each once; braces in Bandwidth's text stay as they are."""
    parts = text.split("{")
    return parts[0] + "".join(_replaced(part, known) for part in parts[1:])


def _replaced(part: str, known: Mapping[str, str]) -> str:
    name, brace, rest = part.partition("}")
    return known[name] + rest if brace and name in known else "{" + part


def _told(text: str) -> str:
    """Return Bandwidth's text as the end of a sentence."""
    plain = single_line(text)
    if not plain:
        return "it gave no reason."
    short = plain if len(plain) <= _TELLING else plain[: _TELLING - 1] + "…"
    return f"“{short}”" if short.endswith(_ENDS) else f"“{short}”."


def _sentence(text: str) -> str:
    return text if not text or text.endswith(_ENDS) else f"{text}."


def _advised_address(details: Mapping[str, str]) -> str:
    """Return advice about an address that Bandwidth writes otherwise."""
    of = {path.rpartition("/")[2].casefold(): single_line(value) for path, value in details.items()}
    number = f"{of.get('houseprefix', '')}{of.get('housenumber', '')}{of.get('housesuffix', '')}"
    road = (of.get(name, "") for name in ("predirectional", "streetname", "streetsuffix", "postdirectional"))
    street = " ".join(filter(None, (number, *road))) if of.get("streetname") else of.get("addressline1", "")
    code = "-".join(filter(None, (of.get("zip", ""), of.get("plusfour", ""))))
    place = " ".join(filter(None, (of.get("city", ""), of.get("statecode", ""), code)))
    address = ", ".join(filter(None, (street, of.get("addressline2", ""), place)))
    if not address:
        return "Check house number, street, city and ZIP code as the post office writes them: a misspelt street is the usual reason."
    return f"Use the address that Bandwidth recommends: {address}."
