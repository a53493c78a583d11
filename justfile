# What is done often. `just` comes with the development tools: .venv/bin/just, after the set-up in CONTRIBUTING.md.

# List the commands.
default:
    @{{ just_executable() }} --list --unsorted

# Everything that must hold before a change lands, fast to slow. What CI runs.
check:
    .ci/run

# The quick loop: format, lint, types, contracts, and the tests of the folders that you name.
quick *folders="tests/domain tests/api tests/engine tests/store tests/export": static
    .venv/bin/pytest -q -n auto {{ folders }}

# Format, lint, types and import contracts.
static:
    .venv/bin/ruff format .
    .venv/bin/ruff check --fix .
    .venv/bin/mypy
    .venv/bin/lint-imports

# The wizard on the simulator: nothing is sent anywhere.
demo *options:
    .venv/bin/bwtui demo {{ options }}

# The simulator alone, on port 8080.
simulate *options:
    .venv/bin/bwtui simulate {{ options }}

# Every picture in screenshots/, made by the guided tour.
screenshots:
    .venv/bin/python screenshots/make.py

# Worlds by the thousand: how an account may behave, drawn by seed.
worlds count="10000":
    PYTHONPATH=tests .venv/bin/python -m worlds {{ count }} --jobs 2

# Measure what docs/measurements.md promises, on a quiet machine.
benchmarks:
    .venv/bin/python -m benchmarks --write
