"""`python -m bwtui`, and the `bwtui` command."""

import sys


def main() -> int:
    """Run the command line and give its exit code."""
    from bwtui.cli import run  # noqa: PLC0415 - nothing is imported before it is needed

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
