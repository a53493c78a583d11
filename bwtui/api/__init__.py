"""The client of the Bandwidth API: HTTP, XML in and out, errors in words."""

import sys

# httpx imports a command line of its own where it finds click, which comes with uvicorn: a third of its import, with
# pygments and rich's progress bars, and 3.5 MB. Without this module it does as it does where click is missing.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None is how Python is told that there is none
