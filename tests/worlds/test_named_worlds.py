"""Small worlds in which a promise was once broken: each is one of a kind, cut down from a seed."""

import pytest

from worlds.trial import run_world
from worlds.world import Death, Life, Quirk, Stop, World

NAMED = {
    # --- Money, and twice ---
    "a complete order whose numbers are missing": World(quirks=(Quirk("order", "completed", "missing"),)),
    "a complete order whose numbers are empty": World(quirks=(Quirk("order", "completed", "empty"),)),
    "a complete order whose numbers have another name": World(quirks=(Quirk("order", "completed", "named"),)),
    "a complete order whose numbers come with the fourth read": World(
        quirks=(Quirk("order", "completed", "late"),)
    ),
    "an order that takes effect after the client gave up": World(
        quirks=(Quirk("order create", "late", (35.0, 40.0), nth=1), Quirk("search", "shows", "other")),
        lives=(Life(), Life()),
    ),
    "an order that takes effect after the gateway gave up": World(
        quirks=(Quirk("order create", "late", (12.0, 16.0), nth=1), Quirk("search", "shows", "other")),
        lives=(Life(), Life()),
    ),
    "a lost order, and other numbers in the search": World(
        quirks=(Quirk("order create", "cut before", nth=1), Quirk("search", "shows", "other")),
    ),
    "an order that the list shows late": World(
        quirks=(Quirk("order list", "lag", 15.0), Quirk("search", "shows", "other")),
        lives=(Life(ends=Death("request", 12, "after")), Life()),
    ),
    "an order that the list counts but does not show": World(
        quirks=(Quirk("order list", "total alone"), Quirk("search", "shows", "other")),
        lives=(Life(ends=Death("request", 12, "after")), Life()),
    ),
    "an order behind 300 of other people": World(
        quirks=(Quirk("order list", "filter ignored", 300), Quirk("order list", "pages", (100, "links"))),
        lives=(Life(ends=Death("request", 12, "after")), Life()),
    ),
    "a number that was just ordered, and shows late on its location": World(
        quirks=(Quirk("tns list", "lag", 24.6),),
        lives=(Life(ends=Death("request", 30, "answered")), Life(says="no")),
    ),
    "a sub-account that takes effect after the client gave up": World(
        quirks=(Quirk("site create", "late", (35.0, 40.0), nth=1),), lives=(Life(), Life())
    ),
    "an application that takes effect late": World(
        quirks=(Quirk("application create", "late", (0.5, 12.0), nth=1),), lives=(Life(), Life())
    ),
    "a sub-account on the third page": World(
        quirks=(
            Quirk("site create", "cut after", nth=1),
            Quirk("site", "others", 300),
            Quirk("site list", "pages", (100, "links")),
        ),
        lives=(Life(), Life()),
    ),
    "an application that came twice, and was refused in words without a code": World(
        quirks=(
            Quirk("application create", "twice", (2, 1.0), nth=1),
            Quirk("application", "unique", "400"),
        ),
    ),
    "an application that came twice, where two may have one name": World(
        quirks=(
            Quirk("application create", "twice", (1, 1.0), nth=2),
            Quirk("application", "unique", ""),
        ),
    ),
    "a location that came twice, where two may have one name, and was told by the second": World(
        quirks=(Quirk("sippeer", "unique", ""), Quirk("sippeer create", "twice", (2, 1.0), nth=1)),
    ),
    "an application that a rate limit refused, and that the list shows late": World(
        quirks=(
            Quirk("application list", "lag", 15.3),
            Quirk("application create", "refused after", 429, nth=1),
        ),
    ),
    "an application that was refused and made again before the list showed it": World(
        quirks=(
            Quirk("application list", "lag", 15.3),
            Quirk("application create", "refused after", 403, nth=1),
        ),
        lives=(Life(), Life()),
    ),
    "a sub-account that came twice, where two may have one name, and no answer told of either": World(
        quirks=(Quirk("site create", "twice", (2, 0.2), nth=1),),
        lives=(Life(ends=Death("request", 8, "after")),),
    ),
    "an order that came twice, and was told by the copy that was refused": World(
        quirks=(Quirk("order create", "twice", (2, 0.0), nth=1), Quirk("search", "shows", "other")),
    ),
    "an application renamed after its create was cut": World(
        lives=(Life(ends=Death("request", 8, "after")), Life(answers=("other app",)))
    ),
    "a number put there by hand while the question stands": World(
        lives=(Life(says="no"), Life(says="slow", during=("number by hand",)))
    ),
    # --- Leaving ---
    "a stop while an order waits for the rate limit": World(
        quirks=(Quirk("order create", "429", (8, "Retry-After"), nth=1),),
        lives=(Life(ends=Stop("time", 2.0)),),
    ),
    "a stop between two requests of one moment": World(lives=(Life(ends=Stop("request", 11)),)),
    # --- Lags and halves ---
    "what was just made is not known to what builds on it": World(quirks=(Quirk("site", "needs lag", 1.0),)),
    "SMS is not HTTP yet": World(quirks=(Quirk("sms", "needs lag", 1.0),)),
    "a sub-account that cannot be read at once": World(quirks=(Quirk("site read", "lag", 2.0),)),
    "a location whose address is the collection's": World(
        quirks=(Quirk("sippeer create", "collection location"),)
    ),
    "a role that may not list numbers": World(quirks=(Quirk("tns list", "403"),)),
    "a street and a ZIP that are kept in another way": World(
        quirks=(Quirk("rewrite", "suffix"), Quirk("rewrite", "zip4")), lives=(Life(), Life(), Life())
    ),
    "a lower-case host": World(quirks=(Quirk("rewrite", "lower host"),), lives=(Life(), Life(), Life())),
    "two blanks in a name that was cut": World(
        quirks=(Quirk("rewrite", "blanks"), Quirk("site create", "cut after", nth=1)),
        lives=(Life(answers=("blanks",)),),
    ),
    "accents in a name that was cut": World(
        quirks=(Quirk("rewrite", "nfc"), Quirk("application create", "cut after", nth=1)),
        lives=(Life(answers=("accents",)),),
    ),
    "a name that is taken because ours was made after all": World(
        quirks=(
            Quirk("site create", "late", (12.0, 16.0), nth=1),
            Quirk("site list", "lag", 20.0),
            Quirk("site", "unique", "409"),
        ),
        lives=(Life(), Life(pause=10.0)),
    ),
    # --- Answers, and what a colleague does ---
    "three numbers instead of one": World(lives=(Life(), Life(answers=("three",)))),
    "a corrected password": World(lives=(Life(), Life(answers=("password",)))),
    "an answer that could not be applied": World(
        quirks=(Quirk("tns list", "empty 200", nth=2),), lives=(Life(), Life(answers=("zone",)))
    ),
    "a colleague's fallback URL": World(
        lives=(Life(), Life(meanwhile=("fallback added",), answers=("call url",)))
    ),
    "an application removed in the App": World(lives=(Life(), Life(meanwhile=("call app removed",)))),
    "an application that is listed, and answers 404 where it is read": World(
        quirks=(Quirk("application read", "404"),), lives=(Life(), Life())
    ),
    "a location removed in the App": World(lives=(Life(), Life(meanwhile=("location removed",)))),
    "a number released in the App": World(lives=(Life(), Life(meanwhile=("number released",)))),
    "an answer that only a later version knows": World(lives=(Life(), Life(meanwhile=("unknown answer",)))),
    # --- The Universal Platform ---
    "an application that the packages do not know at once": World(
        quirks=(Quirk("application", "needs lag", 0.5),), universal=True
    ),
    "a second number for a package, ordered in the last run": World(
        lives=(Life(), Life(answers=("two",), says="no")), universal=True
    ),
    "a second number for a package, whose order was never seen to end": World(
        lives=(Life(), Life(answers=("three",), ends=Death("request", 7, "after"))), universal=True
    ),
    "an application removed in the App, which a package still names": World(
        lives=(Life(), Life(meanwhile=("call app removed",))), universal=True
    ),
    "a location removed in the App, with the numbers of a package": World(
        lives=(Life(), Life(meanwhile=("location removed",), answers=("three",))), universal=True
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_promises_hold_where(name: str) -> None:
    assert not run_world(NAMED[name]).faults
