"""One JSON object, for other programs."""

import json

from bwtui.export.result import Result


def export(result: Result) -> str:
    """Return the account, the ids, and what keeps the setup from being done, as JSON."""
    content = {
        "v": 1,
        "account_id": result.account_id,
        "base_url": result.base_url,
        "platform": result.platform,
        "status": result.progress.value,
        "open": [
            {"step": point.step.key, "kind": point.kind.value, "text": result.open_text(point)}
            for point in result.open
        ],
        "outputs": result.run.result,
    }
    return json.dumps(content, indent=2) + "\n"
