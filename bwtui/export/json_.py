"""One JSON object: what other programs read."""

import json

from bwtui.export.result import Result


def export(result: Result) -> str:
    """Write the account and the ids."""
    content = {
        "v": 1,
        "account_id": result.account_id,
        "base_url": result.base_url,
        "outputs": result.run.result,
    }
    return json.dumps(content, indent=2) + "\n"
