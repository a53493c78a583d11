"""One JSON object: what other programs read."""

import json

from bwtui.export.result import Result


def export(result: Result) -> str:
    """Write the account and the ids."""
    content = {
        "v": 1,
        "account_id": result.account_id,
        "base_url": result.base_url,
        "outputs": outputs(result),
    }
    return json.dumps(content, indent=2) + "\n"


def outputs(result: Result) -> dict[str, str | list[str] | None]:
    """List the ids, always the same names: what the setup does not have is `None`."""
    return {
        "site_id": result.outputs.get("site_id"),
        "sippeer_id": result.outputs.get("sippeer_id"),
        "messaging_app_id": result.outputs.get("messaging_app_id"),
        "voice_app_id": result.outputs.get("voice_app_id"),
        "order_id": result.outputs.get("order_id"),
        "numbers": list(result.e164_numbers),
    }
