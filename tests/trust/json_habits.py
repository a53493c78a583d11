"""The habits of an account that is not as one would wish, and those of the Universal Platform's own requests."""

import json
from itertools import product
from typing import Any, Final, NamedTuple

from support.write_faults import fault


class Habit(NamedTuple):
    """One way in which an account is not as one would wish."""

    name: str
    faults: str
    """As a file of faults has it."""


def ways() -> list[tuple[str, dict[str, Any]]]:
    """Effects that come after the answer, or after the client has given up."""
    return [
        *((f"504, effect after {after} s", {"action": "answer", "status": 504, "seconds": 5, "effect_after": after})
          for after in (6, 16, 40)),
        *((f"hangs, effect after {after} s", {"action": "hang", "effect_after": after}) for after in (20, 40)),
        ("cut, effect after 10 s", {"action": "cut-before", "effect_after": 10}),
        ("cut after the effect", {"action": "cut-after"}),
    ]  # fmt: skip


PACKAGES: Final = "/accounts/*/voiceConfigurationPackages"
BULK: Final = f"{PACKAGES}/*/phoneNumbers/bulk"
VOICE_NUMBERS: Final = "/accounts/*/phoneNumbers/voice"
CHECKER: Final = "/accounts/*/serviceActivationChecker"
ACTIVATION: Final = "/accounts/*/serviceActivation"
IN_JSON: Final = (
    ("GET", PACKAGES),
    ("GET", f"{PACKAGES}/*"),
    ("GET", VOICE_NUMBERS),
    ("POST", CHECKER),
    ("GET", f"{ACTIVATION}/*"),
)
LOST_PACKAGE: Final = fault("cut-after", method="POST", path=PACKAGES)


def universal_habits() -> list[Habit]:
    """Every habit at every request that only the Universal Platform has."""
    return [*_late_in_json(), *_lagging_in_json(), *_half_in_json(), *_of_activations()]


def _late_in_json() -> list[Habit]:
    writes = (("POST", PACKAGES), ("PATCH", f"{PACKAGES}/*"), ("POST", BULK), ("POST", ACTIVATION))
    twice = [
        Habit(
            f"POST {path}: twice, {seconds} s apart",
            fault("twice", method="POST", path=path, seconds=seconds),
        )
        for path, seconds in product((BULK, ACTIVATION), (0, 10))
    ]  # two packages may have one name: nobody can prevent the second
    return [
        *(
            Habit(f"{method} {path}: {name}", fault(method=method, path=path, **way))
            for (method, path), (name, way) in product(writes, ways())
        ),
        *twice,
    ]


def _lagging_in_json() -> list[Habit]:
    return [
        Habit(
            f"{method} {path} lags {seconds} s",
            fault("lag", method=method, path=path, seconds=seconds)
            + (LOST_PACKAGE if path == PACKAGES else ""),
        )
        for (method, path), seconds in product(IN_JSON, (5, 15, 30))
    ]


