"""A yes or no: as a flag's value is read by people, and as it is typed."""


def yes_or_no(flag: str) -> str:
    """Return a flag's value as people read it; any other text unchanged."""
    return {"true": "yes", "false": "no"}.get(flag.casefold(), flag)


def read_yes_or_no(typed: str, *, default: bool | None = None) -> bool | None:
    """Return the yes or no that was typed, `default` for Enter alone; `None` for anything else: ask again."""
    word = typed.strip().casefold()
    return {"y": True, "yes": True, "n": False, "no": False}.get(word) if word else default
