"""Caches of Textual that would hold what is gone."""

from contextlib import suppress


def clear_widget_caches() -> None:
    """Let go of widgets that are no longer shown.

    Textual 8.2 caches a method of what draws a widget, and with it the last 1,024 of these and all that they ever
    drew: some 70 MB after 150 dialogs. A version that no longer does it has nothing to be cleared.
    """
    with suppress(ImportError, AttributeError):
        from textual._styles_cache import StylesCache  # noqa: PLC0415 - not Textual's interface; it may be gone

        StylesCache.get_inner_outer.cache_clear()
