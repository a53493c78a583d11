"""Who says what may be answered: the tags of the catalogue's sources in words."""

from typing import Final

SOURCES: Final = {
    "guide": "Bandwidth's setup guide",
    "docs": "Bandwidth's documentation",
    "oas": "Bandwidth's OpenAPI file",
    "errors": "Bandwidth's error",
    "docs-repo": "Bandwidth's documentation (repository)",
    "raml": "Bandwidth's older specification",
    "up": "Bandwidth's pages on the Universal Platform",
    "band": "Bandwidth's own command line",
    "bwtui": "bwtui's own choice, no rule of Bandwidth's",
}
