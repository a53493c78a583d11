"""Which error to raise if several tasks fail at once."""


def first_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first plain exception in a group; the others follow from it, or from cancelling the other tasks."""
    first = group.exceptions[0]
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first
