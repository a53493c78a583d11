"""Try worlds from the command line.

    PYTHONPATH=tests python -m worlds 100000 --jobs 2     100,000 worlds
    PYTHONPATH=tests python -m worlds --seed 4711         one world again, with every request and what was said
    PYTHONPATH=tests python -m worlds --shrink 4711       the smallest world that breaks the same promises
    PYTHONPATH=tests python -m worlds --mutations         after how many worlds each weakened engine is found

What breaks is told with its seeds and cut down to the smallest worlds that break the same promise, as literals for
`test_named_worlds.py`.
"""

# ruff: noqa: T201 - what it is for is to print

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from worlds.batch import Tally, course_of, told, try_seeds
from worlds.draw import draw
from worlds.mutations import MUTATIONS, RULES, found_after, rules_without
from worlds.shrink import broken_by, literal, shrink

CHUNK: Final = 250


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m worlds", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("worlds", nargs="?", type=int, default=2000, help="how many")
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="SEED", help="the first seed")
    parser.add_argument("--jobs", type=int, default=1, help="processes side by side")
    parser.add_argument("--seed", type=int, help="only this world, told in full")
    parser.add_argument("--shrink", type=int, metavar="SEED", help="only this world, cut down")
    parser.add_argument("--mutations", nargs="*", metavar="NAME", help="weaken the engine, all ways or these")
    options = parser.parse_args(arguments)
    if options.seed is not None:
        print(*course_of(draw(options.seed)), sep="\n")
        return 0
    if options.shrink is not None:
        for invariant in sorted(broken_by(draw(options.shrink))):
            print(f"# {invariant}", literal(shrink(draw(options.shrink), invariant)), sep="\n")
        return 0
    if options.mutations is not None:
        return _mutations(options.mutations or list(MUTATIONS), options.first)
    return _many(options.worlds, options.first, options.jobs)


def _many(count: int, first: int, jobs: int) -> int:
    chunks = [range(start, min(start + CHUNK, first + count)) for start in range(first, first + count, CHUNK)]
    total = Tally()
    with ProcessPoolExecutor(jobs) as pool:
        for done, tally in enumerate(pool.map(try_seeds, chunks), start=1):
            total.merge(tally)
            total.seconds += tally.seconds
            if sys.stderr.isatty():
                print(f"\r{done * CHUNK} worlds", end="", file=sys.stderr)
    print(
        f"{total.worlds} worlds, {total.lives} lives, {total.requests} requests, {total.seconds:.0f} s of one core"
    )
    for line in told(total):
        print(line)
    return 1 if total.broken else 0


def _mutations(names: list[str], first: int) -> int:
    missed = 0
    for name in names:
        found = found_after(name, first)
        missed += found is None
        told = f"{found[0]} worlds, by: {found[1]}" if found else "not found"
        print(f"{MUTATIONS[name].rule:>2}  {name:<32} {told}", flush=True)
    for rule in rules_without():
        print(f"{rule:>2}  {RULES[rule]}: nothing takes it out yet")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
