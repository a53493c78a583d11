"""The sentence on callback URLs that point at a listener for now; apart, so that nothing else is imported for it."""


def redirected_text(public_url: str, *, is_listening: bool) -> str:
    """Say where the callback URLs point for now, and how they come back."""
    way = (
        "The old ones come back when it ends"
        if is_listening
        else "It has ended without putting them back: bwtui listen --restore does that"
    )
    return f"bwtui listen has pointed the callback URLs at {public_url}. {way}."
