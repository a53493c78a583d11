"""`python -m bwtui`, and the `bwtui` command."""

import sys


def main() -> int:
    """Run the command line and give its exit code."""
    try:
        from bwtui.cli import run  # noqa: PLC0415 - nothing is imported before it is needed

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # so soon that there is nothing to say about it
        return 130


if __name__ == "__main__":
    sys.exit(main())
