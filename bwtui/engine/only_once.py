"""Send something that costs money each time: once, whatever the answer is."""

from bwtui.domain.runs.problem import Problem, ProblemError


async def only_once(refused: Problem | None) -> None:
    """Keep the client from sending again what was answered, if only with *later* (429) or *who are you* (401).

    Raises:
        ProblemError: with `refused`, the answer to the attempt before. What never reached the server is sent again.
    """
    if refused and refused.status is not None:
        raise ProblemError(refused)
