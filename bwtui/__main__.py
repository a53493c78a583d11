"""`python -m bwtui`, and the `bwtui` command.

It imports only what Python has loaded already, so that Ctrl+C is told in words from the first moment on.
"""

import gc
import os
import sys

ELSEWHERE = "bwtui runs on Linux and macOS only. On Windows, install and start it in WSL (wsl --install)."
"""Windows lacks the file locks that keep two runs of a setup apart, and the terminal and the signals that bwtui knows."""


def main() -> None:
    """Run the command line and exit with its code, also where nobody passes on what this returns, as in a zipapp."""
    if os.name != "posix":
        sys.exit(ELSEWHERE)
    gc.set_threshold(10_000)  # imports make no garbage: to look for some that often took a short command 3 ms
    try:
        from bwtui.cli.main import run  # noqa: PLC0415 - nothing is imported before it is needed

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:  # so soon that there is nothing to say about it
        sys.exit(130)
    finally:
        gc.freeze()  # Python would look through all it has on its way out: a tenth of a short command's time


if __name__ == "__main__":
    main()