def _half_in_json() -> list[Habit]:
    """Pages, answers in half, and lists that are none."""
    said = {"type": "x", "description": "No."}
    bodies: dict[str, str] = {
        "nothing": "",
        "null": "null",
        "a web page": "<html><body>Hello</body></html>",
        "XML": "<Sites/>",
        "an error without a code in a 200": json.dumps({"data": [], "errors": [said]}),
        "rows that are texts": json.dumps({"data": ["a"], "page": {"totalElements": 1}}),
        "no rows, but a next page without end": json.dumps({"data": [], "page": {"afterCursor": "x"}}),
        "fewer than it says": json.dumps({"data": [], "page": {"totalElements": 7}}),
    }  # fmt: skip
    answered = {
        name: fault("answer", method="{}", path="{}", status=200, body=body, times=3)
        for name, body in bodies.items()
    }
    changed: dict[str, dict[str, Any]] = {
        "data null": {"empty": ["data"], "times": 3},
        "no data": {"leave_out": ["data"], "times": 3},
        "no page": {"leave_out": ["page"], "times": 3},
        "page null": {"empty": ["page"], "times": 3},
        "no flags": {"leave_out": ["inboundActivated", "outboundNationalActivated"], "times": 3},
        "other names of flags": {"rename": {"outboundNationalActivated": "outboundActivated"}, "times": 0},
        "no services": {"leave_out": ["serviceTypes"], "times": 3},
        "no statuses": {"leave_out": ["status", "orderStatus"], "times": 3},
        "no ids": {"leave_out": ["voiceConfigurationPackageId", "orderId"], "times": 3},
        "206": {"status": 206, "times": 3},
    }
    rewritten = {name: fault("rewrite", method="{}", path="{}", **how) for name, how in changed.items()}
    halved = {"JSON cut in half": fault("garbage", method="{}", path="{}", times=3)}
    paged: dict[str, dict[str, Any]] = {
        "pages of one": {"size": 1},
        "pages of one, no total": {"size": 1, "total": False},
        "pages of one, no links": {"size": 1, "links": False},
    }
    # Read well once, then never again while the effect of a create is not known: nothing may be taken for absent.
    for_long: dict[str, str] = {
        "null": fault("rewrite", method="GET", path=PACKAGES, empty=["data", "page"], nth=2, times=0),
        "gone": fault("rewrite", method="GET", path=PACKAGES, leave_out=["data", "page"], nth=2, times=0),
        "half": fault("garbage", method="GET", path=PACKAGES, nth=2, times=0),
        "empty with an error": fault(
            "answer", method="GET", path=PACKAGES, nth=2, times=0, status=200,
            body=bodies["an error without a code in a 200"],
        ),
    }  # fmt: skip
    pages = [
        Habit(f"{path}: {name}", fault("pages", path=path, **how) + LOST_PACKAGE)
        for path, (name, how) in product((PACKAGES, VOICE_NUMBERS), paged.items())
    ]
    return [
        *(
            Habit(
                f"{method} {path}: {name}",
                how.replace("{}", method, 1).replace("{}", path, 1)
                + (LOST_PACKAGE if path == PACKAGES else ""),
            )
            for (method, path), (name, how) in product(IN_JSON, {**answered, **rewritten, **halved}.items())
        ),
        *pages,
        *(Habit(f"{PACKAGES}: for long {name}", LOST_PACKAGE + how) for name, how in for_long.items()),
    ]


def _of_activations() -> list[Habit]:
    """Answers to the writes, and how an activation goes on."""
    refused = json.dumps({"links": [], "errors": [{"code": "VCS-0044", "type": "x", "description": "No."}]})
    partly = json.dumps(
        {
            "links": [],
            "data": [],
            "errors": [{"code": "VCS-0009", "description": "No.", "phoneNumber": "+19195550100"}],
        }
    )
    writes = [("POST", PACKAGES), ("POST", BULK), ("POST", ACTIVATION)]
    answers: list[tuple[str, dict[str, Any]]] = [
        *((f"{status} VCS-0044 {times} times", {"status": status, "body": refused, "times": times})
          for status, times in ((400, 4), (422, 2), (409, 2))),
        *((f"{status} with an error, effect {effect}", {"status": status, "body": partly, "effect": effect})
          for status, effect in ((200, True), (200, False), (207, True), (207, False), (400, False))),
        *((f"{status}, effect {effect}", {"status": status, "effect": effect})
          for status, effect in product((200, 204, 500, 503), (True, False))),
        ("403", {"status": 403}),
        ("404", {"status": 404}),
        ("429 twice", {"status": 429, "times": 2}),
    ]  # fmt: skip
    on_the_way: dict[str, dict[str, Any]] = {
        "404 three times": {"status": 404, "times": 3},
        "of a word that is not known": {"status": 200, "body": '{"data":{"orderStatus":"WEIRD"}}', "times": 1},
        "FAILED in words only": {"status": 200, "body": '{"data":{"orderStatus":"FAILED"}}', "times": 1},
        "COMPLETE too early": {"status": 200, "body": '{"data":{"orderStatus":"complete"}}', "times": 1},
        "never final": {"status": 200, "body": '{"data":{"orderStatus":"PROCESSING"}}', "times": 0},
    }  # fmt: skip
    ends = [
        Habit(f"activation {name}", fault("answer", path=f"{ACTIVATION}/*", **way))
        for name, way in on_the_way.items()
    ]
    forms = [
        Habit(f"kept as {form}", fault("normalise", method="*", path=f"{PACKAGES}/**", forms=[form]))
        for form in ("ids", "blanks", "upper")
    ]
    return [
        *(
            Habit(f"{method} {path}: {name}", fault("answer", method=method, path=path, **way))
            for (method, path), (name, way) in product(writes, answers)
        ),
        *ends,
        *forms,
    ]  # fmt: skip
